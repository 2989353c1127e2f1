#include "persistence/group_codec.hpp"

#include "persistence/crc32c.hpp"

#include <cassert>

namespace evoke::persistence {
namespace {

constexpr std::size_t kCountOffset = 1 + 8;
constexpr std::size_t kHeaderBytes = 1 + 8 + 4 + 8;
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kLengthBytes = 4;

}  // namespace

void group_builder::begin(position first) {
  bytes_.clear();
  bytes_.ensure(kHeaderBytes);
  bytes_.put_u8(kGroupFormat);
  bytes_.put_u64(first.value());
  bytes_.put_u32(0);
  bytes_.put_u64(0);
  first_ = first;
  count_ = 0;
}

std::string_view group_builder::add(append const& from, std::size_t index, version number) {
  bytes_.ensure(kLengthBytes);
  auto const length_at = bytes_.size();
  bytes_.put_u32(0);
  encode_record(bytes_, from, index, number, next());
  auto const record = bytes_.view(length_at + kLengthBytes);
  bytes_.patch_u32(length_at, static_cast<std::uint32_t>(record.size()));
  ++count_;
  return record;
}

std::string_view group_builder::finish(timestamp commit_time) {
  assert(count_ > 0);
  auto const time = static_cast<std::uint64_t>(commit_time.time_since_epoch().count());
  bytes_.patch_u32(kCountOffset, count_);
  bytes_.patch_u32(kCountOffset + 4, static_cast<std::uint32_t>(time));
  bytes_.patch_u32(kCountOffset + 8, static_cast<std::uint32_t>(time >> 32U));
  bytes_.ensure(kChecksumBytes);
  bytes_.put_u32(crc32c(bytes_.view()));
  return bytes_.view();
}

codec_problem group_view::read(std::string_view bytes, verify how, group_view& out) noexcept {
  if (bytes.size() < kHeaderBytes + kChecksumBytes) return codec_problem::truncated;
  auto const body = bytes.substr(0, bytes.size() - kChecksumBytes);
  if (how == verify::checksum && crc32c(body) != wire_reader(bytes.substr(body.size())).get_u32()) {
    return static_cast<std::uint8_t>(bytes[0]) == kGroupFormat ? codec_problem::checksum : codec_problem::unknown_format;
  }
  wire_reader in(body);
  if (in.get_u8() != kGroupFormat) return codec_problem::unknown_format;
  out.first_ = position{in.get_u64()};
  out.count_ = in.get_u32();
  out.commit_time_ = timestamp(std::chrono::microseconds(static_cast<std::int64_t>(in.get_u64())));
  out.records_ = body.substr(kHeaderBytes);
  return out.count_ == 0 || out.first_ == position{} ? codec_problem::inconsistent : codec_problem::none;
}

std::string_view group_view::record_at(position at) const noexcept {
  auto left = records_;
  for (auto here = first_; here < at; here = here.next()) static_cast<void>(take(left));
  return take(left);
}

std::string_view group_view::take(std::string_view& left) noexcept {
  wire_reader in(left);
  auto const length = in.get_u32();
  auto const record = in.get_bytes(length);
  left = in.ok() ? left.substr(kLengthBytes + record.size()) : std::string_view{};
  return record;
}

}  // namespace evoke::persistence
