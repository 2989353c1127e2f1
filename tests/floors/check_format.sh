#!/usr/bin/env bash
# check_format.sh ROOT: every C++ file is as clang-format-19 writes it. Exits 77 (skipped) where that is not installed.
set -euo pipefail
cd "${1:?usage: check_format.sh ROOT}"
command -v clang-format-19 >/dev/null || { echo "clang-format-19 is not installed"; exit 77; }
find include model persistence actors runtime http examples tests bench -name '*.[ch]pp' -type f -print0 | xargs -0 clang-format-19 --dry-run -Werror
