#include "runtime/view_plan.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "model/index_key.hpp"
#include "persistence/wire.hpp"
#include "runtime/fingerprint.hpp"

namespace evoke::detail {
namespace {

using relation = field_condition::relation;

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t kMaxCursorBytes = 8 * 1024;

/// What was asked, unambiguously: every part with its length.
std::uint64_t question_of(projection_definition const& definition, view_query const& asked, index_info const* index) {
  std::string text;
  auto const add = [&text](std::string_view part) { text.append(std::to_string(part.size())).append(1, ':').append(part); };
  add(asked.key_prefix);
  add(asked.backward ? "backward" : "forward");
  if (index != nullptr) {
    add(index->name);
    for (auto const& field : index->fields) {
      add(field.name);
      add(std::to_string(static_cast<unsigned>(field.order)) + (field.optional ? "?" : ""));
    }
  }
  for (auto const& each : asked.where) {
    add(each.field);
    add(std::to_string(static_cast<unsigned>(each.is)));
    add(each.value ? "=" + *each.value : "absent");
  }
  return fingerprint(definition.name(), text);
}

std::string behind(std::string prefix) {
  return behind_prefix(std::move(prefix)).value_or("");
}

/// Narrows `range`, whose two ends begin with `prefix`, by one bound on the field that follows it.
result<void> narrow(persistence::key_range& range, std::string const& prefix, index_field const& field, field_condition const& by) {
  if (!by.value) return fail(errc::invalid_argument, "field " + field.name + ": an absent value has no range; ask for equality");
  auto encoded = encode_field_text(field, *by.value);
  if (!encoded) return std::unexpected(encoded.error());
  auto const at = prefix + *encoded;
  switch (by.is) {
    case relation::at_least: range.from = std::max(range.from, at); break;
    case relation::greater:
      if (auto const next = behind_prefix(at))
        range.from = std::max(range.from, *next);
      else
        range.from = range.until = at;  // nothing is greater
      break;
    case relation::less: range.until = range.until.empty() ? at : std::min(range.until, at); break;
    case relation::at_most: range.until = range.until.empty() ? behind(at) : std::min(range.until, behind(at)); break;
    case relation::equal: break;
  }
  return {};
}

result<persistence::key_range> range_of(index_info const& index, std::vector<field_condition> const& where) {
  for (auto const& each : where)
    if (std::ranges::find(index.fields, each.field, &index_field::name) == index.fields.end())
      return fail(errc::unknown_index, "index " + index.name + " has no field " + each.field);
  std::string prefix;
  std::size_t used = 0;
  for (auto const& field : index.fields) {
    auto const of_field = [&](field_condition const& each) { return each.field == field.name; };
    auto const conditions = std::ranges::count_if(where, of_field);
    auto const equal = std::ranges::find_if(where, [&](auto const& each) { return of_field(each) && each.is == relation::equal; });
    if (equal == where.end()) {
      // The field with the range, if there is one, and the end.
      persistence::key_range range{prefix, behind(prefix)};
      bool lower = false;
      bool upper = false;
      for (auto const& each : where) {
        if (!of_field(each)) continue;
        bool& taken = each.is == relation::at_least || each.is == relation::greater ? lower : upper;
        if (std::exchange(taken, true)) return fail(errc::invalid_argument, "field " + field.name + " has two bounds on the same side");
        if (auto done = narrow(range, prefix, field, each); !done) return std::unexpected(done.error());
      }
      // Absent ones come before all values, and are in no range of values.
      if (upper && !lower && field.optional) range.from = std::max(range.from, prefix + std::string(1, '\x01'));
      if (used + static_cast<std::size_t>(conditions) != where.size())
        return fail(errc::invalid_argument, "index " + index.name +
                                                " answers equality on its first fields, and a range on the one behind them; " + "field " +
                                                field.name + " has neither, or more follows behind its range");
      return range;
    }
    if (conditions > 1) return fail(errc::invalid_argument, "field " + field.name + " has another condition beside its equality");
    std::optional<std::string_view> value;
    if (equal->value) value = *equal->value;
    auto encoded = encode_field_text(field, value);
    if (!encoded) return std::unexpected(encoded.error());
    prefix += *encoded;
    ++used;
  }
  return persistence::key_range{prefix, behind(prefix)};
}

/// The least key behind this one.
std::string next_key(std::string key) {
  key.push_back('\0');
  return key;
}

result<void> go_on_behind(view_plan& made, std::string const& cursor) {
  auto const bytes = from_base64url(cursor);
  if (!bytes || bytes->size() <= 8) return fail(errc::invalid_argument, "the cursor is none of these");
  if (persistence::get_big_endian(std::string_view(*bytes).substr(0, 8)) != made.question)
    return fail(errc::stale_cursor, "the cursor belongs to another query, or the index has changed since: begin anew");
  auto key = bytes->substr(8);
  if (made.backward)
    made.range.until = made.range.until.empty() ? key : std::min(made.range.until, key);
  else
    made.range.from = std::max(made.range.from, next_key(std::move(key)));
  return {};
}

}  // namespace

result<view_plan> plan(projection_definition const& definition, view_query const& asked) {
  view_plan made;
  made.backward = asked.backward;
  index_info const* index = nullptr;
  if (asked.index.empty()) {
    if (!asked.where.empty()) return fail(errc::invalid_argument, "conditions need an index");
    made.range = {asked.key_prefix, behind(asked.key_prefix)};
  } else {
    auto const& all = definition.indexes();
    auto const found = std::ranges::find(all, asked.index, &index_info::name);
    if (found == all.end()) return fail(errc::unknown_index, definition.name() + " has no index " + asked.index);
    if (!asked.key_prefix.empty()) return fail(errc::invalid_argument, "a key's prefix is for queries by key");
    index = &*found;
    made.index = static_cast<std::size_t>(found - all.begin());
    auto range = range_of(*index, asked.where);
    if (!range) return std::unexpected(range.error());
    made.range = std::move(*range);
  }
  made.question = question_of(definition, asked, index);
  if (!asked.cursor.empty())
    if (auto done = go_on_behind(made, asked.cursor); !done) return std::unexpected(done.error());
  return made;
}

std::string cursor_behind(view_plan const& plan, std::string_view order_key) {
  std::string bytes(8, '\0');
  persistence::put_big_endian(bytes.data(), plan.question, 8);
  return base64url(bytes.append(order_key));
}

std::string base64url(std::string_view bytes) {
  std::string text;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (char const each : bytes) {
    bits = (bits << 8U) | static_cast<unsigned char>(each);
    for (count += 8; count >= 6; count -= 6) text.push_back(kDigits[(bits >> (count - 6)) & 63U]);
  }
  if (count > 0) text.push_back(kDigits[(bits << (6 - count)) & 63U]);
  return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
  if (text.size() > kMaxCursorBytes || text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (char const each : text) {
    auto const digit = kDigits.find(each);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = (bits << 6U) | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push_back(static_cast<char>((bits >> count) & 255U));
    }
  }
  if ((bits & ((1U << count) - 1U)) != 0) return std::nullopt;  // one text for the same bytes
  return bytes;
}

}  // namespace evoke::detail
