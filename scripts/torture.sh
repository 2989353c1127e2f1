torture_help() {
  cat <<'EOF'
usage: ./dev torture [follow|project|timers|token|fulfil|all] [--seconds N] [--kills N] [--timers N] [--orders N] [--tries N]
  runs the long forms of tests that the suite runs briefly

follow   eight writers on a thousand aggregates for N seconds (60), and followers that come, go and lag; each must have seen every
         matching event once, in order
project  a program that projects is killed N times (200) at random moments; each time its documents must equal a fresh fold of the log
timers   N timers (100000) are set while the process is killed again and again; all must fire once in effect, none early. Then what a
         million pending ones cost in memory is printed
token    N times (100000) a client writes, sends its token and reads: it must see its own write, while others write
fulfil   N orders (10000) over too small a stock, some not paid for, on a server that is killed every two seconds; in the end stock and
         payments must balance to the unit, and each order's events must tell its story
EVOKE_SEED=N repeats what a run printed. Built with the release preset.
EOF
}

torture_run() {
  local what=all seconds=60 kills= timers=100000 orders=10000 tries=100000
  while [ $# -gt 0 ]; do
    case "$1" in
      --seconds) seconds=${2:?--seconds needs a number}; shift ;;
      --kills) kills=${2:?--kills needs a number}; shift ;;
      --timers) timers=${2:?--timers needs a number}; shift ;;
      --tries) tries=${2:?--tries needs a number}; shift ;;
      --orders) orders=${2:?--orders needs a number}; shift ;;
      follow | project | timers | token | fulfil | all) what=$1 ;;
      *) stop_with 2 "torture does not know '$1', see ./dev torture --help" ;;
    esac
    shift
  done
  [[ "$seconds" =~ ^[0-9]+$ && "${kills:-1}" =~ ^[0-9]+$ && "$timers" =~ ^[1-9][0-9]*$ && "$orders" =~ ^[0-9]+$ && "$tries" =~ ^[0-9]+$ ]] ||
    stop_with 2 "--seconds, --kills, --timers, --tries and --orders take whole numbers"
  need_packages "${packages_to_test[@]}"
  build release test_runtime test_projections_killed test_timers_killed test_http_served fulfilments_killed_test
  local bin=$root/build/release/bin
  if [ "$what" = follow ] || [ "$what" = all ]; then
    say "following for $seconds seconds"
    EVOKE_FOLLOW_SECONDS=$seconds "$bin/test_runtime" 'followers that come, go and lag*'
  fi
  if [ "$what" = project ] || [ "$what" = all ]; then
    say "killing ${kills:-200} times"
    EVOKE_KILLS=${kills:-200} "$bin/test_projections_killed"
  fi
  if [ "$what" = timers ] || [ "$what" = all ]; then
    say "$timers timers, killed ${kills:-20} times"
    EVOKE_TIMERS=$timers EVOKE_KILLS=${kills:-20} "$bin/test_timers_killed"
    say "what a million pending timers cost"
    local store
    store=$(mktemp -d)
    "$bin/timer_child" "$store/store" memory 1000000
    rm -rf "$store"
  fi
  if [ "$what" = token ] || [ "$what" = all ]; then
    say "reading own writes $tries times"
    EVOKE_TRIES=$tries "$bin/test_http_served" 'no try of many reads a state before its own write*'
  fi
  if [ "$what" = fulfil ] || [ "$what" = all ]; then
    say "fulfilling $orders orders"
    EVOKE_FULFILMENTS=$orders EVOKE_KILL_MILLISECONDS=2000 "$bin/fulfilments_killed_test"
  fi
}
