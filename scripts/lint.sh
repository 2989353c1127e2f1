lint_help() {
  cat <<'EOF'
usage: ./dev lint [--all]
  checks format, floors, words and (clang-tidy) the files you changed

Format by clang-format-19, floors and forbidden words by tests/floors, shell scripts by bash -n, then clang-tidy-19 over the .cpp
files that differ from the last commit, or over all of them with --all. Changes nothing; ./dev fmt does.
EOF
}

# All our C++ files, relative to the root, whether git is here or not.
cpp_files() { (cd "$root" && find include model persistence actors runtime http examples tests bench -name '*.[ch]pp' -type f | sort); }

changed_cpp_files() {
  (cd "$root" && { git diff --name-only --diff-filter=d HEAD; git ls-files --others --exclude-standard; } | grep '\.cpp$' | sort -u) || true
}

# Only what a build of the dev preset compiles: the template of ./dev new, for one, is not.
compiled_only() { while read -r file; do grep -qF "\"$root/$file\"" "$root/build/dev/compile_commands.json" && echo "$file"; done; true; }

lint_run() {
  local files status=0
  need_packages "${packages_to_lint[@]}"
  say "format"
  (cd "$root" && cpp_files | xargs clang-format-19 --dry-run -Werror) || status=1
  say "floors and words"
  "$root/tests/floors/check_floors.sh" "$root" || status=1
  say "shell"
  bash -n "$root/dev" "$root"/scripts/*.sh || status=1
  configure dev || return 1
  case "${1:-}" in
    --all) files=$(cpp_files | grep '\.cpp$' | compiled_only) ;;
    '') files=$(changed_cpp_files | compiled_only) ;;
    *) stop_with 2 "lint takes --all or nothing" ;;
  esac
  if [ -n "$files" ]; then
    say "clang-tidy over $(wc -l <<<"$files") files"
    (cd "$root" && xargs -P "$(build_jobs)" -n 1 clang-tidy-19 -p build/dev --quiet <<<"$files" 2> >(grep -v 'warnings generated' >&2)) || status=1
  else
    say "clang-tidy: no changed file (--all for every file)"
  fi
  [ "$status" = 0 ] && say "clean"
  return "$status"
}
