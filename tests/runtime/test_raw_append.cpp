#include "tests/runtime/runtimes.hpp"

using namespace evoke;
using namespace evoke::tests;

namespace {

raw_append_request batch(std::string id, std::vector<raw_event> events, expected_version expected = {}) {
  return {"sensor", std::move(id), std::move(events), std::move(expected), {}};
}

uuid id_of(std::uint8_t n) {
  uuid::bytes_type bytes{};
  bytes[0] = 0xaa;
  bytes[6] = 0x40;
  bytes[8] = 0x80;
  bytes[15] = n;
  return uuid{bytes};
}

}  // namespace

TEST_CASE("raw events are stored minified, numbers as they were written") {
  auto const rt = start(in_memory());
  auto const end = rt->append(batch("s-1", {{{}, "measured", R"({ "value" : 1.10 , "big":1e400})", ""}})).get();
  if (end.failed()) {
    // 1e400 is beyond what a double holds; the number rule of the parser decides. Without it:
    auto const plain = rt->append(batch("s-1", {{{}, "measured", R"({ "value" : 1.10 })", ""}})).get();
    REQUIRE(plain.accepted());
  }
  auto const page = rt->read_stream({"sensor", "s-1", {}, 10, direction::forward}).get();
  REQUIRE(page->events.at(0).data.starts_with(R"({"value":1.10)"));
}

TEST_CASE("a repeated batch is answered as before and stored once") {
  auto const rt = start(in_memory());
  auto const events = std::vector<raw_event>{{id_of(1), "measured", "1", ""}, {id_of(2), "measured", "2", ""}};
  auto const first = rt->append(batch("s", events, expected_version::no_stream())).get();
  REQUIRE(first.accepted());
  auto const again = rt->append(batch("s", events, expected_version::no_stream())).get();
  REQUIRE(again.accepted());
  REQUIRE(again.replayed());
  REQUIRE(again.reply().events == first.reply().events);
  REQUIRE(again.reply().events.at(1).id == id_of(2));
  REQUIRE(rt->info().head == position{2});
}

TEST_CASE("a batch that overlaps otherwise is refused whole") {
  auto const rt = start(in_memory());
  REQUIRE(rt->append(batch("s", {{id_of(1), "m", "1", ""}, {id_of(2), "m", "2", ""}, {id_of(3), "m", "3", ""}})).get().accepted());
  auto const code = [&](std::vector<raw_event> events) { return rt->append(batch("s", std::move(events))).get().error().code; };
  REQUIRE(code({{id_of(3), "m", "3", ""}, {id_of(4), "m", "4", ""}}) == errc::already_exists);
  REQUIRE(code({{id_of(2), "m", "2", ""}, {id_of(1), "m", "1", ""}}) == errc::already_exists);
  REQUIRE(code({{id_of(1), "m", "1", ""}, {id_of(3), "m", "3", ""}}) == errc::already_exists);
  REQUIRE(code({{id_of(1), "m", "1", ""}, {{}, "m", "9", ""}}) == errc::already_exists);
  REQUIRE(rt->info().head == position{3});
}

TEST_CASE("client ids are unique within a stream, not between streams") {
  auto const rt = start(in_memory());
  REQUIRE(rt->append(batch("s", {{id_of(1), "m", "1", ""}})).get().accepted());
  REQUIRE(rt->append(batch("t", {{id_of(1), "m", "1", ""}})).get().reply().events.at(0).position == position{2});
}

TEST_CASE("a batch that comes again while the first is on its way is stored once") {
  temporary_directory const directory;
  auto const rt = start(on_disk(directory));
  std::vector<std::future<command_result>> ends;
  for (int i = 0; i < 100; ++i) ends.push_back(rt->append(batch("s", {{id_of(1), "m", "1", ""}})));
  for (auto& each : ends) REQUIRE(each.get().accepted());
  REQUIRE(rt->info().head == position{1});
}

TEST_CASE("raw appends obey all four expected versions") {
  auto const rt = start(in_memory());
  auto const once = std::vector<raw_event>{{{}, "m", "1", ""}};
  REQUIRE(rt->append(batch("s", once, expected_version::stream_exists())).get().error().code == errc::version_mismatch);
  REQUIRE(rt->append(batch("s", once, expected_version::no_stream())).get().accepted());
  REQUIRE(rt->append(batch("s", once, expected_version::no_stream())).get().error().current_version == 1);
  REQUIRE(rt->append(batch("s", once, expected_version::exactly(version{1}))).get().accepted());
  REQUIRE(rt->append(batch("s", once, expected_version::exactly(version{1}))).get().failed());
  REQUIRE(rt->append(batch("s", once, expected_version::stream_exists())).get().accepted());
  REQUIRE(rt->append(batch("s", once)).get().reply().version == version{4});
}

TEST_CASE("nobody bypasses a registered type's rules by raw events") {
  auto const rt = start(in_memory());
  auto asked = batch("a", {{{}, "booked", R"({"amount":1})", ""}});
  asked.type = "ledger";
  REQUIRE(rt->append(asked).get().error().code == errc::not_allowed);
}

TEST_CASE("malformed raw appends are refused") {
  auto const rt = start(in_memory());
  auto const code = [&](std::vector<raw_event> events) { return rt->append(batch("s", std::move(events))).get().error().code; };
  REQUIRE(code({}) == errc::invalid_argument);
  REQUIRE(code({{{}, "no spaces", "1", ""}}) == errc::invalid_argument);
  REQUIRE(code({{{}, "m", "{", ""}}) == errc::malformed);
  REQUIRE(code({{{}, "m", "1", "[]"}}) == errc::invalid_argument);
  REQUIRE(code({{id_of(1), "m", "1", ""}, {id_of(1), "m", "2", ""}}) == errc::invalid_argument);
  REQUIRE(code({{uuid{}, "m", "1", ""}}) == errc::invalid_argument);
  REQUIRE(rt->info().head == position{0});
}

TEST_CASE("raw appends may bring in only so many names") {
  auto options = in_memory();
  options.limits.max_raw_names = 5;
  auto const rt = start(options);
  std::size_t accepted = 0;
  errc last{};
  for (int i = 0; i < 10; ++i) {
    auto const end = rt->append(batch("s", {{{}, "m" + std::to_string(i), "1", ""}})).get();
    if (end.accepted())
      ++accepted;
    else
      last = end.error().code;
  }
  // Two event names belong to the registered type.
  REQUIRE(accepted == 3);
  REQUIRE(last == errc::limit_exceeded);
}

TEST_CASE("a type is registered over raw events only when it reads them all") {
  temporary_directory const directory;
  {
    auto const rt = start(on_disk(directory), registry{});
    auto asked = batch("a", {{{}, "ledger_opened", R"({"owner":"ann"})", ""}, {{}, "booked", R"({"amount":7})", ""}});
    asked.type = "ledger";
    REQUIRE(rt->append(asked).get().accepted());
  }
  {
    auto const rt = start(on_disk(directory));
    REQUIRE(rt->of<ledgers::ledger>("a").get()->sum == 7);
    rt->stop(std::chrono::seconds(5));
    auto const raw = start(on_disk(directory), registry{});
    auto asked = batch("b", {{{}, "booked", R"({"amount":"seven"})", ""}});
    asked.type = "ledger";
    REQUIRE(raw->append(asked).get().accepted());
  }
  auto const refused = runtime::start(ledgers::types(), on_disk(directory));
  REQUIRE_FALSE(refused);
  REQUIRE(refused.error().code == errc::corrupt);
  REQUIRE(refused.error().message.find("b version 1") != std::string::npos);
}
