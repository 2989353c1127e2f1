#include "runtime/saved_states.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>

namespace evoke::detail {
namespace {

constexpr std::string_view head = "evoke states 1";
constexpr std::string_view type_word = "type ";
constexpr std::string_view end_word = "end";
constexpr std::size_t hash_digits = 16;

std::string hex(std::uint64_t number) {
  std::array<char, hash_digits> digits{};
  for (auto at = digits.rbegin(); at != digits.rend(); ++at, number >>= 4U) *at = "0123456789abcdef"[number & 15U];
  return {digits.data(), digits.size()};
}

template <class Number>
bool parse(std::string_view text, Number& number, int base) {
  auto const end = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return !text.empty() && end.ec == std::errc{} && end.ptr == text.data() + text.size();
}

failure unreadable(std::filesystem::path const& path, std::string const& line) {
  return {errc::invalid_argument, path.string() + " holds no saved states: it says '" + line.substr(0, 200) + "'", {}, {}, {}};
}

failure cannot(std::string const& doing, std::filesystem::path const& path) {
  return {errc::io_error, "cannot " + doing + " " + path.string() + ": " + std::system_category().message(errno), {}, {}, {}};
}

}  // namespace

result<state_writer> state_writer::open(std::filesystem::path const& path) {
  state_writer made;
  made.path_ = path;
  made.out_.open(path, std::ios::trunc);
  made.out_ << head << '\n';
  if (!made.out_) return fail(cannot("write", path));
  return made;
}

void state_writer::type(std::string_view name, std::uint64_t schema) {
  out_ << type_word << name << ' ' << hex(schema) << '\n';
}

void state_writer::add(saved_state const& state) {
  out_ << state.id << '\t' << state.version.value() << '\t' << hex(state.hash) << '\n';
}

result<void> state_writer::finish() {
  out_ << end_word << '\n' << std::flush;
  if (!out_) return fail(cannot("write", path_));
  return {};
}

result<state_reader> state_reader::open(std::filesystem::path const& path) {
  state_reader made;
  made.path_ = path;
  made.in_.open(path);
  if (!made.in_) return fail(cannot("read", path));
  if (!std::getline(made.in_, made.line_) || made.line_ != head) return fail(unreadable(path, made.line_));
  if (auto read = made.read_line(); !read) return std::unexpected(read.error());
  if (made.next_) return fail(unreadable(path, made.line_));
  return made;
}

/// The next line, taken apart.
result<void> state_reader::read_line() {
  next_.reset();
  at_type_ = false;
  if (at_end_) return {};
  if (!std::getline(in_, line_)) return fail(unreadable(path_, "its end is missing"));
  // An id has no tab, and a line of a state has two.
  auto const first = line_.find('\t');
  if (first == std::string::npos) {
    at_end_ = line_ == end_word;
    at_type_ = line_.starts_with(type_word);
    return at_end_ || at_type_ ? result<void>{} : fail(unreadable(path_, line_));
  }
  auto const second = line_.rfind('\t');
  std::uint64_t number = 0;
  saved_state state{line_.substr(0, first), {}, 0};
  auto const text = std::string_view(line_);
  if (second == first || !parse(text.substr(first + 1, second - first - 1), number, 10) || !parse(text.substr(second + 1), state.hash, 16))
    return fail(unreadable(path_, line_));
  state.version = version{number};
  next_ = std::move(state);
  return {};
}

result<std::optional<std::uint64_t>> state_reader::seek(std::string_view type) {
  for (;;) {
    while (next_)
      if (auto taken = take(); !taken) return std::unexpected(taken.error());
    if (at_end_) return std::nullopt;
    auto const name_end = line_.rfind(' ');
    if (name_end < type_word.size()) return fail(unreadable(path_, line_));
    auto const name = line_.substr(type_word.size(), name_end - type_word.size());
    if (name > type) return std::nullopt;
    std::uint64_t schema = 0;
    if (!parse(std::string_view(line_).substr(name_end + 1), schema, 16)) return fail(unreadable(path_, line_));
    if (auto read = read_line(); !read) return std::unexpected(read.error());
    if (name == type) return schema;
  }
}

result<void> state_reader::take() {
  return read_line();
}

}  // namespace evoke::detail
