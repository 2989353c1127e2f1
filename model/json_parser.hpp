#pragma once

#include <evoke/json/document.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace evoke::json {

/// Reads one JSON text into a document's tape, from left to right, without recursion: nesting costs four bytes a level and no stack.
/// Every step returns false where it stops for good; `refusal` then says why and where.
class document::builder {
 public:
  builder(document& into, std::string_view source, std::size_t max_depth) noexcept
      : into_(into), begin_(source.data()), at_(source.data()), end_(source.data() + source.size()), max_depth_(max_depth) {}

  bool run();
  [[nodiscard]] failure refusal() && { return std::move(why_); }

 private:
  bool value();
  bool member_name();
  bool after_value(bool& complete);

  bool string(char const* what_breaks_off);
  bool escape();
  bool hex4(std::uint32_t& code);
  bool number();
  bool literal(std::string_view word, json::kind which, bool is_true);
  bool digits();

  bool open(json::kind which);
  void close();
  void count_in_parent();
  void push(node made);
  bool names_are_unique(std::uint32_t object);

  void skip_space() noexcept {
    auto const* const before = at_;
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
    if (at_ != before) into_.spaced_ = true;
  }
  [[nodiscard]] bool next_is(char wanted) const noexcept { return at_ != end_ && *at_ == wanted; }
  [[nodiscard]] bool in_object() const noexcept { return into_.nodes_[into_.open_.back()].kind == kind::object; }

  /// Where it stands: the value that is being read or would come next.
  [[nodiscard]] std::string current_pointer() const;
  [[nodiscard]] std::string place() const;
  /// The grammar is broken here; or the text ends here, and something was still to come.
  bool syntax_error(std::string_view expected);
  /// The grammar holds, but what was read is refused.
  bool refuse(std::string pointer, std::string detail);

  document& into_;
  char const* begin_;
  char const* at_;
  char const* end_;
  std::size_t max_depth_;
  bool name_pending_ = false;  // the innermost object has a name without its value
  failure why_;
};

}  // namespace evoke::json
