"""PostgreSQL: a cluster of its own in an empty directory, durable."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

from ..children import Failed, Server, family_cpu_seconds, free_port
from ..comparison import Missing, Sample
from ..context import Context, counted

#: All that differs from what initdb writes. Durability is spelled out although it is the default: the row depends on it.
SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_connections": "200",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "30min",
    "autovacuum": "off",
}


def programs() -> Path:
    """@raises Missing"""
    for folder in sorted(Path("/usr/lib/postgresql").glob("15/bin")):
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    raise Missing("PostgreSQL 15 is not installed")


def as_user() -> list[str]:
    """PostgreSQL refuses to run as root: then as the user that its package makes."""
    if os.geteuid() != 0:
        return []
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        raise Missing("PostgreSQL does not run as root, and there is no user postgres") from None
    if not shutil.which("setpriv"):
        raise Missing("PostgreSQL does not run as root, and there is no setpriv")
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


class Postgres:
    def __init__(self, port: int, server: Server):
        self.port = port
        self.server = server

    @property
    def connection(self) -> str:
        return f"host=127.0.0.1 port={self.port} user=bench dbname=postgres"


def run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, cwd="/")
    if done.returncode != 0:
        raise Failed(f"{' '.join(Path(part).name for part in command[-4:])}: {done.stderr.strip()[-300:]}")


def template(context: Context, bin_folder: Path, prefix: list[str]) -> Path:
    """An empty cluster, made once a run, because initdb takes seconds."""
    folder = context.stores / "postgres-empty"
    if not folder.exists():
        folder.mkdir()
        if prefix:
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
        run([*prefix, str(bin_folder / "initdb"), "--no-sync", "-D", str(folder / "cluster"), "-U", "bench", "-A", "trust", "--no-locale", "-E", "UTF8"])
    return folder / "cluster"


@contextmanager
def running(context: Context) -> Iterator[Postgres]:
    bin_folder, prefix = programs(), as_user()
    directory = context.fresh("postgres")
    if prefix:
        os.chown(directory, pwd.getpwnam("postgres").pw_uid, -1)
    cluster = directory / "cluster"
    run([*prefix, "cp", "-a", str(template(context, bin_folder, prefix)), str(cluster)])
    port = free_port()
    command = [*prefix, str(bin_folder / "postgres"), "-D", str(cluster), "-p", str(port), "-h", "127.0.0.1", "-k", str(directory)]
    for name, value in SETTINGS.items():
        command += ["-c", f"{name}={value}"]
    # SIGINT is its fast shutdown; SIGTERM would wait for clients.
    with Server(command, context.stores / f"{directory.name}.log", stop_signal=signal.SIGINT) as server:
        def ready() -> bool:
            return subprocess.run([str(bin_folder / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]).returncode == 0
        server.wait_until(ready, step=0.1)
        yield Postgres(port, server)
    shutil.rmtree(directory, ignore_errors=True)


def append(context: Context, clients: int, one_stream: bool = False, payload: int | None = None) -> Sample:
    use = context.settings
    with running(context) as peer:
        before = family_cpu_seconds(peer.server.pid)
        told = context.measure("evoke-bench-postgres", "--connection", peer.connection, "--clients", clients, "--keys", use.keys, "--seconds",
                               use.seconds, "--warmup", use.warm_up, "--payload", use.payload if payload is None else payload, "--processor",
                               use.processor, *(["--one-stream"] if one_stream else []), fails=False)
        cpu = family_cpu_seconds(peer.server.pid) - before
    sample = Sample(told["per_second"], details={"latency_us": told["latency_us"], "server": told["server"],
                                                 "cpu_us": cpu * 1e6 / max(told["acknowledged"], 1)})
    counted(sample, told["acknowledged"], told["stored"])
    if told["server"]["fsync"] != "on" or told["server"]["synchronous_commit"] != "on":
        sample.invalid = "this PostgreSQL does not wait for the disk"
    return sample
