"""The bench suite: runs evoke and what it is compared with in turn, judges the ratios, writes the report."""
