#!/usr/bin/env bash
# run_page.sh ROOT BIN PAGE: runs a page's `sh` blocks in order in an empty folder, against a server of its own, and compares `json reply` and
# `text reply` blocks with what the block before them printed. What a page may rely on is said in docs/README.md.
set -euo pipefail
root=${1:?usage: run_page.sh ROOT BIN PAGE} bin=${2:?} page=${3:?}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || { kill -TERM "$server" 2>/dev/null && wait "$server" || true; }
  rm -rf "$scratch"
}
trap finish EXIT

mkdir "$scratch/blocks" "$scratch/place"
steps=$(awk -v out="$scratch/blocks" -f "$here/blocks.awk" "$root/$page")

start_server() {
  local tries=0
  "$bin/evoke-server" --listen 127.0.0.1:0 --data "$scratch/place/data" >"$scratch/said" 2>"$scratch/log" &
  server=$!
  until authority=$(sed -n 's/^listening on //p' "$scratch/said") && [ -n "$authority" ]; do
    kill -0 "$server" 2>/dev/null || { cat "$scratch/log"; echo "the server did not start"; exit 1; }
    tries=$((tries + 1))
    [ "$tries" -lt 600 ] || { cat "$scratch/log"; echo "the server was not up in a minute"; exit 1; }
    sleep 0.1
  done
}

# What a page calls ./dev: nothing is built here, and the server is up already.
stand_in_for_dev() {
  cat >"$scratch/place/dev" <<EOF
#!/usr/bin/env bash
case "\${1:-}" in
  serve | test) exec "$root/dev" "\$1" --help >/dev/null ;;
  replay) shift; exec "$bin/evoke-replay" --url "http://$authority" "\$@" ;;
  load) shift; exec "$bin/evoke-load" "\$@" ;;
  *) exec "$root/dev" "\${1:-}" --help ;;
esac
EOF
  chmod +x "$scratch/place/dev"
  ln -s "$root/examples" "$scratch/place/examples"
}

# Ids and times differ from run to run, white space is the page's own.
comparable() {
  sed -E 's/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/ID/g; s/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/TIME/g' | tr -d ' \t\r\n'
}

start_server
stand_in_for_dev
export PATH="$bin:$PATH"
printf 'curl() { command curl -sS --max-time 60 "$@"; }\nset -euo pipefail\ncd %q\n' "$scratch/place" >"$scratch/driver"
while read -r number kind; do
  file=$scratch/blocks/$number.$kind
  line=$(head -n 1 "$file")
  tail -n +2 "$file" | sed "s|127\.0\.0\.1:8080|$authority|g" >"$file.text"
  case "$kind" in
    sh)
      printf 'echo %q\nsource %q </dev/null >%q\ncat %q; echo\n' "--- $page:$line" "$file.text" "$scratch/printed" "$scratch/printed"
      ;;
    json+reply | text+reply)
      printf 'expect %q %q\n' "$page:$line" "$file.text"
      ;;
  esac
done <<<"$steps" >>"$scratch/driver"

cat >"$scratch/expect" <<'EOF'
expect() {
  local wanted got
  wanted=$(comparable <"$2")
  got=$(comparable <"$printed")
  [ "$wanted" = "$got" ] || { printf '%s: the page shows\n%s\nbut the command printed\n%s\n' "$1" "$wanted" "$got"; exit 1; }
}
EOF
{
  declare -f comparable
  printf 'printed=%q\n' "$scratch/printed"
  cat "$scratch/expect" "$scratch/driver"
} >"$scratch/whole"
bash "$scratch/whole" || { echo "--- the server's log:"; tail -n 20 "$scratch/log"; exit 1; }
kill -0 "$server" || { echo "the server died"; cat "$scratch/log"; exit 1; }
