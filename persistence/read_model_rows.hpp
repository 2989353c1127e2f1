#pragma once

#include "persistence/record_codec.hpp"
#include "persistence/wire.hpp"

#include <evoke/ids.hpp>
#include <evoke/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The rows that read models are stored in (docs/storage_format.md, "Read models"). The values:
///
///     projection := format:u8(=1) flags:u8(bit 0: paused) live:generation building:generation crc32c:u32
///     generation := number:varint(0 = none) version:varint shape:u64
///     checkpoint := format:u8(=1) position:varint round:varint changes_after:varint letters:varint blocked:varint
///     document   := format:u8(=1) changed:varint noted:varint round:varint count:varint { sort_key:text } json (the rest)
///     index      := sort_key_length:varint
///     change     := format:u8(=1) flags:u8(bit 0: deleted) changed:varint
///     letter     := format:u8(=1) version:varint attempts:varint failed_at:i64 type:text id:text event_type:text error:text
///     blocked    := format:u8(=1) first:varint letters:varint
///
/// A change is noted under the position of its event. That of a dead letter that was retried comes later than its event: it is noted under
/// the checkpoint of that moment and the next round there. So what was noted up to some place stays up to it, also when a crash makes the
/// projection handle events again.
namespace evoke::persistence {

inline constexpr std::uint8_t kReadModelFormat = 1;

struct generation_identity {
  std::uint64_t number = 0;
  std::uint32_t version = 0;  ///< the projection's declared version when it was begun
  std::uint64_t shape = 0;    ///< projection_definition::shape() when it was begun

  friend bool operator==(generation_identity const&, generation_identity const&) = default;
};

/// What is stored of a projection apart from its documents.
struct projection_record {
  bool paused = false;
  std::optional<generation_identity> live{};
  std::optional<generation_identity> building{};

  friend bool operator==(projection_record const&, projection_record const&) = default;
};

struct checkpoint_row {
  position at{};              ///< everything up to here is handled, or put aside
  std::uint32_t round = 0;    ///< so many dead letters were handled while it stood here
  position changes_after{};   ///< the change index is complete behind this position
  std::uint64_t letters = 0;  ///< dead letters
  std::uint64_t blocked = 0;  ///< aggregates that have some

  friend bool operator==(checkpoint_row const&, checkpoint_row const&) = default;
};

/// Where a change is noted in the change index.
struct change_place {
  position at{};
  std::uint32_t round = 0;

  friend auto operator<=>(change_place const&, change_place const&) = default;
};

struct document_row {
  position changed{};                    ///< of the event that changed it last
  change_place noted{};                  ///< of that change
  std::vector<std::string> sort_keys{};  ///< its key in each index: what must go when it changes
  std::string json{};

  friend bool operator==(document_row const&, document_row const&) = default;
};

struct change_row {
  change_place noted{};  ///< and `key`: the row's key
  std::string key{};
  bool deleted = false;
  position changed{};

  friend bool operator==(change_row const&, change_row const&) = default;
};

struct letter_row {
  position at{};  ///< the row's key
  evoke::version version{};
  std::uint32_t attempts = 0;
  timestamp failed_at{};
  std::string type{};  ///< of the aggregate
  std::string id{};    ///< of the aggregate
  std::string event_type{};
  std::string error{};

  friend bool operator==(letter_row const&, letter_row const&) = default;
};

struct blocked_row {
  position first{};           ///< the event that failed: the oldest letter
  std::uint64_t letters = 0;  ///< it and those behind it

  friend bool operator==(blocked_row const&, blocked_row const&) = default;
};

/// Appended to `out`.
void encode_projection(wire_writer& out, projection_record const& row);
void encode_checkpoint(wire_writer& out, checkpoint_row const& row);
void encode_document(wire_writer& out, document_row const& row);
void encode_index(wire_writer& out, std::size_t sort_key_bytes);
void encode_change(wire_writer& out, change_row const& row);
void encode_letter(wire_writer& out, letter_row const& row);
void encode_blocked(wire_writer& out, blocked_row const& row);

/// What is in the key is not filled.
[[nodiscard]] codec_problem decode_projection(std::string_view bytes, projection_record& out);
[[nodiscard]] codec_problem decode_checkpoint(std::string_view bytes, checkpoint_row& out);
[[nodiscard]] codec_problem decode_document(std::string_view bytes, document_row& out);
[[nodiscard]] codec_problem decode_index(std::string_view bytes, std::size_t& sort_key_bytes);
[[nodiscard]] codec_problem decode_change(std::string_view bytes, change_row& out);
[[nodiscard]] codec_problem decode_letter(std::string_view bytes, letter_row& out);
[[nodiscard]] codec_problem decode_blocked(std::string_view bytes, blocked_row& out);

}  // namespace evoke::persistence
