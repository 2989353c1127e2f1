serve_help() {
  cat <<'EOF'
usage: ./dev serve [--preset PRESET] [OPTIONS OF evoke-server]
  builds evoke-server and serves the sample domains on 127.0.0.1:8080

Installs what is missing (Debian 12), builds the release preset, and runs build/release/bin/evoke-server with
--listen 127.0.0.1:8080 --data ./data, unless you give your own. A new store gets a few things to play with, unless you say
--no-sample-data. Further options go to the server, for example
  ./dev serve --listen 0.0.0.0:9000 --data /var/lib/evoke --durability os
Ctrl-C ends it: requests under way are answered first.
EOF
}

serve_run() {
  local preset=release options=() listen=(--listen 127.0.0.1:8080) data=(--data "$root/data") sample=(--sample-data)
  [ "$PWD" = "$root" ] && data=(--data ./data)
  while [ $# -gt 0 ]; do
    case "$1" in
      --preset) preset=${2:?--preset needs a name}; shift ;;
      --listen | --listen=*) listen=(); options+=("$1") ;;
      --data | --data=*) data=(); options+=("$1") ;;
      --sample-data | --no-sample-data) sample=("$1") ;;
      *) options+=("$1") ;;
    esac
    shift
  done
  check_preset "$preset"
  need_packages "${packages_to_build[@]}"
  build "$preset" evoke-server
  exec "$root/build/$preset/bin/evoke-server" "${listen[@]}" "${data[@]}" "${sample[@]}" "${options[@]}"
}
