#!/usr/bin/env bash
# dev_test.sh CASE ROOT: what ./dev does before anything is built. Package tools are stand-ins on PATH, so nothing is installed.
set -euo pipefail
root=${2:?usage: dev_test.sh CASE ROOT}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin"

fail() { printf 'FAILED: %s\n' "$*"; exit 1; }

# run STATUS COMMAND...: runs it with the stand-ins first on PATH, demands the exit status, keeps what it said in $said.
run() {
  local wanted=$1 status=0
  shift
  said=$(PATH="$scratch/bin:$PATH" "$@" 2>&1 </dev/null) || status=$?
  printf '%s\n' "$said"
  [ "$status" = "$wanted" ] || fail "'$*' exited $status, not $wanted"
}
says() { grep -qE -e "$1" <<<"$said" || fail "it does not say '$1'"; }

# stand_in NAME BODY: a command that notes its call and does BODY.
stand_in() {
  printf '#!/bin/sh\necho "%s $*" >>"%s/calls"\n%s\n' "$1" "$scratch" "$2" >"$scratch/bin/$1"
  chmod +x "$scratch/bin/$1"
}
called() { grep -qE -e "$1" "$scratch/calls" || fail "'$1' was never run; run were: $(cat "$scratch/calls")"; }

# A copy of ./dev whose logs and files do not touch the tree.
copy_dev() {
  mkdir -p "$scratch/tree"
  cp -r "$root/dev" "$root/scripts" "$scratch/tree"
  printf 'ID=debian\nVERSION_ID="12"\n' >"$scratch/debian-12"
  export EVOKE_OS_RELEASE=$scratch/debian-12
  dev=$scratch/tree/dev
}

verbs=(setup serve test replay load new bench torture lint fmt)

bare_lists_verbs() {
  run 0 "$root/dev"
  local verb
  for verb in "${verbs[@]}"; do says "^  $verb +[a-z]"; done
}

unknown_verb_exits_2() {
  run 2 "$root/dev" frobnicate
  says "no verb 'frobnicate'"
  says '^  serve '
}

every_verb_explains_itself() {
  local verb
  for verb in "${verbs[@]}"; do
    run 0 "$root/dev" "$verb" --help
    says "^usage: \./dev $verb"
  done
}

mistakes_of_use_exit_2() {
  run 2 "$root/dev" test --preset nonesuch
  says "no preset 'nonesuch'"
  run 2 "$root/dev" replay
  says 'needs a file'
  run 2 "$root/dev" replay "$scratch/absent.csv"
  says 'cannot read'
  run 2 "$root/dev" fmt everything
  run 2 "$root/dev" setup --force
}

bench_lists_what_there_is() {
  run 0 "$root/dev" bench --list
  says '^  P4 +[a-z]'
  says '^  http +[a-z]'
}

setup_installs_what_is_missing() {
  copy_dev
  stand_in dpkg-query 'echo "g++ installed"; exit 1'
  stand_in apt-get 'exit 0'
  stand_in id 'echo 0'
  run 0 "$dev" setup
  called '^apt-get .*update'
  called '^apt-get .*install --no-install-recommends .*libcaf-dev'
  ! grep -E '^apt-get .*install .* g\+\+( |$)' "$scratch/calls" || fail "it installs what is there"
}

setup_does_nothing_when_all_is_there() {
  copy_dev
  stand_in dpkg-query 'while [ $# -gt 0 ]; do case "$1" in -*|*db:*) ;; *) echo "$1 installed" ;; esac; shift; done'
  stand_in apt-get 'exit 1'
  run 0 "$dev" setup
  says 'packages are installed'
}

setup_elsewhere_lists_what_to_install() {
  copy_dev
  printf 'ID=fedora\nVERSION_ID=40\n' >"$scratch/debian-12"
  run 1 "$dev" setup
  says 'CAF 0\.17\.6'
  says 'RocksDB 7\.8'
  says 'Boost 1\.81'
}

setup_without_root_names_the_command() {
  copy_dev
  stand_in dpkg-query 'exit 1'
  stand_in id 'echo 1000'
  mkdir "$scratch/few"
  local tool
  for tool in bash env dirname mkdir tail head grep awk sed comm sort tr cat rm nproc; do ln -s "$(command -v "$tool")" "$scratch/few/$tool"; done
  local status=0
  said=$(PATH="$scratch/bin:$scratch/few" "$dev" setup 2>&1 </dev/null) || status=$?
  printf '%s\n' "$said"
  [ "$status" != 0 ] || fail "it claims success"
  says 'apt-get install --no-install-recommends .*libcaf-dev'
}

setup_uses_sudo_only_if_not_root() {
  copy_dev
  stand_in dpkg-query 'exit 1'
  stand_in apt-get 'exit 0'
  stand_in id 'echo 1000'
  stand_in sudo '[ "$1" = -n ] && shift; exec "$@"'
  run 0 "$dev" setup
  called '^sudo .*apt-get .*install'
}

setup_refuses_to_remove_boost_1_74() {
  copy_dev
  stand_in dpkg-query 'exit 1'
  stand_in id 'echo 0'
  stand_in apt-get 'case "$*" in *--simulate*) echo "Remv libboost1.74-dev [1.74.0]"; echo "Remv libboost-dev [1.74.0.3]" ;; esac'
  run 1 "$dev" setup
  says 'libboost1\.74-dev'
  says '1\.74 and 1\.81'
  says '\./dev setup --replace'
  ! grep -E '^apt-get -y.* install' "$scratch/calls" || fail "it installed all the same"
  run 0 "$dev" setup --replace
  called '^apt-get -y.* install'
}

a_failed_installation_shows_its_end() {
  copy_dev
  stand_in dpkg-query 'exit 1'
  stand_in id 'echo 0'
  stand_in apt-get 'case "$*" in *update*) echo "E: no network here"; exit 100 ;; esac'
  run 1 "$dev" setup
  says 'no network here'
  says 'setup\.log'
}

copy_template() {
  copy_dev
  mkdir -p "$scratch/tree/examples"
  cp -r "$root/examples/template" "$root/examples/CMakeLists.txt" "$scratch/tree/examples"
  cp "$root/.clang-format" "$scratch/tree"
}

new_makes_a_domain_under_its_name() {
  copy_template
  run 0 "$dev" new loan_request
  says 'dev test -R test_loan_request'
  cd "$scratch/tree/examples"
  local file
  for file in loan_request/{README.md,CMakeLists.txt,loan_request.hpp,rules.cpp,test_loan_request.cpp}; do [ -s "$file" ] || fail "no $file"; done
  ! grep -rn placeholder loan_request || fail "placeholder is left"
  [ "$(tail -n 1 CMakeLists.txt)" = 'add_subdirectory(loan_request)' ] || fail "it is not part of the build"
}

new_refuses_what_is_no_name() {
  copy_template
  local name
  for name in '' Loan 1st loan- ../loan loan__request _loan loan_ class int64_t evoke placeholder "$(printf 'a%.0s' {1..41})"; do run 2 "$dev" new "$name"; done
  run 2 "$dev" new
  run 2 "$dev" new loan request
  [ "$(ls "$scratch/tree/examples")" = $'CMakeLists.txt\ntemplate' ] || fail "something was made: $(ls "$scratch/tree/examples")"
}

new_overwrites_nothing() {
  copy_template
  mkdir "$scratch/tree/examples/loan"
  echo mine >"$scratch/tree/examples/loan/rules.cpp"
  run 1 "$dev" new loan
  [ "$(cat "$scratch/tree/examples/loan/rules.cpp")" = mine ] || fail "it was overwritten"
  ! grep -q 'add_subdirectory(loan)' "$scratch/tree/examples/CMakeLists.txt" || fail "it was added all the same"
}

# Needs COMPILER and MODEL_LIBRARY.
a_new_domain_compiles_and_passes_its_tests() {
  copy_template
  run 0 "$dev" new loan_request
  cd "$scratch/tree/examples/loan_request"
  run 0 "$COMPILER" -std=c++23 -Wall -Wextra -Werror -O0 "-I$root/include" ./*.cpp "$MODEL_LIBRARY" -lCatch2WithMain -o "$scratch/tests"
  run 0 "$scratch/tests"
  says 'All tests passed'
}

ci_runs_the_readme_command() {
  says_in() { grep -qxF -e "$2" "$1" || fail "$1 has no line '$2'"; }
  says_in "$root/README.md" './dev test'
  says_in "$root/README.md" './dev serve'
  grep -qE '^exec \./dev test </dev/null$' "$root/.ci/run" || fail ".ci/run does not run ./dev test"
}

"$1"
