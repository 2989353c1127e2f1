bench_help() {
  cat <<'EOT'
usage: ./dev bench [NAME...] [--quick] [--list] [OPTIONS]
  measures evoke beside PostgreSQL, Redis, SQLite, RocksDB and a bare Beast echo, in turn, and writes a report

without a name   all rows and curves: bench/report.md, with drawings; the figures in bench/results/*.json
NAME...          rows (P1 ... P19), groups of rows, curves (curve-connections ...), or power-cut; the report goes to bench/results
--quick          few and short rounds, small stores: within five minutes; shows that everything works, not how fast it is
--list           what there is
PROGRAM          one of the programs under bench/ alone, its own options behind it: ./dev bench http --help
micro            one of them: parts on their own, by Google Benchmark (--benchmark_filter=REGEX); with --save the figures go to
                 bench/results/micro.json, too

Installs the peers where they are missing (Debian 12); a row whose peer cannot be had says so. bench/README.md says how it is measured.
EOT
}

# The first sentence of bench/NAME/README.md.
bench_about() {
  awk '/^#/ || !NF {if (text) exit; next} {text = text " " $0} END {print text}' "$root/bench/$1/README.md" 2>/dev/null |
    sed -E 's/^ *`evoke-bench-[a-z_]+`[:,] *//; s/\. .*//; s/\.$//'
}

bench_programs() { (cd "$root/bench" && find . -mindepth 2 -maxdepth 2 -name main.cpp | sed 's|^\./||; s|/main.cpp||' | sort); }

# Debian's own, for which its matplotlib is made.
bench_python() {
  if [ -x /usr/bin/python3 ]; then echo /usr/bin/python3; else command -v python3 || stop_with 1 "the bench suite needs python3"; fi
}

bench_suite() {
  local python
  python=$(bench_python)
  # Not from bench/: a path that is given is meant from where one stands.
  PYTHONPATH="$root/bench" PYTHONDONTWRITEBYTECODE=1 "$python" -m suite --programs "$root/build/release/bin" "$@"
}

bench_list() {
  bench_suite --list
  echo "programs (./dev bench PROGRAM --help tells their options):"
  local name
  for name in $(bench_programs); do printf '  %-20s %s\n' "$name" "$(bench_about "$name")"; done
}

bench_program() {
  local name=$1
  shift
  need_packages "${packages_to_build[@]}"
  build release "evoke-bench-$name"
  exec "$root/build/release/bin/evoke-bench-$name" "$@"
}

# As any program, but Google Benchmark may have come after the build folder was configured.
bench_micro() {
  local argument options=()
  for argument; do
    case "$argument" in
      --save) options+=(--benchmark_out="$root/bench/results/micro.json" --benchmark_out_format=json) ;;
      *) options+=("$argument") ;;
    esac
  done
  need_packages "${packages_of_micro[@]}"
  grep -qs 'bin/evoke-bench-micro' "$root/build/release/build.ninja" || rm -f "$root/build/release/build.ninja"
  mkdir -p "$root/bench/results"
  bench_program micro "${options[@]}"
}

# The peers are worth having, not necessary: a row without its peer says so.
bench_peers() {
  is_debian_12 || return 0
  need_packages "${packages_of_peers[@]}" || complain "not all peers could be installed; their rows will say so"
}

bench_run() {
  case "${1:-}" in
    --list) bench_list; return 0 ;;
    micro) shift; bench_micro "$@" ;;
  esac
  if [[ "${1:-}" =~ ^[a-z_]+$ && -f "$root/bench/$1/main.cpp" ]]; then bench_program "$@"; fi
  need_packages "${packages_to_build[@]}"
  bench_peers
  # A client library that came after the build folder was configured is not in it.
  grep -qs 'bin/evoke-bench-postgres' "$root/build/release/build.ninja" || rm -f "$root/build/release/build.ninja"
  build release evoke-bench-suite
  bench_suite "$@"
}
