"""S2: half of the peak for ten minutes, and whether anything grows meanwhile. Runs only when it is asked for."""

from __future__ import annotations

import threading
from statistics import median

from ..children import resident_bytes
from ..comparison import Comparison, Sample, Side
from ..context import Context, Running, counted
from ..load import generate, sample_of
from ..rotation import Rotation
from ..targets import limits_of
from .constant_rate import Peak


class Memory:
    """A process's resident memory, once a second, while the block runs."""

    def __init__(self, running: Running):
        self.mib: list[float] = []
        self._pid = running.server.pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(1.0):
            self.mib.append(resident_bytes(self._pid) / 1024 / 1024)


def thirds(values: list[float]) -> tuple[float, float]:
    """Medians of the second and of the last third: in the first, caches and write buffers fill. @raises ValueError: too few."""
    third = len(values) // 3
    if third == 0:
        raise ValueError("too short to tell")
    return median(values[third:2 * third]), median(values[-third:])


def soak(context: Context) -> Rotation:
    peak = Peak(context)
    seconds = context.settings.pick(12, 600)
    told: dict = {}

    def half() -> Sample:
        with context.evoke_server() as running:
            before = running.head()
            with Memory(running) as memory:
                found = generate(context, running, 256, rate=peak.part(0.5), seconds=seconds)
            operations = found["operations"]
            sample = counted(sample_of(found), operations["acknowledged_in_all"] + operations["prepared"], running.head() - before, operations["failed"])
        told["memory"] = thirds(memory.mib)
        told["p99"] = thirds([each["p99_us"] for each in found["timeline"] if each["count"]])
        sample.details |= {"memory_mib": memory.mib, "timeline": found["timeline"]}
        return sample

    def part(what: str, which: int) -> Side:
        unit = "MiB" if what == "memory" else "µs"
        return Side(f"{what}, {('second', 'last')[which]} third", unit, lambda: Sample(told[what][which]))

    sides = {
        "peak": Side("evoke over HTTP, closed loop, 256 connections", "/s", peak.over_http),
        "half": Side(f"evoke over HTTP at half of that rate for {seconds} s", "/s", half),
        "memory before": part("memory", 0),
        "memory after": part("memory", 1),
        "p99 before": part("p99", 0),
        "p99 after": part("p99", 1),
    }
    return Rotation("soak", f"half of the peak for {seconds} s", sides, [
        Comparison("S2", "share of peak", "half", "peak", None),
        Comparison("S2", "memory, last ÷ second third", "memory after", "memory before", limits_of("S2", "memory, last ÷ second third"), note="1 would be no growth"),
        Comparison("S2", "p99, last ÷ second third", "p99 after", "p99 before", limits_of("S2", "p99, last ÷ second third"), note="1 would be no drift"),
    ], most_rounds=1, on_request=True)


def rotations(context: Context) -> list[Rotation]:
    return [soak(context)]
