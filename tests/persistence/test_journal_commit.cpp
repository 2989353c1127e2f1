#include <evoke/expected_version.hpp>

#include "contract.hpp"

namespace {

command_record success_record(std::uint64_t fingerprint, timestamp time) {
  command_record made;
  made.fingerprint = fingerprint;
  made.time = time;
  made.end = command_end::success;
  made.created = true;
  made.first_version = version{1};
  made.event_count = 1;
  made.version = version{1};
  return made;
}

}  // namespace

BOTH_JOURNALS("An empty journal has no head, no streams and nothing to scan") {
  TestType world;
  CHECK(world->head() == position{});
  CHECK(read_log(*world).empty());
  CHECK(read_stream(*world, {1, "nobody"}).empty());
  CHECK(need(world->list_streams(1, "", 10)).ids.empty());
  CHECK(need(world->position_before(timestamp{})) == position{});
  CHECK(world->failed_reason().empty());
  CHECK(world->store_id().str() == kStoreId);
}

BOTH_JOURNALS("Positions are 1, 2, 3 over all groups and streams") {
  TestType world;
  teller tell(world.store);
  tell.next("cart", "a", 2);
  tell.next("cart", "b", 3);
  need(tell.commit());
  tell.tell("order", "a", 1);
  CHECK(world->head() == position{6});
  CHECK(read_log(*world) == tell.lines());
}

BOTH_JOURNALS("Versions of a stream are contiguous over groups and within one") {
  TestType world;
  teller tell(world.store);
  tell.next("cart", "a", 2);
  tell.next("cart", "b", 1);
  tell.next("cart", "a", 3);
  need(tell.commit());
  tell.tell("cart", "a", 1);
  std::vector<std::string> wanted;
  for (auto const& each : tell.events())
    if (each.id == "a") wanted.push_back(each.line);
  CHECK(wanted.size() == 6);
  CHECK(read_stream(*world, tell.stream("cart", "a")) == wanted);
}

BOTH_JOURNALS("Everything of an event comes back as it was given") {
  TestType world;
  teller tell(world.store);
  auto& one = tell.next("cart", "Ünï/çødé", 2);
  one.meta = {"flow-1", "cause-1", "user-1", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "vendor=1", R"({"a":1})"};
  one.events[0].schema_version = 7;
  one.events[0].data = R"({"price":1.10})";
  one.events[1].extra = R"({"own":true})";
  one.events[1].client_id = need(uuid::parse("0198c0de-0000-7000-8000-000000000001"));
  need(tell.commit());
  CHECK(read_log(*world) == tell.lines());
  CHECK(read_stream(*world, tell.stream("cart", "Ünï/çødé")) == tell.lines());
}

BOTH_JOURNALS("An event with a payload of a megabyte comes back whole") {
  TestType world;
  teller tell(world.store);
  tell.next("cart", "a").events[0].data = "\"" + std::string(1024 * 1024, 'x') + "\"";
  need(tell.commit());
  CHECK(read_log(*world) == tell.lines());
}

BOTH_JOURNALS("A recorded event has names resolved and the command's id where no flow was given") {
  TestType world;
  teller tell(world.store);
  auto const& one = tell.next("cart", "a");
  auto const command = one.command_id.str();
  need(tell.commit());
  recorded_event got;
  need(world->scan_log({}, 1, {}, [&](event_view const& event) {
    got = to_recorded(*world, event);
    return true;
  }));
  CHECK(got.type.str() == "cart_changed");
  CHECK(got.stream_type.str() == "cart");
  CHECK(got.meta.correlation_id == command);
  CHECK(got.meta.causation_id == command);
  CHECK(got.data == R"({"n":1})");
}

BOTH_JOURNALS("Commit fills the position of a stored outcome with that of the last event") {
  TestType world;
  teller tell(world.store);
  tell.tell("cart", "a", 3);
  auto& one = tell.next("cart", "b", 2);
  one.key = "k";
  one.record = success_record(42, tell.time());
  need(tell.commit());
  auto const found = need(world->find_command(tell.stream("cart", "b"), "k", tier::disk));
  REQUIRE(found.end == lookup_end::found);
  CHECK(found.record.position == position{5});
}

BOTH_JOURNALS("An append that does not continue its stream is refused and nothing of its group is stored") {
  TestType world;
  teller tell(world.store);
  tell.tell("cart", "a", 2);
  auto const wrong = GENERATE(std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{4});
  auto const type = world->find_name(name_kind::aggregate_type, "cart");

  append good;
  good.type = type;
  good.id = aggregate_id::trusted("innocent");
  good.first_version = version{1};
  good.time = tell.time();
  good.events.push_back({1, 1, "{}", need(uuid::parse("0198c0de-0000-7000-8000-000000000002")), {}});
  good.key = "k";
  good.record = success_record(1, tell.time());
  good.timers.push_back({timer_change::action::set, "t", tell.time(), "wake", "{}"});
  append bad = good;
  bad.id = aggregate_id::trusted("a");
  bad.first_version = version{wrong};
  append* const group[] = {&good, &bad};

  auto const end = world->commit(group, tell.time());
  REQUIRE_FALSE(end);
  CHECK(end.error().code == errc::version_mismatch);
  CHECK(end.error().current_version == 2U);
  CHECK(world->head() == position{2});
  CHECK(read_log(*world) == tell.lines());
  stream_ref const innocent{type, "innocent"};
  CHECK(need(world->head_of(innocent)).version == version{});
  CHECK(need(world->find_command(innocent, "k", tier::disk)).end == lookup_end::absent);
  CHECK(need(world->timers_of(innocent)).empty());
  CHECK(need(world->find_client_id(innocent, *good.events[0].client_id)) == version{});
  CHECK(need(world->list_streams(type, "", 10)).ids == std::vector<std::string>{"a"});

  // The journal stays writable, for the same stream too.
  tell.tell("cart", "a", 1);
  tell.tell("cart", "innocent", 1);
  CHECK(read_log(*world) == tell.lines());
}

BOTH_JOURNALS("A first append must begin at version 1") {
  TestType world;
  teller tell(world.store);
  auto& one = tell.next("cart", "new");
  one.first_version = version{2};
  auto const end = tell.commit();
  REQUIRE_FALSE(end);
  CHECK(end.error().code == errc::version_mismatch);
  CHECK(end.error().current_version == 0U);
}

BOTH_JOURNALS("Two appends of one group cannot write the same version") {
  TestType world;
  teller tell(world.store);
  tell.next("cart", "a", 2);
  tell.next("cart", "a", 1).first_version = version{2};
  auto const end = tell.commit();
  REQUIRE_FALSE(end);
  CHECK(end.error().code == errc::version_mismatch);
  CHECK(world->head() == position{});
}

BOTH_JOURNALS("A version mismatch is noticed after reopening") {
  TestType world;
  teller tell(world.store);
  tell.tell("cart", "a", 3);
  world.reopen();
  tell.next("cart", "a").first_version = version{3};
  auto const end = tell.commit();
  REQUIRE_FALSE(end);
  CHECK(end.error().current_version == 3U);
}

BOTH_JOURNALS("Each of the four expected versions is judged by the stream's head") {
  TestType world;
  teller tell(world.store);
  tell.tell("cart", "a", 3);
  /// What a caller does: judge the head, then append behind it. @returns whether it was let through.
  auto const append_when = [&](std::string const& id, expected_version const& expected) {
    auto const at = need(world->head_of(tell.stream("cart", id)));
    if (!expected.matches(at.version)) return false;
    auto& one = tell.next("cart", id);
    CHECK(one.first_version == at.version.next());
    need(tell.commit());
    return true;
  };
  CHECK(append_when("a", expected_version::any()));
  CHECK(append_when("a", expected_version::exactly(version{4})));
  CHECK_FALSE(append_when("a", expected_version::exactly(version{4})));
  CHECK_FALSE(append_when("a", expected_version::no_stream()));
  CHECK(append_when("a", expected_version::stream_exists()));
  CHECK_FALSE(append_when("b", expected_version::stream_exists()));
  CHECK_FALSE(append_when("b", expected_version::exactly(version{1})));
  CHECK(append_when("b", expected_version::no_stream()));
  CHECK(append_when("c", expected_version::any()));
  CHECK(append_when("a", expected_version::one_of({version{1}, version{6}})));
  CHECK(need(world->head_of(tell.stream("cart", "a"))).version == version{7});
}

BOTH_JOURNALS("A group without events moves no position") {
  TestType world;
  teller tell(world.store);
  need(tell.commit());
  tell.tell("cart", "a");
  append only_record;
  only_record.type = world->find_name(name_kind::aggregate_type, "cart");
  only_record.id = aggregate_id::trusted("b");
  only_record.key = "k";
  only_record.record = command_record{};
  only_record.record->end = command_end::no_change;
  only_record.record->time = tell.time();
  append* const group[] = {&only_record};
  need(world->commit(group, tell.time()));
  CHECK(world->head() == position{1});
  CHECK(need(world->find_command(tell.stream("cart", "b"), "k", tier::disk)).end == lookup_end::found);
  CHECK(need(world->list_streams(only_record.type, "", 10)).ids == std::vector<std::string>{"a"});
}

BOTH_JOURNALS("Commit times never decrease, whatever the clock says") {
  TestType world;
  teller tell(world.store);
  auto const begin = tell.time();
  tell.tell("cart", "a");
  tell.next("cart", "a");
  need(tell.commit(begin - 1h));
  world.reopen();
  tell.next("cart", "a");
  need(tell.commit(begin - 2h));
  CHECK(need(world->position_before(begin)) == position{});
  CHECK(need(world->position_before(begin + 1us)) == position{3});
}

BOTH_JOURNALS("What was committed is there after reopening, and writing goes on behind it") {
  TestType world;
  teller tell(world.store);
  for (int i = 0; i < 10; ++i) tell.tell("cart", "c-" + std::to_string(i % 3), 2);
  world.reopen();
  CHECK(world->head() == position{20});
  CHECK(read_log(*world) == tell.lines());
  tell.tell("cart", "c-0");
  tell.tell("order", "o-1");
  CHECK(read_log(*world) == tell.lines());
}

BOTH_JOURNALS("Syncing the mark changes nothing that can be read") {
  TestType world;
  teller tell(world.store);
  tell.tell("cart", "a");
  need(world->sync_mark());
  CHECK(read_log(*world) == tell.lines());
}
