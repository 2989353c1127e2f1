#include <algorithm>

#include "tests/runtime/runtimes.hpp"

using namespace evoke;
using namespace evoke::tests;
using namespace ledgers;

namespace {

std::unique_ptr<runtime> with_history() {
  auto rt = start(in_memory());
  rt->of<ledger>("a").execute(open_ledger{"ann"}).get();
  for (int i = 1; i <= 24; ++i) rt->of<ledger>("a").execute(book{i, 1}).get();
  rt->of<ledger>("b").execute(open_ledger{"bob"}).get();
  return rt;
}

}  // namespace

TEST_CASE("state is read as it was at any version") {
  auto const rt = with_history();
  for (std::uint64_t at = 1; at <= 25; ++at) {
    auto const reply = rt->state({"ledger", "a", version{at}, {}}).get();
    REQUIRE(reply);
    REQUIRE(reply->version == version{at});
    REQUIRE(reply->state == R"({"owner":"ann","sum":)" + std::to_string((at - 1) * at / 2) + "}");
  }
  REQUIRE(rt->state({"ledger", "a", version{26}, {}}).get().error().code == errc::not_found);
  REQUIRE(rt->state({"ledger", "a", version{0}, {}}).get().error().code == errc::not_found);
}

TEST_CASE("state is read as it was at a time") {
  auto const rt = with_history();
  auto const page = rt->read_stream({"ledger", "a", {}, 100, direction::forward}).get();
  auto const& tenth = page->events.at(9);
  auto const reply = rt->state({"ledger", "a", {}, tenth.time}).get();
  // Several events may share the microsecond: the last of them counts.
  REQUIRE(reply->version >= version{10});
  REQUIRE(reply->time == tenth.time);
  REQUIRE(rt->state({"ledger", "a", {}, timestamp{}}).get().error().code == errc::not_found);
}

TEST_CASE("a history longer than the limit is refused, now is not") {
  auto options = in_memory();
  options.limits.max_history_events = 5;
  auto const rt = start(options);
  rt->of<ledger>("a").execute(open_ledger{"ann"}).get();
  rt->of<ledger>("a").execute(book{1, 7}).get();
  REQUIRE(rt->state({"ledger", "a", version{8}, {}}).get().error().code == errc::history_too_long);
  REQUIRE(rt->state({"ledger", "a", {}, {}}).get());
}

TEST_CASE("a read of an aggregate that is not resident does not make it so") {
  temporary_directory const directory;
  {
    auto const rt = start(on_disk(directory));
    rt->of<ledger>("a").execute(open_ledger{"ann"}).get();
  }
  auto const rt = start(on_disk(directory));
  REQUIRE(rt->state({"ledger", "a", {}, {}}).get()->version == version{1});
  REQUIRE(rt->info().resident_aggregates == 0);
}

TEST_CASE("an absent aggregate has no state and no stream") {
  auto const rt = with_history();
  REQUIRE(rt->state({"ledger", "nobody", {}, {}}).get().error().code == errc::not_found);
  REQUIRE(rt->read_stream({"ledger", "nobody", {}, 10, direction::forward}).get().error().code == errc::not_found);
  REQUIRE(rt->state({"nothing", "a", {}, {}}).get().error().code == errc::unknown_type);
}

TEST_CASE("a stream is read in pages, both ways") {
  auto const rt = with_history();
  for (auto const way : {direction::forward, direction::backward}) {
    std::vector<std::uint64_t> seen;
    std::optional<version> from = version{};
    while (from) {
      auto const page = rt->read_stream({"ledger", "a", *from, 7, way}).get();
      REQUIRE(page);
      REQUIRE(page->events.size() <= 7);
      for (auto const& each : page->events) seen.push_back(each.version.value());
      from = page->next;
    }
    if (way == direction::backward) std::ranges::reverse(seen);
    REQUIRE(seen.size() == 25);
    for (std::size_t i = 0; i < seen.size(); ++i) REQUIRE(seen[i] == i + 1);
  }
}

TEST_CASE("the log is read in pages and by filter, in position order") {
  auto const rt = with_history();
  auto const all = [&](log_filter filter) {
    std::vector<std::uint64_t> seen;
    log_request asked;
    asked.filter = std::move(filter);
    asked.limit = 4;
    for (;;) {
      auto const page = rt->read_log(asked).get();
      REQUIRE(page);
      for (auto const& each : page->events) seen.push_back(each.position.value());
      if (page->at_end) return seen;
      asked.after = page->next_after;
    }
  };
  REQUIRE(all({}).size() == 26);
  REQUIRE(all({.event_types = {"ledger_opened"}}) == std::vector<std::uint64_t>{1, 26});
  REQUIRE(all({.types = {"ledger"}, .id_prefix = "b"}) == std::vector<std::uint64_t>{26});
  REQUIRE(all({.event_types = {"never_heard_of"}}).empty());
}

TEST_CASE("a position beyond the head of the log is refused") {
  auto const rt = with_history();
  log_request asked;
  asked.after = position{27};
  REQUIRE(rt->read_log(asked).get().error().code == errc::invalid_argument);
}

TEST_CASE("the log is read from a time") {
  auto const rt = with_history();
  auto const last = rt->read_log({position{25}, {}, 1, {}}).get()->events.at(0);
  log_request asked;
  asked.since = last.time;
  auto const page = rt->read_log(asked).get();
  REQUIRE(page->events.back().position == position{26});
  for (auto const& each : page->events) REQUIRE(each.time >= last.time);
}

TEST_CASE("an event is found by its id") {
  auto const rt = with_history();
  auto const page = rt->read_stream({"ledger", "a", version{5}, 1, direction::forward}).get();
  auto const& wanted = page->events.at(0);
  auto const found = rt->find_event(wanted.id).get();
  REQUIRE(found->position == wanted.position);
  REQUIRE(found->data == wanted.data);
  REQUIRE_FALSE(found->meta.correlation_id.empty());
  REQUIRE(rt->find_event(uuid{}).get().error().code == errc::not_found);
}

TEST_CASE("ids of a type are listed in pages") {
  auto const rt = with_history();
  auto const first = rt->list({"ledger", "", 1}).get();
  REQUIRE(first->ids == std::vector<std::string>{"a"});
  REQUIRE(first->more);
  auto const second = rt->list({"ledger", "a", 1}).get();
  REQUIRE(second->ids == std::vector<std::string>{"b"});
  REQUIRE_FALSE(second->more);
  REQUIRE(rt->list({"nothing", "", 1}).get().error().code == errc::unknown_type);
}

TEST_CASE("metadata given with a command is stored with each of its events") {
  auto const rt = start(in_memory());
  command_options options;
  options.meta = {"flow-1", "cause-1", "ann", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a=b", R"({ "k" : 1.10 })"};
  rt->of<ledger>("a").execute(open_ledger{"ann"}, options).get();
  auto const stored = rt->read_log({}).get()->events.at(0);
  options.meta.extra = R"({"k":1.10})";
  REQUIRE(stored.meta == options.meta);
}
