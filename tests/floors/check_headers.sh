#!/usr/bin/env bash
# check_headers.sh ROOT SCRATCH COMPILER [FLAG...]: every public header compiles alone, with nothing but std and Boost on the include path.
# SCRATCH is a folder for the generated sources; as long as it stays the same, ccache makes unchanged headers cost nothing.
set -euo pipefail
root=${1:?usage: check_headers.sh ROOT SCRATCH COMPILER [FLAG...]}
scratch=${2:?}
shift 2
compile=("$@" -std=c++23 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror "-I$root/include" -O0 -c)
if command -v ccache >/dev/null; then compile=(ccache "${compile[@]}"); fi

# check_one HEADER SCRATCH COMMAND...: twice in one file, so that a header without guard is seen too.
check_one() {
  local header=$1 source=$2/${1//\//_}.cpp
  shift 2
  printf '#include <%s>\n#include <%s>\n' "$header" "$header" >"$source"
  "$@" "$source" -o "$source.o" || { echo "include/$header:1: does not compile alone"; return 1; }
}
export -f check_one

mkdir -p "$scratch"
headers=$(cd "$root/include" && find evoke -name '*.hpp' | sort)
[ -n "$headers" ] || { echo "no public header under $root/include"; exit 1; }
xargs -P 2 -I '{}' bash -c 'check_one "$@"' check '{}' "$scratch" "${compile[@]}" <<<"$headers" 2>&1
echo "$(wc -l <<<"$headers") headers compile alone"
