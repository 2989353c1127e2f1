#pragma once

#include <cstdint>

namespace server {

/// Lets this process have as many open files as it may: each connection is one, and the default is often 1,024.
/// @returns how many that are.
std::uint64_t raise_open_file_limit();

}  // namespace server
