#pragma once

#include <evoke/event.hpp>
#include <evoke/query.hpp>
#include <evoke/result.hpp>
#include <evoke/time.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// Persistent subscriptions: a named place in the log that the store keeps, from which competing consumers take batches of events, each on
/// a lease, and say what became of every one. Delivered at least once; the events of one aggregate one after another, whoever takes them.
namespace evoke {

struct persistent_subscription_settings {
  log_filter filter{};                           ///< names must be known; fixed when created
  position after{};                              ///< where it begins; fixed when created
  std::chrono::milliseconds lease{30'000};       ///< then what was neither acked nor nacked is delivered again
  std::chrono::milliseconds retry_delay{1'000};  ///< between a nack for retry and the next delivery
  std::uint32_t max_attempts = 10;               ///< deliveries of one event; then it is parked
  std::uint32_t max_unacknowledged = 1'000;      ///< events with consumers or waiting for them; beyond: fetch gives none
  bool hold_aggregate = false;                   ///< events behind a parked one of the same aggregate are parked, too
  bool raw = false;                              ///< as stored, without upcasting; fixed when created

  friend bool operator==(persistent_subscription_settings const&, persistent_subscription_settings const&) = default;
};

/// One event, leased to a consumer. The parts of a stored event come together and are acked or nacked by their id as one; one that does not
/// upcast is parked with the reason.
struct delivery {
  recorded_event event{};
  std::uint32_t attempt = 1;  ///< this is its how-manieth delivery
};

struct delivery_batch {
  std::string lease{};  ///< names it in ack and nack; empty when there are no events
  std::vector<delivery> deliveries{};
  timestamp expires{};       ///< of the lease
  std::uint64_t lag_events;  ///< positions between the checkpoint and the head: an upper bound of what is still to come
};

enum class nack_action : std::uint8_t {
  retry,  ///< deliver again after retry_delay, or park when max_attempts are used up
  park,   ///< put aside until replayed
  skip,   ///< never again
};

/// What became of an ack or nack.
struct acknowledgement {
  std::uint64_t settled = 0;
  std::vector<event_id> not_leased{};  ///< their lease ran out, or they were never in it: others may have them
};

struct parked_event {
  event_id id{};
  position at{};
  std::string aggregate_type{};
  std::string aggregate_id{};
  std::string event_type{};
  std::uint32_t attempts = 0;
  std::string reason{};
  timestamp parked_at{};
  bool replaying = false;  ///< on its way to a consumer again
};

struct parked_page {
  std::vector<parked_event> events{};
  std::optional<position> next{};  ///< `after` of the next page; empty = this was the last
};

struct persistent_subscription_status {
  std::string name{};
  persistent_subscription_settings settings{};
  position checkpoint{};  ///< everything up to here is settled, or parked
  position head{};
  std::uint64_t lag_events = 0;
  std::chrono::milliseconds lag{};  ///< age of the oldest event that waits or is with a consumer; 0 when there is none
  std::uint64_t leased = 0;         ///< events with consumers now
  std::uint64_t waiting = 0;        ///< read and not yet leased
  std::uint64_t parked = 0;
  std::uint64_t redelivered = 0;  ///< since start: deliveries beyond the first
  std::uint64_t consumers = 0;    ///< fetches that wait
};

/// The persistent subscriptions of one runtime. Any thread; callbacks as in runtime.hpp. Unknown names are not_found everywhere.
class persistent_subscriptions {
 public:
  template <class T>
  using callback = std::move_only_function<void(T)>;

  virtual ~persistent_subscriptions() = default;

  /// Creates it, or changes what may change. @returns whether it is new. invalid_argument for a name that is not 1-128 of [a-z0-9_.-], for
  /// settings out of range, and where filter or begin differ from the stored ones; unknown_type; limit_exceeded.
  virtual void put(std::string name, persistent_subscription_settings settings, callback<result<bool>> done) = 0;
  virtual void remove(std::string name, callback<result<void>> done) = 0;
  virtual void status(std::string name, callback<result<persistent_subscription_status>> done) = 0;
  /// In the order of their names.
  virtual void list(callback<result<std::vector<persistent_subscription_status>>> done) = 0;

  /// Up to `limit` events on a lease; when there are none, waits for the first up to `wait`, then an empty batch.
  virtual void fetch(std::string name, std::size_t limit, std::chrono::milliseconds wait, callback<result<delivery_batch>> done) = 0;
  /// These events of the lease are done; none named = all of them. Stored before it is answered. @returns lease_expired when none of
  /// them is leased any more.
  virtual void ack(std::string name, std::string lease, std::vector<event_id> events, callback<result<acknowledgement>> done) = 0;
  /// A retried event takes the later ones of its aggregate in this lease with it: order is kept.
  virtual void nack(std::string name, std::string lease, std::vector<event_id> events, nack_action action, std::string reason,
                    callback<result<acknowledgement>> done) = 0;

  /// Every fetch that waits is answered with what there is, most likely nothing: for a front end that stops.
  virtual void end_waits() = 0;

  virtual void parked(std::string name, position after, std::size_t limit, callback<result<parked_page>> done) = 0;
  /// Parked events, the oldest `limit` of them, go to consumers again. `only_count` says how many it would be and does nothing.
  virtual void replay_parked(std::string name, std::size_t limit, bool only_count, callback<result<std::uint64_t>> done) = 0;
};

}  // namespace evoke
