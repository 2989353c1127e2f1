#pragma once

#include <evoke/result.hpp>

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Reading JSON text. A `document` holds one parsed text as a flat tape; a `value` points at one place in it.
///
///     evoke::json::document body;
///     auto const root = body.parse(request.body());        // result<value>: `malformed` with a pointer to what is wrong
///     if (!root) return evoke::http::problem(root.error());
///     if (auto const price = root->find("price")) price->number_text();   // "12.50", as the client wrote it
///
/// What has a C++ type is read more easily by evoke::json::decode (json.hpp).
namespace evoke::json {

/// Containers nested deeper than this are refused while parsing.
inline constexpr std::size_t default_max_depth = 64;

enum class kind : std::uint8_t { null, boolean, number, string, array, object };

/// "null", "a boolean", "a number", "a string", "an array", "an object".
[[nodiscard]] std::string_view describe_kind(kind which) noexcept;

/// `text` as one segment of a JSON pointer, with its slash: `~` becomes `~0`, `/` becomes `~1` (RFC 6901).
void append_pointer_segment(std::string& pointer, std::string_view text);

class document;
class element_range;
class member_range;

/// One value of a parsed document. Cheap to copy; valid until its document parses again, moves or dies.
/// A question that does not suit the kind is answered with nothing, never with a conversion.
class value {
 public:
  [[nodiscard]] json::kind kind() const noexcept;
  [[nodiscard]] bool is_null() const noexcept { return kind() == json::kind::null; }
  [[nodiscard]] bool is_boolean() const noexcept { return kind() == json::kind::boolean; }
  [[nodiscard]] bool is_number() const noexcept { return kind() == json::kind::number; }
  [[nodiscard]] bool is_string() const noexcept { return kind() == json::kind::string; }
  [[nodiscard]] bool is_array() const noexcept { return kind() == json::kind::array; }
  [[nodiscard]] bool is_object() const noexcept { return kind() == json::kind::object; }

  [[nodiscard]] std::optional<bool> as_bool() const noexcept;
  /// Without quotes and escapes; valid UTF-8, may hold any code point, U+0000 included.
  [[nodiscard]] std::optional<std::string_view> as_string() const noexcept;
  /// A number exactly as it was written: "1.10", "-0", "1E3", "18446744073709551615".
  [[nodiscard]] std::optional<std::string_view> number_text() const noexcept;
  /// The nearest double, always finite: nothing for a number beyond its range.
  [[nodiscard]] std::optional<double> as_double() const noexcept;
  /// Written without fraction and exponent, and in Integer's range; else nothing.
  template <std::integral Integer>
    requires(!std::same_as<Integer, bool>)
  [[nodiscard]] std::optional<Integer> as_integer() const noexcept;

  /// Elements of an array, members of an object, else 0.
  [[nodiscard]] std::size_t size() const noexcept;
  /// An array's elements in order; none for other kinds.
  [[nodiscard]] element_range elements() const noexcept;
  /// An object's members in the order of the text; none for other kinds. Names are unique.
  [[nodiscard]] member_range members() const noexcept;
  /// The object's member of that name, if any. Looks through all: iterate when you want many.
  [[nodiscard]] std::optional<value> find(std::string_view name) const noexcept;

  /// Where it stands in its document, as a JSON pointer: "" for the root, "/lines/0/unit_price".
  [[nodiscard]] std::string pointer() const;
  /// An array's or object's own text, byte for byte as it was written: cut out of `parsed`, which its document was parsed from. Empty for
  /// other kinds.
  [[nodiscard]] std::string_view source(std::string_view parsed) const noexcept;

 private:
  friend class document;
  friend class element_range;
  friend class member_range;
  value(document const& owner, std::uint32_t index) noexcept : owner_(&owner), index_(index) {}

  document const* owner_;
  std::uint32_t index_;
};

/// One JSON text, parsed. Parsing again reuses the memory: keep one per thread or connection. One thread at a time.
class document {
 public:
  /// Replaces the content. RFC 8259 to the letter: no comments, no trailing comma, no NaN, one value and nothing behind it. Beyond that it
  /// refuses duplicate names, ill-formed UTF-8, halves of surrogate pairs, a byte order mark, and nesting deeper than `max_depth`. The text
  /// itself is not needed any more afterwards.
  /// @returns malformed with one entry in `errors` that says where; the document is empty then.
  result<value> parse(std::string_view text, std::size_t max_depth = default_max_depth);

  /// The text that was parsed had white space between its tokens.
  [[nodiscard]] bool spaced() const noexcept { return spaced_; }
  /// Bytes held for later use.
  [[nodiscard]] std::size_t capacity_bytes() const noexcept;

 private:
  friend class value;
  friend class element_range;
  friend class member_range;
  class builder;

  /// A member is two nodes: its name (a string), then its value. A container is followed by its content.
  struct node {
    std::uint32_t text = 0;    ///< scalar: where its text begins in text_; container: where it began in the text that was parsed
    std::uint32_t length = 0;  ///< scalar: bytes of text; container: elements or members; boolean: 0 or 1
    std::uint32_t next = 0;    ///< index of the node behind this value
    json::kind kind{};
  };

  [[nodiscard]] std::string_view text_of(node const& of) const noexcept { return {text_.data() + of.text, of.length}; }

  std::vector<node> nodes_;
  std::string text_;                    // strings without escapes and numbers as written, one behind the other
  std::vector<std::uint32_t> open_;     // containers that are not closed yet, while parsing
  std::vector<std::uint32_t> scratch_;  // for finding duplicate names
  bool spaced_ = false;
};

/// An array's elements: `for (value each : list.elements())`.
class element_range {
 public:
  class iterator {
   public:
    using value_type = value;
    using difference_type = std::ptrdiff_t;
    iterator(document const* owner, std::uint32_t at) noexcept : owner_(owner), at_(at) {}
    value operator*() const noexcept { return {*owner_, at_}; }
    iterator& operator++() noexcept {
      at_ = owner_->nodes_[at_].next;
      return *this;
    }
    iterator operator++(int) noexcept {
      auto const before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(iterator const&, iterator const&) = default;

   private:
    document const* owner_;
    std::uint32_t at_;
  };

  explicit element_range(value of) noexcept : of_(of) {}
  [[nodiscard]] iterator begin() const noexcept { return {of_.owner_, of_.is_array() ? of_.index_ + 1 : end_index()}; }
  [[nodiscard]] iterator end() const noexcept { return {of_.owner_, end_index()}; }

 private:
  [[nodiscard]] std::uint32_t end_index() const noexcept { return of_.owner_->nodes_[of_.index_].next; }
  value of_;
};

/// An object's members: `for (auto const& [name, each] : object.members())`.
class member_range {
 public:
  class iterator {
   public:
    using value_type = std::pair<std::string_view, value>;
    using difference_type = std::ptrdiff_t;
    iterator(document const* owner, std::uint32_t at) noexcept : owner_(owner), at_(at) {}
    value_type operator*() const noexcept { return {owner_->text_of(owner_->nodes_[at_]), value{*owner_, at_ + 1}}; }
    iterator& operator++() noexcept {
      at_ = owner_->nodes_[at_ + 1].next;
      return *this;
    }
    iterator operator++(int) noexcept {
      auto const before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(iterator const&, iterator const&) = default;

   private:
    document const* owner_;
    std::uint32_t at_;
  };

  explicit member_range(value of) noexcept : of_(of) {}
  [[nodiscard]] iterator begin() const noexcept { return {of_.owner_, of_.is_object() ? of_.index_ + 1 : end_index()}; }
  [[nodiscard]] iterator end() const noexcept { return {of_.owner_, end_index()}; }

 private:
  [[nodiscard]] std::uint32_t end_index() const noexcept { return of_.owner_->nodes_[of_.index_].next; }
  value of_;
};

inline json::kind value::kind() const noexcept {
  return owner_->nodes_[index_].kind;
}
inline element_range value::elements() const noexcept {
  return element_range{*this};
}
inline member_range value::members() const noexcept {
  return member_range{*this};
}
inline std::optional<bool> value::as_bool() const noexcept {
  auto const& node = owner_->nodes_[index_];
  return node.kind == kind::boolean ? std::optional{node.length != 0} : std::nullopt;
}
inline std::optional<std::string_view> value::as_string() const noexcept {
  auto const& node = owner_->nodes_[index_];
  return node.kind == kind::string ? std::optional{owner_->text_of(node)} : std::nullopt;
}
inline std::optional<std::string_view> value::number_text() const noexcept {
  auto const& node = owner_->nodes_[index_];
  return node.kind == kind::number ? std::optional{owner_->text_of(node)} : std::nullopt;
}

template <std::integral Integer>
  requires(!std::same_as<Integer, bool>)
std::optional<Integer> value::as_integer() const noexcept {
  auto text = number_text();
  if (!text) return std::nullopt;
  if (*text == "-0") return Integer{0};  // from_chars takes no sign for unsigned types
  Integer number{};
  auto const* const end = text->data() + text->size();
  auto const read = std::from_chars(text->data(), end, number);
  return read.ec == std::errc{} && read.ptr == end ? std::optional{number} : std::nullopt;
}

}  // namespace evoke::json
