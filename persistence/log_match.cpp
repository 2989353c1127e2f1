#include "persistence/log_match.hpp"

#include <algorithm>

namespace evoke::persistence {
namespace {

bool holds(std::vector<name_id> const& wanted, name_id found) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), found) != wanted.end();
}

/// Where no correlation was given, the command's own id stands for it.
bool correlates(std::string_view wanted, event_view const& event) {
  if (wanted.empty()) return true;
  return event.correlation_id.empty() ? wanted == event.command_id.str() : wanted == event.correlation_id;
}

}  // namespace

bool matches(resolved_filter const& filter, event_view const& event) {
  return !filter.never && holds(filter.types, event.stream_type) && holds(filter.event_types, event.type) &&
         event.stream_id.starts_with(filter.id_prefix) && (!filter.not_before || event.time >= *filter.not_before) &&
         correlates(filter.correlation_id, event) && (filter.causation_id.empty() || filter.causation_id == event.causation_id);
}

bool wants_everything(resolved_filter const& filter) noexcept {
  return !filter.never && filter.types.empty() && filter.event_types.empty() && filter.id_prefix.empty() && filter.correlation_id.empty() &&
         filter.causation_id.empty() && !filter.not_before;
}

}  // namespace evoke::persistence
