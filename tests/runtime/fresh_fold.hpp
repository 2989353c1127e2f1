#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "model/test_documents.hpp"
#include "tests/runtime/ledger_views.hpp"

namespace evoke::tests {

using documents = std::map<std::string, std::string, std::less<>>;

/// The documents that a projection makes of the whole log, folded in memory by nothing but the definition. What a projection does with its
/// store, batches, caches and crashes is not in here.
inline result<documents> fresh_fold(runtime& rt, projection_definition const& definition) {
  documents made;
  testing::detail::test_documents table(definition, made, testing::detail::test_documents::between_events::kept);
  auto const wanted = [&](recorded_event const& event) {
    for (auto const& source : definition.sources())
      if (source.type == event.stream_type)
        for (auto const& name : source.events)
          if (name == event.type) return true;
    return false;
  };
  log_request ask{.after = {}, .since = {}, .limit = 1'000, .filter = {}};
  for (bool more = true; more;) {
    auto page = rt.read_log(ask).get();
    if (!page) return std::unexpected(page.error());
    for (auto const& each : page->events) {
      if (!wanted(each)) continue;
      projected_event const event{
          each.id,       each.type.str(), each.schema_version, each.stream_type.str(),   each.stream_id.str(),   each.version,
          each.position, each.time,       each.data,           each.meta.correlation_id, each.meta.causation_id, each.meta.user};
      if (auto done = definition.project(event, table); !done) return std::unexpected(done.error());
      table.commit();
    }
    more = !page->at_end;
    ask.after = page->next_after;
  }
  table.finish();
  return made;
}

/// All documents of a read model as they are served, once it has handled the log's head.
inline result<documents> served(runtime& rt, std::string const& projection) {
  documents made;
  view_query ask;
  ask.projection = projection;
  ask.limit = 1'000;
  ask.after = {rt.info().head, std::chrono::seconds(60), false};
  for (;;) {
    auto page = rt.query(ask).get();
    if (!page) return std::unexpected(page.error());
    for (auto& each : page->documents) made.emplace(std::move(each.key), std::move(each.json));
    if (!page->next) return made;
    ask.cursor = *page->next;
  }
}

}  // namespace evoke::tests
