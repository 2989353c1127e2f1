#!/usr/bin/env bash
# Plants one violation at a time in a small clean tree and demands that the checks name it: a check that never fails checks nothing.
# self_test.sh COMPILER
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
compiler=${1:?usage: self_test.sh COMPILER}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

clean_tree() {
  rm -rf "$scratch/tree"
  mkdir -p "$scratch"/tree/{include/evoke/http,model,persistence,actors,runtime,http,examples/carts,tests/persistence}
  cd "$scratch/tree"
  printf '#pragma once\n#include <string>\n#include <boost/describe.hpp>\nnamespace evoke {}\n' >include/evoke/ids.hpp
  printf '#pragma once\n#include <evoke/ids.hpp>\n' >include/evoke/http/server.hpp
  printf '#include <vector>\n#include <evoke/ids.hpp>\n' >model/ids.cpp
  printf '#pragma once\n#include <rocksdb/db.h>\n#include "persistence/journal.hpp"\n' >persistence/journal.hpp
  printf '#include <caf/all.hpp>\n#include <boost/asio.hpp>\n#include "persistence/journal.hpp"\n' >actors/directory.cpp
  printf '#include "actors/directory.hpp"\n' >runtime/runtime.cpp
  printf '#include <boost/beast.hpp>\n#include <evoke/http/server.hpp>\n#include "runtime/runtime.hpp"\n' >http/session.cpp
  printf '#include <evoke/ids.hpp>\n#include <evoke/http/server.hpp>\n' >examples/carts/carts.cpp
  printf '#include <rocksdb/db.h>\n' >tests/persistence/journal_test.cpp
  local folder
  for folder in include/evoke model persistence actors runtime http examples/carts tests/persistence; do echo "# $folder" >"$folder/README.md"; done
}

# expect NAME REGEX CHECK...: CHECK must fail and say REGEX.
expect() {
  local name=$1 regex=$2 said
  shift 2
  if said=$("$@" 2>&1); then echo "NOT SEEN: $name"; failures=$((failures + 1)); return; fi
  if grep -qE "$regex" <<<"$said"; then echo "seen: $name"; else echo "NOT NAMED: $name, only: $said"; failures=$((failures + 1)); fi
}

# plant NAME REGEX FILE TEXT: adds TEXT to FILE in a clean tree.
plant() {
  clean_tree
  mkdir -p "$(dirname "$3")"
  printf '%b\n' "$4" >>"$3"
  expect "$1" "$2" "$here/check_floors.sh" "$scratch/tree"
}

clean_tree
"$here/check_floors.sh" "$scratch/tree" || { echo "the clean tree is not found clean"; exit 1; }

plant "an include that points up" '^persistence/journal.hpp:4: floor persistence includes runtime/' persistence/journal.hpp '#include "runtime/runtime.hpp"'
plant "an include that points up from model" '^model/ids.cpp:3: floor model includes persistence/' model/ids.cpp '#include "persistence/journal.hpp"'
plant "a public header that includes a floor" '^include/evoke/ids.hpp:5: a public header includes model/' include/evoke/ids.hpp '#include "model/utf8.hpp"'
plant "http's face included below http" "^runtime/runtime.cpp:2: includes http's face" runtime/runtime.cpp '#include <evoke/http/server.hpp>'
plant "a test that looks above its floor" '^tests/persistence/journal_test.cpp:2: floor persistence includes actors/' tests/persistence/journal_test.cpp '#include "actors/directory.hpp"'
plant "an example that looks inside" '^examples/carts/carts.cpp:3: an example includes runtime/' examples/carts/carts.cpp '#include "runtime/runtime.hpp"'
plant "a path that climbs" 'by a path that climbs' http/session.cpp '#include "../runtime/runtime.hpp"'
plant "CAF outside actors" '^runtime/runtime.cpp:2: includes caf/all.hpp, which is fenced' runtime/runtime.cpp '#include <caf/all.hpp>'
plant "RocksDB outside persistence" '^actors/directory.cpp:4: includes rocksdb/db.h, which is fenced' actors/directory.cpp '#include <rocksdb/db.h>'
plant "Beast outside http" '^actors/directory.cpp:4: includes boost/beast.hpp, which is fenced' actors/directory.cpp '#include <boost/beast.hpp>'
plant "Asio in persistence" '^persistence/journal.hpp:4: includes boost/asio.hpp, which is fenced' persistence/journal.hpp '#include <boost/asio.hpp>'
plant "nlohmann outside http" '^runtime/runtime.cpp:2: includes nlohmann/json.hpp, which is fenced' runtime/runtime.cpp '#include <nlohmann/json.hpp>'
plant "nlohmann in a public header" 'only std, <evoke/...> and Boost.Describe' include/evoke/ids.hpp '#include <nlohmann/json.hpp>'
plant "Asio in a public header" 'only std, <evoke/...> and Boost.Describe' include/evoke/http/server.hpp '#include <boost/asio/io_context.hpp>'
plant "a header without pragma once" '^model/bare.hpp:1: no #pragma once' model/bare.hpp 'int bare();'
plant "a library that prints" '^model/ids.cpp:3: the library does not print' model/ids.cpp 'void shout() { std::cout << 1; }'
plant "a library that exits" '^runtime/runtime.cpp:2: the library does not print, exit' runtime/runtime.cpp 'void leave() { exit(1); }'
plant "a file over 400 lines" '^http/long.cpp:401: over 400 lines' http/long.cpp "$(printf '//\\n%.0s' {1..400})"
plant "a name that says nothing" '^model/utils.cpp:1: a name that says nothing' model/utils.cpp 'int x;'
plant "a folder without README" '^actors/inner:1: a folder without README.md' actors/inner/policy.cpp 'int x;'
plant "a README of 41 lines" '^model/README.md:41: 42 lines' model/README.md "$(printf 'line\\n%.0s' {1..40})"
plant "a path of one machine" '^model/ids.cpp:3: a forbidden word' model/ids.cpp '// see /wor''k/main'
plant "a package host" '^model/ids.cpp:3: a forbidden word' model/ids.cpp '// from registry.npm''js.org'
plant "a word about who wrote it" '^model/ids.cpp:3: a forbidden word' model/ids.cpp '// as Clau''de says'
plant_unbuilt() {
  clean_tree
  printf 'add_library(x ids.cpp)\n' >"$scratch/tree/model/CMakeLists.txt"
  printf 'int x;\n' >"$scratch/tree/model/never.cpp"
  expect "a source that nothing builds" '^model/never.cpp:1: no line of model/CMakeLists.txt builds this' "$here/check_floors.sh" "$scratch/tree"
}
plant_unbuilt
plant "something left for later" '^model/ids.cpp:3: a forbidden word' model/ids.cpp '// TO''DO'

clean_tree
printf 'inline evoke::timestamp never_declared;\n' >>include/evoke/ids.hpp
expect "a public header that does not compile alone" '^include/evoke/ids.hpp:1: does not compile alone' \
  "$here/check_headers.sh" "$scratch/tree" "$scratch/alone" "$compiler"

[ "$failures" = 0 ] || { echo "$failures violations went unseen"; exit 1; }
