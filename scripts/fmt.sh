fmt_help() {
  cat <<'EOF'
usage: ./dev fmt
  formats every C++ file in place with clang-format-19
EOF
}

fmt_run() {
  [ $# = 0 ] || stop_with 2 "fmt takes no arguments"
  need_packages clang-format-19
  (cd "$root" && cpp_files | xargs clang-format-19 -i)
  say "formatted $(cpp_files | wc -l) files"
}
