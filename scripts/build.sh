# Configuring and building a preset in build/PRESET.

# build_jobs: one per core, but never more than memory bears; the largest files take about 1.5 GB each to compile. EVOKE_JOBS overrides.
build_jobs() {
  if [ -n "${EVOKE_JOBS:-}" ]; then echo "$EVOKE_JOBS"; return; fi
  local cores free_mb limit
  cores=$(nproc)
  free_mb=$(awk '/^MemAvailable:/ {print int($2 / 1024)}' /proc/meminfo)
  if limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null) && [[ "$limit" =~ ^[0-9]+$ ]] && [ $((limit / 1048576)) -lt "$free_mb" ]; then
    free_mb=$((limit / 1048576))
  fi
  local fitting=$((free_mb / 1536))
  [ "$fitting" -ge 1 ] || fitting=1
  echo $((fitting < cores ? fitting : cores))
}

check_preset() {
  case "$1" in
    dev | release | asan | tsan | tidy) ;;
    *) stop_with 2 "there is no preset '$1': dev, release, asan, tsan, tidy" ;;
  esac
}

configure() {
  local preset=$1 dir=$root/build/$1
  if [ -f "$dir/build.ninja" ] && [ ! "$root/CMakePresets.json" -nt "$dir/build.ninja" ]; then return 0; fi
  say "configuring $preset"
  (cd "$root" && logged "$root/build/configure-$preset.log" cmake --preset "$preset") && return 0
  is_debian_12 || what_to_install >&2
  return 1
}

# Prints every tenth of the way, and whatever is not mere progress (warnings, errors). In bash, because Debian's minimal awk holds its input
# back until it has some kilobytes.
every_tenth() {
  local line shown=0 tenth
  while IFS= read -r line; do
    if [[ "$line" =~ ^\[([0-9]+)/([0-9]+)\]\  ]]; then
      tenth=$((BASH_REMATCH[1] * 10 / BASH_REMATCH[2]))
      [ "$tenth" -le "$shown" ] || printf '    %d%%  %s of %s\n' $((tenth * 10)) "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
      shown=$((tenth > shown ? tenth : shown))
    elif [[ "$line" != "ninja: Entering directory"* ]]; then
      printf '%s\n' "$line"
    fi
  done
}

# build PRESET [TARGET...]: configures when needed, then builds; silent when nothing is to do.
build() {
  local preset=$1 workers
  shift
  configure "$preset" || return 1
  workers=$(build_jobs)
  local command=(ninja -C "$root/build/$preset" -j "$workers" "$@")
  if [ "$("${command[@]}" -n 2>/dev/null | tail -n 1)" = "ninja: no work to do." ]; then return 0; fi
  say "building $preset in build/$preset, $workers at a time"
  if on_terminal; then
    "${command[@]}"
  else
    NINJA_STATUS='[%f/%t] ' "${command[@]}" | every_tenth
  fi
}
