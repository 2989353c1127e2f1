#pragma once

#include <array>
#include <cstddef>
#include <new>

namespace evoke::http {

/// Memory for one pending asynchronous operation, kept by whoever starts it, so that starting one allocates nothing. When it is in use or
/// too small the heap takes its place. One thread.
class op_memory {
 public:
  op_memory() = default;
  op_memory(op_memory const&) = delete;
  op_memory& operator=(op_memory const&) = delete;

  void* take(std::size_t bytes) {
    if (in_use_ || bytes > storage_.size()) return ::operator new(bytes);
    in_use_ = true;
    return storage_.data();
  }
  void give_back(void* memory) noexcept {
    if (memory != storage_.data()) return ::operator delete(memory);
    in_use_ = false;
  }

 private:
  alignas(std::max_align_t) std::array<std::byte, 256> storage_;
  bool in_use_ = false;
};

/// Hands an op_memory to Asio, by boost::asio::bind_allocator.
template <class T>
class op_allocator {
 public:
  using value_type = T;

  explicit op_allocator(op_memory& memory) noexcept : memory_(&memory) {}
  template <class U>
  op_allocator(op_allocator<U> const& other) noexcept
      : memory_(other.memory_) {}  // NOLINT(google-explicit-constructor): allocators convert

  [[nodiscard]] T* allocate(std::size_t count) { return static_cast<T*>(memory_->take(count * sizeof(T))); }
  void deallocate(T* memory, std::size_t) noexcept { memory_->give_back(memory); }

  friend bool operator==(op_allocator const& a, op_allocator const& b) noexcept { return a.memory_ == b.memory_; }

 private:
  template <class U>
  friend class op_allocator;
  op_memory* memory_;
};

}  // namespace evoke::http
