#pragma once

#include <evoke/result.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <vector>

namespace evoke::actors {

/// Who waits until a number (a checkpoint's position, a change's sequence) has been passed. Any thread. Answers are given without a lock
/// held, each exactly once, by whoever calls `passed`, `expire` or `refuse`.
class position_waiters {
 public:
  using time = std::chrono::steady_clock::time_point;
  enum class end : std::uint8_t { passed, expired, refused };
  using answer = std::move_only_function<void(end)>;

  /// @returns whether nobody waits for an earlier time: then `expire` must be called at `deadline`.
  [[nodiscard]] bool add(std::uint64_t number, time deadline, answer done);
  /// Everything up to `number` is there.
  void passed(std::uint64_t number);
  /// Ends those whose time has come. @returns when to call next, `time::max()` = not before somebody is added.
  [[nodiscard]] time expire(time now);
  /// It will not come to pass any more.
  void refuse();
  [[nodiscard]] std::size_t size() const;

 private:
  static void tell(std::vector<answer> all, end how);

  mutable std::mutex mutex_;
  std::multimap<std::uint64_t, std::uint64_t> by_number_;
  std::multimap<time, std::uint64_t> by_time_;
  struct one {
    std::multimap<std::uint64_t, std::uint64_t>::iterator number;
    std::multimap<time, std::uint64_t>::iterator deadline;
    answer done;
  };
  std::map<std::uint64_t, one> waiting_;  ///< by the order they came in
  std::uint64_t next_ = 0;
};

}  // namespace evoke::actors
