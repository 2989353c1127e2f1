"""Programs that the suite starts: servers until they are stopped, measuring programs until they have said their one JSON object."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Callable

from .comparison import Missing


class Failed(Exception):
    """A program that did not do what it was asked to; says what it complained of."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def last_words(log: Path, lines: int = 5) -> str:
    try:
        return " | ".join(log.read_text(errors="replace").strip().splitlines()[-lines:])
    except OSError:
        return ""


class Server:
    """A server as a child process, its output in a file. Ends with the block that it is used in."""

    def __init__(self, command: list[str], log: Path, environment: dict[str, str] | None = None, stop_signal: int = signal.SIGTERM):
        self.command = command
        self.log = log
        self._stop_signal = stop_signal
        self._output = open(log, "wb")
        try:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self._output, stderr=subprocess.STDOUT,
                                            env={**os.environ, **(environment or {})})
        except FileNotFoundError as absent:
            self._output.close()
            raise Missing(f"{command[0]} is not there") from absent

    @property
    def pid(self) -> int:
        return self.process.pid

    def wait_until(self, ready: Callable[[], bool], seconds: float = 60, step: float = 0.01) -> None:
        """@raises Failed: it ended, or was not ready in time."""
        end = time.monotonic() + seconds
        while not ready():
            if self.process.poll() is not None:
                raise Failed(f"{Path(self.command[0]).name} ended with {self.process.returncode}: {last_words(self.log)}")
            if time.monotonic() > end:
                raise Failed(f"{Path(self.command[0]).name} was not ready after {seconds:.0f} s: {last_words(self.log)}")
            time.sleep(step)

    def said(self, mark: str) -> str:
        """The line that begins with `mark`, once it is whole; else ""."""
        for line in self.log.read_text(errors="replace").splitlines(keepends=True):
            if line.startswith(mark) and line.endswith("\n"):
                return line.strip()
        return ""

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self, seconds: float = 30) -> None:
        if self.process.poll() is None:
            self.process.send_signal(self._stop_signal)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
        self._output.close()

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def measure(command: list[str], seconds: float, environment: dict[str, str] | None = None, fails: bool = True) -> dict:
    """Runs a measuring program. @param seconds: longer, and it is ended. @param fails: whether another exit status than 0 is a failure."""
    if not Path(command[0]).exists():
        raise Missing(f"{Path(command[0]).name} was not built (its client library was missing when the build was configured?)")
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds,
                              env={**os.environ, **(environment or {})})
    except subprocess.TimeoutExpired as slow:
        raise Failed(f"{Path(command[0]).name} took more than {seconds:.0f} s") from slow
    if fails and done.returncode != 0:
        raise Failed(f"{Path(command[0]).name} exited {done.returncode}: {done.stderr.strip()[-400:]}")
    try:
        return json.loads(done.stdout)
    except ValueError as garbled:
        raise Failed(f"{Path(command[0]).name} did not print JSON: {done.stderr.strip()[-400:]}") from garbled


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and of the children it has waited for (proc(5), fields 14 to 17)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(int(fields[i]) for i in (11, 12, 13, 14)) / os.sysconf("SC_CLK_TCK")


def family_cpu_seconds(pid: int) -> float:
    """The same with all living descendants: PostgreSQL is many processes."""
    total = 0.0
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        try:
            total += cpu_seconds(one)
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue  # it ended meanwhile
    return total


def resident_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
