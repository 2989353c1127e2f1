"""Medians and spans of what the rounds measured."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Iterable


@dataclass(frozen=True)
class Span:
    """What some rounds measured: the median, and how far they lie apart."""

    rounds: tuple[float, ...]

    @staticmethod
    def of(values: Iterable[float]) -> "Span":
        rounds = tuple(float(value) for value in values)
        if not rounds:
            raise ValueError("a span needs at least one round")
        return Span(rounds)

    @property
    def median(self) -> float:
        return float(median(self.rounds))

    @property
    def least(self) -> float:
        return min(self.rounds)

    @property
    def most(self) -> float:
        return max(self.rounds)

    def as_json(self) -> dict:
        return {"median": self.median, "min": self.least, "max": self.most, "rounds": list(self.rounds)}


def paired_ratio(ours: Span, theirs: Span) -> Span:
    """Round by round, because ours and theirs were measured one after the other: what disturbed one round does not reach the others."""
    if len(ours.rounds) != len(theirs.rounds):
        raise ValueError("ours and theirs have different numbers of rounds")
    if any(value <= 0 for value in theirs.rounds):
        raise ValueError("the other side measured nothing")
    return Span(tuple(one / other for one, other in zip(ours.rounds, theirs.rounds)))


def readable(value: float, unit: str = "") -> str:
    """Three significant digits at least, no exponent: 0.412, 17.3, 1,204, 88,410/s."""
    size = abs(value)
    if size >= 100:
        text = f"{value:,.0f}"
    elif size >= 10:
        text = f"{value:.1f}"
    elif size >= 1 or size == 0:
        text = f"{value:.2f}"
    else:
        text = f"{value:.3f}"
    if not unit:
        return text
    return text + unit if unit.startswith("/") else f"{text} {unit}"
