setup_help() {
  cat <<'EOF'
usage: ./dev setup [--replace]
  installs the Debian 12 packages that building, testing and linting need

Uses sudo only if you are not root. Does nothing when all are there. serve and test call it by themselves for what they need.
On another system it lists what to install. --replace allows apt to remove packages that stand in the way (Boost 1.74).
EOF
}

setup_run() {
  local replace=keep
  case "${1:-}" in
    '') ;;
    --replace) replace=replace ;;
    *) stop_with 2 "setup takes no '$1', see ./dev setup --help" ;;
  esac
  if ! is_debian_12; then
    what_to_install
    return 1
  fi
  packages_wanted=("${packages_to_lint[@]}")
  local missing
  mapfile -t missing < <(missing_packages "${packages_wanted[@]}")
  if [ ${#missing[@]} = 0 ]; then
    say "all ${#packages_wanted[@]} packages are installed"
    return 0
  fi
  install_packages "$root/build/setup.log" "$replace" "${missing[@]}"
  say "done; next: ./dev serve, or ./dev test"
}
