"""usage: python3 -m suite --programs DIR [ROW|GROUP ...] [--quick] ...; ./dev bench builds, installs and calls it."""

from __future__ import annotations

import argparse
import datetime
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from . import machine, power_cut
from .context import Context, Settings
from .curves import CURVES, measure_curve
from .report import Report
from .results import settings_json, turned_json, write
from .rotation import Rotation, turn
from .rows import rotations
from .table import text_table
from .targets import TITLES, in_order

HERE = Path(__file__).resolve().parent.parent


def parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench", description="Runs evoke beside what it is compared with, in turn, and writes a report.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="rows (P4), groups of rows (http-64), curves (curve-connections), power-cut; default: all")
    parser.add_argument("--list", action="store_true", help="says what there is and ends")
    parser.add_argument("--quick", action="store_true", help="few and short rounds, small stores: within five minutes")
    parser.add_argument("--rounds", type=int, help="of each side; 5, quick 2")
    parser.add_argument("--seconds", type=float, help="measured time of a round; 3, quick 0.7")
    parser.add_argument("--keys", type=int, help="aggregates that commands are spread over; 10,000, quick 4,000")
    parser.add_argument("--payload", type=int, default=0, help="bytes added to each event")
    parser.add_argument("--stores", type=Path, help="directory for all stores, on the disk that is to be measured; default: the system's for temporary files")
    parser.add_argument("--programs", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--results", type=Path, default=HERE / "results", help="directory for the JSON files")
    parser.add_argument("--report", type=Path, help="the report; default: bench/report.md after a whole run, results/report.md after a part")
    given = parser.parse_args(arguments)
    if (given.rounds is not None and given.rounds < 1) or (given.seconds is not None and given.seconds <= 0) or (given.keys is not None and given.keys < 64) or given.payload < 0:
        parser.error("--rounds and --seconds are above 0, --keys at least 64, --payload not below 0")
    return given


def listing(all_rotations: list[Rotation]) -> str:
    rows = sorted({each.row for rotation in all_rotations for each in rotation.comparisons}, key=in_order)
    lines = ["rows:"] + [f"  {row:<20} {TITLES[row]}" for row in rows]
    lines += ["groups of rows:"] + [f"  {each.name:<20} {each.about}" for each in all_rotations]
    lines += ["curves:"] + [f"  {name:<20} {curve.title}" for name, curve in CURVES.items()]
    lines += ["checks:", "  power-cut            whether what was acknowledged survives a power cut"]
    return "\n".join(lines)


def chosen(names: list[str], all_rotations: list[Rotation]) -> tuple[list[tuple[Rotation, set[str] | None]], list[str], list[str]]:
    """@returns rotations with the rows that are wanted of them, curves, and names that mean nothing."""
    if not names:
        return [(each, None) for each in all_rotations if not each.on_request], list(CURVES), []
    wanted, curves, unknown = [], [], []
    rows = {name.upper() for name in names}
    known = {each.row for rotation in all_rotations for each in rotation.comparisons}
    for each in all_rotations:
        of_it = {comparison.row for comparison in each.comparisons} & rows
        if each.name in names:
            wanted.append((each, None))
        elif of_it:
            wanted.append((each, of_it))
    groups = {each.name for each in all_rotations}
    for name in names:
        if name in CURVES:
            curves.append(name)
        elif name == "curves":
            curves += [each for each in CURVES if each not in curves]
        elif name not in groups and name.upper() not in known and name != "power-cut":
            unknown.append(name)
    return wanted, curves, unknown


def revision() -> str:
    told = subprocess.run(["git", "-C", str(HERE), "describe", "--always", "--dirty"], capture_output=True, text=True)
    return told.stdout.strip() or "unknown"


def run(given: argparse.Namespace, stores: Path) -> int:
    settings = Settings(quick=given.quick, rounds=given.rounds or (2 if given.quick else 5), seconds=given.seconds or (0.7 if given.quick else 3.0),
                        warm_up=0.2 if given.quick else 1.0, keys=given.keys or (4_000 if given.quick else 10_000), payload=given.payload, processor=machine.load_processor())
    started = time.monotonic()

    def say(line: str) -> None:
        print(f"[{time.monotonic() - started:6.1f} s] {line}", flush=True)

    context = Context(given.programs.resolve(), stores, settings, say)
    all_rotations = rotations(context)
    if given.list:
        print(listing(all_rotations))
        return 0
    wanted, curve_names, unknown = chosen(given.names, all_rotations)
    if unknown:
        print(f"there is no row, group or curve {', '.join(unknown)}; --list says what there is", file=sys.stderr)
        return 2
    why_not = machine.why_not_durable(stores)
    if why_not:
        print(why_not, file=sys.stderr)
        return 2
    told = {"machine": machine.describe(stores), "settings": settings_json(settings), "revision": revision(),
            "began": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")}
    say("measuring; whatever else runs on this machine is measured too")
    turned = []
    lost = ""
    if not given.names or "power-cut" in given.names or wanted:
        check = power_cut.check(context)
        told["power_cut"] = check.as_json()
        say(f"power cut: {check.verdict}")
        lost = check.lost
    for rotation, rows in wanted:
        say(f"{rotation.name}: {rotation.about}")
        done = turn(rotation, rows, settings.rounds, say)
        if lost:
            power_cut.invalidate(done, lost)
        turned.append(done)
        write(given.results / f"{rotation.name}.json", {**told, **turned_json(done)})
    curves = []
    for name in curve_names:
        say(f"{name}: {CURVES[name].title}")
        curves.append(measure_curve(CURVES[name], context, say))
        write(given.results / f"{name}.json", {**told, **curves[-1]})
    told["minutes"] = (time.monotonic() - started) / 60
    results = sorted((each for done in turned for each in done.results), key=lambda each: in_order(each.comparison.row))
    whole = not given.names
    write(given.results / "run.json", {**told, "results": [each.as_json() for each in results]})
    path = given.report or ((HERE / "report.md") if whole and not settings.quick else given.results / "report.md")
    Report(path, told, turned, curves).write()
    print()
    if results:
        print(text_table(results))
    print(f"\nreport: {path}\nfigures: {given.results}")
    return 1 if lost or any(each.state in ("invalid", "broken") for each in results) else 0


def main(arguments: list[str]) -> int:
    given = parsed(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers are stopped and stores removed
    if given.stores:
        given.stores.mkdir(parents=True, exist_ok=True)
    stores = Path(tempfile.mkdtemp(prefix="evoke-bench-", dir=given.stores))
    stores.chmod(0o755)  # PostgreSQL may run as another user
    try:
        return run(given, stores)
    except KeyboardInterrupt:
        return 130
    finally:
        shutil.rmtree(stores, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
