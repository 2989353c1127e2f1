#include "persistence/journal.hpp"

#include <chrono>

namespace evoke::persistence {
namespace {

/// 12 bits that tell stores apart: the first one and a half bytes of the store's id.
std::uint16_t store_mark(uuid const& store) noexcept {
  auto const& bytes = store.bytes();
  return static_cast<std::uint16_t>((bytes[0] << 4U) | (bytes[1] >> 4U));
}

}  // namespace

event_id made_event_id(uuid const& store, timestamp time, position at) noexcept {
  auto const ms = static_cast<std::uint64_t>(std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count());
  auto const mark = store_mark(store);
  auto const number = at.value();
  uuid::bytes_type bytes{};
  for (unsigned i = 0; i < 6; ++i) bytes[i] = static_cast<std::uint8_t>(ms >> (40U - 8U * i));
  bytes[6] = static_cast<std::uint8_t>(0x80U | (mark >> 8U));  // version 8
  bytes[7] = static_cast<std::uint8_t>(mark);
  for (unsigned i = 0; i < 8; ++i) bytes[8 + i] = static_cast<std::uint8_t>(number >> (56U - 8U * i));
  bytes[8] = static_cast<std::uint8_t>(0x80U | (bytes[8] & 0x3fU));  // variant of RFC 9562
  return event_id{bytes};
}

position position_in(event_id const& id, uuid const& store) noexcept {
  auto const& bytes = id.bytes();
  auto const mark = store_mark(store);
  bool const ours = bytes[6] == (0x80U | (mark >> 8U)) && bytes[7] == (mark & 0xffU) && (bytes[8] & 0xc0U) == 0x80U;
  if (!ours) return {};
  std::uint64_t number = bytes[8] & 0x3fU;
  for (unsigned i = 1; i < 8; ++i) number = (number << 8U) | bytes[8 + i];
  return position{number};
}

recorded_event to_recorded(journal const& names, event_view const& view) {
  recorded_event out;
  out.id = view.id;
  out.type = event_type::trusted(std::string(names.name_of(name_kind::event_type, view.type)));
  out.schema_version = view.schema_version;
  out.stream_type = aggregate_type::trusted(std::string(names.name_of(name_kind::aggregate_type, view.stream_type)));
  out.stream_id = aggregate_id::trusted(std::string(view.stream_id));
  out.version = view.version;
  out.position = view.position;
  out.time = view.time;
  out.data = std::string(view.data);
  out.meta.correlation_id = view.correlation_id.empty() ? view.command_id.str() : std::string(view.correlation_id);
  out.meta.causation_id = view.causation_id.empty() ? view.command_id.str() : std::string(view.causation_id);
  out.meta.user = std::string(view.user);
  out.meta.traceparent = std::string(view.traceparent);
  out.meta.tracestate = std::string(view.tracestate);
  out.meta.extra = std::string(view.extra);
  return out;
}

}  // namespace evoke::persistence
