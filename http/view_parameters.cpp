#include "http/view_parameters.hpp"

#include "http/parameters.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace evoke::http {
namespace {

using relation = field_condition::relation;

constexpr std::size_t standard_limit = 100;
constexpr std::array<std::string_view, 5> own_names{"index", "limit", "cursor", "prefix", "direction"};
constexpr std::array<std::pair<std::string_view, relation>, 5> suffixes{{{".eq", relation::equal},
                                                                         {".gt", relation::greater},
                                                                         {".gte", relation::at_least},
                                                                         {".lt", relation::less},
                                                                         {".lte", relation::at_most}}};

result<field_condition> read_condition(std::string_view name, std::string_view value) {
  auto const dot = name.rfind('.');
  if (dot == std::string_view::npos) return field_condition{std::string(name), relation::equal, std::string(value)};
  std::string field(name.substr(0, dot));
  auto const suffix = name.substr(dot);
  if (suffix == ".absent") {
    if (!value.empty() && value != "true") return fail(errc::invalid_argument, std::string(name) + ": true, or nothing");
    return field_condition{std::move(field), relation::equal, std::nullopt};
  }
  for (auto const& [known, meaning] : suffixes)
    if (suffix == known) return field_condition{std::move(field), meaning, std::string(value)};
  return fail(errc::invalid_argument, std::string(name) + ": behind the field stands .eq, .gt, .gte, .lt, .lte or .absent");
}

result<std::vector<field_condition>> read_conditions(incoming const& request) {
  std::vector<field_condition> made;
  std::optional<failure> wrong;
  request.for_each_query([&](std::string_view name, std::string_view value) {
    if (wrong || is_view_parameter(name)) return;
    if (request.query_count(name) > 1) {
      wrong = failure{errc::invalid_argument, std::string(name) + ": may be given only once", {}, {}, {}, {}};
      return;
    }
    auto condition = read_condition(name, value);
    if (condition)
      made.push_back(*std::move(condition));
    else
      wrong = std::move(condition.error());
  });
  if (wrong) return std::unexpected(*std::move(wrong));
  return made;
}

/// Equality on a leading part, ranges on the field behind it, and nothing besides.
bool fits(index_info const& index, std::vector<field_condition> const& where) {
  std::set<std::string_view> equal;
  std::set<std::string_view> ranges;
  for (auto const& each : where) (each.is == relation::equal ? equal : ranges).insert(each.field);
  if (ranges.size() > 1 || equal.size() + ranges.size() > index.fields.size()) return false;
  for (std::size_t i = 0; i < equal.size(); ++i)
    if (!equal.contains(index.fields[i].name)) return false;
  return ranges.empty() || ranges.contains(index.fields[equal.size()].name);
}

/// "user (userAccountId), status_total (status, total)"
std::string listed(std::vector<index_info> const& indexes) {
  std::string text;
  for (auto const& index : indexes) {
    text.append(text.empty() ? "" : ", ").append(index.name).append(" (");
    for (auto const& field : index.fields) text.append(text.back() == '(' ? "" : ", ").append(field.name);
    text.append(")");
  }
  return text.empty() ? "none" : text;
}

bool has_field(index_info const& index, std::string_view name) {
  return std::ranges::find(index.fields, name, &index_field::name) != index.fields.end();
}

/// `user=u-1`: the name of an index stands for its first field, where no field is called so, and names the index. @returns that index, if
/// one was named.
index_info const* resolve_index_names(projection_definition const& asked, std::vector<field_condition>& where) {
  index_info const* meant = nullptr;
  for (auto& each : where) {
    if (std::ranges::any_of(asked.indexes(), [&](index_info const& index) { return has_field(index, each.field); })) continue;
    auto const named = std::ranges::find(asked.indexes(), each.field, &index_info::name);
    if (named == asked.indexes().end()) continue;
    each.field = named->fields.front().name;
    meant = &*named;
  }
  return meant;
}

result<std::string> chosen_index(incoming const& request, projection_definition const& asked, index_info const* meant,
                                 std::vector<field_condition> const& where) {
  if (auto const named = request.find_query("index")) {
    auto const found = std::ranges::find(asked.indexes(), *named, &index_info::name);
    if (found == asked.indexes().end())
      return fail(errc::unknown_index, asked.name() + " has no index " + std::string(*named) + "; there are: " + listed(asked.indexes()));
    return found->name;
  }
  if (meant != nullptr) return meant->name;
  if (where.empty()) return std::string{};  // by key
  index_info const* chosen = nullptr;
  for (auto const& index : asked.indexes()) {
    if (!fits(index, where)) continue;
    if (chosen != nullptr)
      return fail(errc::unknown_index, "several indexes fit these fields, say which by index=; there are: " + listed(asked.indexes()));
    chosen = &index;
  }
  if (chosen == nullptr)
    return fail(errc::unknown_index,
                "no index of " + asked.name() +
                    " fits these fields (equality on its first ones, a range on the next); there are: " + listed(asked.indexes()));
  return chosen->name;
}

}  // namespace

bool is_view_parameter(std::string_view name) noexcept {
  return std::ranges::find(own_names, name) != own_names.end();
}

result<view_query> read_view_query(incoming const& request, projection_definition const& asked, std::size_t most) {
  for (auto const name : own_names)
    if (request.query_count(name) > 1) return fail(errc::invalid_argument, std::string(name) + ": may be given only once");
  auto where = read_conditions(request);
  if (!where) return std::unexpected(std::move(where.error()));
  auto const* const meant = resolve_index_names(asked, *where);
  auto index = chosen_index(request, asked, meant, *where);
  if (!index) return std::unexpected(std::move(index.error()));
  auto const limit = read_limit(request, standard_limit, most);
  if (!limit) return std::unexpected(limit.error());
  auto const way = request.query("direction");
  if (request.has_query("direction") && way != "forward" && way != "backward")
    return fail(errc::invalid_argument, "direction: forward or backward");
  if (request.has_query("prefix") && !index->empty()) return fail(errc::invalid_argument, "prefix: of keys, not together with an index");

  view_query made;
  made.projection = asked.name();
  made.index = *std::move(index);
  made.where = *std::move(where);
  made.key_prefix = std::string(request.query("prefix"));
  made.backward = way == "backward";
  made.limit = *limit;
  made.cursor = std::string(request.query("cursor"));
  return made;
}

}  // namespace evoke::http
