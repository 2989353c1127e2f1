bench_help() {
  cat <<'EOF'
usage: ./dev bench [NAME] [OPTIONS]
  builds and runs the benchmarks; without a name it lists them

Built with the release preset; options after the name go to the benchmark (try --help). Figures are ratios measured in one run on this machine:
bench/NAME/README.md says of what to what.
EOF
}

# The first sentence of bench/NAME/README.md.
bench_about() {
  awk '/^#/ || !NF {if (text) exit; next} {text = text " " $0} END {print text}' "$root/bench/$1/README.md" 2>/dev/null |
    sed -E 's/^ *`evoke-bench-[a-z_]+`[:,] *//; s/\. .*//; s/\.$//'
}

bench_run() {
  local name
  if [ $# = 0 ]; then
    echo "benchmarks (./dev bench NAME --help tells their options):"
    for name in $(cd "$root/bench" && find . -mindepth 2 -maxdepth 2 -name main.cpp | sed 's|^\./||; s|/main.cpp||' | sort); do
      printf '  %-12s %s\n' "$name" "$(bench_about "$name")"
    done
    return 0
  fi
  name=$1
  shift
  [[ "$name" =~ ^[a-z_]+$ && -f "$root/bench/$name/main.cpp" ]] || stop_with 2 "there is no benchmark '$name'; ./dev bench lists them"
  need_packages "${packages_to_build[@]}"
  build release "evoke-bench-$name"
  exec "$root/build/release/bin/evoke-bench-$name" "$@"
}
