"""The rows of the report, by what they need: each file says which sides take turns and what is compared."""

from __future__ import annotations

from ..context import Context
from ..rotation import Rotation
from . import constant_rate, embedded, following, http_throughput, soak, stores


def rotations(context: Context) -> list[Rotation]:
    """In the order in which they run: what asks most of the machine's silence first, long fills last."""
    made: list[Rotation] = []
    for part in (http_throughput, embedded, constant_rate, following, stores, soak):
        made += part.rotations(context)
    return made
