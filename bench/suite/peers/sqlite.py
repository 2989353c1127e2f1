"""SQLite: a library, so there is nothing to start."""

from __future__ import annotations

import shutil

from ..comparison import Sample
from ..context import Context, counted


def append(context: Context) -> Sample:
    use = context.settings
    directory = context.fresh("sqlite")
    told = context.measure("evoke-bench-sqlite", "--file", directory / "events.db", "--keys", use.keys, "--seconds", use.seconds, "--warmup",
                           use.warm_up, "--payload", use.payload, "--processor", use.processor, fails=False)
    shutil.rmtree(directory, ignore_errors=True)
    sample = Sample(told["per_second"], details={"latency_us": told["latency_us"], "server": told["server"]})
    counted(sample, told["acknowledged"], told["stored"])
    if told["server"]["journal_mode"] != "wal" or told["server"]["synchronous"] != "2":
        sample.invalid = "this SQLite does not wait for the disk"
    return sample
