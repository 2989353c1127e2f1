#pragma once

#include "http/reply.hpp"

#include <evoke/subscription.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

namespace evoke::http {

/// What a feed leaves out though the subscription delivers it: both are where it begins, and an event behind that place may lie before it.
struct feed_start {
  version from_version{};
  std::optional<timestamp> since{};
};

/// A subscription as an endless text/event-stream. A batch is asked for when the one before is written, so that a slow reader holds one
/// batch and no more; while there is nothing to say a heartbeat goes out, with an id when the subscription has come further.
class event_feed final : public body_source, public std::enable_shared_from_this<event_feed> {
 public:
  /// In a part. A feed that is behind goes through many.
  static constexpr std::size_t max_batch_events = 200;

  event_feed(subscription from, feed_start start, std::chrono::milliseconds heartbeat);

  void next(ticket reply_to) override;
  [[nodiscard]] bool live() const noexcept override { return true; }
  void drain() override;
  void abandon() noexcept override { subscription_.cancel(); }

 private:
  void render(result<subscription_batch> const& batch, reply& out);
  [[nodiscard]] bool wanted(recorded_event const& event) const noexcept;

  subscription subscription_;
  feed_start const start_;
  std::chrono::milliseconds const heartbeat_;
  position told_{};  ///< the last id that was sent
  bool draining_ = false;
};

}  // namespace evoke::http
