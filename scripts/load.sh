load_help() {
  cat <<'HELP'
usage: ./dev load [URL] [OPTIONS OF evoke-load]
  puts load on a running server, or on the library alone, and says how fast it answers

Built with the release preset. Start a server first (./dev serve in another terminal); URL is http://127.0.0.1:8080 unless given. Without a
server: ./dev load --embedded DIR. ./dev load URL --help lists the options; docs/load.md explains them and how a workload of your own is written.
HELP
}

load_run() {
  local argument where=(http://127.0.0.1:8080)
  for argument in "$@"; do
    case "$argument" in http://* | --embedded* | --in-memory | --show-workload*) where=() ;; esac
  done
  need_packages "${packages_to_build[@]}"
  build release evoke-load
  exec "$root/build/release/bin/evoke-load" "${where[@]}" "$@"
}
