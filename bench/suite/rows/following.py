"""P16, P18: projections and live followers."""

from __future__ import annotations

from ..comparison import Comparison, Sample, Side
from ..context import Context
from ..rotation import Rotation
from ..targets import limits_of


class OneRun:
    """A program that measures several sides in one run, in turn; the first side runs it, the others take what it found."""

    def __init__(self, context: Context, program: str, *arguments: object):
        self.context = context
        self.program = program
        self.arguments = arguments
        self.told: dict = {}

    def first(self, what: str) -> Sample:
        self.told = {}
        self.told = self.context.measure(self.program, "--data", self.context.fresh("run") / "store", "--rounds", 1, *self.arguments)
        return self.then(what)

    def then(self, what: str) -> Sample:
        if not self.told:
            raise RuntimeError("the run that measured this failed")
        return Sample(self.told[what], details={name: value for name, value in self.told.items() if name != "tool"})


def projections(context: Context) -> Rotation:
    events = context.settings.pick(100_000, 1_000_000)
    run = OneRun(context, "evoke-bench-projections", "--events", events)
    sides = {
        "evoke": Side(f"a projection catching up over {events:,} events", "events/s", lambda: run.first("ours_per_second")),
        "raw": Side("scan, the same decode, raw puts of documents and index entries", "events/s", lambda: run.then("raw_per_second")),
        "bare": Side("the same without index entries", "events/s", lambda: run.then("raw_without_index_per_second")),
    }
    return Rotation("projection", "a projection catching up beside the least that it takes", sides, [
        Comparison("P16", "with index entries", "evoke", "raw", limits_of("P16", "with index entries")),
        Comparison("P16", "without index entries", "evoke", "bare", None),
    ])


def live(context: Context) -> Rotation:
    use = context.settings
    followed, everything, rate = 1_000, 10, 2_000
    run = OneRun(context, "evoke-bench-followers", "--seconds", use.seconds, "--followers", followed, "--of-everything", everything, "--rate", rate)

    def checked(sample: Sample) -> Sample:
        if run.told["heard"] != run.told["caused"]:
            sample.invalid = f"followers heard {run.told['heard']:,} events, {run.told['caused']:,} were due to them"
        return sample

    def first() -> Sample:
        sample = run.first("together_per_second")
        sample.details["latency_us"] = run.told["age_under_load_us"]
        return checked(sample)

    def age() -> Sample:
        sample = run.then("age_us")
        return checked(Sample(sample.value["p99"], details={**sample.details, "latency_us": run.told["age_us"]}))

    sides = {
        "with": Side(f"commands with {followed:,} followers of one each and {everything} of everything", "/s", first),
        "without": Side("commands without followers", "/s", lambda: run.then("alone_per_second")),
        "age": Side(f"p99 from commit to receipt at {rate:,} commands/s", "µs", age),
    }
    return Rotation("followers", "live followers over SSE", sides, [
        Comparison("P18", "p99 at 2,000 commands/s", "age", None, limits_of("P18", "p99 at 2,000 commands/s"), judged="ours", unit="µs"),
        Comparison("P18", "peak with ÷ without followers", "with", "without", limits_of("P18", "peak with ÷ without followers")),
    ])


def rotations(context: Context) -> list[Rotation]:
    return [projections(context), live(context)]
