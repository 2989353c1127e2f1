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


# MiB of cache, and a quarter of it for read models: as little as fills in the first third. What the bound is does not matter here.
CACHE = "16"


class Memory:
    """A server's resident memory, and that beyond what its storage holds, once a second, while the block runs."""

    def __init__(self, running: Running):
        self.mib: list[float] = []
        self.beyond_mib: list[float] = []
        self._running = running
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
            resident = resident_bytes(self._running.server.pid)
            self.mib.append(resident / 1024 / 1024)
            self.beyond_mib.append((resident - self._running.storage_bytes()) / 1024 / 1024)


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
        with context.evoke_server("--cache", CACHE) as running:
            before = running.head()
            with Memory(running) as memory:
                found = generate(context, running, 256, rate=peak.part(0.5), seconds=seconds)
            operations = found["operations"]
            sample = counted(sample_of(found), operations["acknowledged_in_all"] + operations["prepared"], running.head() - before, operations["failed"])
        told["memory"] = thirds(memory.mib)
        told["beyond"] = thirds(memory.beyond_mib)
        told["p99"] = thirds([each["p99_us"] for each in found["timeline"] if each["count"]])
        sample.details |= {"memory_mib": memory.mib, "beyond_storage_mib": memory.beyond_mib, "timeline": found["timeline"]}
        return sample

    def part(what: str, which: int) -> Side:
        unit = "µs" if what == "p99" else "MiB"
        name = "memory beyond write buffers and caches" if what == "beyond" else what
        return Side(f"{name}, {('second', 'last')[which]} third", unit, lambda: Sample(told[what][which]))

    sides = {
        "peak": Side("evoke over HTTP, closed loop, 256 connections", "/s", peak.over_http),
        "half": Side(f"evoke over HTTP at half of that rate for {seconds} s", "/s", half),
        "memory before": part("memory", 0),
        "memory after": part("memory", 1),
        "beyond before": part("beyond", 0),
        "beyond after": part("beyond", 1),
        "p99 before": part("p99", 0),
        "p99 after": part("p99", 1),
    }
    def growth(case: str, what: str) -> Comparison:
        return Comparison("S2", case, f"{what} after", f"{what} before", limits_of("S2", case), note=f"1 would be no {'drift' if what == 'p99' else 'growth'}")

    return Rotation("soak", f"half of the peak for {seconds} s", sides, [
        Comparison("S2", "share of peak", "half", "peak", None),
        growth("memory, last ÷ second third", "memory"),
        growth("memory beyond write buffers and caches", "beyond"),
        growth("p99, last ÷ second third", "p99"),
    ], most_rounds=1, on_request=True)


def rotations(context: Context) -> list[Rotation]:
    return [soak(context)]
