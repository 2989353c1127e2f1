"""The stores that evoke is compared with: each file starts one in an empty directory on loopback and stops it."""
