#include <evoke/detail/typed_process.hpp>
#include <evoke/process_definition.hpp>

#include <algorithm>

namespace evoke {

process_event_info const* process_definition::find_event(std::string_view stream_type, std::string_view event) const noexcept {
  for (auto const& source : sources_) {
    if (source.type.str() != stream_type) continue;
    for (auto const& each : source.events)
      if (each.name.str() == event) return &each;
  }
  return nullptr;
}

namespace detail {

void add_process_event(std::vector<process_source>& sources, std::string_view type, std::string_view event, bool starts) {
  auto found = std::ranges::find_if(sources, [&](process_source const& each) { return each.type.str() == type; });
  if (found == sources.end()) {
    sources.push_back({aggregate_type::trusted(std::string(type)), {}});
    found = std::prev(sources.end());
  }
  found->events.push_back({event_type::trusted(std::string(event)), starts});
}

failure not_followed(std::string_view process, projected_event const& event) {
  return {errc::invalid_argument,
          "process '" + std::string(process) + "' does not follow event '" + std::string(event.type) + "' of '" +
              std::string(event.stream_type) + "'",
          {},
          {},
          {}};
}

}  // namespace detail
}  // namespace evoke
