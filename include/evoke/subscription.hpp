#pragma once

#include <evoke/event.hpp>
#include <evoke/query.hpp>
#include <evoke/result.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// Following the log: catches up from any position, then goes on with events as they become durable, without gap or duplicate.
namespace evoke {

/// One stream. Its aggregate need not exist yet.
struct stream_name {
  std::string type{};
  std::string id{};
};

struct subscription_request {
  position after{};                     ///< the first event delivered is the first matching one behind it; 0 = from the beginning
  std::optional<stream_name> stream{};  ///< only this one's events
  log_filter filter{};                  ///< names must be known: a misspelt one would be silence for ever
  std::size_t max_events = 500;         ///< in a batch; cut to limits::max_page_events, but for the parts of one stored event
  bool raw = false;                     ///< as stored, without upcasting
};

/// What became visible since the batch before.
struct subscription_batch {
  std::vector<recorded_event> events{};  ///< matching ones in position order; none when the wait ended first
  position checkpoint{};                 ///< everything up to here was delivered or does not match: resume after it
  position head{};                       ///< of the log: how far behind this follower is
};

/// A follower. Asks for each batch when it is ready for it, so that a slow one costs no memory: what it is behind is read from the log
/// again. Events arrive when they are durable, in position order, once. Move-only; dropping it cancels.
///
/// Threads: any, one `next` at a time.
class subscription {
 public:
  using on_batch = std::move_only_function<void(result<subscription_batch>)>;

  subscription(subscription&&) noexcept;
  subscription& operator=(subscription&&) noexcept;
  ~subscription();

  /// The next batch: as soon as there are events, or after `wait` without any. Called exactly once, on the worker that asked (or any).
  /// @returns cancelled after cancel(); draining when the runtime stops; corrupt, io_error when the log does not read; user_code_failed
  /// when an upcaster throws, again and again at that event (`raw` reads on);
  /// invalid_argument when another `next` is open.
  void next(std::chrono::milliseconds wait, on_batch done);
  [[nodiscard]] std::future<result<subscription_batch>> next(std::chrono::milliseconds wait);

  /// Ends an open `next` with `cancelled`, and all later ones.
  void cancel() noexcept;

  /// For the runtime; its type is not installed.
  class state;
  explicit subscription(std::shared_ptr<state> made) noexcept;

 private:
  std::shared_ptr<state> state_;
};

}  // namespace evoke
