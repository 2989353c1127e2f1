test_help() {
  cat <<'EOF'
usage: ./dev test [--preset dev|release|asan|tsan] [-R REGEX] [OPTIONS OF ctest]
  builds and runs all tests; the last lines are ctest's summary

Installs what is missing (Debian 12). --preset asan or tsan tests under a sanitizer, with the suppressions in cmake/sanitizers.
-R runs only tests whose name matches, -E leaves matching ones out, --rerun-failed repeats what failed last time.
Random tests print their seed; EVOKE_SEED=N repeats one.
EOF
}

# One line a test; what a failing test printed is kept.
without_starts() { grep --line-buffered -vE '^ *Start +[0-9]+: ' || true; }

test_run() {
  local preset=dev options=()
  while [ $# -gt 0 ]; do
    case "$1" in
      --preset) preset=${2:?--preset needs a name}; shift ;;
      --preset=*) preset=${1#--preset=} ;;
      *) options+=("$1") ;;
    esac
    shift
  done
  check_preset "$preset"
  [ "$preset" != tidy ] || stop_with 2 "the tidy preset only builds: ./dev lint --all"
  need_packages "${packages_to_test[@]}"
  build "$preset"
  local workers command
  workers=$(build_jobs)
  say "testing $preset, $workers at a time"
  command=(ctest --preset "$preset" --parallel "$workers")
  cd "$root"
  if on_terminal; then
    "${command[@]}" --progress "${options[@]}"
  else
    "${command[@]}" "${options[@]}" | without_starts
  fi
}
