new_help() {
  cat <<'EOF'
usage: ./dev new NAME
  scaffolds a domain of your own with tests, in examples/NAME

Copies examples/template, a small aggregate with its rules and tests, under your name and adds it to the build. NAME is snake_case: a letter,
then letters, digits and single underscores, at most 40 characters, no word of C++. It becomes the aggregate type and the C++ state.
EOF
}

# Words that C++, evoke or the template itself has taken.
taken_words=' alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class compl concept const
 consteval constexpr constinit const_cast continue co_await co_return co_yield decltype default delete do double dynamic_cast else enum explicit
 export extern false float for friend goto if inline int long mutable namespace new noexcept not not_eq nullptr operator or or_eq private
 protected public register reinterpret_cast requires return short signed sizeof static static_assert static_cast struct switch template this
 thread_local throw true try typedef typeid typename union unsigned using virtual void volatile wchar_t while xor xor_eq int8_t int16_t
 int32_t int64_t uint8_t uint16_t uint32_t uint64_t size_t main evoke boost std decide evolve describe given unknown placeholder '

check_new_name() {
  local name=$1
  [[ "$name" =~ ^[a-z][a-z0-9]*(_[a-z0-9]+)*$ ]] && [ ${#name} -le 40 ] ||
    stop_with 2 "'$name' is no name for a domain: snake_case, a letter first, at most 40 characters, like loan or loan_request"
  [[ "${taken_words//$'\n'/ }" != *" $name "* ]] || stop_with 2 "'$name' is a word of C++ or of evoke; take another"
  [ ! -e "$root/examples/$name" ] || stop_with 1 "examples/$name is there already; nothing was changed"
}

new_run() {
  [ $# = 1 ] || stop_with 2 "new takes one name, see ./dev new --help"
  local name=$1 folder file made
  check_new_name "$name"
  folder=$root/examples/$name
  mkdir "$folder"
  for file in "$root"/examples/template/*; do
    made=$(basename "$file")
    [ "$made" != README.md ] || continue
    sed "s/placeholder/$name/g" "$file" >"$folder/${made//placeholder/$name}"
  done
  cat >"$folder/README.md" <<EOF
# examples/$name

A domain: what can be asked and what can happen is in \`$name.hpp\`, the rules are in \`rules.cpp\`, given/when/then in \`test_$name.cpp\`.
It may include only \`<evoke/...>\`, std and Boost.Describe. Rules are pure: no I/O, no clock, no randomness but what the context gives.
EOF
  printf 'add_subdirectory(%s)\n' "$name" >>"$root/examples/CMakeLists.txt"
  if command -v clang-format-19 >/dev/null; then clang-format-19 -i --style=file:"$root/.clang-format" "$folder"/*.[ch]pp; fi

  say "examples/$name is made and added to the build"
  cat <<EOF
Next:
  1. Change examples/$name/$name.hpp: commands, events, state; then rules.cpp and its tests.
  2. ./dev test -R test_$name
  3. To serve it: in examples/server/domains.cpp include "$name/$name.hpp" and add evoke::define<${name}_domain::$name>() to the types;
     in examples/server/CMakeLists.txt add example_$name to what evoke_server_parts depends on; then
     ./dev serve
     curl --json '{"title":"first"}' http://127.0.0.1:8080/v1/aggregates/$name/1/commands/create_$name
EOF
}
