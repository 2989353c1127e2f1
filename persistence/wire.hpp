#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

/// The few shapes that stored bytes are made of (docs/storage_format.md): fixed little-endian numbers, varints (LEB128: seven bits a byte,
/// the low ones first), and text (a varint length, then the bytes). Keys use big-endian numbers so that byte order is number order.
namespace evoke::persistence {

inline constexpr std::size_t kMaxVarintBytes = 10;

template <class Number>
[[nodiscard]] constexpr Number little_endian(Number value) noexcept {
  if constexpr (std::endian::native == std::endian::big) {
    Number swapped = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i) swapped = static_cast<Number>((swapped << 8U) | ((value >> (8U * i)) & 0xffU));
    return swapped;
  }
  return value;
}

inline void put_big_endian(char* at, std::uint64_t value, std::size_t bytes) noexcept {
  for (std::size_t i = 0; i < bytes; ++i) at[i] = static_cast<char>(value >> (8U * (bytes - 1 - i)));
}
[[nodiscard]] inline std::uint64_t get_big_endian(std::string_view bytes) noexcept {
  std::uint64_t value = 0;
  for (char const byte : bytes) value = (value << 8U) | static_cast<unsigned char>(byte);
  return value;
}

/// Grows and keeps its memory when cleared. `ensure` before writing: the put functions do not check.
class wire_writer {
 public:
  void clear() noexcept { size_ = 0; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::string_view view(std::size_t from = 0) const noexcept { return {bytes_.get() + from, size_ - from}; }

  /// Room for `more` bytes behind what is there.
  void ensure(std::size_t more) {
    if (size_ + more <= capacity_) return;
    auto const wanted = std::bit_ceil(size_ + more);
    auto grown = std::make_unique_for_overwrite<char[]>(wanted);
    if (size_ != 0) std::memcpy(grown.get(), bytes_.get(), size_);
    bytes_ = std::move(grown);
    capacity_ = wanted;
  }

  void put_u8(std::uint8_t value) noexcept { bytes_[size_++] = static_cast<char>(value); }
  void put_u16(std::uint16_t value) noexcept { put_fixed(value); }
  void put_u32(std::uint32_t value) noexcept { put_fixed(value); }
  void put_u64(std::uint64_t value) noexcept { put_fixed(value); }
  void put_varint(std::uint64_t value) noexcept {
    for (; value >= 0x80U; value >>= 7U) put_u8(static_cast<std::uint8_t>(value | 0x80U));
    put_u8(static_cast<std::uint8_t>(value));
  }
  void put_bytes(void const* from, std::size_t count) noexcept {
    if (count != 0) std::memcpy(bytes_.get() + size_, from, count);
    size_ += count;
  }
  void put_text(std::string_view text) noexcept {
    put_varint(text.size());
    put_bytes(text.data(), text.size());
  }
  /// Overwrites four bytes that were put before.
  void patch_u32(std::size_t at, std::uint32_t value) noexcept {
    value = little_endian(value);
    std::memcpy(bytes_.get() + at, &value, sizeof value);
  }

 private:
  template <class Number>
  void put_fixed(Number value) noexcept {
    value = little_endian(value);
    std::memcpy(bytes_.get() + size_, &value, sizeof value);
    size_ += sizeof value;
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

/// Reads any bytes whatever safely: beyond the end, or where a varint does not end, everything is zero and `ok` turns false.
class wire_reader {
 public:
  explicit wire_reader(std::string_view bytes) noexcept : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  [[nodiscard]] bool ok() const noexcept { return ok_; }
  [[nodiscard]] std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }
  [[nodiscard]] bool at_end() const noexcept { return ok_ && at_ == end_; }

  [[nodiscard]] std::uint8_t get_u8() noexcept { return get_fixed<std::uint8_t>(); }
  [[nodiscard]] std::uint16_t get_u16() noexcept { return get_fixed<std::uint16_t>(); }
  [[nodiscard]] std::uint32_t get_u32() noexcept { return get_fixed<std::uint32_t>(); }
  [[nodiscard]] std::uint64_t get_u64() noexcept { return get_fixed<std::uint64_t>(); }
  [[nodiscard]] std::uint64_t get_varint() noexcept {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 70 && at_ != end_; shift += 7) {
      auto const byte = static_cast<unsigned char>(*at_++);
      if (shift == 63 && byte > 1) break;  // more than 64 bits
      value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if (byte < 0x80U) return value;
    }
    fail();
    return 0;
  }
  /// A varint that must fit 32 bits.
  [[nodiscard]] std::uint32_t get_varint32() noexcept {
    auto const value = get_varint();
    if (value > 0xffffffffU) fail();
    return ok_ ? static_cast<std::uint32_t>(value) : 0;
  }
  [[nodiscard]] std::string_view get_bytes(std::uint64_t count) noexcept {
    if (count > left()) {
      fail();
      return {};
    }
    std::string_view const bytes(at_, static_cast<std::size_t>(count));
    at_ += count;
    return bytes;
  }
  [[nodiscard]] std::string_view get_text() noexcept { return get_bytes(get_varint()); }

 private:
  template <class Number>
  Number get_fixed() noexcept {
    Number value = 0;
    auto const bytes = get_bytes(sizeof value);
    if (!ok_) return 0;
    std::memcpy(&value, bytes.data(), sizeof value);
    return little_endian(value);
  }
  void fail() noexcept {
    ok_ = false;
    at_ = end_;
  }

  char const* at_;
  char const* end_;
  bool ok_ = true;
};

}  // namespace evoke::persistence
