"""The table that a run prints: each row with both sides, the ratio, the limits, and how it stands."""

from __future__ import annotations

from .comparison import Result
from .figures import Span, readable

HEAD = ("row", "case", "ours", "theirs", "ratio (min-max)", "floor", "aim", "state")
#: As people say it.
STATE_WORDS = {"reached": "aim reached", "passed": "passed", "shown": "-", "missed": "MISSED", "missing": "missing", "invalid": "INVALID", "broken": "BROKEN"}


def of_span(span: Span | None, unit: str) -> str:
    return readable(span.median, unit) if span else "-"


def value_of(result: Result) -> str:
    if not result.value:
        return "-"
    unit = result.comparison.unit
    return f"{readable(result.value.median, unit)} ({readable(result.value.least)}-{readable(result.value.most)})"


def cells(result: Result) -> tuple[str, ...]:
    limits, unit = result.comparison.limits, result.comparison.unit
    bound = "" if limits is None or limits.higher else "≤ "
    return (result.comparison.row, result.comparison.case, of_span(result.ours, result.units[0]), of_span(result.theirs, result.units[1]),
            value_of(result), bound + readable(limits.floor, unit) if limits else "-", bound + readable(limits.aim, unit) if limits else "-",
            STATE_WORDS[result.state])


def text_table(results: list[Result]) -> str:
    rows = [HEAD] + [cells(each) for each in results]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    for each in results:
        if each.why:
            lines.append(f"{each.comparison.row} {each.comparison.case}: {each.why}")
    return "\n".join(lines)


def markdown_table(results: list[Result]) -> str:
    lines = ["| " + " | ".join(HEAD) + " |", "|" + "---|" * len(HEAD)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in cells(each)) + " |" for each in results]
    return "\n".join(lines)
