#include <evoke/json/schema.hpp>
#include <evoke/json/writer.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace evoke::json {
namespace {

void append_quoted(std::string& out, std::string_view text) {
  writer{out}.string(text);
}

std::string quoted(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

std::string definition_name(std::size_t number) {
  return "recursive_" + std::to_string(number + 1);
}

std::string definition_pointer(std::size_t number) {
  return "#/$defs/" + definition_name(number);
}

/// A JSON array of strings, and of null when wanted.
std::string list_of(std::vector<std::string_view> const& names, bool and_null) {
  std::string list;
  writer out{list};
  out.begin_array();
  for (auto const name : names) out.string(name);
  if (and_null) out.null();
  out.end_array();
  return list;
}

}  // namespace

void schema_builder::begin_keyword(std::string_view name) {
  if (!out_.empty() && out_.back() != '{') out_ += ',';
  append_quoted(out_, name);
  out_ += ':';
}

void schema_builder::keyword(std::string_view name, std::string_view json) {
  begin_keyword(name);
  out_ += json;
}

void schema_builder::text_keyword(std::string_view name, std::string_view text) {
  keyword(name, quoted(text));
}

void schema_builder::type(std::string_view name) {
  keyword("type", nullable_ ? list_of({name, "null"}, false) : quoted(name));
  nullable_ = false;
}

void schema_builder::enumeration(std::vector<std::string_view> const& names) {
  auto const list = list_of(names, nullable_);
  type("string");
  keyword("enum", list);
}

void schema_builder::nested(std::string_view name, describer describe) {
  begin_keyword(name);
  out_ += '{';
  nullable_ = false;
  describe(*this);
  out_ += '}';
}

void schema_builder::object(void const* tag, describer self, std::vector<property> const& properties) {
  auto const number = recursive_number(tag);
  if (collecting_) {
    if (std::ranges::find(open_, tag) != open_.end()) {
      if (!number) recursive_.push_back({tag, self});
      return;
    }
  } else if (number && tag != defining_) {
    return write_reference(*number);
  }
  defining_ = nullptr;  // from here on the type is referred to, also within itself

  open_.push_back(tag);
  type("object");
  begin_keyword("properties");
  out_ += '{';
  std::vector<std::string_view> required;
  for (auto const& each : properties) {
    nested(each.name, each.describe);
    if (each.required) required.push_back(each.name);
  }
  out_ += '}';
  if (!required.empty()) keyword("required", list_of(required, false));
  keyword("additionalProperties", "false");
  open_.pop_back();
}

std::optional<std::size_t> schema_builder::recursive_number(void const* tag) const noexcept {
  auto const found = std::ranges::find(recursive_, tag, &recursive_type::tag);
  if (found == recursive_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - recursive_.begin());
}

void schema_builder::write_reference(std::size_t number) {
  if (!nullable_) return text_keyword("$ref", definition_pointer(number));
  nullable_ = false;
  std::string either;
  writer out{either};
  out.begin_array();
  out.begin_object(), out.plain_key("$ref"), out.string(definition_pointer(number)), out.end_object();
  out.begin_object(), out.plain_key("type"), out.string("null"), out.end_object();
  out.end_array();
  keyword("anyOf", either);
}

std::string schema_builder::text_of(describer describe) {
  schema_builder found;
  describe(found);

  schema_builder made;
  made.collecting_ = false;
  made.recursive_ = std::move(found.recursive_);
  describe(made);
  std::string text = "{";
  if (made.recursive_.empty()) return text.append(made.out_).append("}");

  made.begin_keyword("$defs");
  made.out_ += '{';
  for (std::size_t i = 0; i < made.recursive_.size(); ++i) {
    made.defining_ = made.recursive_[i].tag;
    made.nested(definition_name(i), made.recursive_[i].describe);
  }
  made.out_ += '}';
  // The references are relative to this schema wherever it is embedded, because it has an identity of its own.
  std::array<char, 16> digits{};
  auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), shape_hash(made.out_), 16).ptr;
  text.append("\"$id\":\"urn:evoke:schema:").append(digits.data(), end).append("\",");
  return text.append(made.out_).append("}");
}

std::uint64_t shape_hash(std::string_view schema) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (char const c : schema) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash;
}

}  // namespace evoke::json
