#!/usr/bin/env bash
# headers_only.sh PREFIX COMPILER SOURCE: compiles SOURCE against the installed headers while nlohmann, CAF, RocksDB, Asio and Beast are
# made unreachable: each of their header names resolves to a file that refuses to compile.
set -euo pipefail
prefix=${1:?usage: headers_only.sh PREFIX COMPILER SOURCE} compiler=${2:?} source=${3:?}
barred=$(mktemp -d)
trap 'rm -rf "$barred"' EXIT
for header in nlohmann/json.hpp nlohmann/json_fwd.hpp caf/all.hpp caf/fwd.hpp rocksdb/db.h boost/asio.hpp boost/asio/io_context.hpp boost/beast.hpp boost/beast/core.hpp; do
  mkdir -p "$barred/$(dirname "$header")"
  echo "#error \"$header reached from a public header\"" >"$barred/$header"
done
"$compiler" -std=c++23 -fsyntax-only -Wall -Wextra -Wpedantic -Werror "-I$barred" "-I$prefix/include" "$source"
