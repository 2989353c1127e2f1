#include <chrono>
#include <future>
#include <mutex>

#include "tests/runtime/following.hpp"
#include "tests/runtime/two_programs.hpp"

using namespace evoke;
using namespace evoke::tests;
using namespace std::chrono_literals;

namespace {

template <class Command>
void tell(runtime& rt, std::string id, Command command) {
  auto const end = rt.of<yesterday::goods>(std::move(id)).execute(std::move(command)).get();
  REQUIRE(end.accepted());
}

/// A store in which yesterday's program left goods "a" (versions 1 to 5: titled, priced, edited in both, flagged, edited in nothing) and
/// "b" (edited in price, titled), positions 1 to 7.
class old_store {
 public:
  old_store() {
    auto const rt = start(on_disk(directory), yesterday::types());
    tell(*rt, "a", yesterday::set_title{"pen"});
    tell(*rt, "a", yesterday::set_price{5});
    tell(*rt, "a", yesterday::edit{"cup", 6});
    tell(*rt, "a", yesterday::flag{});
    tell(*rt, "a", yesterday::edit{});
    tell(*rt, "b", yesterday::edit{std::nullopt, 7});
    tell(*rt, "b", yesterday::set_title{"mug"});
  }
  ~old_store() { today::curse_holds = false; }
  old_store(old_store const&) = delete;
  old_store& operator=(old_store const&) = delete;

  /// One more, in stream "c", that today cannot be upcast while the curse holds.
  void curse() {
    auto const rt = start(on_disk(directory), yesterday::types());
    tell(*rt, "c", yesterday::set_price{1});
    tell(*rt, "c", yesterday::curse{"frog"});
    tell(*rt, "c", yesterday::set_price{2});
  }

  [[nodiscard]] std::unique_ptr<runtime> open() { return start(options(), today::types()); }
  [[nodiscard]] runtime_options options() {
    auto chosen = on_disk(directory);
    chosen.projections.attempts = 1;
    chosen.recovery_backoff = 10ms;
    chosen.log = [this](log_level, std::string_view line) {
      std::lock_guard const lock(guard);
      log.emplace_back(line);
    };
    return chosen;
  }
  [[nodiscard]] bool logged(std::string_view text) {
    std::lock_guard const lock(guard);
    return std::ranges::any_of(log, [&](auto const& line) { return line.find(text) != std::string::npos; });
  }

  temporary_directory directory;
  std::mutex guard;
  std::vector<std::string> log;
};

std::string text(recorded_event const& event) {
  return std::to_string(event.position.value()) + "." + std::to_string(event.part) + "/" + std::to_string(event.parts) + " " +
         event.type.str() + " " + std::to_string(event.schema_version) + " " + event.data;
}
std::vector<std::string> texts(std::vector<recorded_event> const& events) {
  std::vector<std::string> made;
  for (auto const& each : events) made.push_back(text(each));
  return made;
}

using lines = std::vector<std::string>;
lines const all_today{
    R"(1.1/1 named 1 {"name":"pen"})",
    R"(2.1/1 priced 2 {"amount":5,"currency":"KRW"})",
    R"(3.1/2 named 1 {"name":"cup"})",
    R"(3.2/2 priced 2 {"amount":6,"currency":"KRW"})",
    R"(6.1/1 priced 2 {"amount":7,"currency":"KRW"})",
    R"(7.1/1 named 1 {"name":"mug"})",
};
lines const all_stored{
    R"(1.1/1 titled 1 {"title":"pen"})",
    R"(2.1/1 priced 1 {"amount":5})",
    R"(3.1/1 edited 1 {"title":"cup","amount":6})",
    R"(4.1/1 flagged 1 {})",
    R"(5.1/1 edited 1 {})",
    R"(6.1/1 edited 1 {"amount":7})",
    R"(7.1/1 titled 1 {"title":"mug"})",
};
lines some(lines const& of, std::initializer_list<std::size_t> which) {
  lines made;
  for (auto const each : which) made.push_back(of.at(each));
  return made;
}

/// The whole log by pages.
lines log_of(runtime& rt, log_filter filter, bool raw, std::size_t limit = 100) {
  lines seen;
  log_request asked;
  asked.filter = std::move(filter);
  asked.raw = raw;
  asked.limit = limit;
  for (;;) {
    auto const page = rt.read_log(asked).get();
    REQUIRE(page);
    for (auto const& each : page->events) seen.push_back(text(each));
    if (page->at_end) return seen;
    REQUIRE(page->next_after > asked.after);
    asked.after = page->next_after;
  }
}

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
