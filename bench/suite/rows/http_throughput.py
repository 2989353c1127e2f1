"""P1, P2, P4, P5, P6, P15 and SQLite beside them: closed loops over HTTP against those that could do the same."""

from __future__ import annotations

from ..comparison import Comparison, Sample, Side
from ..context import Context
from ..load import load_echo, load_evoke, serve_load
from ..peers import postgres, redis, sqlite
from ..rotation import Rotation
from ..targets import limits_of


def commands(context: Context, connections: int, durability: str = "disk", **more) -> Sample:
    return serve_load(context, connections, "--durability", durability, **more)


def reads(context: Context, connections: int) -> Sample:
    with context.evoke_server() as running:
        load_evoke(context, running, connections, seconds=0.5)  # so that there is something in the carts
        return load_evoke(context, running, connections, workload="reads", prepare=False)


def rate(label: str, run) -> Side:
    return Side(label, "/s", run)


def at_64(context: Context) -> Rotation:
    sides = {
        "evoke": rate("evoke over HTTP, durable, 64 connections", lambda: commands(context, 64)),
        "writes": rate("the same with its read models paused", lambda: commands(context, 64, read_models=False)),
        "echo": rate("bare Beast echo, 64 connections", lambda: load_echo(context, 64)),
        "postgres": rate("PostgreSQL 15, prepared append, 64 clients", lambda: postgres.append(context, 64)),
        "redis": rate("Redis 7 XADD, appendfsync always, 64 clients", lambda: redis.append(context, 64)),
        "sqlite": rate("SQLite WAL FULL, one thread", lambda: sqlite.append(context)),
    }
    return Rotation("http-64", "commands over HTTP at 64 connections beside an echo and other stores", sides, [
        Comparison("P1", "64 connections", "evoke", "echo", limits_of("P1", "64 connections")),
        Comparison("P1", "64 connections, read models paused", "writes", "echo", limits_of("P1", "64 connections, read models paused")),
        Comparison("P4", "64 clients", "evoke", "postgres", limits_of("P4", "64 clients")),
        Comparison("P4", "64 clients, read models paused", "writes", "postgres", limits_of("P4", "64 clients, read models paused")),
        Comparison("P5", "64 clients", "evoke", "redis", limits_of("P5", "64 clients")),
        Comparison("P5", "64 clients, read models paused", "writes", "redis", limits_of("P5", "64 clients, read models paused")),
        Comparison("S1", "64 connections beside one thread", "evoke", "sqlite", None),
    ])


def at_256(context: Context) -> Rotation:
    sides = {
        "evoke": rate("evoke over HTTP, durable, 256 connections", lambda: commands(context, 256)),
        "writes": rate("the same with its read models paused", lambda: commands(context, 256, read_models=False)),
        "echo": rate("bare Beast echo, 256 connections", lambda: load_echo(context, 256)),
        "os": rate("evoke over HTTP, os mode, 256 connections", lambda: commands(context, 256, "os")),
    }
    return Rotation("http-256", "commands over HTTP at 256 connections beside an echo and without fsync", sides, [
        Comparison("P1", "256 connections", "evoke", "echo", limits_of("P1", "256 connections")),
        Comparison("P1", "256 connections, read models paused", "writes", "echo", limits_of("P1", "256 connections, read models paused")),
        Comparison("P2", "256 connections", "evoke", "os", limits_of("P2", "256 connections")),
    ])


def hot(context: Context) -> Rotation:
    many = context.settings.pick(20_000, 100_000)
    sides = {
        "hot": rate("evoke over HTTP, one aggregate, 64 connections", lambda: commands(context, 64, keys=1)),
        "postgres": rate("PostgreSQL 15, one stream, 64 clients", lambda: postgres.append(context, 64, one_stream=True)),
        "spread": rate(f"evoke over HTTP, {many:,} aggregates, 64 connections", lambda: commands(context, 64, keys=many)),
    }
    return Rotation("hot", "one aggregate that everybody wants", sides, [
        Comparison("P6", "÷ PostgreSQL on one stream", "hot", "postgres", limits_of("P6", "÷ PostgreSQL on one stream")),
        Comparison("P6", "÷ own rate over 100k aggregates", "hot", "spread", limits_of("P6", "÷ own rate over 100k aggregates"),
                   note="" if many == 100_000 else f"over {many:,} aggregates"),
    ])


def gets(context: Context) -> Rotation:
    sides = {
        "gets": rate("evoke, GET of a resident cart, 64 connections", lambda: reads(context, 64)),
        "echo": rate("bare Beast echo of the same GET, 64 connections", lambda: load_echo(context, 64, "reads")),
    }
    return Rotation("reads", "reads of resident aggregates beside an echo", sides, [
        Comparison("P15", "64 connections", "gets", "echo", limits_of("P15", "64 connections")),
    ])


def rotations(context: Context) -> list[Rotation]:
    return [at_64(context), at_256(context), hot(context), gets(context)]
