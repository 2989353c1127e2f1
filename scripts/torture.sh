torture_help() {
  cat <<'EOF'
usage: ./dev torture [follow|project|all] [--seconds N] [--kills N]
  runs the long forms of tests that the suite runs briefly

follow   eight writers on a thousand aggregates for N seconds (60), and followers that come, go and lag; each must have seen every
         matching event once, in order
project  a program that projects is killed N times (200) at random moments; each time its documents must equal a fresh fold of the log
EVOKE_SEED=N repeats what a run printed. Built with the release preset.
EOF
}

torture_run() {
  local what=all seconds=60 kills=200
  while [ $# -gt 0 ]; do
    case "$1" in
      --seconds) seconds=${2:?--seconds needs a number}; shift ;;
      --kills) kills=${2:?--kills needs a number}; shift ;;
      follow | project | all) what=$1 ;;
      *) stop_with 2 "torture does not know '$1', see ./dev torture --help" ;;
    esac
    shift
  done
  [[ "$seconds" =~ ^[0-9]+$ && "$kills" =~ ^[0-9]+$ ]] || stop_with 2 "--seconds and --kills take whole numbers"
  need_packages "${packages_to_test[@]}"
  build release test_runtime test_projections_killed
  local bin=$root/build/release/bin
  if [ "$what" != project ]; then
    say "following for $seconds seconds"
    EVOKE_FOLLOW_SECONDS=$seconds "$bin/test_runtime" 'followers that come, go and lag*'
  fi
  if [ "$what" != follow ]; then
    say "killing $kills times"
    EVOKE_KILLS=$kills "$bin/test_projections_killed"
  fi
}
