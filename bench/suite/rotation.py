"""Sides that take turns: A B A B ..., so that what changes on the machine meanwhile meets all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable

from .comparison import Comparison, Missing, Outcome, Result, Sample, Side, judge


@dataclass
class Rotation:
    """Some sides and the comparisons made of them. A side serves several comparisons."""

    name: str
    about: str
    sides: dict[str, Side]
    comparisons: list[Comparison]
    #: Fewer rounds for what takes minutes; the report says how many there were.
    most_rounds: int = 1_000
    #: Not part of a whole run: somebody must name it.
    on_request: bool = False
    #: Called once before the first round, and after the last whatever happened.
    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None


@dataclass
class Turned:
    rotation: Rotation
    rounds: int
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)


def one_round(side: Side, into: Outcome) -> None:
    """A side that is missing or broke is not tried again; the others go on."""
    if into.missing or into.broken:
        return
    try:
        sample = side.run()
        if not isinstance(sample, Sample):
            raise TypeError("a side must give a sample")
        into.samples.append(sample)
    except Missing as absent:
        into.missing = str(absent)
    except Exception as problem:  # whatever it is, the other rows are still worth having
        into.broken = f"{type(problem).__name__}: {problem}"


def turn(rotation: Rotation, rows: set[str] | None, rounds: int, say: Callable[[str], None] = lambda line: None) -> Turned:
    """Measures the sides that the wanted rows need. @param rows: None = all of them."""
    wanted = [each for each in rotation.comparisons if rows is None or each.row in rows]
    needed = {name for each in wanted for name in (each.ours, each.theirs) if name}
    rounds = min(rounds, rotation.most_rounds)
    done = Turned(rotation, rounds)
    done.outcomes = {name: Outcome(side.label, side.unit) for name, side in rotation.sides.items()}
    try:
        rotation.before()
        for number in range(rounds):
            for name, side in rotation.sides.items():
                if name not in needed:
                    continue
                outcome = done.outcomes[name]
                one_round(side, outcome)
                if outcome.samples and not (outcome.missing or outcome.broken):
                    say(f"round {number + 1} of {rounds}: {side.label}: {outcome.samples[-1].value:,.2f} {side.unit}"
                        + (f" (does not count: {outcome.samples[-1].invalid})" if outcome.samples[-1].invalid else ""))
                else:
                    say(f"round {number + 1} of {rounds}: {side.label}: {outcome.missing or outcome.broken}")
    except Missing as absent:
        for name in needed:
            done.outcomes[name].missing = str(absent)
    except Exception as problem:
        for name in needed:
            done.outcomes[name].broken = f"{type(problem).__name__}: {problem}"
    finally:
        rotation.after()
    done.results = [judge(each, done.outcomes) for each in wanted]
    return done
