#include "persistence/row_codec.hpp"

#include "persistence/crc32c.hpp"

#include <algorithm>

namespace evoke::persistence {
namespace {

constexpr std::size_t kChecksumBytes = 4;

std::uint64_t to_number(timestamp time) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}
timestamp to_time(std::uint64_t number) {
  return timestamp(std::chrono::microseconds(static_cast<std::int64_t>(number)));
}

/// Begins a checksummed row and ends it in the same place.
class checksummed {
 public:
  checksummed(wire_writer& out, std::size_t bound, std::uint8_t format = kRowFormat) : out_(out), begin_(out.size()) {
    out_.ensure(1 + bound + kChecksumBytes);
    out_.put_u8(format);
  }
  void end() { out_.put_u32(crc32c(out_.view(begin_))); }

 private:
  wire_writer& out_;
  std::size_t begin_;
};

/// Checks format and checksum. @returns what lies between in `body`.
codec_problem open_row(std::string_view bytes, std::string_view& body, std::uint8_t format = kRowFormat) noexcept {
  if (bytes.size() < 1 + kChecksumBytes) return codec_problem::truncated;
  auto const covered = bytes.substr(0, bytes.size() - kChecksumBytes);
  bool const known = static_cast<std::uint8_t>(bytes[0]) == format;
  if (crc32c(covered) != wire_reader(bytes.substr(covered.size())).get_u32())
    return known ? codec_problem::checksum : codec_problem::unknown_format;
  body = covered.substr(1);
  return known ? codec_problem::none : codec_problem::unknown_format;
}

codec_problem end_of(wire_reader const& in) noexcept {
  if (!in.ok()) return codec_problem::truncated;
  return in.at_end() ? codec_problem::none : codec_problem::inconsistent;
}

}  // namespace

void encode_command(wire_writer& out, command_record const& record) {
  checksummed row(out,
                  8 + 8 + 1 + 1 + 7 * kMaxVarintBytes + 1 + record.why.code.size() + record.why.message.size() + record.why.details.size());
  out.put_u64(record.fingerprint);
  out.put_u64(to_number(record.time));
  out.put_u8(static_cast<std::uint8_t>(record.end));
  out.put_u8(record.created ? 1 : 0);
  out.put_varint(record.first_version.value());
  out.put_varint(record.event_count);
  out.put_varint(record.version.value());
  out.put_varint(record.position.value());
  if (record.end == command_end::rejection) {
    out.put_u8(static_cast<std::uint8_t>(record.why.kind));
    out.put_text(record.why.code);
    out.put_text(record.why.message);
    out.put_text(record.why.details);
  }
  row.end();
}

codec_problem decode_command(std::string_view bytes, command_record& out) {
  std::string_view body;
  if (auto const problem = open_row(bytes, body); problem != codec_problem::none) return problem;
  wire_reader in(body);
  out.fingerprint = in.get_u64();
  out.time = to_time(in.get_u64());
  auto const end = in.get_u8();
  out.created = (in.get_u8() & 1U) != 0;
  out.first_version = version{in.get_varint()};
  out.event_count = in.get_varint32();
  out.version = version{in.get_varint()};
  out.position = position{in.get_varint()};
  if (end < 1 || end > 3) return codec_problem::inconsistent;
  out.end = static_cast<command_end>(end);
  if (out.end == command_end::rejection) {
    auto const kind = in.get_u8();
    if (kind > static_cast<std::uint8_t>(rejection_kind::forbidden)) return codec_problem::inconsistent;
    out.why.kind = static_cast<rejection_kind>(kind);
    out.why.code = in.get_text();
    out.why.message = in.get_text();
    out.why.details = in.get_text();
  }
  return end_of(in);
}

bool command_time(std::string_view bytes, timestamp& out) noexcept {
  wire_reader in(bytes);
  if (in.get_u8() != kRowFormat) return false;
  static_cast<void>(in.get_u64());
  out = to_time(in.get_u64());
  return in.ok();
}

void encode_snapshot(wire_writer& out, snapshot const& state) {
  checksummed row(out, 3 * kMaxVarintBytes + 8 + 8 + 1 + state.state.size());
  out.put_varint(state.version.value());
  out.put_varint(state.position.value());
  out.put_u64(to_number(state.time));
  out.put_u64(state.shape);
  out.put_u8(0);
  out.put_text(state.state);
  row.end();
}

codec_problem decode_snapshot(std::string_view bytes, snapshot& out) {
  std::string_view body;
  if (auto const problem = open_row(bytes, body); problem != codec_problem::none) return problem;
  wire_reader in(body);
  out.version = version{in.get_varint()};
  out.position = position{in.get_varint()};
  out.time = to_time(in.get_u64());
  out.shape = in.get_u64();
  if (in.get_u8() != 0) return codec_problem::unknown_format;
  out.state = in.get_text();
  return end_of(in);
}

void encode_posting(wire_writer& out, std::span<std::uint32_t const> indexes, std::uint32_t group_count) {
  out.ensure(1 + indexes.size() * 5);
  if (indexes.size() == group_count) return out.put_u8(kRowFormat);
  out.put_u8(kListedPosting);
  std::uint32_t before = 0;
  for (auto const index : indexes) {
    out.put_varint(index - before);
    before = index;
  }
}

codec_problem decode_posting(std::string_view bytes, posting& out) {
  wire_reader in(bytes);
  auto const format = in.get_u8();
  out.indexes.clear();
  out.all = format == kRowFormat;
  if (out.all) return end_of(in);
  if (format != kListedPosting) return in.ok() ? codec_problem::unknown_format : codec_problem::truncated;
  std::uint64_t index = 0;
  while (in.ok() && !in.at_end()) {
    auto const gap = in.get_varint32();
    if (gap == 0 && !out.indexes.empty()) return codec_problem::inconsistent;
    index += gap;
    if (index > 0xffffffffU) return codec_problem::inconsistent;
    out.indexes.push_back(static_cast<std::uint32_t>(index));
  }
  return end_of(in);
}

void encode_link(wire_writer& out, std::uint64_t event_count) {
  out.ensure(1 + kMaxVarintBytes);
  out.put_u8(kRowFormat);
  out.put_varint(event_count);
}

codec_problem decode_link(std::string_view bytes, std::uint64_t& event_count) noexcept {
  wire_reader in(bytes);
  if (in.get_u8() != kRowFormat) return in.ok() ? codec_problem::unknown_format : codec_problem::truncated;
  event_count = in.get_varint();
  return end_of(in);
}

void encode_event_id(wire_writer& out, stream_ref stream, version number) {
  out.ensure(1 + kMaxVarintBytes + 4 + stream.id.size());
  out.put_u8(kRowFormat);
  out.put_varint(number.value());
  char type[4];
  put_big_endian(type, stream.type, sizeof type);
  out.put_bytes(type, sizeof type);
  out.put_bytes(stream.id.data(), stream.id.size());
}

codec_problem decode_event_id(std::string_view bytes, stream_ref& stream, version& number) noexcept {
  wire_reader in(bytes);
  if (in.get_u8() != kRowFormat) return in.ok() ? codec_problem::unknown_format : codec_problem::truncated;
  number = version{in.get_varint()};
  stream.type = static_cast<name_id>(get_big_endian(in.get_bytes(4)));
  stream.id = in.get_bytes(in.left());
  return end_of(in);
}

void encode_stream_row(wire_writer& out, position created) {
  out.ensure(1 + kMaxVarintBytes);
  out.put_u8(kRowFormat);
  out.put_varint(created.value());
}

codec_problem decode_stream_row(std::string_view bytes, position& created) noexcept {
  wire_reader in(bytes);
  if (in.get_u8() != kRowFormat) return in.ok() ? codec_problem::unknown_format : codec_problem::truncated;
  created = position{in.get_varint()};
  return end_of(in);
}

void encode_timer(wire_writer& out, stored_timer const& timer) {
  checksummed row(out, 8 + 16 + 3 * kMaxVarintBytes + timer.correlation_id.size() + timer.command.size() + timer.body.size(), kTimerFormat);
  out.put_u64(to_number(timer.at.due));
  out.put_bytes(timer.set_by.bytes().data(), timer.set_by.bytes().size());
  out.put_text(timer.correlation_id);
  out.put_text(timer.command);
  out.put_text(timer.body);
  row.end();
}

codec_problem decode_timer(std::string_view bytes, stored_timer& out) {
  std::string_view body;
  if (auto const problem = open_row(bytes, body, kTimerFormat); problem != codec_problem::none) return problem;
  wire_reader in(body);
  out.at.due = to_time(in.get_u64());
  uuid::bytes_type set_by{};
  if (auto const from = in.get_bytes(set_by.size()); in.ok()) std::copy(from.begin(), from.end(), set_by.begin());
  out.set_by = event_id{set_by};
  out.correlation_id = in.get_text();
  out.command = in.get_text();
  out.body = in.get_text();
  return end_of(in);
}

bool timer_due(std::string_view bytes, timestamp& out) noexcept {
  wire_reader in(bytes);
  if (in.get_u8() != kTimerFormat) return false;
  out = to_time(in.get_u64());
  return in.ok();
}

void encode_due(wire_writer& out) {
  out.ensure(1);
  out.put_u8(kRowFormat);
}

void encode_service_row(wire_writer& out, std::string_view bytes) {
  checksummed row(out, kMaxVarintBytes + bytes.size());
  out.put_text(bytes);
  row.end();
}

codec_problem decode_service_row(std::string_view stored, std::string_view& bytes) noexcept {
  std::string_view body;
  if (auto const problem = open_row(stored, body); problem != codec_problem::none) return problem;
  wire_reader in(body);
  bytes = in.get_text();
  return end_of(in);
}

}  // namespace evoke::persistence
