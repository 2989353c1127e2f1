replay_help() {
  cat <<'EOF'
usage: ./dev replay FILE [--connections N] [--url URL] [OPTIONS OF evoke-replay]
  replays retail order lines from a CSV file against a running server

Each invoice becomes a cart, each line a command, over HTTP; afterwards every cart is read back and compared. A second run writes
nothing twice. Start a server first (./dev serve in another terminal). URL is http://127.0.0.1:8080 unless given. A small sample:
  ./dev replay examples/replay/sample_orders.csv
EOF
}

replay_run() {
  [ $# -gt 0 ] && [[ "$1" != -* ]] || stop_with 2 "replay needs a file, see ./dev replay --help"
  local file=$1 url=(--url http://127.0.0.1:8080) argument
  shift
  [ -r "$file" ] || stop_with 2 "cannot read '$file'"
  for argument in "$@"; do [[ "$argument" != --url* ]] || url=(); done
  need_packages "${packages_to_build[@]}"
  build release evoke-replay
  exec "$root/build/release/bin/evoke-replay" "$file" "${url[@]}" "$@"
}
