#!/usr/bin/env bash
# check_floors.sh ROOT: holds a source tree to its floors and to its agreements, by reading it. Prints "file:line: what is wrong" for each
# violation and exits 1 if there is any. Nothing is compiled, so it runs in a second; fences.txt and forbidden_words.txt hold the rules.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "${1:?usage: check_floors.sh ROOT}"

# Every file that belongs to the tree, NUL-separated. git leaves out what is ignored; without git the known build folders are left out.
files() {
  if git rev-parse --is-inside-work-tree >/dev/null 2>&1 && [ "$(git rev-parse --show-prefix)" = "" ]; then
    git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
      [ -f "$file" ] && printf '%s\0' "$file"
    done
  else
    find . \( -path ./build -o -path ./data -o -path ./.git -o -path ./.cache \) -prune -o -type f -print0 | sed -z 's|^\./||'
  fi
}
files >"${TMPDIR:-/tmp}/evoke-files.$$"
trap 'rm -f "${TMPDIR:-/tmp}/evoke-files.$$"' EXIT
all() { cat "${TMPDIR:-/tmp}/evoke-files.$$"; }
matching() { all | { grep -zE "$1" || true; }; }

# Includes point down, and a fenced library is included only behind its fence.
check_includes() {
  matching '\.[ch]pp$' | xargs -0 -r awk -v fences="$here/fences.txt" '
    function floor_of(path,  part) {
      if (path ~ /^include\/evoke\/http\//) return "http-face"
      split(path, part, "/")
      if (part[1] == "tests") return (part[2] in rank) ? part[2] : "top"
      return (part[1] in rank) ? part[1] : "top"
    }
    function complain(what) { printf "%s:%d: %s\n", FILENAME, FNR, what }
    BEGIN {
      n = split("include model persistence actors runtime http", names, " ")
      for (i = 1; i <= n; i++) rank[names[i]] = i
      while ((getline line < fences) > 0) {
        if (line ~ /^#/ || line == "") continue
        count = split(line, word, " ")
        library[++fenced] = word[1]
        for (i = 2; i <= count; i++) behind[fenced, i - 1] = word[i]
        places[fenced] = count - 1
      }
    }
    FNR == 1 { floor = floor_of(FILENAME); if (FILENAME ~ /\.hpp$/) once[FILENAME] = 0 }
    /^#pragma once/ { once[FILENAME] = 1 }
    !/^[ \t]*#[ \t]*include[ \t]*[<"]/ { next }
    {
      match($0, /[<"][^>"]*[>"]/)
      what = substr($0, RSTART + 1, RLENGTH - 2)
      split(what, part, "/")
      if (what ~ /\.\./) complain("includes " what " by a path that climbs; paths begin at the root of the repository")

      # Floors.
      if (what ~ /^evoke\/http\//) {
        if (floor != "http-face" && floor != "http" && floor != "top") complain("includes http'"'"'s face from floor " floor)
      } else if (part[1] in rank && part[1] != "include" && what ~ /\//) {
        if (floor == "include" || floor == "http-face") complain("a public header includes " what " of floor " part[1])
        else if (FILENAME ~ /^examples\//) complain("an example includes " what "; examples use only include/evoke")
        else if (floor != "top" && rank[part[1]] > rank[floor]) complain("floor " floor " includes " what " of the higher floor " part[1])
      }

      # Public headers: std, ours and Boost.Describe with the list library it hands out.
      if ((floor == "include" || floor == "http-face") && what !~ /^[a-z0-9_]+$/ && what !~ /^evoke\// && what !~ /^boost\/(describe|mp11)/)
        complain("a public header includes " what "; only std, <evoke/...> and Boost.Describe (with Mp11, its lists) may be")

      # Fences.
      for (i = 1; i <= fenced; i++) {
        if (what !~ "^" library[i]) continue
        fine = 0
        for (j = 1; j <= places[i]; j++) if (index(FILENAME, behind[i, j]) == 1) fine = 1
        if (!fine) complain("includes " what ", which is fenced in (tests/floors/fences.txt)")
      }
    }
    END { for (file in once) if (!once[file]) printf "%s:1: no #pragma once\n", file }'
}

# The library prints nothing, exits nothing, handles no signal and reads no environment: what it needs is handed in.
check_quiet_library() {
  matching '^(include|model|persistence|actors|runtime|http)/.*\.[ch]pp$' | xargs -0 -r awk '
    { code = $0; sub(/\/\/.*/, "", code); gsub(/"([^"\\]|\\.)*"/, "\"\"", code) }
    match(code, /(^|[^A-Za-z0-9_])(std::(cout|cerr|clog|exit|_Exit|quick_exit|abort|signal|getenv)|(printf|fprintf|puts|sigaction|getenv|exit|_exit) *\()/) {
      printf "%s:%d: the library does not print, exit, handle signals or read the environment: %s\n", FILENAME, FNR, substr(code, RSTART, RLENGTH)
    }'
}

check_length() {
  matching '(\.[ch]pp|\.sh|\.cmake|CMakeLists\.txt|^dev)$' | xargs -0 -r awk '
    FNR == 401 { printf "%s:401: over 400 lines: probably two concepts\n", FILENAME }'
}

check_names() {
  all | tr '\0' '\n' | { grep -E '(^|/)(utils?|helpers?|managers?|common|misc)(\.[a-z]+|/)' || true; } | sed 's/$/:1: a name that says nothing/'
}

# Every folder with sources says what it is for, in at most 40 lines.
check_readmes() {
  local folder lines
  matching '(\.[ch]pp|\.sh)$' | sed -z 's|/[^/]*$||; s|^include/evoke.*|include/evoke|' | sort -zu | while IFS= read -r -d '' folder; do
    [ -f "$folder/README.md" ] || { echo "$folder:1: a folder without README.md"; continue; }
    lines=$(wc -l <"$folder/README.md")
    [ "$lines" -le 40 ] || echo "$folder/README.md:41: $lines lines, at most 40"
  done
}

# Words, paths of one machine, and package hosts. What is only known on this machine (where the tree lies, where its packages come from)
# is added to the list.
check_words() {
  local patterns
  patterns=$(grep -v -e '^#' -e '^$' "$here/forbidden_words.txt")
  if [ -r /etc/apt/sources.list.d/debian.sources ]; then
    patterns+=$'\n'$(awk '$1 == "URIs:" {split($2, part, "/"); gsub(/\./, "[.]", part[3]); print part[3]}' /etc/apt/sources.list.d/debian.sources | sort -u)
  fi
  if [ "${#PWD}" -gt 8 ]; then patterns+=$'\n'$(sed 's/[.[*^$+?(){|]/\\&/g' <<<"$PWD"); fi
  all | { xargs -0 -r grep -nIE -e "$patterns" -- || true; } | sed -E 's/^([^:]*:[0-9]+):(.*)$/\1: a forbidden word, path or host:\2/'
}

# A source that no build names compiles nowhere, and a test in it never fails. Folders of snippets that a script compiles build by a glob.
check_built() {
  local source folder
  matching '\.cpp$' | while IFS= read -r -d '' source; do
    folder=$(dirname "$source")
    [ -f "$folder/CMakeLists.txt" ] || continue
    grep -q -F -- "$(basename "$source" .cpp)" "$folder/CMakeLists.txt" || echo "$source:1: no line of $folder/CMakeLists.txt builds this"
  done
}

found=$(check_includes; check_quiet_library; check_length; check_names; check_readmes; check_words; check_built)
[ -n "$found" ] || exit 0
printf '%s\n' "$found"
printf '%d violations\n' "$(wc -l <<<"$found")"
exit 1
