#include "persistence/sorted_rows.hpp"

#include <algorithm>
#include <new>

namespace evoke::persistence {

sorted_rows::node* sorted_rows::make(row_memory& memory, std::size_t entry_bytes, int height) {
  auto const upper = static_cast<std::size_t>(height - 1) * sizeof(std::atomic<node*>);
  auto* const bytes = memory.take(upper + sizeof(node) + entry_bytes);
  for (std::size_t at = 0; at < upper; at += sizeof(std::atomic<node*>)) new (bytes + at) std::atomic<node*>(nullptr);
  return new (bytes + upper) node;
}

sorted_rows::node* sorted_rows::make_row(row_memory& memory, std::size_t entry_bytes, int max_height, std::uint64_t random) {
  // One in four is a level higher.
  auto const height = std::min(1 + std::countr_zero(random) / 2, max_height);
  auto* const made = make(memory, entry_bytes, height);
  made->lowest_.store(std::bit_cast<node*>(static_cast<std::uintptr_t>(height)),
                      std::memory_order_relaxed);  // kept here until it is linked
  return made;
}

bool sorted_rows::encloses(node const* before, int level, row_key const& key) const noexcept {
  if (before != head_ && !before->key().before(key)) return false;
  auto const* const next = before->next(level);
  return next == nullptr || !next->key().before(key);
}

sorted_rows::node* sorted_rows::walk(node* at, int level, row_key const& key, node*& bound) noexcept {
  for (;;) {
    auto* const next = at->next(level);
    if (next == nullptr || next == bound || !next->key().before(key)) {
      bound = next;
      return at;
    }
    at = next;
  }
}

void sorted_rows::insert(node& fresh) noexcept {
  auto const height = static_cast<int>(std::bit_cast<std::uintptr_t>(fresh.lowest_.load(std::memory_order_relaxed)));
  auto const key = fresh.key();
  // Up to the lowest level on which the last place encloses this one as well, and down again from there. A row before the last place on one
  // level is not behind that on the level below, so higher levels need only be followed forward, and only where there is something to link.
  auto const top = height_.load(std::memory_order_relaxed);
  int enclosing = 0;
  while (enclosing < top && !encloses(finger_[static_cast<std::size_t>(enclosing)], enclosing, key)) ++enclosing;
  auto* at = enclosing < top ? finger_[static_cast<std::size_t>(enclosing)] : head_;
  node* bound = nullptr;
  for (int level = enclosing; level-- > 0;) finger_[static_cast<std::size_t>(level)] = at = walk(at, level, key, bound);
  for (int level = enclosing; level < height; ++level) {
    auto& before = finger_[static_cast<std::size_t>(level)];
    bound = nullptr;
    before = walk(before, level, key, bound);
  }
  if (height > top) height_.store(height, std::memory_order_relaxed);
  for (int level = 0; level < height; ++level) {
    auto& before = finger_[static_cast<std::size_t>(level)];
    fresh.link(level).store(before->link(level).load(std::memory_order_relaxed), std::memory_order_relaxed);
    before->link(level).store(&fresh, std::memory_order_release);
    before = &fresh;
  }
}

sorted_rows::node* sorted_rows::find(row_key const& key, node*& behind) const noexcept {
  auto* at = head_;
  behind = nullptr;
  for (int level = height_.load(std::memory_order_relaxed); level-- > 0;) at = walk(at, level, key, behind);
  return at;
}

sorted_rows::node const* sorted_rows::seek(row_key const& key) const noexcept {
  node* behind = nullptr;
  static_cast<void>(find(key, behind));
  return behind;
}

sorted_rows::node const* sorted_rows::before(row_key const& key) const noexcept {
  node* behind = nullptr;
  auto const* const found = find(key, behind);
  return found == head_ ? nullptr : found;
}

sorted_rows::node const* sorted_rows::last() const noexcept {
  node const* at = head_;
  for (int level = height_.load(std::memory_order_relaxed); level-- > 0;)
    while (auto const* const next = at->next(level)) at = next;
  return at == head_ ? nullptr : at;
}

}  // namespace evoke::persistence
