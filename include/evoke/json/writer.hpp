#pragma once

#include <evoke/failure.hpp>
#include <evoke/json/document.hpp>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace evoke::json {

/// Appends minified JSON to a string and sets the commas itself:
///
///     std::string text;
///     evoke::json::writer out{text};
///     out.begin_object();
///     out.key("id"), out.string("c-1");
///     out.key("lines"), out.begin_array(), out.integer(1), out.integer(2), out.end_array();
///     out.end_object();                                    // {"id":"c-1","lines":[1,2]}
///
/// What cannot be written (text that is not UTF-8, NaN) answers false and leaves a field_error; the text is useless from then on.
/// The caller keeps the nesting right.
class writer {
 public:
  /// `out` must outlive the writer and may hold something already.
  explicit writer(std::string& out) noexcept : out_(out), start_(out.size()) {}

  void null() { raw("null"); }
  void boolean(bool value) { raw(value ? "true" : "false"); }
  template <std::integral Integer>
  void integer(Integer value) {
    if constexpr (std::signed_integral<Integer>) {
      signed_integer(value);
    } else {
      unsigned_integer(value);
    }
  }
  /// The shortest text that reads back as the same number. False for NaN and infinities.
  [[nodiscard]] bool number(double value);
  [[nodiscard]] bool number(float value);
  /// False when `text` is not UTF-8.
  bool string(std::string_view text);
  /// A whole value as JSON text, which is trusted to be well-formed and minified.
  void raw(std::string_view json) {
    separate();
    out_ += json;
  }
  /// A copy of a parsed value: numbers exactly as they were written.
  void copy(value from);

  /// False when it would be nested deeper than documents may be: it could not be read again.
  bool begin_object() { return open('{'); }
  void end_object() { close('}'); }
  bool begin_array() { return open('['); }
  void end_array() { close(']'); }
  /// False when `name` is not UTF-8.
  bool key(std::string_view name) {
    bool const fine = string(name);
    out_ += ':';
    return fine;
  }
  /// A name known to need no escapes, such as a C++ identifier.
  void plain_key(std::string_view name) {
    separate();
    out_ += '"';
    out_ += name;
    out_ += "\":";
  }

  /// Says why the value that is being written cannot be. Returns false, for `return out.refuse("...")`.
  bool refuse(std::string detail);
  /// While a refusal travels outwards: the refused value is the member `name`, or the element `index`, of what encloses it. Returns false.
  bool within(std::string_view name);
  bool within(std::size_t index) { return within(std::to_string(index)); }
  /// The refusal, its pointer relative to the root.
  [[nodiscard]] field_error const& refusal() const noexcept { return refusal_; }

  [[nodiscard]] std::string& text() noexcept { return out_; }

 private:
  void signed_integer(std::int64_t value);
  void unsigned_integer(std::uint64_t value);

  /// A value or name that does not follow an opening bracket or a colon follows another.
  void separate() {
    if (out_.size() == start_) return;
    if (char const last = out_.back(); last != '{' && last != '[' && last != ':') out_ += ',';
  }
  bool open(char bracket);
  void close(char bracket) {
    --depth_;
    out_ += bracket;
  }

  std::string& out_;
  std::size_t start_;
  std::size_t depth_ = 0;
  field_error refusal_;
};

}  // namespace evoke::json
