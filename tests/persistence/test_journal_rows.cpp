#include "contract.hpp"

#include <string>

namespace {

/// Commits one outcome without events.
void remember(journal& store, stream_ref stream, std::string const& key, command_record const& record) {
  append one;
  one.type = stream.type;
  one.id = aggregate_id::trusted(std::string(stream.id));
  one.time = record.time;
  one.key = key;
  one.record = record;
  append* const group[] = {&one};
  need(store.commit(group, record.time));
}

command_record rejected_record(timestamp time) {
  command_record made;
  made.fingerprint = 0xfeedface12345678ULL;
  made.time = time;
  made.end = command_end::rejection;
  made.version = version{4};
  made.position = position{9};
  made.why = rejection::conflict("cart_already_checked_out", "The cart is checked out.", R"({"at":1})");
  return made;
}

snapshot state_at(teller const& tell, std::string const& id, std::uint64_t number, std::uint64_t shape = 7) {
  for (auto i = tell.events().size(); i > 0; --i) {
    auto const& each = tell.events()[i - 1];
    if (each.id == id && each.version.value() == number)
      return {each.version, position{i}, each.time, shape, "state-" + std::to_string(number)};
  }
  return {version{number}, position{1}, tell.time(), shape, "state-" + std::to_string(number)};
}

/// The version of the snapshot that is read, 0 = none.
std::uint64_t snapshot_read(journal const& store, stream_ref stream, std::uint64_t at_most = UINT64_MAX, std::uint64_t shape = 7) {
  auto const found = need(store.read_snapshot(stream, version{at_most}, shape, [](std::string_view) {}));
  if (!found) return 0;
  CHECK(found->state == "state-" + std::to_string(found->version.value()));
  return found->version.value();
}

}  // namespace

BOTH_JOURNALS("Names keep their numbers, by kind, over a restart") {
  TestType world;
  teller tell(world.store);
  auto const cart = need(world->intern(name_kind::aggregate_type, "cart"));
  auto const created = need(world->intern(name_kind::event_type, "cart_created"));
  auto const same_text = need(world->intern(name_kind::event_type, "cart"));
  CHECK(need(world->intern(name_kind::aggregate_type, "cart")) == cart);
  CHECK(same_text != created);
  tell.tell("cart", "a");
  world.reopen();
  CHECK(world->find_name(name_kind::aggregate_type, "cart") == cart);
  CHECK(world->find_name(name_kind::event_type, "cart_created") == created);
  CHECK(world->find_name(name_kind::event_type, "cart") == same_text);
  CHECK(world->name_of(name_kind::event_type, created) == "cart_created");
  CHECK(world->names(name_kind::event_type) == std::vector<std::string>{"cart_created", "cart", "cart_changed"});
  CHECK(need(world->intern(name_kind::event_type, "cart_closed")) == 4);
}

BOTH_JOURNALS("A name that was never given is unknown") {
  TestType world;
  CHECK(world->find_name(name_kind::event_type, "nothing") == 0);
  CHECK(world->name_of(name_kind::event_type, 0).empty());
  CHECK(world->name_of(name_kind::event_type, 77).empty());
  CHECK(world->names(name_kind::aggregate_type).empty());
}

BOTH_JOURNALS("Interning with nothing to commit loses no name") {
  TestType world;
  need(world->intern(name_kind::aggregate_type, "first"));
  need(world->commit({}, timestamp{}));
  world.reopen();
  CHECK(world->find_name(name_kind::aggregate_type, "first") == 1);
}

BOTH_JOURNALS("A stored outcome comes back whole, in either tier, also after a restart") {
  TestType world;
  auto const type = need(world->intern(name_kind::aggregate_type, "cart"));
  stream_ref const stream{type, "a"};
  remember(*world, stream, "key-1", rejected_record(world.time.now()));
  for (int round = 0; round < 2; ++round) {
    for (auto const how_far : {tier::memory, tier::disk}) {
      auto const found = need(world->find_command(stream, "key-1", how_far));
      REQUIRE(found.end == lookup_end::found);
      CHECK(found.record.fingerprint == 0xfeedface12345678ULL);
      CHECK(found.record.time == world.time.now());
      CHECK(found.record.end == command_end::rejection);
      CHECK(found.record.version == version{4});
      CHECK(found.record.position == position{9});
      CHECK(found.record.why == rejected_record(world.time.now()).why);
    }
    world.reopen();
  }
}

BOTH_JOURNALS("A key is scoped to its aggregate") {
  TestType world;
  auto const type = need(world->intern(name_kind::aggregate_type, "cart"));
  remember(*world, {type, "a"}, "k", rejected_record(world.time.now()));
  CHECK(need(world->find_command({type, "b"}, "k", tier::disk)).end == lookup_end::absent);
  CHECK(need(world->find_command({type + 1, "a"}, "k", tier::disk)).end == lookup_end::absent);
  CHECK(need(world->find_command({type, "a"}, "kk", tier::disk)).end == lookup_end::absent);
  CHECK(need(world->find_command({type, "a"}, "", tier::memory)).end == lookup_end::absent);
}

BOTH_JOURNALS("A later outcome under the same key replaces the earlier") {
  TestType world;
  auto const type = need(world->intern(name_kind::aggregate_type, "cart"));
  auto record = rejected_record(world.time.now());
  remember(*world, {type, "a"}, "k", record);
  record.end = command_end::no_change;
  remember(*world, {type, "a"}, "k", record);
  CHECK(need(world->find_command({type, "a"}, "k", tier::disk)).record.end == command_end::no_change);
}

BOTH_JOURNALS("An outcome is remembered for a day and not longer") {
  TestType world;
  auto const type = need(world->intern(name_kind::aggregate_type, "cart"));
  stream_ref const stream{type, "a"};
  remember(*world, stream, "k", rejected_record(world.time.now()));
  for (int hour = 0; hour < 24; ++hour) {
    REQUIRE(need(world->find_command(stream, "k", tier::disk)).end == lookup_end::found);
    world.time.pass(1h);
  }
  world.time.pass(1us);
  CHECK(need(world->find_command(stream, "k", tier::disk)).end == lookup_end::absent);
}

BOTH_JOURNALS("A clock that leaps forward forgets no outcome until the leap has stood for an hour") {
  TestType world;
  auto const type = need(world->intern(name_kind::aggregate_type, "cart"));
  stream_ref const stream{type, "a"};
  remember(*world, stream, "k", rejected_record(world.time.now()));
  world.time.leap(48h);
  CHECK(need(world->find_command(stream, "k", tier::disk)).end == lookup_end::found);
  world.time.pass(59min);
  CHECK(need(world->find_command(stream, "k", tier::disk)).end == lookup_end::found);
  world.time.pass(1min);
  CHECK(need(world->find_command(stream, "k", tier::disk)).end == lookup_end::absent);
}

BOTH_JOURNALS("An outcome under an internal key never expires") {
  TestType world;
  auto const type = need(world->intern(name_kind::aggregate_type, "cart"));
  stream_ref const stream{type, "a"};
  remember(*world, stream, "\x01step", rejected_record(world.time.now()));
  remember(*world, stream, "step", rejected_record(world.time.now()));
  for (int day = 0; day < 40; ++day) {
    world.time.pass(24h);
    static_cast<void>(need(world->find_command(stream, "step", tier::disk)));  // the expiry clock believes what it sees pass
  }
  world.reopen();
  for (auto const how_far : {tier::memory, tier::disk})
    CHECK(need(world->find_command(stream, "\x01step", how_far)).end == lookup_end::found);
  CHECK(need(world->find_command(stream, "step", tier::disk)).end == lookup_end::absent);
}

BOTH_JOURNALS("An append forgets the outcomes that it no longer needs, and only those") {
  TestType world;
  teller tell(world.store);
  tell.tell("cart", "a");
  auto const type = tell.stream("cart", "a").type;
  for (auto const* id : {"b", "c"})
    for (auto const* key : {"\x01one", "\x01two"}) remember(*world, {type, id}, key, rejected_record(world.time.now()));
  auto& one = tell.next("cart", "a");
  one.forget = {{type, "b", "\x01one"}, {type, "c", "\x01two"}, {type, "nowhere", "\x01one"}, {type, "b", "\x01never"}};
  need(tell.commit());
  world.reopen();
  auto const found = [&](std::string_view id, std::string_view key) {
    return need(world->find_command({type, id}, key, tier::disk)).end == lookup_end::found;
  };
  CHECK_FALSE(found("b", "\x01one"));
  CHECK(found("b", "\x01two"));
  CHECK(found("c", "\x01one"));
  CHECK_FALSE(found("c", "\x01two"));
  CHECK(read_log(*world) == tell.lines());
}

BOTH_JOURNALS("An append that forgets a key and brings its new outcome keeps the new one") {
  TestType world;
  auto const type = need(world->intern(name_kind::aggregate_type, "cart"));
  auto record = rejected_record(world.time.now());
  remember(*world, {type, "a"}, "\x01k", record);
  append one;
  one.type = type;
  one.id = aggregate_id::trusted("a");
  one.time = record.time;
  one.key = "\x01k";
  record.end = command_end::no_change;
  one.record = record;
  one.forget = {{type, "a", "\x01k"}};
  append* const group[] = {&one};
  need(world->commit(group, record.time));
  CHECK(need(world->find_command({type, "a"}, "\x01k", tier::disk)).record.end == command_end::no_change);
}

BOTH_JOURNALS("The newest snapshot that fits is read") {
  TestType world;
  teller tell(world.store);
  tell.tell("cart", "a", 10);
  auto const stream = tell.stream("cart", "a");
  CHECK(snapshot_read(*world, stream) == 0);
  CHECK(world->surely_no_snapshot(stream));
  need(world->write_snapshot(stream, state_at(tell, "a", 4)));
  CHECK_FALSE(world->surely_no_snapshot(stream));
  CHECK(world->surely_no_snapshot({stream.type, "aa"}));
  need(world->write_snapshot(stream, state_at(tell, "a", 8)));
  CHECK(snapshot_read(*world, stream) == 8);
  CHECK(snapshot_read(*world, stream, 8) == 8);
  CHECK(snapshot_read(*world, stream, 7) == 4);
  CHECK(snapshot_read(*world, stream, 3) == 0);
  world.reopen();
  CHECK(snapshot_read(*world, tell.stream("cart", "a")) == 8);
  CHECK_FALSE(world->surely_no_snapshot(tell.stream("cart", "a")));
  CHECK(world->surely_no_snapshot(tell.stream("carts", "a")));
}

BOTH_JOURNALS("The last two snapshots are kept") {
  TestType world;
  teller tell(world.store);
  tell.tell("cart", "a", 10);
  auto const stream = tell.stream("cart", "a");
  for (std::uint64_t number = 2; number <= 10; number += 2) need(world->write_snapshot(stream, state_at(tell, "a", number)));
  CHECK(snapshot_read(*world, stream) == 10);
  CHECK(snapshot_read(*world, stream, 9) == 8);
  CHECK(snapshot_read(*world, stream, 7) == 0);
}

BOTH_JOURNALS("Writing a snapshot of the same version again replaces it") {
  TestType world;
  teller tell(world.store);
  tell.tell("cart", "a", 10);
  auto const stream = tell.stream("cart", "a");
  need(world->write_snapshot(stream, state_at(tell, "a", 4)));
  need(world->write_snapshot(stream, state_at(tell, "a", 8)));
  need(world->write_snapshot(stream, state_at(tell, "a", 8)));
  CHECK(snapshot_read(*world, stream, 7) == 4);
}

BOTH_JOURNALS("A snapshot of another shape is not used") {
  TestType world;
  teller tell(world.store);
  tell.tell("cart", "a", 10);
  auto const stream = tell.stream("cart", "a");
  need(world->write_snapshot(stream, state_at(tell, "a", 4, 7)));
  need(world->write_snapshot(stream, state_at(tell, "a", 8, 8)));
  CHECK(snapshot_read(*world, stream, UINT64_MAX, 7) == 4);
  CHECK(snapshot_read(*world, stream, UINT64_MAX, 8) == 8);
  CHECK(snapshot_read(*world, stream, UINT64_MAX, 9) == 0);
}

BOTH_JOURNALS("A snapshot above the stream's head is not used") {
  TestType world;
  teller tell(world.store);
  tell.tell("cart", "a", 10);
  auto const stream = tell.stream("cart", "a");
  need(world->write_snapshot(stream, state_at(tell, "a", 4)));
  need(world->write_snapshot(stream, state_at(tell, "a", 11)));
  CHECK(snapshot_read(*world, stream) == 4);
}

BOTH_JOURNALS("Snapshots of one stream are not taken for another's") {
  TestType world;
  teller tell(world.store);
  tell.tell("cart", "a", 10);
  tell.tell("cart", "aa", 10);
  need(world->write_snapshot(tell.stream("cart", "aa"), state_at(tell, "aa", 4)));
  CHECK(snapshot_read(*world, tell.stream("cart", "a")) == 0);
  CHECK(snapshot_read(*world, tell.stream("cart", "aa")) == 4);
}

BOTH_JOURNALS("Rows of a service are written together, read by prefix in order, and deleted") {
  TestType world;
  auto const read = [&](std::string_view prefix) {
    std::string all;
    need(world->scan_rows(row_space::subscriptions, {prefix}, [&](std::string_view key, std::string_view value) {
      all.append(key).append("=").append(value).append(" ");
      return true;
    }));
    return all;
  };
  CHECK(read("").empty());
  std::vector<row_change> const first{{"c/b", "2"}, {"c/a", "1"}, {"p/a", std::string("\0\xff", 2)}};
  need(world->write_rows(row_space::subscriptions, first, true));
  world.reopen();
  CHECK(read("c/") == "c/a=1 c/b=2 ");
  CHECK(read("p/") == std::string("p/a=\0\xff ", 7));
  std::vector<row_change> const second{{"c/a", std::nullopt}, {"c/b", "3"}, {"c/none", std::nullopt}};
  need(world->write_rows(row_space::subscriptions, second, false));
  CHECK(read("c/") == "c/b=3 ");
  std::string first_only;
  need(world->scan_rows(row_space::subscriptions, {}, [&](std::string_view key, std::string_view) {
    first_only.append(key);
    return false;
  }));
  CHECK(first_only == "c/b");
}

BOTH_JOURNALS("Rows of a service are read from behind a key on, whether it is there or not") {
  TestType world;
  need(world->write_rows(row_space::subscriptions, std::vector<row_change>{{"a/x", ""}, {"b/1", ""}, {"b/2", ""}, {"b/3", ""}, {"c/x", ""}},
                         true));
  auto const read = [&](std::string_view after) {
    std::string all;
    need(world->scan_rows(row_space::subscriptions, {"b/", after}, [&](std::string_view key, std::string_view) {
      all.append(key).append(" ");
      return true;
    }));
    return all;
  };
  CHECK(read("b/") == "b/1 b/2 b/3 ");
  CHECK(read("b/1") == "b/2 b/3 ");
  CHECK(read("b/11") == "b/2 b/3 ");
  CHECK(read("b/3").empty());
  CHECK(read("a/x") == "b/1 b/2 b/3 ");
  CHECK(read("c/").empty());
}

BOTH_JOURNALS("Rows of one service are not among those of another, nor among the names") {
  TestType world;
  teller tell(world.store);
  tell.tell("cart", "a", 1);
  auto const read = [&](row_space space) {
    std::string all;
    need(world->scan_rows(space, {}, [&](std::string_view key, std::string_view value) {
      all.append(key).append("=").append(value).append(" ");
      return true;
    }));
    return all;
  };
  need(world->write_rows(row_space::catalogue, std::vector<row_change>{{"cart/added/1", "{}"}, {"cart/added/2", "{}"}}, true));
  need(world->write_rows(row_space::subscriptions, std::vector<row_change>{{"cart/added/1", "other"}}, true));
  world.reopen();
  CHECK(read(row_space::catalogue) == "cart/added/1={} cart/added/2={} ");
  CHECK(read(row_space::subscriptions) == "cart/added/1=other ");
  need(world->write_rows(row_space::catalogue, std::vector<row_change>{{"cart/added/1", std::nullopt}}, false));
  CHECK(read(row_space::catalogue) == "cart/added/2={} ");
  CHECK(read(row_space::subscriptions) == "cart/added/1=other ");
  CHECK(world->find_name(name_kind::aggregate_type, "cart") != 0);
}
