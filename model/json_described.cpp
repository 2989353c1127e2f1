#include <evoke/json/described.hpp>

#include <bitset>

namespace evoke::json::detail {

void refuse_integer(value in, std::string_view least, std::string_view greatest, field_errors& errors) {
  auto const text = in.number_text();
  if (!text) return errors.wrong_kind(in, "an integer");
  if (text->find_first_of(".eE") != std::string_view::npos)
    return errors.add(in, "must be an integer, written without fraction and exponent");
  errors.add(in, "is out of range: must be from " + std::string(least) + " to " + std::string(greatest));
}

void describe_integer(schema_builder& out, std::string_view least, std::string_view greatest) {
  out.type("integer");
  out.keyword("minimum", least);
  out.keyword("maximum", greatest);
}

void read_object(std::span<field const> fields, value in, void* object, field_errors& errors) {
  if (!in.is_object()) return errors.wrong_kind(in, "an object");
  std::bitset<max_fields> seen;
  std::size_t found = 0;
  std::size_t expected = 0;  // most writers keep the order of the description
  for (auto const& [name, each] : in.members()) {
    auto at = expected;
    while (at < fields.size() && fields[at].name != name) ++at;
    if (at == fields.size()) {
      at = 0;
      while (at < expected && fields[at].name != name) ++at;
      if (at == expected) {
        errors.unknown(in, name);
        continue;
      }
    }
    fields[at].read(each, object, errors);
    seen.set(at);
    ++found;
    expected = at + 1;
  }
  if (found == fields.size()) return;
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (!seen.test(i) && !fields[i].may_be_absent) errors.missing(in, fields[i].name);
}

bool write_object(std::span<field const> fields, void const* object, writer& out) {
  if (!out.begin_object()) return false;
  for (auto const& each : fields) {
    if (each.is_absent != nullptr && each.is_absent(object)) continue;
    out.plain_key(each.name);
    if (!each.write(object, out)) return out.within(each.name);
  }
  out.end_object();
  return true;
}

void describe_object(std::span<field const> fields, void const* tag, schema_builder::describer self, schema_builder& out) {
  std::vector<schema_builder::property> properties;
  properties.reserve(fields.size());
  for (auto const& each : fields) properties.push_back({each.name, !each.may_be_absent, each.describe});
  out.object(tag, self, properties);
}

enumerator const* read_enumerator(std::span<enumerator const> all, value in, field_errors& errors) {
  auto const text = in.as_string();
  if (!text) {
    errors.wrong_kind(in, "a string");
    return nullptr;
  }
  for (auto const& each : all)
    if (each.name == *text) return &each;
  std::string names;
  for (auto const& each : all) names += (names.empty() ? "" : ", ") + std::string(each.name);
  errors.add(in, "must be one of: " + names);
  return nullptr;
}

bool write_enumerator(std::span<enumerator const> all, long long value, writer& out) {
  for (auto const& each : all)
    if (each.value == value) return out.string(each.name);
  return out.refuse("is no enumerator that was described: " + std::to_string(value));
}

void describe_enumerators(std::span<enumerator const> all, schema_builder& out) {
  std::vector<std::string_view> names;
  names.reserve(all.size());
  for (auto const& each : all) names.push_back(each.name);
  out.enumeration(names);
}

}  // namespace evoke::json::detail

namespace evoke::json {

void codec<double>::read(value in, double& out, field_errors& errors) {
  if (!in.is_number()) return errors.wrong_kind(in, "a number");
  if (auto const read = in.as_double()) {
    out = *read;
  } else {
    errors.add(in, "is out of range: no double-precision number is that large");
  }
}

void codec<float>::read(value in, float& out, field_errors& errors) {
  if (!in.is_number()) return errors.wrong_kind(in, "a number");
  auto const text = *in.number_text();
  if (std::from_chars(text.data(), text.data() + text.size(), out).ec == std::errc{}) return;
  auto const read = in.as_double();
  if (!read || *read > 1 || *read < -1) return errors.add(in, "is out of range: no single-precision number is that large");
  out = *read < 0 ? -0.0F : 0.0F;  // nearer to zero than any other
}

void codec<float>::describe(schema_builder& out) {
  out.type("number");
  out.text_keyword("format", "float");
}

}  // namespace evoke::json
