#include "persistence/log_feed.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace evoke;
using namespace evoke::persistence;

namespace {

uuid const store_id = *uuid::parse("0190a0a0-0000-7000-8000-000000000001");

/// An append as the journal leaves it: committed at `first`.
append committed(std::string id, position first, version first_version, std::size_t events) {
  append made;
  made.type = 7;
  made.id = aggregate_id::trusted(std::move(id));
  made.first_version = first_version;
  made.first_position = first;
  made.time = timestamp{std::chrono::microseconds{1'000'000}};
  made.meta.user = "ann";
  for (std::size_t i = 0; i < events; ++i) made.events.push_back({3, 1, "{\"n\":" + std::to_string(first.value() + i) + "}", {}, {}});
  return made;
}

live_group_ptr group(position first, std::size_t events, std::string id = "a") {
  auto one = committed(std::move(id), first, version{first.value()}, events);
  append* const all[] = {&one};
  return make_live_group(all, store_id);
}

class listening final : public feed_waiter {
 public:
  void wake(position passed) noexcept override { woken.push_back(passed); }
  std::vector<position> woken;
};

std::shared_ptr<listening> waiter() {
  return std::make_shared<listening>();
}

}  // namespace

TEST_CASE("a live group holds what was committed, event by event") {
  auto first = committed("a", position{11}, version{1}, 2);
  auto nothing = append{};
  auto second = committed("b", position{13}, version{5}, 1);
  second.events[0].client_id = event_id{store_id.bytes()};
  second.events[0].extra = R"({"own":1})";
  second.meta.extra = R"({"shared":1})";
  append* const all[] = {&first, &nothing, &second};
  auto const made = make_live_group(all, store_id);
  first.events.clear();  // a copy, not views into the commands
  REQUIRE(made);
  CHECK(made->before == position{10});
  CHECK(made->last == position{13});
  REQUIRE(made->events.size() == 3);
  CHECK(made->events[1].data == R"({"n":12})");
  CHECK(made->events[1].version == version{2});
  CHECK(made->events[1].user == "ann");
  CHECK(made->events[1].id == made_event_id(store_id, made->events[1].time, position{12}));
  CHECK(made->events[2].stream_id == "b");
  CHECK(made->events[2].version == version{5});
  CHECK(made->events[2].id == event_id{store_id.bytes()});
  CHECK(made->events[2].extra == R"({"own":1})");
  append* const empty[] = {&nothing};
  CHECK(make_live_group(empty, store_id) == nullptr);
}

TEST_CASE("groups are found by the position behind which they are asked for") {
  log_feed feed(position{10});
  log_feed::follower const here(feed);
  REQUIRE(feed.followed());
  feed.publish(position{12}, group(position{11}, 2));
  feed.publish(position{15}, group(position{13}, 3));
  CHECK(feed.head() == position{15});
  CHECK(feed.group_behind(position{9}) == nullptr);  // older than what is kept
  CHECK(feed.group_behind(position{10})->last == position{12});
  CHECK(feed.group_behind(position{11})->last == position{12});
  CHECK(feed.group_behind(position{12})->last == position{15});
  CHECK(feed.group_behind(position{14})->last == position{15});
  CHECK(feed.group_behind(position{15}) == nullptr);  // nothing yet
}

TEST_CASE("what is kept is bounded, and always holds the newest") {
  log_feed feed(position{0}, {1, 100});
  for (std::uint64_t i = 1; i <= 5; ++i) feed.publish(position{i}, group(position{i}, 1));
  CHECK(feed.group_behind(position{3}) == nullptr);
  CHECK(feed.group_behind(position{4})->last == position{5});
  log_feed few(position{0}, {1'000'000, 2});
  for (std::uint64_t i = 1; i <= 5; ++i) few.publish(position{i}, group(position{i}, 1));
  CHECK(few.group_behind(position{2}) == nullptr);
  CHECK(few.group_behind(position{3})->last == position{4});
}

TEST_CASE("a waiter is woken once, by the next event") {
  log_feed feed(position{0});
  auto const one = waiter();
  REQUIRE(feed.arm(one, position{0}, std::nullopt));
  feed.publish(position{1}, group(position{1}, 1));
  feed.publish(position{2}, group(position{2}, 1));
  CHECK(one->woken == std::vector{position{0}});
  CHECK_FALSE(feed.arm(one, position{1}, std::nullopt));  // there is something already
  REQUIRE(feed.arm(one, position{2}, std::nullopt));
  CHECK(feed.disarm(*one, std::nullopt) == position{2});
  feed.publish(position{3}, group(position{3}, 1));
  CHECK(one->woken.size() == 1);
  CHECK(feed.disarm(*one, std::nullopt) == std::nullopt);
}

TEST_CASE("a waiter for one stream sleeps through the others") {
  log_feed feed(position{0});
  auto const mine = waiter();
  auto const twin = waiter();
  stream_ref const stream{7, "mine"};
  REQUIRE(feed.arm(mine, position{0}, stream));
  REQUIRE(feed.arm(twin, position{0}, stream));
  feed.publish(position{2}, group(position{1}, 2, "other"));
  CHECK(mine->woken.empty());
  CHECK(feed.disarm(*twin, stream) == position{2});  // and knows how far nothing came
  auto other = committed("other", position{3}, version{3}, 2);
  auto own = committed("mine", position{5}, version{1}, 2);
  append* const all[] = {&other, &own};
  feed.publish(position{6}, make_live_group(all, store_id));
  CHECK(mine->woken == std::vector{position{4}});  // what is before its event does not concern it
  CHECK(twin->woken.empty());
}

TEST_CASE("a group that was committed while nobody followed leaves no gap") {
  log_feed feed(position{0});
  feed.publish(position{1}, group(position{1}, 1));
  auto const one = waiter();
  auto const streamed = waiter();
  REQUIRE(feed.arm(one, position{1}, std::nullopt));
  REQUIRE(feed.arm(streamed, position{1}, stream_ref{7, "x"}));
  feed.publish(position{3}, nullptr);
  CHECK(one->woken == std::vector{position{1}});
  CHECK(streamed->woken == std::vector{position{1}});
  CHECK(feed.group_behind(position{0}) == nullptr);
  CHECK(feed.group_behind(position{1}) == nullptr);
  feed.publish(position{4}, group(position{4}, 1));
  CHECK(feed.group_behind(position{2}) == nullptr);
  CHECK(feed.group_behind(position{3})->last == position{4});
}

TEST_CASE("closing wakes everybody and lets nobody wait again") {
  log_feed feed(position{5});
  auto const one = waiter();
  auto const streamed = waiter();
  REQUIRE(feed.arm(one, position{5}, std::nullopt));
  REQUIRE(feed.arm(streamed, position{5}, stream_ref{7, "x"}));
  feed.close();
  CHECK(one->woken == std::vector{position{5}});
  CHECK(streamed->woken == std::vector{position{5}});
  CHECK_FALSE(feed.arm(one, position{5}, std::nullopt));
}

TEST_CASE("a feed knows whether it is followed") {
  log_feed feed(position{0});
  CHECK_FALSE(feed.followed());
  {
    log_feed::follower one(feed);
    log_feed::follower const other(std::move(one));
    CHECK(feed.followed());
  }
  CHECK_FALSE(feed.followed());
}
