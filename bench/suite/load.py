"""The load generator over HTTP, pinned to one processor."""

from __future__ import annotations

import shutil
from pathlib import Path

from .children import Failed
from .comparison import Sample
from .context import Context, Running, ask, counted, exchange

#: The name of the item that evoke-load's carts are filled with has so many bytes unless more are asked for.
NAME_BYTES = 19


def generate(context: Context, running: Running, connections: int, *, workload: str = "adds", keys: int | None = None, rate: float = 0, patience_ms: int = 0,
             batch: int = 1, seconds: float | None = None, warm_up: float | None = None, payload: int | None = None, prepare: bool = True) -> dict:
    use = context.settings
    filler = NAME_BYTES + (use.payload if payload is None else payload)
    arguments = [f"http://127.0.0.1:{running.port}", "--workload", workload, "--connections", connections, "--keys", keys or use.keys, "--seconds",
                 seconds or use.seconds, "--warmup", use.warm_up if warm_up is None else warm_up, "--processor", use.processor, "--server-process", running.server.pid, "--quiet"]
    if workload != "reads":
        arguments += ["--payload", filler]
    if rate:
        arguments += ["--rate", f"{rate:.1f}", "--patience", patience_ms]
    if batch > 1:
        arguments += ["--batch", batch]
    if not prepare:
        arguments += ["--no-prepare"]
    return context.measure("evoke-load", *arguments, fails=False, json=("--json", "-"))


def sample_of(told: dict) -> Sample:
    details = {"latency_us": {name: value for name, value in told["latency_us"].items() if name != "histogram"}, "by_status": told["operations"]["by_status"]}
    if "server" in told:
        details |= {"cpu_us": told["server"]["cpu_us_per_operation"], "rss_bytes": told["server"]["rss_bytes"]}
    for name in ("unsent", "given_up"):
        if told["operations"].get(name):
            details[name] = told["operations"][name]
    return Sample(told["operations"]["accepted_per_second"], details=details)


def load_evoke(context: Context, running: Running, connections: int, *, may_refuse: bool = False, **with_what) -> Sample:
    """Commands on carts made beforehand, and whether the log then holds as many events more as were acknowledged.
    @param may_refuse: an overloaded server says 503, which is an answer; a connection that it cuts is none."""
    before = running.head()
    told = generate(context, running, connections, **with_what)
    operations = told["operations"]
    failed = operations["lost"] if may_refuse else operations["failed"]
    sample = counted(sample_of(told), operations["acknowledged_in_all"] + operations["prepared"], running.head() - before, failed)
    if "trouble" in told and not may_refuse:
        sample.invalid = sample.invalid or told["trouble"]
    return sample


def create_carts(context: Context, running: Running, keys: int | None = None) -> None:
    """For loads whose connections would be too many for making them."""
    generate(context, running, 64, keys=keys, seconds=0.1, warm_up=0)


def read_back(context: Context, store: Path, sample: Sample, expected: int) -> Sample:
    """Reads the closed store with RocksDB alone, event by event, by stream and by log; then removes it."""
    told = context.measure("evoke-bench-store", "--do", "count", "--data", store)
    shutil.rmtree(store, ignore_errors=True)
    sample.details["read_back"] = told["events"]
    if not sample.invalid and not told["events"] == told["events_in_log"] == expected:
        sample.invalid = f"{expected:,} events were acknowledged in all, {told['events']:,} are in the streams and {told['events_in_log']:,} in the log"
    return sample


def pause_read_models(running: Running) -> None:
    """What an operator does who writes now and reads later: each projection stops where it is until it is resumed."""
    for each in ask(running.port, "/v1/projections")["projections"]:
        request = f"POST /v1/projections/{each['projection']}:pause HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        status, body = exchange(running.port, request.encode())
        if status >= 300:
            raise Failed(f"pausing {each['projection']} was answered {status}: {body!r}")


def serve_load(context: Context, connections: int, *server: str, prepare_first: bool = False, read_models: bool = True, **with_what) -> Sample:
    """A server with an empty store, load on it, and its store read back when it is closed."""
    store = context.fresh("evoke")
    with context.evoke_server(*server, data=store) as running:
        if not read_models:
            pause_read_models(running)
        if prepare_first:
            create_carts(context, running)
        sample = load_evoke(context, running, connections, prepare=not prepare_first, **with_what)
        head = running.head()
    return read_back(context, store, sample, head)


def load_echo(context: Context, connections: int, workload: str = "adds") -> Sample:
    with context.echo_server() as running:
        told = generate(context, running, connections, workload=workload, prepare=False)
        sample = sample_of(told)
        if told["operations"]["failed"]:
            sample.invalid = f"{told['operations']['failed']} answers were no echo"
        return sample
