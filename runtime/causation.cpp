#include "runtime/causation.hpp"

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>

namespace evoke::detail {
namespace {

/// Goes from event to event, breadth first, until nothing is new or there are enough.
class explorer {
 public:
  explorer(persistence::journal const& store, std::size_t limit) : store_(store), limit_(limit) {}

  result<causation_graph> explore(causation_request const& request) {
    auto const start = find(request.event);
    if (!start) return std::unexpected(start.error());
    if (request.direction != causation_direction::effects)
      if (auto done = follow(*start, [this](recorded_event const& from) { return to_cause(from); }); !done)
        return std::unexpected(done.error());
    if (request.direction != causation_direction::causes)
      if (auto done = follow(*start, [this](recorded_event const& from) { return to_effects(from); }); !done)
        return std::unexpected(done.error());
    for (auto& [at, event] : found_) graph_.events.push_back(std::move(event));
    return std::move(graph_);
  }

 private:
  using step = std::function<result<std::vector<position>>(recorded_event const&)>;

  result<void> follow(position start, step const& next) {
    std::deque<position> waiting{start};
    while (!waiting.empty()) {
      auto const from = found_.at(waiting.front());
      waiting.pop_front();
      auto const more = next(from);
      if (!more) return std::unexpected(more.error());
      waiting.insert(waiting.end(), more->begin(), more->end());
    }
    return {};
  }

  result<std::vector<position>> to_cause(recorded_event const& from) {
    std::vector<position> fresh;
    if (from.meta.causation_id == command_of_.at(from.position)) return fresh;  // none was given: its own command's id stands there
    graph_.edges.push_back({from.meta.causation_id, from.id});
    auto const parent = uuid::parse(from.meta.causation_id);
    if (!parent) return fresh;
    auto const before = found_.size();
    auto const at = find(*parent);
    if (at && found_.size() > before) fresh.push_back(*at);
    if (!at && at.error().code != errc::not_found) return std::unexpected(at.error());
    return fresh;
  }

  result<std::vector<position>> to_effects(recorded_event const& from) {
    std::vector<position> fresh;
    persistence::resolved_filter effects;
    effects.causation_id = from.id.str();
    auto read = store_.scan_log(position{}, UINT64_MAX, effects, [&](persistence::event_view const& event) {
      if (found_.contains(event.position)) return true;
      if (!keep(event)) return false;
      graph_.edges.push_back({effects.causation_id, event.id});
      fresh.push_back(event.position);
      return true;
    });
    if (!read) return std::unexpected(read.error());
    return fresh;
  }

  result<position> find(event_id id) {
    std::optional<position> at;
    auto read = store_.find_event(id, [&](persistence::event_view const& event) {
      if (found_.contains(event.position) || keep(event)) at = event.position;
      return false;
    });
    if (!read) return std::unexpected(read.error());
    if (!at) return fail(errc::not_found, "beyond the limit");
    return *at;
  }

  bool keep(persistence::event_view const& event) {
    if (found_.size() >= limit_) {
      graph_.complete = false;
      return false;
    }
    command_of_[event.position] = event.command_id.str();
    found_.emplace(event.position, persistence::to_recorded(store_, event));
    return true;
  }

  persistence::journal const& store_;
  std::size_t limit_;
  std::map<position, recorded_event> found_;
  std::map<position, std::string> command_of_;
  causation_graph graph_;
};

}  // namespace

result<causation_graph> explore_causation(persistence::journal const& store, causation_request const& request, std::size_t limit) {
  return explorer(store, limit).explore(request);
}

}  // namespace evoke::detail
