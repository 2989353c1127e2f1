#pragma once

#include <cstddef>

/// Calls of operator new on this thread since it began. Linking counted_new.cpp replaces operator new.
[[nodiscard]] std::size_t allocations_so_far() noexcept;
