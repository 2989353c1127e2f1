#include <future>
#include <thread>

#include "tests/runtime/old_store.hpp"

using namespace evoke;
using namespace evoke::tests;

// -- an upcaster that throws

TEST_CASE("Commands and reads of an aggregate whose upcaster throws fail; all others go on", "[changed]") {
  old_store store;
  store.curse();
  today::curse_holds = true;
  auto const rt = store.open();
  auto const refused = rt->of<today::goods>("c").execute(today::set_name{"x"}).get();
  REQUIRE(refused.failed());
  CHECK(refused.error().code == errc::user_code_failed);
  CHECK_THAT(refused.error().message, Catch::Contains("goods/c version 2") && Catch::Contains("the curse holds"));
  CHECK(store.logged("the curse holds"));
  CHECK(rt->state({"goods", "c", version{3}, {}}).get().error().code == errc::user_code_failed);
  CHECK(rt->state({"goods", "c", version{1}, {}}).get());
  CHECK(rt->of<today::goods>("a").execute(today::set_name{"x"}).get().accepted());
}

TEST_CASE("Reads deliver what lies before an event whose upcaster throws, then say so; raw reads on", "[changed]") {
  old_store store;
  store.curse();  // 8 priced, 9 cursed, 10 priced
  today::curse_holds = true;
  auto const rt = store.open();
  auto const page = rt->read_log({position{6}, {}, 100, {}}).get();
  REQUIRE(page);
  CHECK(page->events.size() == 2);
  CHECK(page->next_after == position{8});
  CHECK_FALSE(page->at_end);
  auto const failed = rt->read_log({page->next_after, {}, 100, {}}).get();
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == errc::user_code_failed);
  CHECK_THAT(failed.error().message, Catch::Contains("goods/c version 2 (position 9)"));
  CHECK(log_of(*rt, {}, true).size() == 10);

  auto const forward = rt->read_stream({"goods", "c", {}, 100, direction::forward}).get();
  REQUIRE(forward);
  CHECK(texts(forward->events) == lines{R"(8.1/1 priced 2 {"amount":1,"currency":"KRW"})"});
  CHECK(forward->next == version{2});
  CHECK(rt->read_stream({"goods", "c", version{2}, 100, direction::forward}).get().error().code == errc::user_code_failed);
  auto const backward = rt->read_stream({"goods", "c", {}, 100, direction::backward}).get();
  REQUIRE(backward);
  CHECK(texts(backward->events) == lines{R"(10.1/1 priced 2 {"amount":2,"currency":"KRW"})"});
  CHECK(backward->next == version{2});
  CHECK(rt->read_stream({"goods", "c", version{2}, 100, direction::backward}).get().error().code == errc::user_code_failed);
  CHECK(rt->read_stream({"goods", "c", {}, 100, direction::backward, true}).get()->events.size() == 3);

  auto const id = rt->read_log({position{8}, {}, 1, {}, true}).get()->events.at(0).id;
  CHECK(rt->find_event(id).get().error().code == errc::user_code_failed);
  CHECK(rt->find_event({id, 1, true}).get());

  subscription_request behind;
  behind.after = position{7};
  auto from = subscribe(*rt, behind);
  CHECK(next(from).events.size() == 1);
  for (int i = 0; i < 2; ++i) {
    auto const batch = from.next(patience).get();
    REQUIRE_FALSE(batch);
    CHECK(batch.error().code == errc::user_code_failed);
  }
  today::curse_holds = false;
  CHECK(texts(next(from).events) == lines{R"(9.1/1 named 1 {"name":"frog"})", R"(10.1/1 priced 2 {"amount":2,"currency":"KRW"})"});
}

TEST_CASE("A projection puts an event aside whose upcaster throws, and takes it when it is mended", "[changed]") {
  old_store store;
  store.curse();
  today::curse_holds = true;
  auto const rt = store.open();
  auto const other = rt->find({.projection = "labels", .key = "b", .after = {position{10}, patience, true}}).get();
  REQUIRE(other);  // position 10 is one of "c", whose row is blocked
  CHECK(other->json == R"({"told":["7 KRW","mug"]})");
  auto const letters = rt->dead_letters("labels", 0, 10).get();
  REQUIRE(letters);
  REQUIRE(letters->letters.size() == 2);  // it, and the one behind it
  CHECK(letters->letters[0].number == 9);
  CHECK_THAT(letters->letters[0].error, Catch::Contains("the curse holds"));
  CHECK(rt->retry_dead_letter("labels", 9, true).get()->handled == 0);
  today::curse_holds = false;
  CHECK(rt->retry_dead_letter("labels", 9, true).get()->handled == 2);
  CHECK(rt->find({.projection = "labels", .key = "c", .after = {position{10}, patience}}).get()->json ==
        R"({"told":["1 KRW","frog","2 KRW"]})");
}

// -- persistent subscriptions

namespace {

template <class T, class Call>
T wait(Call call) {
  std::promise<T> promise;
  auto waiting = promise.get_future();
  call([&promise](T end) { promise.set_value(std::move(end)); });
  return waiting.get();
}
void put(runtime& rt, persistent_subscription_settings settings) {
  REQUIRE(wait<result<bool>>([&](auto done) { rt.subscriptions().put("s", std::move(settings), std::move(done)); }));
}
delivery_batch fetch(runtime& rt, std::size_t limit, std::chrono::milliseconds how_long = patience) {
  auto batch = wait<result<delivery_batch>>([&](auto done) { rt.subscriptions().fetch("s", limit, how_long, std::move(done)); });
  REQUIRE(batch);
  return std::move(*batch);
}
acknowledgement ack(runtime& rt, std::string lease, std::vector<event_id> events = {}) {
  auto end =
      wait<result<acknowledgement>>([&](auto done) { rt.subscriptions().ack("s", std::move(lease), std::move(events), std::move(done)); });
  REQUIRE(end);
  return std::move(*end);
}
persistent_subscription_status status(runtime& rt) {
  return *wait<result<persistent_subscription_status>>([&](auto done) { rt.subscriptions().status("s", std::move(done)); });
}
lines texts(delivery_batch const& batch) {
  lines made;
  for (auto const& each : batch.deliveries) made.push_back(text(each.event));
  return made;
}
/// Until the checkpoint has come so far.
void wait_for_checkpoint(runtime& rt, position at) {
  auto const until = std::chrono::steady_clock::now() + patience;
  while (status(rt).checkpoint < at) {
    if (std::chrono::steady_clock::now() > until) FAIL("only at " << status(rt).checkpoint.value());
    static_cast<void>(fetch(rt, 1, 1ms));
  }
}

}  // namespace

TEST_CASE("Consumers take the parts of an event together, and settle them as one", "[changed]") {
  old_store store;
  auto const rt = store.open();
  put(*rt, {});
  lines seen;
  while (seen.size() < all_today.size()) {
    auto const batch = fetch(*rt, 1);
    auto const got = texts(batch);
    seen.insert(seen.end(), got.begin(), got.end());
    CHECK(ack(*rt, batch.lease, {batch.deliveries[0].event.id}).settled == 1);
  }
  CHECK(seen == all_today);
  wait_for_checkpoint(*rt, position{7});
  CHECK(status(*rt).waiting == 0);
}

TEST_CASE("A checkpoint passes dropped events without a consumer", "[changed]") {
  old_store store;
  auto const rt = store.open();
  persistent_subscription_settings settings;
  settings.after = position{3};
  settings.filter.event_types = {"named"};  // 4 and 5 are dropped, 6 is priced only
  put(*rt, settings);
  auto const until = std::chrono::steady_clock::now() + patience;
  while (status(*rt).checkpoint < position{6}) {
    if (std::chrono::steady_clock::now() > until) FAIL("only at " << status(*rt).checkpoint.value());
    std::this_thread::yield();
  }
  CHECK(status(*rt).waiting == 1);
}

TEST_CASE("Consumers' filters are asked of what events are today; raw gives what is stored", "[changed]") {
  old_store store;
  auto const rt = store.open();
  persistent_subscription_settings settings;
  settings.filter.event_types = {"priced"};
  put(*rt, settings);
  lines seen;
  while (seen.size() < 3) {
    auto const batch = fetch(*rt, 100);
    auto const got = texts(batch);
    seen.insert(seen.end(), got.begin(), got.end());
    ack(*rt, batch.lease);
  }
  CHECK(seen == some(all_today, {1, 3, 4}));
  auto other = settings;
  other.raw = true;
  auto const refused = wait<result<bool>>([&](auto done) { rt->subscriptions().put("s", other, std::move(done)); });
  CHECK(refused.error().code == errc::invalid_argument);
  REQUIRE(wait<result<void>>([&](auto done) { rt->subscriptions().remove("s", std::move(done)); }));
  put(*rt, other);
  CHECK(texts(fetch(*rt, 100)) == some(all_stored, {1}));
}

TEST_CASE("An event whose upcaster throws is parked with the reason; the others go on, and it comes when it is mended", "[changed]") {
  old_store store;
  store.curse();
  today::curse_holds = true;
  for (bool const hold : {false, true}) {
    CAPTURE(hold);
    today::curse_holds = true;
    auto const rt = store.open();
    static_cast<void>(wait<result<void>>([&](auto done) { rt->subscriptions().remove("s", std::move(done)); }));
    persistent_subscription_settings settings;
    settings.after = position{7};
    settings.hold_aggregate = hold;
    put(*rt, settings);
    auto const first = fetch(*rt, 100);
    CHECK(texts(first) == lines{R"(8.1/1 priced 2 {"amount":1,"currency":"KRW"})"});
    ack(*rt, first.lease);
    if (!hold) {
      auto const second = fetch(*rt, 100);
      CHECK(texts(second) == lines{R"(10.1/1 priced 2 {"amount":2,"currency":"KRW"})"});
      ack(*rt, second.lease);
    }
    wait_for_checkpoint(*rt, position{10});
    auto const parked = wait<result<parked_page>>([&](auto done) { rt->subscriptions().parked("s", {}, 10, std::move(done)); });
    REQUIRE(parked);
    REQUIRE(parked->events.size() == (hold ? 2 : 1));
    CHECK_THAT(parked->events[0].reason, Catch::Contains("the curse holds"));
    today::curse_holds = false;
    CHECK(*wait<result<std::uint64_t>>([&](auto done) { rt->subscriptions().replay_parked("s", 10, false, std::move(done)); }) ==
          (hold ? 2U : 1U));
    auto const replayed = texts(fetch(*rt, 100));
    CHECK(replayed.front() == R"(9.1/1 named 1 {"name":"frog"})");
    CHECK(replayed.size() == (hold ? 2U : 1U));
  }
}
