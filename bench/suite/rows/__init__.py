"""The rows of the report, by what they need: each file says which sides take turns and what is compared."""

from __future__ import annotations

from ..context import Context
from ..rotation import Rotation
from . import http_throughput


def rotations(context: Context) -> list[Rotation]:
    """In the order in which they run."""
    made: list[Rotation] = []
    for part in (http_throughput,):
        made += part.rotations(context)
    return made
