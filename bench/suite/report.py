"""bench/report.md: what was measured, on what, how it stands, and drawings of it."""

from __future__ import annotations

from pathlib import Path

from . import plots
from .comparison import STATES, Outcome
from .figures import Span, readable
from .rotation import Turned
from .table import STATE_WORDS, markdown_table
from .targets import TITLES, in_order


def latency_of(outcome: Outcome) -> dict[str, float]:
    """Each percentile's median over the rounds; empty where a round has none."""
    told = [sample.details.get("latency_us", {}) for sample in outcome.samples]
    names = [name for name, _ in plots.PERCENTILES]
    return {name: Span.of(each[name] for each in told).median for name in names if told and all(name in each for each in told)}


def cost_of(outcome: Outcome) -> str:
    told = [sample.details["cpu_us"] for sample in outcome.samples if "cpu_us" in sample.details]
    return readable(Span.of(told).median) if told else ""


class Report:
    def __init__(self, path: Path, run: dict, turned: list[Turned], curves: list[dict]):
        self.path = path
        self.run = run
        self.turned = turned
        self.curves = curves
        self.lines: list[str] = []

    def write(self) -> None:
        self.lines = ["# What was measured", ""]
        self._about()
        self._rows()
        self._sides()
        self._curves()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text("\n".join(self.lines).rstrip() + "\n")

    def _say(self, *lines: str) -> None:
        self.lines += [*lines, ""]

    def _about(self) -> None:
        settings, machine = self.run["settings"], self.run["machine"]
        self._say("Written by `./dev bench`. Every figure is a median, with the least and the most of its rounds; ours and theirs took turns, with the "
                  "same payload and the same number of connections, the load generator on one processor. A round counts only when the store holds "
                  "what was acknowledged.")
        if settings["quick"]:
            self._say(f"**A quick run**: {settings['rounds']} rounds of {settings['seconds']} s. Good for seeing that everything works, not for figures.")
        if machine["load_average_before"] > 0.5:
            self._say(f"**The machine was busy** before it began (load {machine['load_average_before']}): figures of this run say little.")
        said = [f"{settings['rounds']} rounds of {settings['seconds']} s after {settings['warm_up']} s of warming up",
                f"{settings['keys']:,} aggregates", f"{settings['payload']} bytes added to each event"]
        self._say("Settings: " + ", ".join(said) + f". {self.run['began']}, {self.run['minutes']:.0f} minutes, revision {self.run['revision']}.")
        facts = {"processor": machine["processor"], "cores": machine["cores"], "memory": f"{machine['memory_gib']} GiB", "system": machine["system"],
                 "kernel": machine["kernel"], "file system": machine["file_system"], "compiler": machine["compiler"],
                 "load before": machine["load_average_before"]}
        self._say("| machine | |", "|---|---|", *(f"| {name} | {value} |" for name, value in facts.items()),
                  *(f"| {name} | {version} |" for name, version in machine["packages"].items()))
        check = self.run.get("power_cut")
        if check:
            self._say(f"Power cut: {check['verdict']}")

    def _rows(self) -> None:
        results = sorted((each for turned in self.turned for each in turned.results), key=lambda each: in_order(each.comparison.row))
        counts = {state: sum(each.state == state for each in results) for state in STATES}
        self._say("## Rows", "", ", ".join(f"{count} {STATE_WORDS[state] if state != 'shown' else 'without a limit'}" for state, count in counts.items() if count) + ".")
        self._say(markdown_table(results))
        self._say("What the rows compare:", "", *(f"- **{row}** {TITLES[row]}" for row in sorted({each.comparison.row for each in results}, key=in_order)))
        reasons = [f"- **{each.comparison.row}** {each.comparison.case}: {each.why or each.comparison.note}" for each in results if each.why or each.comparison.note]
        if reasons:
            self._say("Remarks:", "", *reasons)

    def _sides(self) -> None:
        self._say("## All sides")
        if not plots.available():
            self._say("No drawings: python3-matplotlib is not installed.")
        for turned in self.turned:
            rounds = f"{turned.rounds} round" + ("s" if turned.rounds != 1 else "")
            self._say(f"### {turned.rotation.name}: {turned.rotation.about}", "", f"{rounds}.")
            lines = ["| side | median | min | max | p50 µs | p99 µs | server CPU µs each |", "|---|---|---|---|---|---|---|"]
            for outcome in turned.outcomes.values():
                if not outcome.samples:
                    if outcome.missing or outcome.broken:
                        lines.append(f"| {outcome.label} | {outcome.missing or outcome.broken} | | | | | |")
                    continue
                span = Span.of(sample.value for sample in outcome.samples)
                latency = latency_of(outcome)
                lines.append("| " + " | ".join([outcome.label, readable(span.median, outcome.unit), readable(span.least), readable(span.most),
                                                *(readable(latency[name]) if name in latency else "" for name in ("p50", "p99")),
                                                cost_of(outcome)]) + " |")
            self._say(*lines)
            self._draw_sides(turned)

    def _draw_sides(self, turned: Turned) -> None:
        if not plots.available():
            return
        measured = [outcome for outcome in turned.outcomes.values() if outcome.samples]
        latencies = {each.label: latency_of(each) for each in measured if latency_of(each)}
        if len(latencies) > 1:
            self._draw(f"latency-{turned.rotation.name}.svg", f"Latency, {turned.rotation.name}",
                       lambda path: plots.percentiles(path, f"Latency: {turned.rotation.about}", latencies))
        costs = {each.label: Span.of(sample.details["cpu_us"] for sample in each.samples) for each in measured
                 if all("cpu_us" in sample.details for sample in each.samples)}
        if len(costs) > 1:
            self._draw(f"cost-{turned.rotation.name}.svg", f"Cost, {turned.rotation.name}",
                       lambda path: plots.bars(path, "Processor time of the server", "µs each",
                                               {label: (span.median, span.least, span.most) for label, span in costs.items()}))

    def _curves(self) -> None:
        if not self.curves:
            return
        self._say("## Curves")
        for curve in self.curves:
            self._say(f"### {curve['title']}", "", curve["about"])
            if curve.get("why"):
                self._say(f"Not measured: {curve['why']}")
            for part in curve["plots"]:
                lines = [f"| {part['x']} | " + " | ".join(part["series"]) + " |", "|---|" + "---|" * len(part["series"])]
                for at in sorted({point[0] for points in part["series"].values() for point in points}):
                    found = [next((readable(point[1]) for point in points if point[0] == at), "") for points in part["series"].values()]
                    lines.append(f"| {readable(at) if at % 1 else f'{at:,.0f}'} | " + " | ".join(found) + " |")
                self._say(f"{part['y']}:", "", *lines)
                if part.get("left_out"):
                    self._say("Left out, because they do not count:", "", *(f"- {each}" for each in part["left_out"]))
                if plots.available() and any(part["series"].values()):
                    self._draw(f"{part['file']}.svg", part["title"], lambda path, part=part: plots.curves(
                        path, part["title"], part["x"], part["y"], part["series"], part.get("log_x", True), part.get("log_y", False)))

    def _draw(self, file: str, title: str, how) -> None:
        how(self.path.parent / "plots" / file)
        self._say(f"![{title}](plots/{file})")
