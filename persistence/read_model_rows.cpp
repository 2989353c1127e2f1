#include "persistence/read_model_rows.hpp"

#include "persistence/crc32c.hpp"

namespace evoke::persistence {
namespace {

constexpr std::size_t kNumbersAtMost = 6 * kMaxVarintBytes + 16;
constexpr std::uint8_t kPaused = 1;
constexpr std::uint8_t kDeleted = 1;

codec_problem end_of(wire_reader const& in) {
  return in.at_end() ? codec_problem::none : codec_problem::truncated;
}

bool begins(wire_reader& in) {
  return in.get_u8() == kReadModelFormat;
}

void put_generation(wire_writer& out, std::optional<generation_identity> const& which) {
  auto const row = which.value_or(generation_identity{});
  out.put_varint(row.number);
  out.put_varint(row.version);
  out.put_u64(row.shape);
}

std::optional<generation_identity> get_generation(wire_reader& in) {
  generation_identity row;
  row.number = in.get_varint();
  row.version = in.get_varint32();
  row.shape = in.get_u64();
  if (row.number == 0) return std::nullopt;
  return row;
}

}  // namespace

void encode_projection(wire_writer& out, projection_record const& row) {
  auto const begin = out.size();
  out.ensure(2 * kNumbersAtMost);
  out.put_u8(kReadModelFormat);
  out.put_u8(row.paused ? kPaused : 0);
  put_generation(out, row.live);
  put_generation(out, row.building);
  out.put_u32(crc32c(out.view(begin)));
}

codec_problem decode_projection(std::string_view bytes, projection_record& out) {
  if (bytes.size() < 4) return codec_problem::truncated;
  auto const body = bytes.substr(0, bytes.size() - 4);
  if (wire_reader(bytes.substr(body.size())).get_u32() != crc32c(body)) return codec_problem::checksum;
  wire_reader in(body);
  if (!begins(in)) return codec_problem::unknown_format;
  auto const flags = in.get_u8();
  if ((flags & ~kPaused) != 0) return codec_problem::unknown_format;
  out.paused = flags != 0;
  out.live = get_generation(in);
  out.building = get_generation(in);
  return end_of(in);
}

void encode_checkpoint(wire_writer& out, checkpoint_row const& row) {
  out.ensure(kNumbersAtMost);
  out.put_u8(kReadModelFormat);
  for (auto const each : {row.at.value(), std::uint64_t{row.round}, row.changes_after.value(), row.letters, row.blocked})
    out.put_varint(each);
}

codec_problem decode_checkpoint(std::string_view bytes, checkpoint_row& out) {
  wire_reader in(bytes);
  if (!begins(in)) return codec_problem::unknown_format;
  out.at = position{in.get_varint()};
  out.round = in.get_varint32();
  out.changes_after = position{in.get_varint()};
  out.letters = in.get_varint();
  out.blocked = in.get_varint();
  return end_of(in);
}

void encode_document(wire_writer& out, document_row const& row) {
  std::size_t bytes = kNumbersAtMost + row.json.size();
  for (auto const& each : row.sort_keys) bytes += each.size() + kMaxVarintBytes;
  out.ensure(bytes);
  out.put_u8(kReadModelFormat);
  out.put_varint(row.changed.value());
  out.put_varint(row.noted.at.value());
  out.put_varint(row.noted.round);
  out.put_varint(row.sort_keys.size());
  for (auto const& each : row.sort_keys) out.put_text(each);
  out.put_bytes(row.json.data(), row.json.size());
}

codec_problem decode_document(std::string_view bytes, document_row& out) {
  wire_reader in(bytes);
  if (!begins(in)) return codec_problem::unknown_format;
  out.changed = position{in.get_varint()};
  out.noted.at = position{in.get_varint()};
  out.noted.round = in.get_varint32();
  auto const count = in.get_varint();
  if (count > in.left()) return codec_problem::truncated;
  out.sort_keys.clear();
  out.sort_keys.reserve(static_cast<std::size_t>(count));
  for (std::uint64_t i = 0; i < count; ++i) out.sort_keys.emplace_back(in.get_text());
  out.json = in.get_bytes(in.left());
  return end_of(in);
}

void encode_index(wire_writer& out, std::size_t sort_key_bytes) {
  out.ensure(kMaxVarintBytes);
  out.put_varint(sort_key_bytes);
}

codec_problem decode_index(std::string_view bytes, std::size_t& sort_key_bytes) {
  wire_reader in(bytes);
  sort_key_bytes = in.get_varint();
  return end_of(in);
}

void encode_change(wire_writer& out, change_row const& row) {
  out.ensure(kNumbersAtMost);
  out.put_u8(kReadModelFormat);
  out.put_u8(row.deleted ? kDeleted : 0);
  out.put_varint(row.changed.value());
}

codec_problem decode_change(std::string_view bytes, change_row& out) {
  wire_reader in(bytes);
  if (!begins(in)) return codec_problem::unknown_format;
  out.deleted = (in.get_u8() & kDeleted) != 0;
  out.changed = position{in.get_varint()};
  return end_of(in);
}

void encode_letter(wire_writer& out, letter_row const& row) {
  out.ensure(2 * kNumbersAtMost + row.type.size() + row.id.size() + row.event_type.size() + row.error.size());
  out.put_u8(kReadModelFormat);
  out.put_varint(row.version.value());
  out.put_varint(row.attempts);
  out.put_u64(static_cast<std::uint64_t>(row.failed_at.time_since_epoch().count()));
  for (auto const* each : {&row.type, &row.id, &row.event_type, &row.error}) out.put_text(*each);
}

codec_problem decode_letter(std::string_view bytes, letter_row& out) {
  wire_reader in(bytes);
  if (!begins(in)) return codec_problem::unknown_format;
  out.version = version{in.get_varint()};
  out.attempts = in.get_varint32();
  out.failed_at = timestamp(std::chrono::microseconds(static_cast<std::int64_t>(in.get_u64())));
  for (auto* each : {&out.type, &out.id, &out.event_type, &out.error}) *each = in.get_text();
  return end_of(in);
}

void encode_blocked(wire_writer& out, blocked_row const& row) {
  out.ensure(kNumbersAtMost);
  out.put_u8(kReadModelFormat);
  out.put_varint(row.first.value());
  out.put_varint(row.letters);
}

codec_problem decode_blocked(std::string_view bytes, blocked_row& out) {
  wire_reader in(bytes);
  if (!begins(in)) return codec_problem::unknown_format;
  out.first = position{in.get_varint()};
  out.letters = in.get_varint();
  return end_of(in);
}

}  // namespace evoke::persistence
