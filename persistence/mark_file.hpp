#pragma once

#include <evoke/ids.hpp>
#include <evoke/options.hpp>

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

/// The high-water mark: what was acknowledged, kept outside the write-ahead log so that damage to the log is noticed.
///
///     file := slot at 0, slot at 4096; 8192 bytes
///     slot := magic "evokemrk" format_version:u32 durability:u32(0 disk, 1 os) turn:u64 store_id:16 bytes boot_id:16 bytes
///             written_position:u64 synced_position:u64 written_sequence:u64 synced_sequence:u64 crc32c:u32
///
/// Little-endian. The slots are written in turn, so that a torn write leaves the one before; the higher readable turn counts. `sequence` is
/// RocksDB's: it moves with every write, also with one that holds no event.
///
/// Invariants: written >= synced; everything up to `written` was in the operating system's hands when the slot was written, everything up
/// to `synced` on the disk. Hence, after a kill (the same boot id) nothing up to `written` may be missing; after a power cut, nothing up to
/// `synced`.
namespace evoke::persistence {

struct high_water_mark {
  std::uint32_t format_version = 0;
  evoke::durability durability{};
  uuid store{};
  uuid boot{};
  position written{};
  position synced{};
  std::uint64_t written_sequence = 0;
  std::uint64_t synced_sequence = 0;

  friend bool operator==(high_water_mark const&, high_water_mark const&) = default;
};

inline constexpr std::size_t kMarkSlotBytes = 92;
inline constexpr std::size_t kMarkSlotDistance = 4096;
using mark_slot = std::array<char, kMarkSlotBytes>;

[[nodiscard]] mark_slot encode_mark(high_water_mark const& mark, std::uint64_t turn) noexcept;
/// @returns false where it is no slot. A slot of a newer format reads as far as its version.
[[nodiscard]] bool decode_mark(std::string_view bytes, high_water_mark& mark, std::uint64_t& turn) noexcept;

/// The open file. One thread at a time.
class mark_file {
 public:
  /// What a file holds: nothing where there is none. @returns corrupt where a file is there and no slot reads, io_error.
  [[nodiscard]] static result<std::optional<high_water_mark>> read(std::filesystem::path const& path);

  /// Creates it at full size, or opens it, so that writing a slot needs no space.
  [[nodiscard]] static result<mark_file> open(std::filesystem::path const& path);

  mark_file() = default;  ///< of no file: may only be assigned to
  mark_file(mark_file&& other) noexcept;
  mark_file& operator=(mark_file&& other) noexcept;
  ~mark_file();

  /// Hands the next slot to the operating system.
  [[nodiscard]] result<void> write(high_water_mark const& mark) noexcept;
  /// Forces what was written to the disk.
  [[nodiscard]] result<void> sync() noexcept;

 private:
  mark_file(int file, std::uint64_t turn) noexcept : file_(file), turn_(turn) {}

  int file_ = -1;
  std::uint64_t turn_ = 0;
};

/// Identifies this start of the operating system; nil where that cannot be told.
[[nodiscard]] uuid current_boot_id();

}  // namespace evoke::persistence
