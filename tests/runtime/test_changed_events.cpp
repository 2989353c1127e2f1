#include "tests/runtime/old_store.hpp"

using namespace evoke;
using namespace evoke::tests;

namespace {

/// A whole stream by pages.
lines stream_of(runtime& rt, std::string id, direction way, bool raw, std::size_t limit) {
  lines seen;
  std::optional<version> from = version{};
  while (from) {
    auto const page = rt.read_stream({"goods", id, *from, limit, way, raw}).get();
    REQUIRE(page);
    for (auto const& each : page->events) seen.push_back(text(each));
    from = page->next;
  }
  return seen;
}

/// Everything a subscription delivers up to a position.
lines followed(runtime& rt, subscription_request request, position to) {
  lines seen;
  auto from = subscribe(rt, std::move(request));
  auto const until = std::chrono::steady_clock::now() + patience;
  for (position at{}; at < to;) {
    if (std::chrono::steady_clock::now() > until) FAIL("only up to " << at.value());
    auto const batch = next(from, 100ms);
    for (auto const& each : batch.events) seen.push_back(text(each));
    at = batch.checkpoint;
  }
  return seen;
}

}  // namespace

TEST_CASE("A store of an older program opens: state, time travel and new commands", "[changed]") {
  old_store store;
  auto const rt = store.open();
  auto const now = rt->state({"goods", "a", {}, {}}).get();
  REQUIRE(now);
  // The snapshots have the same fields, but were made by another past.
  CHECK(now->state == R"({"name":"cup","amount":6,"currency":"KRW"})");
  CHECK(now->version == version{5});
  CHECK(rt->state({"goods", "a", version{2}, {}}).get()->state == R"({"name":"pen","amount":5,"currency":"KRW"})");
  CHECK(rt->state({"goods", "b", {}, {}}).get()->state == R"({"name":"mug","amount":7,"currency":"KRW"})");
  auto const end = rt->of<today::goods>("a").execute(today::set_name{"jug"}).get();
  REQUIRE(end.accepted());
  CHECK(rt->state({"goods", "a", {}, {}}).get()->version == version{6});
  CHECK(log_of(*rt, {}, false).back() == R"(8.1/1 named 1 {"name":"jug"})");
}

TEST_CASE("The log is read as today, or raw, whatever the page size", "[changed]") {
  old_store store;
  auto const rt = store.open();
  for (std::size_t const limit : {1U, 2U, 3U, 100U}) {
    CAPTURE(limit);
    CHECK(log_of(*rt, {}, false, limit) == all_today);
    CHECK(log_of(*rt, {}, true, limit) == all_stored);
  }
}

TEST_CASE("A filter by type finds what was stored under other names, and is asked again of what it became", "[changed]") {
  old_store store;
  auto const rt = store.open();
  CHECK(log_of(*rt, {.event_types = {"named"}}, false, 1) == some(all_today, {0, 2, 5}));
  CHECK(log_of(*rt, {.event_types = {"priced"}}, false, 1) == some(all_today, {1, 3, 4}));
  CHECK(log_of(*rt, {.types = {"goods"}, .event_types = {"priced", "named"}}, false) == all_today);
  CHECK(log_of(*rt, {.event_types = {"priced"}}, true) == some(all_stored, {1}));
  CHECK(log_of(*rt, {.event_types = {"titled"}}, true) == some(all_stored, {0, 6}));
  CHECK(log_of(*rt, {.event_types = {"titled"}}, false).empty());
}

TEST_CASE("A stream is read as today, or raw, both ways, whatever the page size", "[changed]") {
  old_store store;
  auto const rt = store.open();
  for (std::size_t const limit : {1U, 2U, 3U, 100U}) {
    CAPTURE(limit);
    CHECK(stream_of(*rt, "a", direction::forward, false, limit) == some(all_today, {0, 1, 2, 3}));
    CHECK(stream_of(*rt, "a", direction::backward, false, limit) == some(all_today, {3, 2, 1, 0}));
    CHECK(stream_of(*rt, "a", direction::forward, true, limit) == some(all_stored, {0, 1, 2, 3, 4}));
    CHECK(stream_of(*rt, "a", direction::backward, true, limit) == some(all_stored, {4, 3, 2, 1, 0}));
  }
}

TEST_CASE("A backward page that is cut by its bytes holds whole events", "[changed]") {
  old_store store;
  auto options = store.options();
  options.limits.max_page_bytes = 300;  // one event and a little
  auto const rt = start(options, today::types());
  CHECK(stream_of(*rt, "a", direction::backward, false, 100) == some(all_today, {3, 2, 1, 0}));
  CHECK(stream_of(*rt, "a", direction::forward, false, 100) == some(all_today, {0, 1, 2, 3}));
}

TEST_CASE("An event is found by its id, part by part", "[changed]") {
  old_store store;
  auto const rt = store.open();
  auto const stored = rt->read_log({{}, {}, 100, {}, true}).get()->events;
  CHECK(text(*rt->find_event(stored[2].id).get()) == all_today[2]);
  CHECK(text(*rt->find_event({stored[2].id, 2, false}).get()) == all_today[3]);
  CHECK(text(*rt->find_event({stored[2].id, 1, true}).get()) == all_stored[2]);
  CHECK(rt->find_event({stored[2].id, 3, false}).get().error().code == errc::not_found);
  CHECK(rt->find_event({stored[2].id, 0, false}).get().error().code == errc::not_found);
  auto const gone = rt->find_event(stored[3].id).get();
  CHECK(gone.error().code == errc::not_found);
  CHECK_THAT(gone.error().message, Catch::Contains("its upcaster drops it"));
  CHECK(text(*rt->find_event({stored[3].id, 1, true}).get()) == all_stored[3]);
}

TEST_CASE("Subscriptions show events as today, or raw, and pass what is dropped", "[changed]") {
  old_store store;
  auto const rt = store.open();
  for (std::size_t const most : {1U, 2U, 100U}) {
    CAPTURE(most);
    subscription_request all;
    all.max_events = most;
    CHECK(followed(*rt, all, position{7}) == all_today);
    auto prices = all;
    prices.filter.event_types = {"priced"};
    CHECK(followed(*rt, prices, position{7}) == some(all_today, {1, 3, 4}));
    auto one = all;
    one.stream = stream_name{"goods", "a"};
    CHECK(followed(*rt, one, position{5}) == some(all_today, {0, 1, 2, 3}));
    auto raw = all;
    raw.raw = true;
    CHECK(followed(*rt, raw, position{7}) == all_stored);
    raw.filter.event_types = {"edited"};
    CHECK(followed(*rt, raw, position{7}) == some(all_stored, {2, 4, 5}));
  }
  // Behind the middle of nothing: a position is passed as a whole.
  subscription_request behind;
  behind.after = position{3};
  CHECK(followed(*rt, behind, position{7}) == some(all_today, {4, 5}));
}

TEST_CASE("Read models are rebuilt from the events of older programs", "[changed]") {
  old_store store;
  auto const rt = store.open();
  auto const document = rt->find({.projection = "labels", .key = "a", .after = {position{7}, patience}}).get();
  REQUIRE(document);
  CHECK(document->json == R"({"told":["pen","5 KRW","cup","6 KRW"]})");
  CHECK(rt->find({.projection = "labels", .key = "b", .after = {position{7}, patience}}).get()->json == R"({"told":["7 KRW","mug"]})");
}

TEST_CASE("Events of raw types pass through, also under the name of a former event", "[changed]") {
  old_store store;
  auto const rt = store.open();
  raw_append_request request;
  request.type = "notes";
  request.id = "n-1";
  request.events.push_back({.type = "titled", .data = R"({"any":"thing"})"});
  REQUIRE(rt->append(request).get().accepted());
  CHECK(log_of(*rt, {.types = {"notes"}}, false) == lines{R"(8.1/1 titled 1 {"any":"thing"})"});
  // It has the stored name of what can be "named", and is not.
  CHECK(log_of(*rt, {.event_types = {"named"}}, false).size() == 3);
  CHECK(log_of(*rt, {.event_types = {"titled"}}, false).size() == 1);
}
