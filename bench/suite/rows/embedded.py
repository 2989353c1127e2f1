"""P3, P7, P8: the library in its own process, beside RocksDB and the disk alone."""

from __future__ import annotations

import shutil
from pathlib import Path

from ..comparison import Comparison, Sample, Side
from ..context import Context, counted
from ..load import read_back, serve_load
from ..rotation import Rotation
from ..targets import limits_of
from .http_throughput import commands


def embedded(context: Context, store: Path, *more: object, keys: int | None = None) -> Sample:
    """Leaves the store there."""
    use = context.settings
    told = context.measure("evoke-bench-embedded", "--data", store, "--keep", "--keys", keys or use.keys, "--seconds", use.seconds, "--warmup", use.warm_up,
                           "--payload", use.payload, *more)
    sample = Sample(told["per_second"], details={name: told[name] for name in ("latency_us", "cpu_us", "events_a_sync", "syncs", "unsent")})
    sample.details["refused"] = told["refused"]
    may_refuse = "--max-open" in more  # then that is what a limit is for
    return counted(sample, told["acknowledged"], told["stored"], 0 if may_refuse else told["refused"])


def closed(context: Context, store: Path, *more: object) -> Sample:
    """The same; the store is read back and removed."""
    sample = embedded(context, store, *more)
    return read_back(context, store, sample, context.settings.keys + sample.details["acknowledged"])


class Replayed:
    """Ours writes a store; theirs then writes what the end of its write-ahead log holds again, by RocksDB alone."""

    def __init__(self, context: Context, *load: object):
        self.context = context
        self.load = load
        self.store: Path | None = None
        self.told: dict = {}

    def ours(self) -> Sample:
        self.forget()
        self.store = self.context.fresh("embedded")
        return embedded(self.context, self.store, *self.load)

    def raw(self) -> Sample:
        if self.store is None:
            raise RuntimeError("there is no store to write again")
        self.told = self.context.measure("evoke-bench-rocks", "--from", self.store, "--into", self.context.fresh("rocks"), "--seconds",
                                         self.context.settings.seconds)
        raw = self.told["raw"]
        return Sample(raw["per_second"], details={"latency_us": raw["latency_us"], "events_a_group": self.told["events_a_group"],
                                                  "bytes_per_event": raw["bytes_per_event"]})

    def sequential(self) -> Sample:
        copy = self.told["sequential"]
        return Sample(copy["per_second"], details={"latency_us": copy["latency_us"], "bytes_per_event": copy["bytes_per_event"]})

    def forget(self) -> None:
        if self.store:
            shutil.rmtree(self.store, ignore_errors=True)
        self.store = None


def single(context: Context) -> Rotation:
    callers = 256
    writing = Replayed(context, "--callers", callers)
    sides = {
        "evoke": Side(f"evoke embedded, durable, {callers} commands open", "/s", writing.ours),
        "raw": Side("raw RocksDB, the same batches, synced", "/s", writing.raw),
        "copy": Side("the same events appended to one file, synced", "/s", writing.sequential),
    }
    return Rotation("embedded", "the library alone beside RocksDB alone", sides, [
        Comparison("P3", "raw RocksDB", "evoke", "raw", limits_of("P3", "raw RocksDB")),
        Comparison("P3", "one sequential copy", "evoke", "copy", None),
    ], after=writing.forget)


def bulk(context: Context) -> Rotation:
    writing = Replayed(context, "--callers", 4, "--batch", 100)
    sides = {
        "evoke": Side("evoke embedded, durable, 4 callers of 100 commands a call", "/s", writing.ours),
        "raw": Side("raw RocksDB, the same batches, synced", "/s", writing.raw),
        "http": Side("evoke over HTTP, durable, 4 connections of 100 commands a request", "/s", lambda: serve_load(context, 4, batch=100)),
    }
    return Rotation("bulk", "calls of 100 commands beside RocksDB at that group size", sides, [
        Comparison("P7", "100 a call", "evoke", "raw", limits_of("P7", "100 a call")),
        Comparison("P7", "over HTTP ÷ embedded", "http", "evoke", None),
    ], after=writing.forget)


def disk(context: Context, seconds: float | None = None) -> Sample:
    """write and fdatasync, as many bytes as a group of one event has in the log."""
    told = context.measure("evoke-bench-disk", "--file", context.fresh("disk") / "probe", "--bytes", 512 + context.settings.payload, "--seconds",
                           seconds or context.settings.seconds)
    return Sample(told["per_second"], details={"latency_us": told["latency_us"]})


def p50(sample: Sample) -> float:
    return sample.details["latency_us"]["p50"]


def alone(context: Context) -> Rotation:
    def ours() -> Sample:
        return closed(context, context.fresh("alone"), "--callers", 1)

    sides = {
        "evoke": Side("evoke embedded, one command at a time", "/s", ours),
        "disk": Side("write+fdatasync, one after the other", "/s", lambda: disk(context)),
        "http": Side("evoke over HTTP, one connection", "/s", lambda: commands(context, 1, keys=256)),
    }
    told = {"pick_ours": p50, "pick_theirs": p50, "ours_unit": "µs", "theirs_unit": "µs"}
    return Rotation("alone", "one command at a time beside the disk", sides, [
        Comparison("P8", "embedded", "evoke", "disk", limits_of("P8", "embedded"), **told),
        Comparison("P8", "over HTTP", "http", "disk", None, **told),
    ])


def rotations(context: Context) -> list[Rotation]:
    return [single(context), bulk(context), alone(context)]
