#include "model/event_views.hpp"

namespace evoke::detail {

projected_event view_of(recorded_event const& event) noexcept {
  return {.id = event.id,
          .type = event.type.str(),
          .schema_version = event.schema_version,
          .stream_type = event.stream_type.str(),
          .stream_id = event.stream_id.str(),
          .version = event.version,
          .position = event.position,
          .time = event.time,
          .data = event.data,
          .correlation_id = event.meta.correlation_id,
          .causation_id = event.meta.causation_id,
          .user = event.meta.user,
          .part = event.part};
}

std::shared_ptr<recorded_event const> keep(projected_event const& seen) {
  auto kept = std::make_shared<recorded_event>();
  kept->id = seen.id;
  kept->type = event_type::trusted(std::string(seen.type));
  kept->schema_version = seen.schema_version;
  kept->stream_type = aggregate_type::trusted(std::string(seen.stream_type));
  kept->stream_id = aggregate_id::trusted(std::string(seen.stream_id));
  kept->version = seen.version;
  kept->position = seen.position;
  kept->time = seen.time;
  kept->data = seen.data;
  kept->meta.correlation_id =
      seen.correlation_id.empty() && !seen.command_id.is_nil() ? seen.command_id.str() : std::string(seen.correlation_id);
  kept->meta.causation_id = seen.causation_id;
  kept->meta.user = seen.user;
  return kept;
}

}  // namespace evoke::detail
