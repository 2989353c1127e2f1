#pragma once

#include "persistence/journal.hpp"
#include "persistence/record_codec.hpp"
#include "persistence/wire.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The values of the smaller column families. All begin with a format byte; those that nothing else could rebuild end with a crc32c.
///
///     command  := format:u8(=1) fingerprint:u64 time_us:i64 end:u8 flags:u8(bit 0: created) first_version:varint event_count:varint
///                 version:varint position:varint [rejection] crc32c:u32
///     rejection := kind:u8 code:text message:text details:text                       only when end = 3
///     snapshot := format:u8(=1) version:varint position:varint time_us:i64 shape:u64 codec:u8(=0: as encoded) state:text crc32c:u32
///     posting  := format:u8(=1) all records of the group | format:u8(=2) { gap:varint } ...
///     link     := format:u8(=1) event_count:varint
///     event_id := format:u8(=1) version:varint stream_type:u32 (big-endian) stream_id (the rest)
///     stream   := format:u8(=1) creation position:varint
///     timer    := format:u8(=2) due_us:i64 set_by:16 bytes correlation:text command:text body:text crc32c:u32
///     due      := format:u8(=1)
///     service  := format:u8(=1) bytes:text crc32c:u32
///
/// The gaps of a posting: the first is the index of the first matching record, each further one the distance to the next.
namespace evoke::persistence {

inline constexpr std::uint8_t kRowFormat = 1;
inline constexpr std::uint8_t kListedPosting = 2;
/// Format 1 had neither the event that set a timer nor its row in the order of due times; it is made anew from the log.
inline constexpr std::uint8_t kTimerFormat = 2;

void encode_command(wire_writer& out, command_record const& record);
[[nodiscard]] codec_problem decode_command(std::string_view bytes, command_record& out);
/// When it was decided, checked for format only; for expiry. @returns false where it does not read.
[[nodiscard]] bool command_time(std::string_view bytes, timestamp& out) noexcept;

void encode_snapshot(wire_writer& out, snapshot const& state);
[[nodiscard]] codec_problem decode_snapshot(std::string_view bytes, snapshot& out);

/// @param indexes ascending. @param group_count records in the whole group.
void encode_posting(wire_writer& out, std::span<std::uint32_t const> indexes, std::uint32_t group_count);
/// What a posting says: all, or these.
struct posting {
  bool all = false;
  std::vector<std::uint32_t> indexes{};
};
[[nodiscard]] codec_problem decode_posting(std::string_view bytes, posting& out);

void encode_link(wire_writer& out, std::uint64_t event_count);
[[nodiscard]] codec_problem decode_link(std::string_view bytes, std::uint64_t& event_count) noexcept;

void encode_event_id(wire_writer& out, stream_ref stream, version number);
[[nodiscard]] codec_problem decode_event_id(std::string_view bytes, stream_ref& stream, version& number) noexcept;

void encode_stream_row(wire_writer& out, position created);
[[nodiscard]] codec_problem decode_stream_row(std::string_view bytes, position& created) noexcept;

/// Of what lies in the key nothing but the time.
void encode_timer(wire_writer& out, stored_timer const& timer);
/// Fills all but type, id and name, which are in the key.
[[nodiscard]] codec_problem decode_timer(std::string_view bytes, stored_timer& out);
/// The time alone, unchecked but for its length and format. @returns false where it does not read.
[[nodiscard]] bool timer_due(std::string_view bytes, timestamp& out) noexcept;

/// The row in the order of due times says all in its key.
void encode_due(wire_writer& out);

/// A row of one of evoke's services (row_space).
void encode_service_row(wire_writer& out, std::string_view bytes);
[[nodiscard]] codec_problem decode_service_row(std::string_view stored, std::string_view& bytes) noexcept;

}  // namespace evoke::persistence
