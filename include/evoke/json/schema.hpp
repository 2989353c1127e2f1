#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evoke::json {

/// Collects one JSON Schema (2020-12) while codecs describe themselves. Nested types are written in place, so that the text can be
/// embedded anywhere, e.g. in an OpenAPI document; only a type that holds itself goes to `$defs`, and then the schema has an `$id` to which
/// its references are relative.
class schema_builder {
 public:
  /// Writes the keywords of one schema object.
  using describer = void (*)(schema_builder&);

  /// "type": also admits null when the schema is that of an optional.
  void type(std::string_view name);
  /// Any other keyword; `json` is its value as JSON text.
  void keyword(std::string_view name, std::string_view json);
  void text_keyword(std::string_view name, std::string_view text);
  /// A keyword whose value is a schema, such as "items".
  void nested(std::string_view name, describer describe);
  /// "enum" of strings.
  void enumeration(std::vector<std::string_view> const& names);
  /// The schema that follows, at this level, also admits null.
  void allow_null() noexcept { nullable_ = true; }

  struct property {
    std::string_view name;
    bool required;
    describer describe;
  };
  /// A closed object: no properties but these. `tag` stands for the type and `self` describes it, so that one that holds itself is noticed.
  void object(void const* tag, describer self, std::vector<property> const& properties);

  /// The whole schema of what `describe` describes.
  [[nodiscard]] static std::string text_of(describer describe);

 private:
  struct recursive_type {
    void const* tag;
    describer describe;
  };

  void begin_keyword(std::string_view name);
  [[nodiscard]] std::optional<std::size_t> recursive_number(void const* tag) const noexcept;
  void write_reference(std::size_t number);

  std::string out_;
  std::vector<void const*> open_;          // tags of the objects that are being described
  std::vector<recursive_type> recursive_;  // types that hold themselves, in the order they were met
  void const* defining_ = nullptr;         // tag of the one that is written out next although it is recursive
  bool collecting_ = true;                 // first pass: only finds recursive_
  bool nullable_ = false;
};

/// Of a type's shape: names and types of all fields, nested. FNV-1a of its schema.
[[nodiscard]] std::uint64_t shape_hash(std::string_view schema) noexcept;

}  // namespace evoke::json
