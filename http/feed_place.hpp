#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace evoke::http {

/// Feeds that are open, bounded in number. Any thread; outlives its places by being shared with them.
class feed_counter : public std::enable_shared_from_this<feed_counter> {
 public:
  explicit feed_counter(std::uint32_t most) noexcept : most_(most) {}

  /// One of the places, given back when it is dropped.
  class place {
   public:
    explicit place(std::shared_ptr<feed_counter> of) noexcept : of_(std::move(of)) {}
    place(place&&) noexcept = default;
    place& operator=(place&&) = delete;
    ~place() {
      if (of_) of_->open_.fetch_sub(1, std::memory_order_relaxed);
    }

   private:
    std::shared_ptr<feed_counter> of_;
  };

  /// nullopt when all are taken.
  [[nodiscard]] std::optional<place> enter() {
    if (open_.fetch_add(1, std::memory_order_relaxed) < most_) return place(shared_from_this());
    open_.fetch_sub(1, std::memory_order_relaxed);
    return std::nullopt;
  }

 private:
  std::uint32_t const most_;
  std::atomic<std::uint32_t> open_{0};
};
using feed_place = feed_counter::place;

}  // namespace evoke::http
