# What a person sees: one line a step, details in a log file, the end of the log when a step fails.

say() { printf '==> %s\n' "$*"; }
complain() { printf 'dev: %s\n' "$*" >&2; }

# stop_with STATUS MESSAGE...: for mistakes of use (2) and for what cannot go on (1).
stop_with() {
  local status=$1
  shift
  complain "$*"
  exit "$status"
}

on_terminal() { [ -t 1 ] && [ "${TERM:-dumb}" != dumb ]; }

# logged LOG COMMAND...: runs it silently; when it fails, shows the end of the log and where the rest is.
logged() {
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  local status=0
  "$@" >"$log" 2>&1 </dev/null || status=$?
  [ "$status" != 0 ] || return 0
  tail -n 25 "$log" >&2
  complain "failed: $* (all of its output: $log)"
  return "$status"
}
