#pragma once

#include <evoke/ids.hpp>

namespace evoke::persistence {

/// A random UUID (version 4) from the operating system, for a new store.
[[nodiscard]] uuid new_store_id();

}  // namespace evoke::persistence
