"""What every row is given: where programs and stores lie, how long a round takes, and the few ways to start and to load a server."""

from __future__ import annotations

import json
import shutil
import socket
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Iterator

from .children import Failed, Server, cpu_seconds, measure
from .comparison import Missing, Sample


@dataclass(frozen=True)
class Settings:
    quick: bool = False
    rounds: int = 5
    seconds: float = 3.0
    warm_up: float = 1.0
    keys: int = 10_000
    payload: int = 0
    #: The processor of the load generator.
    processor: int = -1

    def pick(self, quick, full):
        return quick if self.quick else full


@dataclass
class Context:
    programs: Path
    stores: Path
    settings: Settings
    say: Callable[[str], None] = lambda line: None
    _numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 1_000_000)))

    def program(self, name: str) -> str:
        path = self.programs / name
        if not path.exists():
            raise Missing(f"{name} was not built")
        return str(path)

    def fresh(self, name: str) -> Path:
        """An empty directory of its own."""
        path = self.stores / f"{name}-{next(self._numbers)}"
        path.mkdir(parents=True)
        return path

    def measure(self, name: str, *arguments: object, seconds: float = 900, environment: dict[str, str] | None = None, fails: bool = True,
                json: tuple[str, ...] = ("--json",)) -> dict:
        """Runs a measuring program. @param fails: whether another exit status than 0 is a failure."""
        return measure([str(self.programs / name), *map(str, arguments), *json], seconds, environment, fails)

    def one_core(self) -> tuple[str, str]:
        return ("--processor", str(self.settings.processor))

    @contextmanager
    def evoke_server(self, *arguments: str, data: Path | None = None, environment: dict[str, str] | None = None) -> Iterator["Running"]:
        directory = data or self.fresh("evoke")
        command = [self.program("evoke-server"), "--listen", "127.0.0.1:0", "--data", str(directory), "--no-sample-data", "--quiet", *arguments]
        server = Server(command, self.stores / f"server-{next(self._numbers)}.log", environment)
        try:
            server.wait_until(lambda: bool(server.said("listening on ")))
            yield Running(server, int(server.said("listening on ").rsplit(":", 1)[1]))
        finally:
            server.stop()
            if data is None:
                shutil.rmtree(directory, ignore_errors=True)

    @contextmanager
    def echo_server(self) -> Iterator["Running"]:
        server = Server([self.program("evoke-bench-echo"), "127.0.0.1:0", "1"], self.stores / f"echo-{next(self._numbers)}.log")
        try:
            server.wait_until(lambda: bool(server.said("listening on ")))
            yield Running(server, int(server.said("listening on ").rsplit(":", 1)[1]))
        finally:
            server.stop()


@dataclass
class Running:
    server: Server
    port: int

    def head(self) -> int:
        """The last durable position, as the server tells it."""
        return int(ask(self.port, "/v1/info")["head"])

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.server.pid)

    def storage_bytes(self) -> float:
        """What its storage says it holds in memory: write buffers and caches."""
        status, text = exchange(self.port, b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        held = [line.rsplit(" ", 1)[1] for line in text.decode().splitlines() if line.startswith("evoke_storage_memory_bytes{")]
        if status != 200 or not held:
            raise Failed("the server's metrics do not tell what its storage holds")
        return sum(map(float, held))


def exchange(port: int, request: bytes, seconds: float = 10) -> tuple[int, bytes]:
    """One request on a connection of its own: status and body. @raises OSError, ValueError."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        connection.sendall(request)
        text = b""
        while b"\r\n\r\n" not in text:
            text += received(connection)
        head, body = text.split(b"\r\n\r\n", 1)
        length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
        while len(body) < length:
            body += received(connection)
        return int(head.split(b" ", 2)[1]), body


def received(connection: socket.socket) -> bytes:
    got = connection.recv(65536)
    if not got:
        raise ConnectionError("the server closed the connection")
    return got


def ask(port: int, target: str) -> dict:
    status, body = exchange(port, f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    if status != 200:
        raise Failed(f"GET {target} was answered {status}")
    return json.loads(body)


def counted(sample: Sample, acknowledged: int, stored: int, failed: int = 0) -> Sample:
    """Only what was acknowledged *and* is there counts."""
    sample.details |= {"acknowledged": acknowledged, "stored": stored, "failed": failed}
    if stored != acknowledged:
        sample.invalid = f"{acknowledged:,} were acknowledged, {stored:,} are stored"
    elif failed:
        sample.invalid = f"{failed:,} failed"
    return sample
