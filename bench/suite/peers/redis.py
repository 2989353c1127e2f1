"""Redis with an append-only file that is synced before each answer."""

from __future__ import annotations

import shutil
import socket
from contextlib import contextmanager
from typing import Iterator

from ..children import Server, cpu_seconds, free_port
from ..comparison import Missing, Sample
from ..context import Context, counted

SETTINGS = {"appendonly": "yes", "appendfsync": "always", "save": "", "auto-aof-rewrite-percentage": "0", "bind": "127.0.0.1",
            "daemonize": "no", "maxclients": "2000"}


@contextmanager
def running(context: Context) -> Iterator[tuple[int, Server]]:
    program = shutil.which("redis-server")
    if not program:
        raise Missing("Redis is not installed")
    directory = context.fresh("redis")
    port = free_port()
    command = [program, "--port", str(port), "--dir", str(directory)]
    for name, value in SETTINGS.items():
        command += [f"--{name}", value]

    def ready() -> bool:
        try:
            return pings(port)
        except OSError:
            return False

    with Server(command, context.stores / f"{directory.name}.log") as server:
        server.wait_until(ready, step=0.05)
        yield port, server
    shutil.rmtree(directory, ignore_errors=True)


def pings(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
        connection.sendall(b"PING\r\n")
        return connection.recv(64).startswith(b"+PONG")


def append(context: Context, clients: int, payload: int | None = None) -> Sample:
    use = context.settings
    with running(context) as (port, server):
        before = cpu_seconds(server.pid)
        told = context.measure("evoke-bench-redis", "--port", port, "--clients", clients, "--keys", use.keys, "--seconds", use.seconds, "--warmup",
                               use.warm_up, "--payload", use.payload if payload is None else payload, "--processor", use.processor, fails=False)
        cpu = cpu_seconds(server.pid) - before
    sample = Sample(told["per_second"], details={"latency_us": told["latency_us"], "server": told["server"],
                                                 "cpu_us": cpu * 1e6 / max(told["acknowledged"], 1)})
    counted(sample, told["acknowledged"], told["stored"])
    if told["server"]["appendonly"] != "yes" or told["server"]["appendfsync"] != "always":
        sample.invalid = "this Redis does not wait for the disk"
    return sample
