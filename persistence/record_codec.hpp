#pragma once

#include "persistence/journal.hpp"
#include "persistence/wire.hpp"

#include <string_view>

/// The one stored form of an event: in `events` under its stream and version, and inside the groups of `log`. Never renumbered.
///
///     record  := format:u8(=1) flags:u16 position:varint version:varint time_us:i64 event_type:varint schema_version:varint
///                stream_type:varint stream_id:text command_id:16 bytes
///                [event_id:16 bytes] [correlation:text] [causation:text] [user:text] [traceparent:text] [tracestate:text] [extra:text]
///                [timers] data:text crc32c:u32
///     timers  := count:varint { action:u8 name:text due_us:i64 command:text body:text }
///     text    := length:varint bytes
///
/// What stands in brackets is there when its flag is set, in this order (bit 0: event_id ... bit 7: timers). Fixed numbers are
/// little-endian. The event id is stored only when a client gave it: made ids follow from time, position and store id. A command's timers
/// lie in its first event, so that the timers' own rows can be rebuilt. The checksum covers everything before it.
namespace evoke::persistence {

inline constexpr std::uint8_t kRecordFormat = 1;

/// What keeps stored bytes from being read.
enum class codec_problem : std::uint8_t {
  none,
  truncated,       ///< ends too early, or a length inside points beyond the end
  unknown_format,  ///< format version or flags of a newer program
  checksum,        ///< the bytes are not those that were written
  inconsistent,    ///< the checksum holds, but the content cannot be: a defect of the writer
};

/// "the checksum does not match", for messages.
[[nodiscard]] std::string_view describe(codec_problem problem) noexcept;

/// Whether a record's own checksum is to be checked; not needed where that of its group was.
enum class verify : std::uint8_t { checksum, nothing };

/// Appends event `index` of `from` as a record.
void encode_record(wire_writer& out, append const& from, std::size_t index, version number, position at);

/// `out` views into `bytes`. Its event id is given or made for `store`.
[[nodiscard]] codec_problem decode_record(std::string_view bytes, uuid const& store, verify how, event_view& out) noexcept;

/// Where a record lies, without reading the rest; for the end of a stream. Unchecked but for its length.
[[nodiscard]] codec_problem decode_record_head(std::string_view bytes, stream_head& out) noexcept;

/// The timers inside a record; empty where there are none. The record must have been decoded without a problem.
[[nodiscard]] std::vector<timer_change> decode_record_timers(std::string_view bytes);

}  // namespace evoke::persistence
