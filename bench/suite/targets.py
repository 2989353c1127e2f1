"""The rows: what each compares, its floor and its aim."""

from __future__ import annotations

from .comparison import Limits

TITLES = {
    "P1": "durable commands/s over HTTP ÷ bare Beast echo",
    "P2": "durable commands/s over HTTP ÷ own os mode",
    "P3": "embedded durable events/s ÷ raw RocksDB, same keys, values and groups",
    "P4": "durable commands/s over HTTP ÷ PostgreSQL append, 64 clients",
    "P5": "durable commands/s over HTTP ÷ Redis XADD appendfsync always, 64 clients",
    "P6": "one hot aggregate, 64 connections",
    "P7": "embedded, 100 commands a call ÷ raw RocksDB at that group size",
    "P8": "p50 of one durable command alone ÷ p50 of write+fdatasync",
    "P9": "open loop at half of peak: p99 ÷ p99 of write+fdatasync",
    "P10": "recovery from cold: events/s ÷ raw RocksDB scan and the same decode",
    "P11": "first command on a passivated 50-event aggregate: p99 of command − its sync",
    "P12": "restart to ready after kill -9",
    "P13": "memory of a resident aggregate beyond its own state",
    "P14": "memory with very many events in passivated aggregates ÷ few events",
    "P15": "GET of a resident aggregate's state ÷ bare Beast echo",
    "P16": "projection catch-up ÷ scan, same decode and raw puts",
    "P17": "overload: goodput ÷ peak, p99 of the admitted ÷ p99 at 80 %",
    "P18": "1,000 followers of one aggregate each and 10 of everything",
    "P19": "disk bytes per event after compaction ÷ bytes of the event",
    "S1": "beside it: durable commands/s over HTTP ÷ SQLite WAL FULL",
    "S2": "half of the peak for ten minutes: memory and p99 of the last third ÷ the second (only when named)",
}

LIMITS = {
    ("P1", "64 connections"): Limits(0.40, 0.55),
    ("P1", "64 connections, read models paused"): Limits(0.40, 0.55),
    ("P1", "256 connections"): Limits(0.45, 0.65),
    ("P1", "256 connections, read models paused"): Limits(0.45, 0.65),
    ("P2", "256 connections"): Limits(0.80, 0.95),
    ("P3", "raw RocksDB"): Limits(0.70, 0.95),
    ("P4", "64 clients"): Limits(3, 6),
    ("P4", "64 clients, read models paused"): Limits(3, 6),
    ("P5", "64 clients"): Limits(1.3, 2.5),
    ("P5", "64 clients, read models paused"): Limits(1.3, 2.5),
    ("P6", "÷ PostgreSQL on one stream"): Limits(15, 30),
    ("P6", "÷ own rate over 100k aggregates"): Limits(0.8, 0.95),
    ("P7", "100 a call"): Limits(0.4, 0.75),
    ("P8", "embedded"): Limits(2.0, 1.3, higher=False),
    ("P9", "half of peak"): Limits(5, 2.5, higher=False),
    ("P10", "50 events each"): Limits(0.5, 0.8),
    ("P10", "10 events each"): Limits(0.5, 0.8),
    ("P11", "50 events"): Limits(400, 150, higher=False),
    ("P12", "many events"): Limits(5, 1, higher=False),
    ("P13", "beyond its state"): Limits(1.8 * 1024, 1.3 * 1024, higher=False),
    ("P14", "many ÷ few"): Limits(1.3, 1.05, higher=False),
    ("P15", "64 connections"): Limits(0.6, 0.9),
    ("P16", "with index entries"): Limits(0.5, 0.8),
    ("P17", "HTTP 1.5x: goodput ÷ peak"): Limits(0.85, 0.97),
    ("P17", "HTTP 1.5x: p99 ÷ p99 at 80 %"): Limits(4, 1.5, higher=False),
    ("P17", "embedded 3x: goodput ÷ peak"): Limits(0.85, 0.97),
    ("P17", "embedded 3x: p99 ÷ p99 at 80 %"): Limits(4, 1.5, higher=False),
    ("P18", "p99 at 2,000 commands/s"): Limits(100_000, 20_000, higher=False),
    ("P18", "peak with ÷ without followers"): Limits(0.5, 0.8),
    ("P19", "after compaction"): Limits(2.5, 1.0, higher=False),
    # No growth and no drift, as near as a figure that moves by itself can tell.
    ("S2", "memory, last ÷ second third"): Limits(1.05, 1.01, higher=False),
    ("S2", "memory beyond write buffers and caches"): Limits(1.05, 1.01, higher=False),
    ("S2", "p99, last ÷ second third"): Limits(1.25, 1.10, higher=False),
}


def limits_of(row: str, case: str) -> Limits:
    """@raises KeyError: a case that the table does not know is a mistake, not one without limits."""
    return LIMITS[(row, case)]


def in_order(row: str) -> tuple[int, int]:
    """P1 ... P19, then the rest."""
    return (0 if row.startswith("P") else 1, int(row[1:]) if row[1:].isdigit() else 0)
