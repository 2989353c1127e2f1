#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

namespace evoke::bench {

/// Many clients of live feeds (server-sent events), on one thread. Counts the events and how old each was when it came: from the event's
/// own time, which is when its command was decided, so its commit is in it.
class follower_crowd {
 public:
  /// Connects one client to each target and waits until all feeds have begun. Throws std::runtime_error when one is refused.
  follower_crowd(std::uint16_t port, std::vector<std::string> const& targets);
  ~follower_crowd();
  follower_crowd(follower_crowd const&) = delete;
  follower_crowd& operator=(follower_crowd const&) = delete;

  /// Forgets what was counted.
  void begin();
  [[nodiscard]] std::uint64_t events() const noexcept { return events_.load(std::memory_order_relaxed); }
  /// Ages of the events since begin(), in microseconds, unsorted. Ends the crowd.
  [[nodiscard]] std::vector<std::uint32_t> finish();

 private:
  class client;
  friend class client;
  void received(std::string_view event);

  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{context_.get_executor()};
  std::vector<std::shared_ptr<client>> clients_;
  std::atomic<std::size_t> begun_{0};
  std::atomic<std::uint64_t> events_{0};
  std::vector<std::uint32_t> ages_us_;  ///< on the thread only
  std::thread thread_;
};

}  // namespace evoke::bench
