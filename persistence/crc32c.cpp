#include "persistence/crc32c.hpp"

#include <boost/crc.hpp>

#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace evoke::persistence {
namespace {

#if defined(__x86_64__)

__attribute__((target("sse4.2"))) std::uint32_t hardware_crc32c(std::string_view bytes) noexcept {
  char const* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t crc = 0xffffffffU;
  for (; left >= sizeof(std::uint64_t); left -= sizeof(std::uint64_t), at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    crc = _mm_crc32_u64(crc, word);
  }
  auto rest = static_cast<std::uint32_t>(crc);
  for (; left > 0; --left, ++at) rest = _mm_crc32_u8(rest, static_cast<unsigned char>(*at));
  return rest ^ 0xffffffffU;
}

bool has_instruction() noexcept {
  return __builtin_cpu_supports("sse4.2") != 0;
}

#else

std::uint32_t hardware_crc32c(std::string_view bytes) noexcept {
  return portable_crc32c(bytes);
}
bool has_instruction() noexcept {
  return false;
}

#endif

}  // namespace

std::uint32_t portable_crc32c(std::string_view bytes) noexcept {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

std::uint32_t crc32c(std::string_view bytes) noexcept {
  static bool const instruction = has_instruction();
  return instruction ? hardware_crc32c(bytes) : portable_crc32c(bytes);
}

}  // namespace evoke::persistence
