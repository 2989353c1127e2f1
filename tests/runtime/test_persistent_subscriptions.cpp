#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "tests/runtime/following.hpp"

using namespace evoke;
using namespace evoke::tests;
using namespace std::chrono_literals;

namespace {

/// The members of persistent_subscriptions as calls that wait.
class asking {
 public:
  explicit asking(runtime& rt) : at_(rt.subscriptions()) {}

  result<bool> put(std::string name, persistent_subscription_settings settings = {}) {
    return wait<result<bool>>([&](auto done) { at_.put(std::move(name), std::move(settings), std::move(done)); });
  }
  result<void> remove(std::string name) {
    return wait<result<void>>([&](auto done) { at_.remove(std::move(name), std::move(done)); });
  }
  result<persistent_subscription_status> status(std::string name) {
    return wait<result<persistent_subscription_status>>([&](auto done) { at_.status(std::move(name), std::move(done)); });
  }
  std::vector<persistent_subscription_status> list() {
    return *wait<result<std::vector<persistent_subscription_status>>>([&](auto done) { at_.list(std::move(done)); });
  }
  result<delivery_batch> fetch(std::string name, std::size_t limit = 100, std::chrono::milliseconds how_long = patience) {
    return wait<result<delivery_batch>>([&](auto done) { at_.fetch(std::move(name), limit, how_long, std::move(done)); });
  }
  result<acknowledgement> ack(std::string name, std::string lease, std::vector<event_id> events = {}) {
    return wait<result<acknowledgement>>(
        [&](auto done) { at_.ack(std::move(name), std::move(lease), std::move(events), std::move(done)); });
  }
  result<acknowledgement> nack(std::string name, std::string lease, nack_action action, std::string reason = "",
                               std::vector<event_id> events = {}) {
    return wait<result<acknowledgement>>(
        [&](auto done) { at_.nack(std::move(name), std::move(lease), std::move(events), action, std::move(reason), std::move(done)); });
  }
  result<parked_page> parked(std::string name, position after = {}, std::size_t limit = 100) {
    return wait<result<parked_page>>([&](auto done) { at_.parked(std::move(name), after, limit, std::move(done)); });
  }
  result<std::uint64_t> replay(std::string name, std::size_t limit = 1'000, bool only_count = false) {
    return wait<result<std::uint64_t>>([&](auto done) { at_.replay_parked(std::move(name), limit, only_count, std::move(done)); });
  }

  /// Until so many events have come out of the log and wait for consumers.
  void wait_for(std::string const& name, std::size_t events) {
    auto const until = std::chrono::steady_clock::now() + patience;
    while (status(name)->waiting != events)
      if (std::chrono::steady_clock::now() > until) FAIL(status(name)->waiting << " events wait, wanted " << events);
  }

 private:
  template <class T, class Call>
  T wait(Call call) {
    std::promise<T> promise;
    auto waiting = promise.get_future();
    call([&promise](T end) { promise.set_value(std::move(end)); });
    return waiting.get();
  }
  persistent_subscriptions& at_;
};

std::vector<std::uint64_t> numbers(delivery_batch const& batch) {
  std::vector<std::uint64_t> made;
  for (auto const& each : batch.deliveries) made.push_back(each.event.position.value());
  return made;
}

}  // namespace

TEST_CASE("a consumer takes events, acknowledges them, and gets the next") {
  temporary_directory const directory;
  auto const rt = start(on_disk(directory));
  asking consumers(*rt);
  REQUIRE(*consumers.put("mail"));
  CHECK_FALSE(*consumers.put("mail"));
  open(*rt, "a");
  book(*rt, "a", 3);
  consumers.wait_for("mail", 4);
  auto const first = consumers.fetch("mail", 2);
  REQUIRE(first);
  CHECK(numbers(*first) == positions(1, 2));
  CHECK(first->deliveries[0].event.data == R"({"owner":"ann"})");
  CHECK_FALSE(first->lease.empty());
  CHECK(consumers.ack("mail", first->lease)->settled == 2);
  CHECK(consumers.ack("mail", first->lease).error().code == errc::lease_expired);
  CHECK(consumers.status("mail")->checkpoint == position{2});
  auto const second = consumers.fetch("mail", 10);
  CHECK(numbers(*second) == positions(3, 4));
  CHECK(consumers.ack("mail", second->lease, {second->deliveries[0].event.id})->settled == 1);
  auto const status = *consumers.status("mail");
  CHECK(status.checkpoint == position{3});
  CHECK(status.leased == 1);
  CHECK(status.lag_events == 1);
}

TEST_CASE("a fetch waits for what comes, and not longer than it said") {
  auto const rt = start(in_memory());
  asking consumers(*rt);
  REQUIRE(consumers.put("mail"));
  CHECK(consumers.fetch("mail", 10, 20ms)->deliveries.empty());
  CHECK(consumers.fetch("mail", 10, 0ms)->lease.empty());
  std::promise<result<delivery_batch>> promise;
  rt->subscriptions().fetch("mail", 10, patience, [&](result<delivery_batch> end) { promise.set_value(std::move(end)); });
  // A second one that waits less is not held up by the first.
  CHECK(consumers.fetch("mail", 10, 30ms)->deliveries.empty());
  open(*rt, "a");
  auto const got = promise.get_future().get();
  REQUIRE(got);
  CHECK(numbers(*got) == positions(1, 1));
}

TEST_CASE("events of another lease come back when it runs out, and are parked in the end") {
  auto const rt = start(in_memory());
  asking consumers(*rt);
  persistent_subscription_settings settings;
  settings.lease = 30ms;
  settings.max_attempts = 2;
  REQUIRE(consumers.put("mail", settings));
  open(*rt, "a");
  auto const first = consumers.fetch("mail");
  auto const second = consumers.fetch("mail");  // waits for the first lease to run out
  CHECK(second->deliveries.at(0).attempt == 2);
  CHECK(second->lease != first->lease);
  CHECK(consumers.ack("mail", first->lease).error().code == errc::lease_expired);
  CHECK(consumers.fetch("mail", 10, 200ms)->deliveries.empty());
  auto const parked = consumers.parked("mail");
  REQUIRE(parked);
  REQUIRE(parked->events.size() == 1);
  CHECK(parked->events[0].attempts == 2);
  CHECK(parked->events[0].aggregate_id == "a");
  CHECK(parked->events[0].event_type == "ledger_opened");
  CHECK(consumers.status("mail")->checkpoint == position{1});
}

TEST_CASE("parked events survive a restart and are replayed, counted first") {
  temporary_directory const directory;
  {
    auto const rt = start(on_disk(directory));
    asking consumers(*rt);
    REQUIRE(consumers.put("mail"));
    open(*rt, "a");
    book(*rt, "a", 2);
    consumers.wait_for("mail", 3);
    auto const batch = consumers.fetch("mail");
    REQUIRE(consumers.nack("mail", batch->lease, nack_action::park, "no address",
                           {batch->deliveries[0].event.id, batch->deliveries[1].event.id}));
    REQUIRE(consumers.nack("mail", batch->lease, nack_action::retry, "later"));
  }
  auto const rt = start(on_disk(directory));
  asking consumers(*rt);
  CHECK(consumers.status("mail")->parked == 2);
  auto const page = consumers.parked("mail", {}, 1);
  CHECK(page->events.at(0).reason == "no address");
  REQUIRE(page->next);
  CHECK(consumers.parked("mail", *page->next)->events.at(0).at == position{2});
  auto const again = consumers.fetch("mail");
  CHECK(numbers(*again) == positions(3, 3));
  CHECK(again->deliveries[0].attempt == 2);
  REQUIRE(consumers.ack("mail", again->lease));
  CHECK(*consumers.replay("mail", 100, true) == 2);
  CHECK(consumers.fetch("mail", 10, 0ms)->deliveries.empty());
  CHECK(*consumers.replay("mail", 1) == 1);
  CHECK(*consumers.replay("mail", 100, true) == 1);
  CHECK(consumers.parked("mail")->events.at(0).replaying);
  CHECK(*consumers.replay("mail") == 1);
  auto const replayed = consumers.fetch("mail");
  CHECK(numbers(*replayed) == positions(1, 2));
  REQUIRE(consumers.ack("mail", replayed->lease));
  CHECK(consumers.status("mail")->parked == 0);
  CHECK(consumers.parked("mail")->events.empty());
}

TEST_CASE("what cannot be is refused") {
  auto options = in_memory();
  options.limits.max_persistent_subscriptions = 1;
  auto const rt = start(options);
  asking consumers(*rt);
  auto const refused = [&](std::string name, auto change) {
    persistent_subscription_settings settings;
    change(settings);
    return consumers.put(std::move(name), settings).error().code;
  };
  auto const nothing = [](auto&) {};
  CHECK(refused("", nothing) == errc::invalid_argument);
  CHECK(refused("Mail", nothing) == errc::invalid_argument);
  CHECK(refused("..", nothing) == errc::invalid_argument);
  CHECK(refused(std::string(129, 'a'), nothing) == errc::invalid_argument);
  CHECK(refused("mail", [](auto& s) { s.lease = 0ms; }) == errc::invalid_argument);
  CHECK(refused("mail", [](auto& s) { s.max_attempts = 0; }) == errc::invalid_argument);
  CHECK(refused("mail", [](auto& s) { s.max_unacknowledged = 0; }) == errc::invalid_argument);
  CHECK(refused("mail", [](auto& s) { s.retry_delay = 25h; }) == errc::invalid_argument);
  CHECK(refused("mail", [](auto& s) { s.filter.types = {"legder"}; }) == errc::unknown_type);
  CHECK(refused("mail", [](auto& s) { s.after = position{9}; }) == errc::invalid_argument);
  REQUIRE(consumers.put("mail"));
  CHECK(refused("mail", [](auto& s) { s.filter.id_prefix = "a"; }) == errc::invalid_argument);
  CHECK(refused("post", nothing) == errc::limit_exceeded);
  CHECK(consumers.fetch("post").error().code == errc::not_found);
  CHECK(consumers.ack("mail", "none").error().code == errc::lease_expired);
  CHECK(consumers.nack("mail", "none", nack_action::skip, std::string(1'025, 'x')).error().code == errc::invalid_argument);
  CHECK(consumers.nack("mail", "none", nack_action::skip, "\xff").error().code == errc::invalid_argument);
}

TEST_CASE("a removed subscription answers those who wait, and one of its name begins anew") {
  temporary_directory const directory;
  auto const rt = start(on_disk(directory));
  asking consumers(*rt);
  REQUIRE(consumers.put("mail"));
  open(*rt, "a");
  auto const batch = consumers.fetch("mail");
  REQUIRE(consumers.nack("mail", batch->lease, nack_action::park));
  std::promise<result<delivery_batch>> promise;
  rt->subscriptions().fetch("mail", 10, patience, [&](result<delivery_batch> end) { promise.set_value(std::move(end)); });
  REQUIRE(consumers.remove("mail"));
  CHECK(promise.get_future().get().error().code == errc::not_found);
  CHECK(consumers.list().empty());
  CHECK(consumers.remove("mail").error().code == errc::not_found);
  REQUIRE(*consumers.put("mail"));
  CHECK(consumers.status("mail")->parked == 0);
  CHECK(numbers(*consumers.fetch("mail")) == positions(1, 1));
  CHECK(consumers.list().at(0).name == "mail");
}

TEST_CASE("stopping ends those who wait") {
  auto rt = start(in_memory());
  asking consumers(*rt);
  REQUIRE(consumers.put("mail"));
  std::promise<result<delivery_batch>> promise;
  rt->subscriptions().fetch("mail", 10, patience, [&](result<delivery_batch> end) { promise.set_value(std::move(end)); });
  rt->stop(10s);
  CHECK(promise.get_future().get().error().code == errc::draining);
  CHECK(consumers.fetch("mail").error().code == errc::draining);
}

// Several consumers at once, some of which fail or give all back, while commands run: each event is settled, an aggregate's in order.
// Leases are long here: a consumer that goes on after its lease ran out is not in order with the one that has the events now.
TEST_CASE("competing consumers settle every event, each aggregate's in order") {
  temporary_directory const directory;
  auto const rt = start(on_disk(directory));
  asking consumers(*rt);
  persistent_subscription_settings settings;
  settings.retry_delay = 1ms;
  settings.max_attempts = 1'000'000;
  settings.max_unacknowledged = 200;
  settings.filter.event_types = {"booked"};
  REQUIRE(consumers.put("work", settings));
  constexpr int aggregates = 20;
  constexpr int each = 50;
  std::mutex mutex;
  std::map<std::string, std::uint64_t> last;
  std::atomic<int> settled{0};
  {
    std::vector<std::jthread> threads;
    for (int c = 0; c < 3; ++c)
      threads.emplace_back([&, c] {
        asking mine(*rt);
        std::mt19937_64 random(static_cast<std::uint64_t>(c));
        while (settled < aggregates * each) {
          auto batch = mine.fetch("work", 10, 50ms);
          if (!batch || batch->deliveries.empty()) continue;
          if (random() % 50 == 0) {
            static_cast<void>(mine.nack("work", batch->lease, nack_action::retry));
            continue;
          }
          std::set<std::string> broken;
          for (auto const& one : batch->deliveries) {
            auto const id = one.event.stream_id.str();
            if (broken.contains(id)) continue;
            {
              std::lock_guard const lock(mutex);
              CHECK(one.event.position.value() >= last[id]);
              last[id] = one.event.position.value();
            }
            if (random() % 20 == 0) {
              static_cast<void>(mine.nack("work", batch->lease, nack_action::retry, "", {one.event.id}));
              broken.insert(id);
            } else {
              CHECK(mine.ack("work", batch->lease, {one.event.id}));
              ++settled;
            }
          }
        }
      });
    for (int i = 0; i < aggregates; ++i) open(*rt, "a" + std::to_string(i));
    for (int n = 0; n < each; ++n)
      for (int i = 0; i < aggregates; ++i) book(*rt, "a" + std::to_string(i));
  }
  CHECK(settled == aggregates * each);
  CHECK(consumers.status("work")->checkpoint == consumers.status("work")->head);
}
