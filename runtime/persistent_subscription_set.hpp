#pragma once

#include <evoke/persistent_subscription.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "runtime/competing_consumers.hpp"

namespace evoke::detail {

/// The persistent subscriptions of a runtime, by name. Creating and removing happen one after another on a lane of their own.
class persistent_subscription_set final : public persistent_subscriptions {
 public:
  persistent_subscription_set(competing_consumers::world with, std::uint32_t most);

  /// Reads what is stored and begins to follow. Once, before anything is asked.
  [[nodiscard]] result<void> open();
  /// Answers all who wait with `draining`, and all who come; blocks until nothing of it is under way, at most until `deadline`.
  void close(std::chrono::steady_clock::time_point deadline);

  /// For metrics.
  struct totals {
    std::string name;
    position checkpoint;
    std::uint64_t parked = 0;
  };
  [[nodiscard]] std::vector<totals> sum_up() const;

  void put(std::string name, persistent_subscription_settings settings, callback<result<bool>> done) override;
  void remove(std::string name, callback<result<void>> done) override;
  void status(std::string name, callback<result<persistent_subscription_status>> done) override;
  void list(callback<result<std::vector<persistent_subscription_status>>> done) override;
  void fetch(std::string name, std::size_t limit, std::chrono::milliseconds wait, callback<result<delivery_batch>> done) override;
  void ack(std::string name, std::string lease, std::vector<event_id> events, callback<result<acknowledgement>> done) override;
  void nack(std::string name, std::string lease, std::vector<event_id> events, nack_action action, std::string reason,
            callback<result<acknowledgement>> done) override;
  void end_waits() override;
  void parked(std::string name, position after, std::size_t limit, callback<result<parked_page>> done) override;
  void replay_parked(std::string name, std::size_t limit, bool only_count, callback<result<std::uint64_t>> done) override;

 private:
  using one = std::shared_ptr<competing_consumers>;

  [[nodiscard]] std::size_t here() { return with_.workers.here_or_next(); }
  [[nodiscard]] result<one> find(std::string const& name) const;
  /// Finds it and lets it answer, or says why not.
  template <class T, class Ask>
  void ask(std::string const& name, callback<result<T>> done, Ask how);
  template <class T>
  void answer(std::size_t worker, callback<result<T>> done, result<T> what);
  [[nodiscard]] result<bool> create(std::string const& name, persistent_subscription_settings const& settings);
  void begin(stored_subscription from);

  competing_consumers::world with_;
  std::uint32_t const most_;
  std::shared_ptr<serial_lane> lane_;
  mutable std::mutex mutex_;
  std::map<std::string, one> all_;
  std::set<std::string> going_;  ///< removed, their rows not yet
  bool closed_ = false;
};

}  // namespace evoke::detail
