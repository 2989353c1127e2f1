#pragma once

#include "persistence/journal.hpp"
#include "persistence/wire.hpp"

#include <boost/container/small_vector.hpp>

#include <string_view>

/// How every key is laid out (docs/storage_format.md). Numbers are big-endian, so byte order is number order. A stream's id ends with a
/// zero byte, which no id contains, wherever something follows it.
namespace evoke::persistence {

/// A key being built: on the stack up to the size that all documented limits lead to.
class key_bytes {
 public:
  key_bytes& u8(std::uint8_t value) { return number(value, 1); }
  key_bytes& u16(std::uint64_t value) { return number(value, 2); }
  key_bytes& u32(std::uint64_t value) { return number(value, 4); }
  key_bytes& u64(std::uint64_t value) { return number(value, 8); }
  key_bytes& text(std::string_view bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  key_bytes& id(uuid const& value) {
    bytes_.insert(bytes_.end(), value.bytes().begin(), value.bytes().end());
    return *this;
  }
  /// Type, id and the zero that ends it: what all rows of a stream begin with.
  key_bytes& stream(stream_ref which) { return u32(which.type).text(which.id).u8(0); }

  /// Overwrites the last eight bytes.
  void patch_last_u64(std::uint64_t value) { put_big_endian(bytes_.data() + bytes_.size() - 8, value, 8); }
  void clear() { bytes_.clear(); }
  void cut_to(std::size_t size) { bytes_.resize(size); }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] std::string_view view() const { return {bytes_.data(), bytes_.size()}; }

 private:
  key_bytes& number(std::uint64_t value, std::size_t bytes) {
    auto const at = bytes_.size();
    bytes_.resize(at + bytes, boost::container::default_init);
    put_big_endian(bytes_.data() + at, value, bytes);
    return *this;
  }
  boost::container::small_vector<char, 320> bytes_;
};

/// Which kind of id a row of `links` is about.
enum class link_kind : std::uint8_t { correlation = 'c', causation = 'a' };

/// Which kind of name a row of `postings` is about.
enum class posting_kind : std::uint8_t { aggregate_type = 1, event_type = 2 };

[[nodiscard]] inline key_bytes event_key(stream_ref stream, version number) {
  return key_bytes{}.stream(stream).u64(number.value());
}
[[nodiscard]] inline key_bytes log_key(position first) {
  return key_bytes{}.u64(first.value());
}
[[nodiscard]] inline key_bytes stream_row_key(stream_ref stream) {
  return key_bytes{}.u32(stream.type).text(stream.id);
}
[[nodiscard]] inline key_bytes posting_key(posting_kind kind, name_id name, position first) {
  return key_bytes{}.u8(static_cast<std::uint8_t>(kind)).u32(name).u64(first.value());
}
[[nodiscard]] inline key_bytes link_key(link_kind kind, std::string_view id, position first) {
  return key_bytes{}.u8(static_cast<std::uint8_t>(kind)).u16(id.size()).text(id).u64(first.value());
}
[[nodiscard]] inline key_bytes event_id_key(event_id const& id, position at) {
  return key_bytes{}.id(id).u64(at.value());
}
/// Newest first, so that reading meets the newest and nothing that was deleted before it.
[[nodiscard]] inline key_bytes snapshot_key(stream_ref stream, version number) {
  return key_bytes{}.stream(stream).u64(~number.value());
}
[[nodiscard]] inline key_bytes command_key(stream_ref stream, std::string_view key) {
  return key_bytes{}.stream(stream).text(key);
}
/// The idempotency key inside such a row's key; empty where there is none.
[[nodiscard]] constexpr std::string_view key_in_command_row(std::string_view row) noexcept {
  constexpr std::size_t kTypeBytes = 4;  // may hold zeros itself
  auto const end_of_id = row.find('\0', kTypeBytes);
  return end_of_id == std::string_view::npos ? std::string_view{} : row.substr(end_of_id + 1);
}
[[nodiscard]] inline key_bytes timer_key(stream_ref stream, std::string_view name) {
  return key_bytes{}.stream(stream).text(name);
}
/// The same timer in the order of due times: behind the type number 0, which no stream has. Times before 1970 come first.
[[nodiscard]] inline key_bytes due_key(timestamp due, stream_ref stream, std::string_view name) {
  constexpr std::uint64_t kSign = 1ULL << 63U;
  return key_bytes{}.u32(0).u64(static_cast<std::uint64_t>(due.time_since_epoch().count()) ^ kSign).stream(stream).text(name);
}
/// @returns false where `key` is no such key.
[[nodiscard]] inline bool read_due_key(std::string_view key, timer_place& out) {
  constexpr std::size_t kHeadBytes = 4 + 8 + 4;
  if (key.size() <= kHeadBytes || get_big_endian(key.substr(0, 4)) != 0) return false;
  auto const biased = get_big_endian(key.substr(4, 8)) ^ (1ULL << 63U);
  out.due = timestamp(std::chrono::microseconds(static_cast<std::int64_t>(biased)));
  out.type = static_cast<name_id>(get_big_endian(key.substr(12, 4)));
  auto const end_of_id = key.find('\0', kHeadBytes);
  if (end_of_id == std::string_view::npos) return false;
  out.id = key.substr(kHeadBytes, end_of_id - kHeadBytes);
  out.name = key.substr(end_of_id + 1);
  return true;
}

/// Rows of `meta`.
inline constexpr std::string_view kFormatVersionKey = "format_version";
inline constexpr std::string_view kStoreIdKey = "store_id";
inline constexpr std::string_view kTimersFormatKey = "timers_format";
inline constexpr std::string_view kNamePrefix = "name/";
inline constexpr std::string_view kSchemaPrefix = "schema/";
[[nodiscard]] inline key_bytes name_key(name_kind kind, name_id id) {
  return key_bytes{}.text(kNamePrefix).u8(static_cast<std::uint8_t>(kind)).u32(id);
}

/// The big-endian number that a key ends with.
[[nodiscard]] inline std::uint64_t last_u64(std::string_view key) {
  return get_big_endian(key.substr(key.size() - 8));
}

}  // namespace evoke::persistence
