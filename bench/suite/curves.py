"""Curves, not points: how throughput, latency and memory change with connections, aggregates, events, followers, payload."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

from .comparison import Missing, Sample
from .context import Context
from .load import load_echo, load_evoke, pause_read_models
from .peers import postgres, redis
from .rows.stores import Filled, ready_again

Say = Callable[[str], None]


@dataclass(frozen=True)
class Curve:
    title: str
    about: str
    #: Gives its plots: dictionaries with file, title, x, y, series (label to points), and perhaps log_x, log_y.
    measure: Callable[[Context, Say], list[dict]]


class Lines:
    """Some series over the same x. A point that does not count is left out and said."""

    def __init__(self, say: Say, y: str):
        self.say = say
        self.y = y
        self.series: dict[str, list[tuple[float, float]]] = {}
        self.left_out: list[str] = []

    def add(self, label: str, x: float, y: float, invalid: str = "") -> None:
        if invalid:
            self.left_out.append(f"{label} at {x:,}: {invalid}")
            self.say(f"{label} at {x:,} does not count: {invalid}")
            return
        self.say(f"{label} at {x:,}: {y:,.1f} {self.y}")
        self.series.setdefault(label, []).append((x, y))

    def plot(self, file: str, title: str, x: str, **how: bool) -> dict:
        return {"file": file, "title": title, "x": x, "y": self.y, "series": self.series, "left_out": self.left_out, **how}


def latency_lines(lines: Lines, label: str, x: float, sample: Sample) -> None:
    for name in ("p50", "p99"):
        lines.add(f"{label} {name}", x, sample.details["latency_us"][name], sample.invalid)


def connections(context: Context, say: Say) -> list[dict]:
    rates, latencies, costs = Lines(say, "commands/s"), Lines(say, "µs"), Lines(say, "µs an event")
    peers = {"PostgreSQL 15": lambda count: postgres.append(context, count), "Redis 7, always": lambda count: redis.append(context, count)}
    for count in context.settings.pick((1, 64, 256), (1, 4, 16, 64, 256, 1_000, 4_000, 10_000)):
        with context.evoke_server("--max-connections", "20000") as running:
            sample = load_evoke(context, running, count)
        rates.add("evoke, durable", count, sample.value, sample.invalid)
        latency_lines(latencies, "evoke", count, sample)
        costs.add("evoke, durable", count, sample.details["cpu_us"], sample.invalid)
        if count <= 1_000:
            echo = load_echo(context, count)
            rates.add("bare Beast echo", count, echo.value, echo.invalid)
            costs.add("bare Beast echo", count, echo.details["cpu_us"], echo.invalid)
        for label, run in list(peers.items()):
            if count > 150 or (context.settings.quick and count != 64):
                continue
            try:
                other = run(count)
                rates.add(label, count, other.value, other.invalid)
                latency_lines(latencies, label, count, other)
                costs.add(label, count, other.details["cpu_us"], other.invalid)
            except Missing as absent:
                say(f"{label}: {absent}")
                del peers[label]
    return [rates.plot("curve-connections", "Throughput against connections", "connections"),
            latencies.plot("curve-connections-latency", "Latency against connections (closed loop)", "connections", log_y=True),
            costs.plot("curve-connections-cost", "Processor time of the server for an event", "connections")]


def residents(context: Context, say: Say) -> list[dict]:
    rates, latencies, memory = Lines(say, "commands/s"), Lines(say, "µs"), Lines(say, "MiB")
    for count in context.settings.pick((1_000, 20_000), (1, 100, 10_000, 100_000, 300_000, 1_000_000)):
        with context.evoke_server("--max-resident", str(max(2 * count, 1_000)), "--passivate-after", "3600") as running:
            sample = load_evoke(context, running, 64, keys=count)
        rates.add("evoke, durable, 64 connections", count, sample.value, sample.invalid)
        latency_lines(latencies, "evoke", count, sample)
        memory.add("evoke-server", count, sample.details["rss_bytes"] / 1024 / 1024, sample.invalid)
    return [rates.plot("curve-residents", "Throughput against resident aggregates", "resident aggregates"),
            latencies.plot("curve-residents-latency", "Latency against resident aggregates", "resident aggregates", log_y=True),
            memory.plot("curve-residents-memory", "Memory against resident aggregates", "resident aggregates")]


def events(context: Context, say: Say) -> list[dict]:
    rates, restarts, disk = Lines(say, "commands/s"), Lines(say, "s"), Lines(say, "bytes an event")
    for count in context.settings.pick((10_000, 200_000), (10_000, 100_000, 1_000_000, 5_000_000, 20_000_000)):
        store = Filled(context, count, max(1_000, count // 10))
        try:
            store.make()
            with context.evoke_server(data=store.path) as running:
                pause_read_models(running)  # they would catch up with all of it just now, on the same processors
                sample = load_evoke(context, running, 64)
            rates.add("evoke, durable, 64 connections, read models paused", count, sample.value, sample.invalid)
            again = ready_again(context, store)
            restarts.add("kill -9 to ready", count, again.value, again.invalid)
            size = sum(file.stat().st_size for file in store.path.rglob("*") if file.is_file() and file.name != "journal.ballast")
            disk.add("the store, as it lies there", count, size / count)
        finally:
            store.remove()
    return [rates.plot("curve-events", "Throughput against events in the store", "events"),
            restarts.plot("curve-events-restart", "Restart against events in the store", "events"),
            disk.plot("curve-events-disk", "Disk against events in the store", "events")]


def stream_length(context: Context, say: Say) -> list[dict]:
    times = Lines(say, "µs")
    for length in context.settings.pick((10, 1_000), (10, 100, 1_000, 10_000, 100_000, 1_000_000)):
        count = 200 if length <= 1_000 else 1
        for label, snapshot_every in (("without snapshots", 0), ("a snapshot every 100 events", 100)):
            store = Filled(context, length * count, count, snapshot_every)
            try:
                store.make()
                told = store.work("recover")
                times.add(label, length, told["seconds"] * 1e6 / count)
            finally:
                store.remove()
    return [times.plot("curve-stream-length", "Bringing an aggregate into memory against its events", "events of the aggregate", log_y=True)]


def followers(context: Context, say: Say) -> list[dict]:
    rates, ages = Lines(say, "commands/s"), Lines(say, "µs")
    for count in context.settings.pick((100,), (1, 10, 100, 300, 1_000)):
        told = context.measure("evoke-bench-followers", "--data", context.fresh("run") / "store", "--rounds", 1, "--seconds", context.settings.seconds,
                               "--followers", count, "--of-everything", 0)
        invalid = "" if told["heard"] == told["caused"] else f"followers heard {told['heard']:,} of {told['caused']:,} events"
        rates.add("with followers", count, told["together_per_second"], invalid)
        rates.add("without", count, told["alone_per_second"])
        ages.add("p50", count, told["age_us"]["p50"], invalid)
        ages.add("p99", count, told["age_us"]["p99"], invalid)
    return [rates.plot("curve-followers", "Commands against followers of one aggregate each", "followers"),
            ages.plot("curve-followers-age", "Age of an event at its follower, 2,000 commands/s", "followers", log_y=True)]


def payload(context: Context, say: Say) -> list[dict]:
    rates, volume = Lines(say, "events/s"), Lines(say, "MB/s")
    peers = {"PostgreSQL 15": lambda size: postgres.append(context, 64, payload=size), "Redis 7, always": lambda size: redis.append(context, 64, payload=size)}
    for size in context.settings.pick((20, 10_000), (20, 200, 1_000, 10_000, 100_000)):
        # A cart's names have at most 1,000 bytes; raw streams take any event.
        with context.evoke_server() as running:
            sample = load_evoke(context, running, 64, workload="raw", payload=size)
        rates.add("evoke, durable", size, sample.value, sample.invalid)
        volume.add("evoke, durable", size, sample.value * size / 1e6, sample.invalid)
        for label, run in list(peers.items()):
            try:
                other = run(size)
                rates.add(label, size, other.value, other.invalid)
                volume.add(label, size, other.value * size / 1e6, other.invalid)
            except Missing as absent:
                say(f"{label}: {absent}")
                del peers[label]
    return [rates.plot("curve-payload", "Throughput against payload, 64 connections", "bytes of payload", log_y=True),
            volume.plot("curve-payload-volume", "Volume against payload, 64 connections", "bytes of payload", log_y=True)]


CURVES: dict[str, Curve] = {
    "curve-connections": Curve("Connections", "Commands over HTTP, closed loop; peers with as many clients, as far as they take them.", connections),
    "curve-residents": Curve("Resident aggregates", "Commands spread over so many aggregates, all of them in memory.", residents),
    "curve-events": Curve("Events in the store", "Commands, and a restart after kill -9, on stores that hold so much already.", events),
    "curve-stream-length": Curve("Stream length", "A cold process brings aggregates of so many events into memory.", stream_length),
    "curve-followers": Curve("Followers", "Live followers of one aggregate each, over SSE.", followers),
    "curve-payload": Curve("Payload", "Raw events of so many bytes.", payload),
}


def measure_curve(curve: Curve, context: Context, say: Say) -> dict:
    told = {"title": curve.title, "about": curve.about, "plots": [], "why": ""}
    try:
        told["plots"] = curve.measure(context, say)
    except Missing as absent:
        told["why"] = str(absent)
    except Exception as problem:  # the other curves are still worth having
        told["why"] = f"{type(problem).__name__}: {problem}"
    if told["why"]:
        say(told["why"])
    return told
