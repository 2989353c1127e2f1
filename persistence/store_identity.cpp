#include "persistence/store_identity.hpp"

#include <random>

namespace evoke::persistence {

uuid new_store_id() {
  std::random_device source;
  uuid::bytes_type bytes{};
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(source());
  bytes[6] = static_cast<std::uint8_t>(0x40U | (bytes[6] & 0x0fU));
  bytes[8] = static_cast<std::uint8_t>(0x80U | (bytes[8] & 0x3fU));
  return uuid{bytes};
}

}  // namespace evoke::persistence
