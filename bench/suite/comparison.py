"""What a row of the report is made of: two sides that are measured in turn, and what their figures are held against."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable, Optional

from .figures import Span, paired_ratio


class Missing(Exception):
    """A side that cannot be measured on this machine, and why: a peer that is not installed, a program that was not built."""


@dataclass
class Sample:
    """One round of one side."""

    value: float
    #: Why the round does not count: what was acknowledged is not what is stored, say. Empty where it does.
    invalid: str = ""
    #: Everything else that was measured: latencies, processor time, settings.
    details: dict = field(default_factory=dict)


@dataclass
class Side:
    """One of those that take turns. `run` measures one round; it may raise Missing."""

    label: str
    unit: str
    run: Callable[[], Sample]


@dataclass(frozen=True)
class Limits:
    floor: float
    aim: float
    #: Whether more is better. Latencies, memory and seconds are better when lower.
    higher: bool = True


@dataclass
class Comparison:
    """A case of a row: which sides, which figure of theirs, and what it must reach."""

    row: str
    case: str
    ours: str
    theirs: Optional[str]
    limits: Optional[Limits]
    #: "ratio" of ours to theirs, or "ours" alone: a time or a size with a limit of its own, theirs beside it to tell what it is made of.
    judged: str = "ratio"
    unit: str = ""
    ours_unit: str = ""
    theirs_unit: str = ""
    pick_ours: Callable[[Sample], float] = lambda sample: sample.value
    pick_theirs: Callable[[Sample], float] = lambda sample: sample.value
    note: str = ""


#: From good to bad. `reached` is the aim, `passed` the floor. `shown` has no limit. `missing`: a side could not be measured here;
#: `invalid`: it was measured and does not count; `broken`: measuring itself failed.
STATES = ("reached", "passed", "shown", "missed", "missing", "invalid", "broken")


def standing(value: float, limits: Optional[Limits]) -> str:
    """How a figure stands to its limits. The limit itself is good enough."""
    if limits is None:
        return "shown"
    within = (lambda limit: value >= limit) if limits.higher else (lambda limit: value <= limit)
    if within(limits.aim):
        return "reached"
    return "passed" if within(limits.floor) else "missed"


@dataclass
class Outcome:
    """What became of one side in all rounds."""

    label: str
    unit: str
    samples: list[Sample] = field(default_factory=list)
    missing: str = ""
    broken: str = ""

    @property
    def invalid(self) -> str:
        return next((sample.invalid for sample in self.samples if sample.invalid), "")


@dataclass
class Result:
    """A comparison with its figures."""

    comparison: Comparison
    state: str
    why: str = ""
    ours: Optional[Span] = None
    theirs: Optional[Span] = None
    value: Optional[Span] = None
    labels: tuple[str, str] = ("", "")
    units: tuple[str, str] = ("", "")

    def as_json(self) -> dict:
        limits = self.comparison.limits
        told = {
            "row": self.comparison.row,
            "case": self.comparison.case,
            "state": self.state,
            "why": self.why,
            "judged": self.comparison.judged,
            "unit": self.comparison.unit,
            "note": self.comparison.note,
            "ours": {"label": self.labels[0], "unit": self.units[0], **(self.ours.as_json() if self.ours else {})},
            "value": self.value.as_json() if self.value else None,
            "floor": limits.floor if limits else None,
            "aim": limits.aim if limits else None,
            "better": None if limits is None else ("higher" if limits.higher else "lower"),
        }
        if self.comparison.theirs:
            told["theirs"] = {"label": self.labels[1], "unit": self.units[1], **(self.theirs.as_json() if self.theirs else {})}
        return told


def judge(comparison: Comparison, outcomes: dict[str, Outcome]) -> Result:
    """Never passes what was not measured or does not count."""
    names = [comparison.ours] + ([comparison.theirs] if comparison.theirs else [])
    sides = [outcomes[name] for name in names]
    result = Result(comparison, "broken")
    result.labels = (sides[0].label, sides[1].label if len(sides) > 1 else "")
    result.units = (comparison.ours_unit or sides[0].unit, (comparison.theirs_unit or sides[1].unit) if len(sides) > 1 else "")
    try:
        if sides[0].samples:
            result.ours = Span.of(comparison.pick_ours(sample) for sample in sides[0].samples)
        if len(sides) > 1 and sides[1].samples:
            result.theirs = Span.of(comparison.pick_theirs(sample) for sample in sides[1].samples)
    except (KeyError, TypeError, ValueError) as problem:
        result.why = f"the measuring program did not say what was asked: {problem!r}"
        return result
    for state, reason in (("broken", "broken"), ("missing", "missing"), ("invalid", "invalid")):
        for side in sides:
            if getattr(side, reason):
                result.state = state
                result.why = f"{side.label}: {getattr(side, reason)}"
                return result
    if result.ours is None or (comparison.theirs and result.theirs is None):
        result.why = "no round was measured"
        return result
    if comparison.judged == "ours":
        result.value = result.ours
    else:
        try:
            result.value = paired_ratio(result.ours, result.theirs)
        except ValueError as problem:
            result.why = str(problem)
            return result
    result.state = standing(result.value.median, comparison.limits)
    return result
