#pragma once

#include <evoke/result.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace evoke {

/// A number with a meaning: no implicit conversion, no arithmetic beyond what the meaning allows.
template <class Tag>
class ordinal {
 public:
  constexpr ordinal() noexcept = default;
  constexpr explicit ordinal(std::uint64_t value) noexcept : value_(value) {}

  [[nodiscard]] constexpr std::uint64_t value() const noexcept { return value_; }
  [[nodiscard]] constexpr ordinal next() const noexcept { return ordinal{value_ + 1}; }
  [[nodiscard]] constexpr ordinal plus(std::uint64_t n) const noexcept { return ordinal{value_ + n}; }

  friend constexpr auto operator<=>(ordinal, ordinal) noexcept = default;

 private:
  std::uint64_t value_ = 0;
};

/// Number of an event within its stream, 1-based and contiguous. 0 = no stream yet.
using version = ordinal<struct version_tag>;

/// Number of an event in the global log, 1-based and free of gaps. 0 = before the first.
using position = ordinal<struct position_tag>;

/// Text that has passed a rule. `parse` checks it, `trusted` takes what was checked before (stored, or a literal).
/// Rules, by tag, in model/ids.cpp:
/// - aggregate_id: 1-128 bytes of valid UTF-8, no control characters, no '/', no white space at either end, not "." or "..".
/// - aggregate_type, event_type, command_name: 1-64 bytes of [A-Za-z0-9_.-], beginning with a letter.
template <class Tag>
class identifier {
 public:
  identifier() = default;

  /// @returns invalid_argument with the rule that was broken.
  [[nodiscard]] static result<identifier> parse(std::string_view text) {
    if (auto checked = Tag::check(text); !checked) return std::unexpected(checked.error());
    return trusted(std::string(text));
  }
  [[nodiscard]] static identifier trusted(std::string text) {
    identifier made;
    made.text_ = std::move(text);
    return made;
  }

  [[nodiscard]] std::string const& str() const noexcept { return text_; }

  friend auto operator<=>(identifier const&, identifier const&) = default;
  friend bool operator==(identifier const&, identifier const&) = default;

 private:
  std::string text_;
};

struct aggregate_id_rule {
  static result<void> check(std::string_view text);
};
struct aggregate_type_rule {
  static result<void> check(std::string_view text);
};
struct event_type_rule {
  static result<void> check(std::string_view text);
};
struct command_name_rule {
  static result<void> check(std::string_view text);
};

using aggregate_id = identifier<aggregate_id_rule>;
using aggregate_type = identifier<aggregate_type_rule>;
using event_type = identifier<event_type_rule>;
using command_name = identifier<command_name_rule>;

/// A UUID (RFC 9562): 16 bytes in network order, written as 36 lower-case characters.
class uuid {
 public:
  using bytes_type = std::array<std::uint8_t, 16>;

  constexpr uuid() noexcept = default;  ///< the nil UUID
  constexpr explicit uuid(bytes_type bytes) noexcept : bytes_(bytes) {}

  /// Accepts 8-4-4-4-12 hexadecimal digits in either case. @returns invalid_argument otherwise.
  [[nodiscard]] static result<uuid> parse(std::string_view text);
  /// Version 4, of the operating system's entropy: nobody can guess it or get it twice. Any thread. In decide(), context::new_id().
  [[nodiscard]] static uuid random();

  [[nodiscard]] std::string str() const;
  [[nodiscard]] constexpr bytes_type const& bytes() const noexcept { return bytes_; }
  [[nodiscard]] constexpr bool is_nil() const noexcept { return *this == uuid{}; }
  /// The version field, 8 for event ids that the runtime makes.
  [[nodiscard]] constexpr unsigned version_field() const noexcept { return bytes_[6] >> 4U; }

  friend constexpr auto operator<=>(uuid const&, uuid const&) noexcept = default;

 private:
  bytes_type bytes_{};
};

/// Names one event for ever. The runtime makes UUIDv8 with time and position inside (docs/storage_format.md); raw appends may bring their
/// own.
using event_id = uuid;

}  // namespace evoke

template <class Tag>
struct std::hash<evoke::identifier<Tag>> {
  std::size_t operator()(evoke::identifier<Tag> const& id) const noexcept { return std::hash<std::string>{}(id.str()); }
};
