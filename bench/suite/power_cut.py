"""Whether what was acknowledged survives a power cut.

A server runs with bench/power_cut/sync_witness preloaded and is killed while clients send commands. Then each of its files is cut to what had been
synced: all that a disk must still have. Started again, the server must know every aggregate whose creation was acknowledged. A build that
acknowledges before its fsync loses some of them, and its figures do not count.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from .children import Failed
from .comparison import Missing
from .context import Context, Running
from .rotation import Turned

CLIENTS = 8
#: Each sync takes so much longer, so that an answer that does not wait for it comes well before it.
DELAY_US = 5_000
#: Files that grow by appending, of the journal and of the read models. Others are synced before they are given their name.
CUT = ("*.log", "*.sst", "MANIFEST-*")


@dataclass
class Check:
    verdict: str
    acknowledged: int = 0
    cut_bytes: int = 0
    #: What was lost; empty where nothing was.
    lost: str = ""
    checked: bool = True

    def as_json(self) -> dict:
        return asdict(self)


class Clients:
    """Threads that create aggregates one after another until the server is gone, and remember what it acknowledged."""

    def __init__(self, port: int):
        self.port = port
        self.acknowledged: list[list[str]] = [[] for _ in range(CLIENTS)]
        self._threads = [threading.Thread(target=self._create, args=(number,), daemon=True) for number in range(CLIENTS)]
        for thread in self._threads:
            thread.start()

    def ended(self) -> list[str]:
        for thread in self._threads:
            thread.join(10)
        return [name for names in self.acknowledged for name in names]

    def _create(self, number: int) -> None:
        try:
            with Connection(self.port) as connection:
                for count in range(1_000_000):
                    name = f"cut-{number}-{count}"
                    status = connection.status_of("POST", f"/v1/aggregates/cart/{name}/commands/create_cart", b'{"user_account_id":"bench"}')
                    if 200 <= status < 300:
                        self.acknowledged[number].append(name)
        except (OSError, ValueError):
            return  # the power is gone


class Connection:
    """Keep-alive HTTP, just enough for this."""

    def __init__(self, port: int):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._text = b""

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def status_of(self, method: str, target: str, body: bytes = b"") -> int:
        head = f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        if body:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        self._socket.sendall(head.encode() + b"\r\n" + body)
        while b"\r\n\r\n" not in self._text:
            self._receive()
        answer, self._text = self._text.split(b"\r\n\r\n", 1)
        length = next((int(line.split(b":")[1]) for line in answer.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
        while len(self._text) < length:
            self._receive()
        self._text = self._text[length:]
        return int(answer.split(b" ", 2)[1])

    def _receive(self) -> None:
        got = self._socket.recv(65536)
        if not got:
            raise ConnectionError("closed")
        self._text += got


def synced_sizes(witness: Path) -> dict[int, int]:
    """By inode: how much of the file a completed sync has covered."""
    sizes: dict[int, int] = {}
    for line in witness.read_text().splitlines():
        inode, size = map(int, line.split())
        sizes[inode] = max(sizes.get(inode, 0), size)
    return sizes


def cut(store: Path, sizes: dict[int, int]) -> int:
    """@returns how many bytes were taken away."""
    taken = 0
    for pattern in CUT:
        for file in store.rglob(pattern):
            found = file.stat()
            keep = min(found.st_size, sizes.get(found.st_ino, 0))
            taken += found.st_size - keep
            os.truncate(file, keep)
    return taken


def missing_of(running: Running, names: list[str]) -> int:
    with Connection(running.port) as connection:
        return sum(connection.status_of("GET", f"/v1/aggregates/cart/{name}") != 200 for name in names)


def one_cut(context: Context, seconds: float, arguments: list[str], preload: list[Path], environment: dict[str, str]) -> Check:
    witness = context.programs / "evoke-sync-witness.so"
    if not witness.exists():
        raise Missing("evoke-sync-witness.so was not built")
    store = context.fresh("power-cut")
    notes = store.with_suffix(".witness")
    with_witness = {**environment, "LD_PRELOAD": " ".join(str(each) for each in [*preload, witness]), "EVOKE_WITNESS": str(notes),
                    "EVOKE_WITNESS_DELAY_US": str(DELAY_US)}
    with context.evoke_server(*arguments, data=store, environment=with_witness) as running:
        clients = Clients(running.port)
        end = time.monotonic() + seconds
        while time.monotonic() < end or not any(clients.acknowledged):
            if running.server.process.poll() is not None or time.monotonic() > end + 30:
                raise Failed("nothing was acknowledged")
            time.sleep(0.01)
        running.server.kill()
    names = clients.ended()
    taken = cut(store, synced_sizes(notes) if notes.exists() else {})
    check = Check("", len(names), taken)
    try:
        with context.evoke_server(*arguments, data=store) as running:
            missing = missing_of(running, names)
        if missing:
            check.lost = f"{missing:,} of {len(names):,} acknowledged commands are gone after a power cut"
    except Failed as refused:
        why = str(refused).rsplit(" | ", 1)[-1].replace(str(store), "the directory")
        check.lost = f"after a power cut that followed {len(names):,} acknowledged commands the server refuses to start: {why}"
    shutil.rmtree(store, ignore_errors=True)
    return check


def check(context: Context, *, cuts: int | None = None, arguments: tuple[str, ...] = (), preload: tuple[Path, ...] = (),
          environment: dict[str, str] | None = None) -> Check:
    """Some cuts, ended by the first that loses something."""
    total = Check("")
    try:
        for _ in range(cuts or context.settings.pick(1, 3)):
            one = one_cut(context, context.settings.pick(0.7, 1.5), list(arguments), list(preload), environment or {})
            total.acknowledged += one.acknowledged
            total.cut_bytes += one.cut_bytes
            if one.lost:
                total.lost = total.verdict = one.lost
                return total
    except Missing as absent:
        return Check(f"not checked: {absent}", checked=False)
    except (Failed, OSError) as problem:
        return Check(f"not checked: {problem}", checked=False)
    total.verdict = f"all {total.acknowledged:,} acknowledged commands were there again ({total.cut_bytes:,} bytes that no sync had covered were cut off)"
    return total


def invalidate(turned: Turned, why: str) -> None:
    """Nothing that such a build measures counts, whatever it measured."""
    for result in turned.results:
        if result.state not in ("missing", "broken"):
            result.state, result.why = "invalid", why
