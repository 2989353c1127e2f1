"""Curves, not points: how throughput, latency and memory change with connections, aggregates, events, followers, payload."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

from .comparison import Missing
from .context import Context


@dataclass(frozen=True)
class Curve:
    title: str
    about: str
    #: Gives its plots: dictionaries with file, title, x, y, series (label to points), and perhaps log_x, log_y.
    measure: Callable[[Context, Callable[[str], None]], list[dict]]


CURVES: dict[str, Curve] = {}


def measure_curve(curve: Curve, context: Context, say: Callable[[str], None]) -> dict:
    told = {"title": curve.title, "about": curve.about, "plots": [], "why": ""}
    try:
        told["plots"] = curve.measure(context, say)
    except Missing as absent:
        told["why"] = str(absent)
    except Exception as problem:  # the other curves are still worth having
        told["why"] = f"{type(problem).__name__}: {problem}"
    if told["why"]:
        say(told["why"])
    return told
