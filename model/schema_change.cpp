#include "model/schema_change.hpp"

#include <evoke/json/document.hpp>

#include <string>

namespace evoke::json {
namespace {

using difference = std::optional<std::string>;

difference at(std::string const& place, std::string_view what) {
  return std::string(place.empty() ? "/" : place.c_str()).append(": ").append(what);
}

bool lists(value const& object, std::string_view name) {
  auto const required = object.find("required");
  if (!required) return false;
  for (value const each : required->elements())
    if (each.as_string() == name) return true;
  return false;
}

bool same_scalar(value const& left, value const& right) {
  return left.kind() == right.kind() && left.as_bool() == right.as_bool() && left.as_string() == right.as_string() &&
         left.number_text() == right.number_text();
}

difference compare(value const& before, value const& now, std::string const& place);

/// The fields of one object; `before` and `now` are its schema.
difference compare_fields(value const& before, value const& now, std::string const& place) {
  auto const old_fields = before.find("properties");
  auto const new_fields = now.find("properties");
  if (!old_fields || !new_fields) return old_fields || new_fields ? at(place, "the type is another one") : std::nullopt;
  for (auto const& [name, old_field] : old_fields->members()) {
    auto field_place = place;
    append_pointer_segment(field_place, name);
    auto const new_field = new_fields->find(name);
    if (!new_field) return at(field_place, "the field is gone");
    if (lists(before, name) != lists(now, name))
      return at(field_place, lists(now, name) ? "the field could be absent, and must be there now" : "the field may be absent now");
    if (auto other = compare(old_field, *new_field, field_place)) return other;
  }
  for (auto const& [name, field] : new_fields->members()) {
    if (old_fields->find(name) || !lists(now, name)) continue;
    auto field_place = place;
    append_pointer_segment(field_place, name);
    return at(field_place, "the field is new and must be there");
  }
  return std::nullopt;
}

difference compare_keywords(value const& before, value const& now, std::string const& place) {
  if (auto other = compare_fields(before, now, place)) return other;
  auto const apart = [](std::string_view name) { return name == "properties" || name == "required" || name == "$id"; };
  for (auto const& [name, old_value] : before.members()) {
    if (apart(name)) continue;
    auto const new_value = now.find(name);
    if (!new_value) return at(place, "the type is another one");
    if (auto other = compare(old_value, *new_value, place)) return other;
  }
  for (auto const& [name, new_value] : now.members())
    if (!apart(name) && !before.find(name)) return at(place, "the type is another one");
  return std::nullopt;
}

difference compare(value const& before, value const& now, std::string const& place) {
  if (before.is_object() && now.is_object()) return compare_keywords(before, now, place);
  if (!before.is_array() || !now.is_array())
    return same_scalar(before, now) && !before.is_array() ? std::nullopt : at(place, "the type is another one");
  if (before.size() != now.size()) return at(place, "the type is another one");
  auto other = now.elements().begin();
  for (value const each : before.elements()) {
    if (auto found = compare(each, *other, place)) return found;
    ++other;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> incompatible_change(std::string_view before, std::string_view now) {
  if (before == now) return std::nullopt;
  document old_text;
  document new_text;
  auto const old_root = old_text.parse(before);
  auto const new_root = new_text.parse(now);
  if (!old_root || !new_root) return "a schema does not read";
  return compare(*old_root, *new_root, "");
}

}  // namespace evoke::json
