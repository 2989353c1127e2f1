#pragma once

#include <rocksdb/memtablerep.h>

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>

#include "persistence/row_key.hpp"

namespace evoke::persistence {

/// Memory that lives as long as the memtable. Of the one thread that writes.
class row_memory {
 public:
  explicit row_memory(rocksdb::MemTableRep& of) : of_(of) {}
  /// @returns room for `bytes`, as a pointer is aligned.
  [[nodiscard]] char* take(std::size_t bytes) {
    char* made = nullptr;
    of_.rocksdb::MemTableRep::Allocate(bytes + alignof(void*) - 1, &made);
    auto const rest = std::bit_cast<std::uintptr_t>(made) % alignof(void*);
    return rest == 0 ? made : made + (alignof(void*) - rest);
  }

 private:
  rocksdb::MemTableRep& of_;
};

/// Rows in order: a skip list (Pugh, "Skip Lists: A Probabilistic Alternative to Balanced Trees", 1990) with one writer and any number of
/// readers, none of whom waits. Rows are only ever added. Each insertion begins where the last one ended (its finger), which in a sorted
/// batch is close by. Never destroyed: all it holds is the memtable's memory.
class sorted_rows {
 public:
  static constexpr int kMaxHeight = 12;

  /// A row: its links, the one of the lowest level last, then its entry.
  class node {
   public:
    [[nodiscard]] char* entry() noexcept { return reinterpret_cast<char*>(this + 1); }
    [[nodiscard]] char const* entry() const noexcept { return reinterpret_cast<char const*>(this + 1); }
    [[nodiscard]] row_key key() const noexcept { return row_key::of(entry()); }
    [[nodiscard]] node* next(int level) const noexcept { return link(level).load(std::memory_order_acquire); }

   private:
    friend sorted_rows;
    [[nodiscard]] std::atomic<node*>& link(int level) noexcept { return *(&lowest_ - level); }
    [[nodiscard]] std::atomic<node*> const& link(int level) const noexcept { return *(&lowest_ - level); }

    std::atomic<node*> lowest_;
  };

  /// @param max_height of a row, at most kMaxHeight; 4 to its power is how many rows are found as fast as in any balanced tree.
  explicit sorted_rows(row_memory& memory, int max_height) : max_height_(max_height), head_(make(memory, 0, max_height)) {
    for (int level = 0; level < max_height; ++level) head_->link(level).store(nullptr, std::memory_order_relaxed);
    finger_.fill(head_);
  }

  /// Room for a row that is not in the list yet. @param random any number that differs from row to row.
  [[nodiscard]] static node* make_row(row_memory& memory, std::size_t entry_bytes, int max_height, std::uint64_t random);
  /// The writer's. The entry is complete.
  void insert(node& fresh) noexcept;

  // -- for anyone, at any time
  /// @returns the first row that is not before `key`; nullptr when there is none.
  [[nodiscard]] node const* seek(row_key const& key) const noexcept;
  /// @returns the last row before `key`; nullptr when there is none.
  [[nodiscard]] node const* before(row_key const& key) const noexcept;
  [[nodiscard]] node const* first() const noexcept { return head_->next(0); }
  [[nodiscard]] node const* last() const noexcept;

 private:
  [[nodiscard]] static node* make(row_memory& memory, std::size_t entry_bytes, int height);
  /// The last row before `key`, or the head. @param behind the row that follows it, nullptr when none does.
  [[nodiscard]] node* find(row_key const& key, node*& behind) const noexcept;
  [[nodiscard]] bool encloses(node const* before, int level, row_key const& key) const noexcept;
  /// The last row of the level before `key`, going on from `at`, which is before it. @param bound a row known not to be before it.
  [[nodiscard]] static node* walk(node* at, int level, row_key const& key, node*& bound) noexcept;

  int const max_height_;
  std::atomic<int> height_ = 1;
  node* const head_;
  std::array<node*, kMaxHeight> finger_{};  ///< where the last insertion took place: the rows before it, level by level
};

}  // namespace evoke::persistence
