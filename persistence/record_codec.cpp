#include "persistence/record_codec.hpp"

#include "persistence/crc32c.hpp"

#include <cassert>

namespace evoke::persistence {
namespace {

enum flag : std::uint16_t {
  has_event_id = 1U << 0U,
  has_correlation = 1U << 1U,
  has_causation = 1U << 2U,
  has_user = 1U << 3U,
  has_traceparent = 1U << 4U,
  has_tracestate = 1U << 5U,
  has_extra = 1U << 6U,
  has_timers = 1U << 7U,
  all_known = (1U << 8U) - 1U,
};

constexpr std::size_t kChecksumBytes = 4;
/// format, flags, time, two UUIDs, checksum and up to 13 varints.
constexpr std::size_t kFixedBytes = 1 + 2 + 8 + 16 + 16 + kChecksumBytes + 13 * kMaxVarintBytes;

std::size_t timers_bound(std::vector<timer_change> const& timers) {
  std::size_t bytes = kMaxVarintBytes;
  for (auto const& each : timers) bytes += 9 + 3 * kMaxVarintBytes + each.name.size() + each.command.size() + each.body.size();
  return bytes;
}

void put_timers(wire_writer& out, std::vector<timer_change> const& timers) {
  out.put_varint(timers.size());
  for (auto const& each : timers) {
    out.put_u8(static_cast<std::uint8_t>(each.what));
    out.put_text(each.name);
    out.put_u64(static_cast<std::uint64_t>(each.due.time_since_epoch().count()));
    out.put_text(each.command);
    out.put_text(each.body);
  }
}

timer_change get_timer(wire_reader& in) {
  timer_change made;
  made.what = static_cast<timer_change::action>(in.get_u8());
  made.name = in.get_text();
  made.due = timestamp(std::chrono::microseconds(static_cast<std::int64_t>(in.get_u64())));
  made.command = in.get_text();
  made.body = in.get_text();
  return made;
}

void skip_timers(wire_reader& in) noexcept {
  for (auto count = in.get_varint(); count > 0 && in.ok(); --count) {
    static_cast<void>(in.get_u8());
    static_cast<void>(in.get_text());
    static_cast<void>(in.get_u64());
    static_cast<void>(in.get_text());
    static_cast<void>(in.get_text());
  }
}

uuid get_uuid(wire_reader& in) noexcept {
  uuid::bytes_type bytes{};
  auto const from = in.get_bytes(bytes.size());
  if (in.ok()) std::memcpy(bytes.data(), from.data(), bytes.size());
  return uuid{bytes};
}

std::uint16_t flags_of(append const& from, event_draft const& draft, std::string const& extra, std::size_t index) {
  unsigned flags = 0;
  if (draft.client_id) flags |= has_event_id;
  if (!from.meta.correlation_id.empty()) flags |= has_correlation;
  if (!from.meta.causation_id.empty()) flags |= has_causation;
  if (!from.meta.user.empty()) flags |= has_user;
  if (!from.meta.traceparent.empty()) flags |= has_traceparent;
  if (!from.meta.tracestate.empty()) flags |= has_tracestate;
  if (!extra.empty()) flags |= has_extra;
  if (index == 0 && !from.timers.empty()) flags |= has_timers;
  return static_cast<std::uint16_t>(flags);
}

/// Reads everything but the checksum; leaves `in` where the timers begin or would begin.
std::uint16_t get_fields(wire_reader& in, uuid const& store, event_view& out) noexcept {
  auto const flags = in.get_u16();
  out.position = position{in.get_varint()};
  out.version = version{in.get_varint()};
  out.time = timestamp(std::chrono::microseconds(static_cast<std::int64_t>(in.get_u64())));
  out.type = in.get_varint32();
  out.schema_version = in.get_varint32();
  out.stream_type = in.get_varint32();
  out.stream_id = in.get_text();
  out.command_id = get_uuid(in);
  out.id = (flags & has_event_id) != 0 ? get_uuid(in) : made_event_id(store, out.time, out.position);
  auto const optional = [&](flag which) { return (flags & which) != 0 ? in.get_text() : std::string_view{}; };
  out.correlation_id = optional(has_correlation);
  out.causation_id = optional(has_causation);
  out.user = optional(has_user);
  out.traceparent = optional(has_traceparent);
  out.tracestate = optional(has_tracestate);
  out.extra = optional(has_extra);
  return flags;
}

}  // namespace

std::string_view describe(codec_problem problem) noexcept {
  switch (problem) {
    case codec_problem::none: return "it reads";
    case codec_problem::truncated: return "it is cut short";
    case codec_problem::unknown_format: return "its format is newer than this program";
    case codec_problem::checksum: return "its checksum does not match";
    case codec_problem::inconsistent: return "its content contradicts itself";
  }
  return "unknown";
}

void encode_record(wire_writer& out, append const& from, std::size_t index, version number, position at) {
  auto const& draft = from.events[index];
  auto const& meta = from.meta;
  auto const& extra = draft.extra.empty() ? meta.extra : draft.extra;
  auto const flags = flags_of(from, draft, extra, index);
  assert(number.value() != 0 && at.value() != 0);

  out.ensure(kFixedBytes + from.id.str().size() + meta.correlation_id.size() + meta.causation_id.size() + meta.user.size() +
             meta.traceparent.size() + meta.tracestate.size() + extra.size() + draft.data.size() +
             ((flags & has_timers) != 0 ? timers_bound(from.timers) : 0));
  auto const begin = out.size();
  out.put_u8(kRecordFormat);
  out.put_u16(flags);
  out.put_varint(at.value());
  out.put_varint(number.value());
  out.put_u64(static_cast<std::uint64_t>(from.time.time_since_epoch().count()));
  out.put_varint(draft.type);
  out.put_varint(draft.schema_version);
  out.put_varint(from.type);
  out.put_text(from.id.str());
  out.put_bytes(from.command_id.bytes().data(), from.command_id.bytes().size());
  if ((flags & has_event_id) != 0) out.put_bytes(draft.client_id->bytes().data(), draft.client_id->bytes().size());
  if ((flags & has_correlation) != 0) out.put_text(meta.correlation_id);
  if ((flags & has_causation) != 0) out.put_text(meta.causation_id);
  if ((flags & has_user) != 0) out.put_text(meta.user);
  if ((flags & has_traceparent) != 0) out.put_text(meta.traceparent);
  if ((flags & has_tracestate) != 0) out.put_text(meta.tracestate);
  if ((flags & has_extra) != 0) out.put_text(extra);
  if ((flags & has_timers) != 0) put_timers(out, from.timers);
  out.put_text(draft.data);
  out.put_u32(crc32c(out.view(begin)));
}

codec_problem decode_record(std::string_view bytes, uuid const& store, verify how, event_view& out) noexcept {
  if (bytes.size() <= kChecksumBytes) return codec_problem::truncated;
  auto const body = bytes.substr(0, bytes.size() - kChecksumBytes);
  if (how == verify::checksum && crc32c(body) != wire_reader(bytes.substr(body.size())).get_u32()) {
    return static_cast<std::uint8_t>(bytes[0]) == kRecordFormat ? codec_problem::checksum : codec_problem::unknown_format;
  }
  wire_reader in(body);
  if (in.get_u8() != kRecordFormat) return codec_problem::unknown_format;
  auto const flags = get_fields(in, store, out);
  if ((flags & ~all_known) != 0) return codec_problem::unknown_format;
  if ((flags & has_timers) != 0) skip_timers(in);
  out.data = in.get_text();
  if (!in.ok()) return codec_problem::truncated;
  if (!in.at_end() || out.version == version{} || out.position == position{}) return codec_problem::inconsistent;
  return codec_problem::none;
}

codec_problem decode_record_head(std::string_view bytes, stream_head& out) noexcept {
  wire_reader in(bytes);
  if (in.get_u8() != kRecordFormat) return in.ok() ? codec_problem::unknown_format : codec_problem::truncated;
  static_cast<void>(in.get_u16());
  out.position = position{in.get_varint()};
  out.version = version{in.get_varint()};
  out.time = timestamp(std::chrono::microseconds(static_cast<std::int64_t>(in.get_u64())));
  return in.ok() ? codec_problem::none : codec_problem::truncated;
}

std::vector<timer_change> decode_record_timers(std::string_view bytes) {
  std::vector<timer_change> out;
  if (bytes.size() <= kChecksumBytes) return out;
  wire_reader in(bytes.substr(0, bytes.size() - kChecksumBytes));
  if (in.get_u8() != kRecordFormat) return out;
  event_view ignored;
  if ((get_fields(in, uuid{}, ignored) & has_timers) == 0) return out;
  for (auto count = in.get_varint(); count > 0 && in.ok(); --count) out.push_back(get_timer(in));
  return out;
}

}  // namespace evoke::persistence
