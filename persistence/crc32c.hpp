#pragma once

#include <cstdint>
#include <string_view>

namespace evoke::persistence {

/// CRC-32C (Castagnoli, RFC 3720 B.4) of `bytes`: the checksum of everything evoke stores. By the processor's instruction where it has one.
[[nodiscard]] std::uint32_t crc32c(std::string_view bytes) noexcept;

/// The same in portable code; for processors without the instruction, and for the test that both agree.
[[nodiscard]] std::uint32_t portable_crc32c(std::string_view bytes) noexcept;

}  // namespace evoke::persistence
