#!/usr/bin/env bash
# compile_page.sh ROOT SCRATCH PAGE COMPILER...: compiles a page's `cpp` blocks, in order, as one file. `cpp statements` stands in a function;
# `cpp file=PATH` and `cmake file=PATH` must be that file; `cmake` lines must be in the outside program's CMakeLists.txt.
set -euo pipefail
root=${1:?usage: compile_page.sh ROOT SCRATCH PAGE COMPILER...} scratch=${2:?}/${3//\//_} page=$3
shift 3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
rm -rf "$scratch"
mkdir -p "$scratch"
steps=$(awk -v out="$scratch" -f "$here/blocks.awk" "$root/$page")
failed=0

body=$scratch/body
: >"$body"
while read -r number kind; do
  file=$scratch/$number.$kind
  line=$(head -n 1 "$file")
  tail -n +2 "$file" >"$file.text"
  case "$kind" in
    cpp)
      printf '#line %s "%s"\n' "$((line + 1))" "$page" >>"$body"
      cat "$file.text" >>"$body"
      ;;
    cpp+statements)
      printf '[[maybe_unused]] static void statements_%s([[maybe_unused]] evoke::runtime& runtime) {\n#line %s "%s"\n' "$number" "$((line + 1))" "$page" >>"$body"
      cat "$file.text" >>"$body"
      printf '}\n' >>"$body"
      ;;
    *+file=*)
      same=${kind#*+file=}
      same=${same//%//}
      diff -u "$root/$same" "$file.text" || { echo "$page:$line: is not $same"; failed=1; }
      ;;
    cmake)
      while IFS= read -r text; do
        [ -z "$text" ] || grep -qF -- "$text" "$root/tests/package/outside/CMakeLists.txt" ||
          { echo "$page:$line: tests/package/outside/CMakeLists.txt has no '$text'"; failed=1; }
      done <"$file.text"
      ;;
  esac
done <<<"$steps"

if [ -s "$body" ]; then
  # Includes come first, whichever block names them.
  {
    printf '#include <evoke/evoke.hpp>\n#include <evoke/http/server.hpp>\n#include <boost/describe.hpp>\n'
    grep -hE '^#include' "$body" | sort -u || true
    sed -E 's/^#include.*//' "$body"
  } >"$scratch/page.cpp"
  compile=("$@" -std=c++23 -Wall -Wextra -Wno-unused-function -Wno-unused-variable -Werror "-I$root/include" -O0 -c "$scratch/page.cpp" -o "$scratch/page.o")
  if command -v ccache >/dev/null; then compile=(ccache "${compile[@]}"); fi
  "${compile[@]}" || failed=1
fi
exit "$failed"
