# Which Debian 12 packages each kind of work needs, and how they get there. The versions are settled: CAF 0.17.6, RocksDB 7.8,
# Boost 1.81, nlohmann_json 3.11, Catch2 2.13, g++ 12.

packages_to_build=(g++ cmake ninja-build ccache mold libcaf-dev librocksdb-dev libboost1.81-dev nlohmann-json3-dev libcli11-dev prometheus-cpp-dev libssl-dev libcurl4-openssl-dev catch2)
packages_of_micro=(libbenchmark-dev)
packages_to_test=("${packages_to_build[@]}" "${packages_of_micro[@]}" curl clang-format-19 python3)
packages_of_peers=(postgresql-15 libpq-dev redis-server libhiredis-dev libsqlite3-dev python3 python3-matplotlib)
packages_to_lint=("${packages_to_test[@]}" clang-tidy-19 git)

# is_debian_12: the only system whose package names and versions are known here.
is_debian_12() {
  [ -r "${EVOKE_OS_RELEASE:-/etc/os-release}" ] || return 1
  (
    # shellcheck source=/dev/null
    source "${EVOKE_OS_RELEASE:-/etc/os-release}"
    [ "${ID:-}" = debian ] && [ "${VERSION_ID:-}" = 12 ]
  )
}

# missing_packages PACKAGE...: those that are not installed, one a line.
missing_packages() {
  comm -23 <(printf '%s\n' "$@" | sort) \
    <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null | awk '$2 == "installed" {print $1}' | sort -u)
}

what_to_install() {
  cat <<EOF
On Debian 12 './dev setup' installs everything. On another system install these yourself, headers included:
  g++ 12.2 or newer          C++23 with <expected>
  cmake 3.25 or newer, ninja
  CAF 0.17.6                 actor-framework, core library
  RocksDB 7.8                with RocksDBConfig.cmake
  Boost 1.81                 headers: Asio, Beast, Describe
  nlohmann_json 3.11         headers
  CLI11 2.1                  for the programs
  prometheus-cpp 1.0         core library: the text format of /metrics
  OpenSSL 3.0, libcurl 7.85  for evoke-server: tokens, and profiles over HTTP
  Catch2 2.13                for the tests (version 3 does not fit)
  curl, clang-format 19, python3  for the tests; clang-tidy 19 for './dev lint'
  Google Benchmark 1.7       for './dev bench micro' and its test, which are left out without
  ccache, mold               used when present
Debian 12 calls them: ${packages_to_lint[*]}
EOF
}

# as_root COMMAND...: sudo only when needed; never asks for a password without a terminal.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; return; fi
  if ! command -v sudo >/dev/null; then
    complain "packages are missing, and this is neither root nor is there sudo. As root, run:"
    complain "  apt-get update && apt-get install --no-install-recommends $(missing_packages "${packages_wanted[@]}" | tr '\n' ' ')"
    return 1
  fi
  if (: </dev/tty) 2>/dev/null; then sudo "$@"; else sudo -n "$@"; fi
}

# refuse_removals PACKAGE...: stops when installing would remove what somebody installed, above all Boost 1.74, which cannot stand beside 1.81.
refuse_removals() {
  local doomed
  doomed=$(apt-get --simulate install --no-install-recommends "$@" 2>/dev/null | awk '$1 == "Remv" {print "  " $2}') || true
  [ -n "$doomed" ] || return 0
  complain "installing $* would remove these packages of yours:"
  printf '%s\n' "$doomed" >&2
  if grep -q 'libboost.*1\.74-dev\|libboost-.*dev' <<<"$doomed"; then
    complain "Debian 12 has Boost 1.74 and 1.81 but not both at once, and evoke needs 1.81 (Boost.Describe)."
  fi
  complain "If that is fine with you: ./dev setup --replace. Otherwise work in a container or another machine."
  return 1
}

# install_packages LOG REPLACE PACKAGE...: REPLACE is 'replace' or 'keep'.
install_packages() {
  local log=$1 replace=$2
  shift 2
  local quiet=(env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
  say "installing $# Debian packages: $*"
  logged "$log" as_root "${quiet[@]}" update || return 1
  local removal=(--no-remove)
  if [ "$replace" = replace ]; then removal=(); else refuse_removals "$@" || return 1; fi
  logged "$log" as_root "${quiet[@]}" install --no-install-recommends "${removal[@]}" "$@"
}

# need_packages PACKAGE...: what serve, test and lint begin with. Takes a few milliseconds when all is there. On another system the build
# itself finds out what is missing.
need_packages() {
  is_debian_12 || return 0
  packages_wanted=("$@")
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} = 0 ] || install_packages "$root/build/setup.log" keep "${missing[@]}"
}
