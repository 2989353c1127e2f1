#include "tests/model/counted_new.hpp"

#include <cstdlib>
#include <new>

// In a file of its own: where the compiler sees both halves of the replacement it takes malloc and free for a mismatch.

static thread_local std::size_t allocations = 0;

std::size_t allocations_so_far() noexcept {
  return allocations;
}

void* operator new(std::size_t bytes) {
  ++allocations;
  if (auto* const made = std::malloc(bytes)) return made;
  throw std::bad_alloc{};
}

void* operator new(std::size_t bytes, std::nothrow_t const&) noexcept {
  ++allocations;
  return std::malloc(bytes);
}

void operator delete(void* made) noexcept {
  std::free(made);
}

void operator delete(void* made, std::size_t) noexcept {
  std::free(made);
}
