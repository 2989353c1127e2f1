"""What the figures were measured on. No names: neither of the machine nor of who works on it."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path


def first_line(path: str, key: str) -> str:
    try:
        for line in Path(path).read_text().splitlines():
            if line.startswith(key):
                return line.split(":", 1)[-1].split("=", 1)[-1].strip().strip('"')
    except OSError:
        pass
    return ""


def output_of(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=10).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


def file_system_of(path: Path) -> str:
    """The type of the file system that a path lies on."""
    best, kind = "", ""
    try:
        for line in Path("/proc/self/mounts").read_text().splitlines():
            _, point, this_kind = line.split()[:3]
            if (str(path) + "/").startswith(point.rstrip("/") + "/") and len(point) >= len(best):
                best, kind = point, this_kind
    except OSError:
        pass
    return kind


def describe(stores: Path) -> dict:
    """@param stores: where the stores lie."""
    memory_kb = first_line("/proc/meminfo", "MemTotal").split()
    return {
        "processor": first_line("/proc/cpuinfo", "model name"),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(int(memory_kb[0]) / 1024 / 1024, 1) if memory_kb else None,
        "system": first_line("/etc/os-release", "PRETTY_NAME"),
        "kernel": platform.release(),
        "file_system": file_system_of(stores.resolve()),
        "compiler": output_of("g++", "--version").splitlines()[0] if output_of("g++", "--version") else "",
        "packages": {name: version for name, version in (line.split(" ", 1) for line in output_of(
            "dpkg-query", "-W", "-f", "${Package} ${Version}\n", "librocksdb-dev", "libcaf-dev", "libboost1.81-dev", "postgresql-15",
            "redis-server", "libsqlite3-dev", "libpq-dev", "libhiredis-dev").splitlines() if " " in line) if version.strip()},
        "load_average_before": round(os.getloadavg()[0], 2),
    }


def load_processor() -> int:
    """Where the load generator runs: the last processor there is. Servers may use all of them."""
    return max(os.sched_getaffinity(0))




def why_not_durable(stores: Path) -> str:
    """Why nothing that lies there is durable, empty where it may be."""
    kind = file_system_of(stores.resolve())
    if kind in ("tmpfs", "ramfs", "devtmpfs"):
        return f"the stores lie on {kind}, where fdatasync does nothing; name another directory with --stores"
    return ""
