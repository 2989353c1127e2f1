#pragma once

#include "http/api.hpp"
#include "http/reply.hpp"

#include <evoke/read_model.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace evoke::http {

/// A read model's documents as they change, as an endless text/event-stream: `document`, `deleted`, and `reset` when the client's id is
/// older than what the change index keeps. Ids are cursors of the change index; a batch ends with its id, so that who connects again may
/// be told of some documents twice, and misses none.
class view_feed final : public body_source, public std::enable_shared_from_this<view_feed> {
 public:
  /// In a part.
  static constexpr std::size_t max_batch_changes = 200;

  /// @param key the one document that is of interest; nullopt = all
  view_feed(api_context& api, feed_place place, std::string projection, std::optional<std::string> key);

  /// Appends the first changes, behind the feed's opening.
  void begin(view_changes const& first, std::string& out);

  void next(ticket reply_to) override;
  [[nodiscard]] bool live() const noexcept override { return true; }
  void drain() override;
  void abandon() noexcept override;

 private:
  using steady = std::chrono::steady_clock;

  [[nodiscard]] std::optional<ticket> take_open() noexcept;
  void render(result<view_changes> const& batch, reply& out);
  /// @returns whether there was one of interest
  bool append_changes(view_changes const& batch, std::string& out) const;

  api_context* api_;
  std::optional<feed_place> place_;
  std::string const projection_;
  std::optional<std::string> const key_;
  std::string cursor_;
  std::string told_;  ///< the last id that was sent
  steady::time_point spoke_at_;
  bool draining_ = false;

  /// A question to the read model cannot be taken back: whoever comes first, its answer or the end, takes the ticket and answers it.
  std::mutex mutex_;
  std::optional<ticket> open_;
};

}  // namespace evoke::http
