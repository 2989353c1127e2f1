#include "contract.hpp"

#include "persistence/keys.hpp"
#include "persistence/rocksdb_schema.hpp"

#include <fstream>

/// What a damaged or missing family of timers costs: nothing but a walk through the log.
namespace {

timer_change set(std::string name, timestamp due) {
  return {timer_change::action::set, std::move(name), due, "wake", R"({"n":1})"};
}

/// Everything that is known of the timers, as a line each; `problems` counts what does not read.
std::vector<std::string> all_timers(journal const& store, int& problems) {
  std::vector<std::string> out;
  need(store.scan_timers(
      {timestamp::min(), 0, {}, {}}, timestamp::max(),
      [&](stored_timer const& each) {
        out.push_back(to_rfc3339(each.at.due) + " " + std::to_string(each.at.type) + " " + each.at.id + "/" + each.at.name + " " +
                      each.command + each.body + each.set_by.str() + each.correlation_id);
        return true;
      },
      [&](std::string_view) { ++problems; }));
  return out;
}
std::vector<std::string> all_timers(journal const& store) {
  int problems = 0;
  auto all = all_timers(store, problems);
  CHECK(problems == 0);
  return all;
}

/// A store with timers that were set, moved, cancelled and fired (a cancel with an event), over several groups and restarts.
void tell_timers(rocksdb_world& world, teller& tell) {
  auto const now = tell.time();
  for (int i = 0; i < 50; ++i) {
    auto const id = "c" + std::to_string(i % 7);
    auto& one = tell.next("cart", id, 2);
    if (i % 3 == 0) one.meta.correlation_id = "flow" + std::to_string(i);
    one.timers = {set("t" + std::to_string(i % 5), now + std::chrono::minutes(i)), set("u", now + std::chrono::hours(i))};
    if (i % 4 == 0) one.timers.push_back({timer_change::action::cancel, "t" + std::to_string((i + 1) % 5), {}, {}, {}});
    if (i % 10 == 0) need(tell.commit());
    if (i == 30) world.reopen();
  }
  need(tell.commit());
}

/// The store's database, to do to it what only an accident does.
void with_database(rocksdb_world& world, std::function<void(database&)> const& change) {
  need(world->close());
  {
    database db;
    REQUIRE(database::open(world.options.path / "journal", {1 << 20, 1 << 20, nullptr, 24h, nullptr}, false,
                           rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords, true, db)
                .ok());
    change(db);
  }
  world.store.reset();
}

void reopen(rocksdb_world& world) {
  world.store = need(open_rocksdb_journal(world.options));
}

}  // namespace

TEST_CASE("Timers are made anew from the log when an operator asks for it, once") {
  rocksdb_world world;
  teller tell(world.store);
  tell_timers(world, tell);
  auto const before = all_timers(*world);
  REQUIRE(before.size() > 20);
  with_database(world, [](database& db) {
    // A row that does not read, one that is gone, one that points nowhere.
    std::unique_ptr<rocksdb::Iterator> const rows(db->NewIterator({}, db[family::timers]));
    int row = 0;
    for (rows->SeekToFirst(); rows->Valid(); rows->Next(), ++row) {
      if (row % 3 == 0) REQUIRE(db->Put({}, db[family::timers], rows->key(), "damaged").ok());
      if (row % 3 == 1) REQUIRE(db->Delete({}, db[family::timers], rows->key()).ok());
    }
    REQUIRE(db->Put({}, db[family::timers], slice(due_key(timestamp(5us), {1, "nobody"}, "t").view()), "\x01").ok());
  });
  reopen(world);
  int problems = 0;
  CHECK(all_timers(*world, problems) != before);
  CHECK(problems > 0);
  need(world->close());
  world.store.reset();

  auto const wish = world.options.path / "rebuild-timers";
  std::ofstream(wish).close();
  reopen(world);
  CHECK(all_timers(*world) == before);
  CHECK(world->timers_pending() == before.size());
  CHECK_FALSE(std::filesystem::exists(wish));
  CHECK(read_log(*world) == tell.lines());
}

TEST_CASE("A store whose timers are not said to be whole makes them anew by itself") {
  rocksdb_world world;
  teller tell(world.store);
  tell_timers(world, tell);
  auto const before = all_timers(*world);
  // As an earlier program left it, or a rebuild that was interrupted behind its first step.
  with_database(world, [](database& db) {
    REQUIRE(db->Delete({}, db[family::meta], slice(kTimersFormatKey)).ok());
    rocksdb::Slice const first("", 0);
    rocksdb::Slice const last("\xff\xff\xff\xff\xff", 5);
    REQUIRE(db->DeleteRange({}, db[family::timers], first, last).ok());
  });
  reopen(world);
  CHECK(all_timers(*world) == before);
  world.reopen();
  CHECK(all_timers(*world) == before);
}

TEST_CASE("A rebuild that was interrupted between dropping the family and beginning it anew is made good") {
  rocksdb_world world;
  teller tell(world.store);
  tell_timers(world, tell);
  auto const before = all_timers(*world);
  with_database(world, [](database& db) {
    REQUIRE(db->Delete({}, db[family::meta], slice(kTimersFormatKey)).ok());
    REQUIRE(db->DropColumnFamily(db[family::timers]).ok());
  });
  reopen(world);
  CHECK(all_timers(*world) == before);
}

TEST_CASE("Timers go on being set and cancelled exactly behind a rebuild") {
  rocksdb_world world;
  teller tell(world.store);
  tell_timers(world, tell);
  need(world->close());
  world.store.reset();
  std::ofstream(world.options.path / "rebuild-timers").close();
  reopen(world);
  auto const count = all_timers(*world).size();
  tell.next("cart", "c0").timers = {{timer_change::action::cancel, "u", {}, {}, {}}, set("new", tell.time())};
  need(tell.commit());
  auto const now = all_timers(*world);
  CHECK(now.size() == count);
  CHECK(now.front().find("c0/new") != std::string::npos);
}
