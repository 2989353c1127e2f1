#pragma once

#include "persistence/record_codec.hpp"

/// One committed group as `log` stores it: the order of all events, kept in one row.
///
///     group := format:u8(=1) first_position:u64 count:u32 commit_time_us:i64 { length:u32 record } crc32c:u32
///
/// Little-endian. The records' positions are first_position, first_position + 1, ...; the checksum covers everything before it.
namespace evoke::persistence {

inline constexpr std::uint8_t kGroupFormat = 1;

/// Builds a group's bytes record by record. Keeps its memory between groups.
class group_builder {
 public:
  void begin(position first);
  /// Appends one record. @returns its bytes, valid until the next call.
  std::string_view add(append const& from, std::size_t index, version number);
  /// @returns the whole group, valid until `begin`.
  std::string_view finish(timestamp commit_time);
  [[nodiscard]] std::uint32_t count() const noexcept { return count_; }
  [[nodiscard]] position next() const noexcept { return first_.plus(count_); }

 private:
  wire_writer bytes_;
  position first_{};
  std::uint32_t count_ = 0;
};

/// A group read back: a view into its bytes.
class group_view {
 public:
  /// Reads the header, and with verify::checksum the whole.
  [[nodiscard]] static codec_problem read(std::string_view bytes, verify how, group_view& out) noexcept;

  [[nodiscard]] position first() const noexcept { return first_; }
  [[nodiscard]] position last() const noexcept { return position{first_.value() + count_ - 1}; }
  [[nodiscard]] std::uint32_t count() const noexcept { return count_; }
  [[nodiscard]] timestamp commit_time() const noexcept { return commit_time_; }
  /// Takes the next record's bytes off `left`, which begins as records(). @returns empty where there is none.
  [[nodiscard]] static std::string_view take(std::string_view& left) noexcept;
  [[nodiscard]] std::string_view records() const noexcept { return records_; }
  /// The bytes of the record at a position inside the group; empty where a length is wrong.
  [[nodiscard]] std::string_view record_at(position at) const noexcept;

 private:
  position first_{};
  std::uint32_t count_ = 0;
  timestamp commit_time_{};
  std::string_view records_;
};

}  // namespace evoke::persistence
