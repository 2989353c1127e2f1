#pragma once

#include "bench/load/findings.hpp"
#include "bench/load/poller.hpp"

#include "replay/url.hpp"

#include <evoke/time.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace evoke::load {

/// Clients of live feeds (server-sent events), on the thread that sends the load. They take what the server sends and look only at each
/// event's time: its age when it arrives is from when its command was decided, so its commit is in it.
class http_followers {
 public:
  http_followers(poller& on, replay::server_address server);
  ~http_followers();
  http_followers(http_followers const&) = delete;
  http_followers& operator=(http_followers const&) = delete;

  /// Connects one follower to each target and waits until all feeds have begun.
  /// @returns io_error: a feed was refused, or did not begin within 30 s.
  [[nodiscard]] result<void> follow(std::vector<std::string> const& targets);

  /// Only what arrives within is counted.
  void count_within(steady::time_point from, steady::time_point to) noexcept;
  [[nodiscard]] follower_tally const& heard() const noexcept { return heard_; }
  /// Feeds that ended though nobody ended them.
  [[nodiscard]] std::size_t ended() const noexcept { return ended_; }

 private:
  class follower;
  friend class follower;
  void received(std::string_view event, steady::time_point at);

  poller& poller_;
  replay::server_address server_;
  std::vector<std::unique_ptr<follower>> all_;
  follower_tally heard_;
  steady::time_point from_ = steady::time_point::max();
  steady::time_point to_ = steady::time_point::max();
  std::size_t begun_ = 0;
  std::size_t ended_ = 0;
  std::string refused_;
};

/// What the followers that an assignment wants listen to, all from now on: one aggregate each from key 0 on (of the first operation that
/// writes), then those of everything. @param head of the log.
[[nodiscard]] std::vector<std::string> follower_targets(assignment const& todo, std::string const& head);

/// When an event in its JSON says it happened; the type of its time is evoke::timestamp. nullopt when it does not say.
[[nodiscard]] std::optional<timestamp> time_of_event(std::string_view json);

}  // namespace evoke::load
