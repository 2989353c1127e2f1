"""P10 to P14 and P19: recovery, restart, memory and disk, over stores that are filled beforehand."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from ..children import Failed
from ..comparison import Comparison, Sample, Side
from ..context import Context, counted, exchange
from ..load import load_evoke
from ..rotation import Rotation
from ..targets import limits_of


class Filled:
    """A store that is filled once for all rounds."""

    def __init__(self, context: Context, events: int, aggregates: int, snapshot_every: int = 0):
        self.snapshot_every = snapshot_every
        self.context = context
        self.events = events
        self.aggregates = aggregates
        self.path: Path | None = None

    def make(self) -> None:
        self.path = self.context.fresh("filled")
        self.context.say(f"filling a store with {self.events:,} events of {self.aggregates:,} aggregates")
        told = self.work("fill", "--events", self.events, "--payload", self.context.settings.payload, "--snapshot-every", self.snapshot_every)
        self.context.say(f"filled: {told['events']:,} events in {told['seconds']:.0f} s")

    def work(self, what: str, *more: object) -> dict:
        return self.context.measure("evoke-bench-store", "--do", what, "--data", self.path, "--aggregates", self.aggregates, *more)

    def remove(self) -> None:
        if self.path:
            shutil.rmtree(self.path, ignore_errors=True)
        self.path = None


def all_of(*stores: Filled) -> dict:
    def before() -> None:
        for each in stores:
            each.make()

    def after() -> None:
        for each in stores:
            each.remove()
    return {"before": before, "after": after}


def recovery(context: Context) -> Rotation:
    events = context.settings.pick(200_000, 2_000_000)
    long, short = Filled(context, events, events // 50), Filled(context, events, events // 10)

    def sample(store: Filled, what: str) -> Sample:
        told = store.work(what, *context.one_core())
        done = Sample(told["per_second"], details={name: told[name] for name in ("events", "seconds", "open_seconds", "cpu_us")})
        if told["events"] != store.events:
            done.invalid = f"{told['events']:,} events were read, {store.events:,} are stored"
        return done

    sides = {
        "evoke 50": Side("evoke: all aggregates brought into memory, 50 events each, one core", "events/s", lambda: sample(long, "recover")),
        "raw 50": Side("raw RocksDB scan of each stream and the same decode", "events/s", lambda: sample(long, "scan")),
        "evoke 10": Side("evoke: the same with 10 events each", "events/s", lambda: sample(short, "recover")),
        "raw 10": Side("raw RocksDB scan of each stream and the same decode", "events/s", lambda: sample(short, "scan")),
    }
    return Rotation("recovery", f"{events:,} events of {long.aggregates:,} and of {short.aggregates:,} aggregates, from cold", sides, [
        Comparison("P10", "50 events each", "evoke 50", "raw 50", limits_of("P10", "50 events each")),
        Comparison("P10", "10 events each", "evoke 10", "raw 10", limits_of("P10", "10 events each")),
    ], **all_of(long, short))


def first_commands(context: Context) -> Rotation:
    measured: dict = {}

    def ours() -> Sample:
        store = context.fresh("first")
        count = context.settings.pick(1_000, 5_000)
        told = context.measure("evoke-bench-embedded", "--data", store, "--first-commands", count, "--events-each", 50, "--payload", context.settings.payload)
        shutil.rmtree(store, ignore_errors=True)
        measured.update(told)
        sample = Sample(told["without_sync_us"]["p99"], details={name: told[name] for name in ("latency_us", "without_sync_us", "sync_us")})
        return counted(sample, told["acknowledged"], told["stored"])

    def sync() -> Sample:
        return Sample(measured["sync_us"]["p99"], details={"latency_us": measured["sync_us"]})

    sides = {
        "evoke": Side("first command on a passivated aggregate of 50 events, p99 without its sync", "µs", ours),
        "sync": Side("p99 of these syncs", "µs", sync),
    }
    return Rotation("first-commands", "aggregates that are not in memory, one after the other", sides, [
        Comparison("P11", "50 events", "evoke", "sync", limits_of("P11", "50 events"), judged="ours", unit="µs"),
    ])


def ready_again(context: Context, store: Filled) -> Sample:
    """Load, kill -9, and how long until the server answers that it is ready."""
    with context.evoke_server(data=store.path) as running:
        before = running.head()
        sample = load_evoke(context, running, 64, seconds=min(context.settings.seconds, 2.0))
        head = running.head()
        running.server.kill()
    begun = time.monotonic()
    with context.evoke_server(data=store.path) as running:
        status, _ = exchange(running.port, b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        seconds = time.monotonic() - begun
        if status != 200:
            raise Failed(f"/readyz was answered {status}")
        again = counted(Sample(seconds), sample.details["acknowledged"], running.head() - before)
    again.details["head"] = head
    again.invalid = again.invalid or sample.invalid
    return again


def restart(context: Context) -> Rotation:
    many = Filled(context, context.settings.pick(300_000, 10_000_000), context.settings.pick(30_000, 1_000_000))
    few = Filled(context, 10_000, 1_000)
    sides = {
        "many": Side(f"restart to ready with {many.events:,} events", "s", lambda: ready_again(context, many)),
        "few": Side(f"restart to ready with {few.events:,} events", "s", lambda: ready_again(context, few)),
    }
    return Rotation("restart", f"kill -9 under load, {many.events:,} events", sides, [
        Comparison("P12", "many events", "many", "few", limits_of("P12", "many events"), judged="ours", unit="s",
                   note=f"with {many.events:,} events"),
        Comparison("P12", "many ÷ few events", "many", "few", None, note="1 would be flat"),
    ], most_rounds=context.settings.pick(1, 5), **all_of(many, few))


def residents(context: Context) -> Rotation:
    count = context.settings.pick(40_000, 400_000)
    store = Filled(context, count, count)

    def ours() -> Sample:
        told = store.work("resident", "--memory-mib", 16)
        return Sample(told["bytes_beyond_state"], details=told)

    def theirs() -> Sample:
        return Sample(context.measure("evoke-bench-actors", "--count", count)["bytes_each"])

    sides = {
        "evoke": Side(f"each of {count:,} resident carts, beyond its state", "B", ours),
        "actor": Side("a bare CAF actor", "B", theirs),
    }
    return Rotation("residents", "memory of an aggregate in memory", sides, [
        Comparison("P13", "beyond its state", "evoke", "actor", limits_of("P13", "beyond its state"), judged="ours", unit="B"),
    ], most_rounds=context.settings.pick(1, 5), **all_of(store))


def memory(context: Context) -> Rotation:
    """Few is as many as fill the caches: a cache that holds the whole store and one that is full are not the same cache."""
    many = Filled(context, context.settings.pick(1_000_000, 10_000_000), context.settings.pick(100_000, 1_000_000))
    few = Filled(context, context.settings.pick(200_000, 1_000_000), context.settings.pick(20_000, 100_000))

    def sample(store: Filled) -> Sample:
        # On a copy: what warms it up is written to it.
        path = store.path
        copy = context.fresh("memory")
        shutil.copytree(path, copy, dirs_exist_ok=True)
        store.path = copy
        try:
            told = store.work("memory", "--memory-mib", context.settings.pick(16, 64), "--asked", context.settings.pick(5_000, 50_000))
        finally:
            store.path = path
            shutil.rmtree(copy, ignore_errors=True)
        return Sample(told["bytes"] / 1024 / 1024, details=told)

    sides = {
        "many": Side(f"memory with {many.events:,} events in {many.aggregates:,} passivated aggregates", "MiB", lambda: sample(many)),
        "few": Side(f"memory with {few.events:,} events", "MiB", lambda: sample(few)),
    }
    return Rotation("memory", "memory that must not grow with the store", sides, [
        Comparison("P14", "many ÷ few", "many", "few", limits_of("P14", "many ÷ few"), note=f"with {many.events:,} events; few, {few.events:,}, fill the caches too"),
    ], most_rounds=context.settings.pick(1, 3), **all_of(many, few))


def disk_space(context: Context) -> Rotation:
    store = Filled(context, context.settings.pick(200_000, 2_000_000), context.settings.pick(20_000, 200_000))
    told: dict = {}

    def ours() -> Sample:
        store.make()  # compaction changes it for good
        told.update(store.work("compact"))
        store.remove()
        done = Sample(told["disk_bytes_per_event"], details=dict(told))
        if told["events"] != store.events:
            done.invalid = f"{told['events']:,} events are there, {store.events:,} were written"
        return done

    sides = {
        "disk": Side("on the disk after compaction, all that is kept for an event", "B", ours),
        "data": Side("the event's JSON", "B", lambda: Sample(told["data_bytes_per_event"])),
        "record": Side("the event with its place, time, ids and checksum", "B", lambda: Sample(told["record_bytes_per_event"])),
    }
    return Rotation("disk-space", "what an event takes on the disk", sides, [
        Comparison("P19", "after compaction", "disk", "data", limits_of("P19", "after compaction")),
        Comparison("P19", "÷ the whole record", "disk", "record", None),
    ], most_rounds=context.settings.pick(1, 3))


def rotations(context: Context) -> list[Rotation]:
    return [recovery(context), first_commands(context), restart(context), residents(context), memory(context), disk_space(context)]
