"""P9, P17: operations that are due at a constant rate, however long the answers take."""

from __future__ import annotations

from ..comparison import Comparison, Sample, Side
from ..context import Context
from ..load import serve_load
from ..rotation import Rotation
from ..targets import limits_of
from .embedded import closed, disk


def p99(sample: Sample) -> float:
    return sample.details["latency_us"]["p99"]


#: Overload is answered, not queued: beyond so many open commands new ones are refused. Twice what the peak is measured with.
MOST_OPEN = 512
#: More than may be open, so that it is the server that refuses and not the client that waits.
CONNECTIONS = 1_000
#: How long a client of the overloaded server waits for one of its connections before it gives up; it counts in the latency.
PATIENCE_MS = 50


class Peak:
    """What a closed loop reached in this round; the constant rates are parts of it."""

    def __init__(self, context: Context, most_open: int = 0):
        self.context = context
        self.limit = ("--max-open-commands", str(most_open)) if most_open else ()
        self.limit_in_process = ("--max-open", most_open)
        self.per_second = 0.0

    def over_http(self) -> Sample:
        return self._keep(serve_load(self.context, 256, *self.limit))

    def embedded(self) -> Sample:
        return self._keep(in_process(self.context, "--callers", 256, *self.limit_in_process))

    def _keep(self, sample: Sample) -> Sample:
        self.per_second = sample.value
        return sample

    def part(self, share: float) -> float:
        if self.per_second <= 0:
            raise RuntimeError("the peak is not known")
        return max(1.0, self.per_second * share)


def at_rate(context: Context, peak: Peak, share: float, connections: int = 256, **more) -> Sample:
    sample = serve_load(context, connections, *peak.limit, prepare_first=True, rate=peak.part(share), **more)
    sample.details["rate"] = peak.part(share)
    return sample


def in_process(context: Context, *load: object) -> Sample:
    return closed(context, context.fresh("rate"), *load)


def in_process_at_rate(context: Context, peak: Peak, share: float) -> Sample:
    sample = in_process(context, "--rate", f"{peak.part(share):.1f}", *peak.limit_in_process)
    sample.details["rate"] = peak.part(share)
    return sample


def half_of_peak(context: Context) -> Rotation:
    peak = Peak(context)
    sides = {
        "peak": Side("evoke over HTTP, closed loop, 256 connections", "/s", peak.over_http),
        "half": Side("evoke over HTTP at half of that rate", "/s", lambda: at_rate(context, peak, 0.5)),
        "disk": Side("write+fdatasync, one after the other", "/s", lambda: disk(context)),
    }
    return Rotation("half-of-peak", "an open loop at half of the peak beside the disk", sides, [
        Comparison("P9", "half of peak", "half", "disk", limits_of("P9", "half of peak"), pick_ours=p99, pick_theirs=p99, ours_unit="µs", theirs_unit="µs"),
        Comparison("P9", "share of peak", "half", "peak", None),
    ])


def overload(context: Context) -> Rotation:
    http, inside = Peak(context, MOST_OPEN), Peak(context, MOST_OPEN)
    overloaded = {"may_refuse": True, "patience_ms": PATIENCE_MS}
    sides = {
        "peak": Side("evoke over HTTP, closed loop, 256 connections", "/s", http.over_http),
        "80": Side("the same server at 80 % of that rate", "/s", lambda: at_rate(context, http, 0.8, CONNECTIONS, **overloaded)),
        "over": Side("the same server at 1.5 times that rate", "/s", lambda: at_rate(context, http, 1.5, CONNECTIONS, **overloaded)),
        "peak in process": Side("evoke embedded, closed loop, 256 commands open", "/s", inside.embedded),
        "80 in process": Side("evoke embedded at 80 % of that rate", "/s", lambda: in_process_at_rate(context, inside, 0.8)),
        "over in process": Side("evoke embedded at 3 times that rate", "/s", lambda: in_process_at_rate(context, inside, 3)),
    }
    latency = {"pick_ours": p99, "pick_theirs": p99, "ours_unit": "µs", "theirs_unit": "µs"}
    return Rotation("overload", f"more than can be done; beyond {MOST_OPEN} open commands the server refuses", sides, [
        Comparison("P17", "HTTP 1.5x: goodput ÷ peak", "over", "peak", limits_of("P17", "HTTP 1.5x: goodput ÷ peak")),
        Comparison("P17", "HTTP 1.5x: p99 ÷ p99 at 80 %", "over", "80", limits_of("P17", "HTTP 1.5x: p99 ÷ p99 at 80 %"), **latency,
                   note=f"since a command was due; what finds no free connection for {PATIENCE_MS} ms is given up by the client"),
        Comparison("P17", "embedded 3x: goodput ÷ peak", "over in process", "peak in process", limits_of("P17", "embedded 3x: goodput ÷ peak")),
        Comparison("P17", "embedded 3x: p99 ÷ p99 at 80 %", "over in process", "80 in process", limits_of("P17", "embedded 3x: p99 ÷ p99 at 80 %"), **latency),
    ])


def rotations(context: Context) -> list[Rotation]:
    return [half_of_peak(context), overload(context)]
