"""The load generator over HTTP, pinned to one processor."""

from __future__ import annotations

from .comparison import Sample
from .context import Context, Running, counted


def generate(context: Context, port: int, workload: str, connections: int, *, keys: int | None = None, rate: float = 0,
             seconds: float | None = None, payload: int | None = None) -> dict:
    use = context.settings
    arguments = ["--port", str(port), "--workload", workload, "--connections", str(connections), "--keys", str(keys or use.keys),
                 "--seconds", str(seconds or use.seconds), "--warmup", str(use.warm_up),
                 "--payload", str(use.payload if payload is None else payload), "--processor", str(use.processor)]
    if rate:
        arguments += ["--rate", str(rate)]
    return context.measure("evoke-bench-load", *arguments)


def create_carts(context: Context, running: Running, keys: int | None = None) -> None:
    generate(context, running.port, "create", 256, keys=keys)


def sample_of(told: dict, cpu_seconds: float) -> Sample:
    operations = told["operations"]
    details = {"latency_us": told["latency_us"], "cpu_us": cpu_seconds * 1e6 / max(operations["all_2xx"], 1)}
    return Sample(operations["per_second"], details=details)


def load_evoke(context: Context, running: Running, connections: int, *, workload: str = "adds", keys: int | None = None, rate: float = 0,
               seconds: float | None = None, payload: int | None = None) -> Sample:
    """Commands on carts that are there already, and whether the log then holds as many events more as were acknowledged."""
    before, cpu = running.head(), running.cpu_seconds()
    told = generate(context, running.port, workload, connections, keys=keys, rate=rate, seconds=seconds, payload=payload)
    operations = told["operations"]
    sample = sample_of(told, running.cpu_seconds() - cpu)
    stored = running.head() - before
    if workload == "reads":
        return counted(sample, 0, stored, operations["refused"])
    return counted(sample, operations["all_2xx"], stored, operations["refused"])


def load_echo(context: Context, connections: int, workload: str = "echo") -> Sample:
    with context.echo_server() as running:
        cpu = running.cpu_seconds()
        told = generate(context, running.port, workload, connections)
        sample = sample_of(told, running.cpu_seconds() - cpu)
        if told["operations"]["refused"]:
            sample.invalid = f"{told['operations']['refused']} answers were no echo"
        return sample
