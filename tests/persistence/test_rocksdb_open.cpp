#include <rocksdb/db.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "contract.hpp"
#include "persistence/keys.hpp"
#include "persistence/mark_file.hpp"
#include "persistence/rocksdb_schema.hpp"
#include "store_checks.hpp"

namespace {

/// Changes a row of `meta` behind the journal's back.
void change_meta(rocksdb_options const& options, std::string const& key, std::string const& value) {
  database db;
  schema_settings settings;
  settings.memtable_bytes = options.memtable_bytes;
  settings.block_cache_bytes = options.block_cache_bytes;
  REQUIRE(
      database::open(options.path / "journal", settings, false, rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords, true, db).ok());
  REQUIRE(db->Put({}, db[family::meta], key, value).ok());
}

errc open_error(rocksdb_options const& options) {
  auto const opened = open_rocksdb_journal(options);
  REQUIRE_FALSE(opened);
  INFO(opened.error().message);
  CHECK_FALSE(opened.error().message.empty());
  return opened.error().code;
}

}  // namespace

TEST_CASE("A store can be open once in a process", "[rocksdb]") {
  rocksdb_world world;
  CHECK(open_error(world.options) == errc::store_in_use);
  need(world->close());
  need(open_rocksdb_journal(world.options));
}

TEST_CASE("Two stores live side by side in one process", "[rocksdb]") {
  rocksdb_world first;
  rocksdb_world second;
  teller tell_first(first.store);
  teller tell_second(second.store);
  tell_first.tell("cart", "a", 2);
  tell_second.tell("cart", "a", 1);
  CHECK(first->head() == position{2});
  CHECK(second->head() == position{1});
}

TEST_CASE("A new store gets an id of its own and keeps it", "[rocksdb]") {
  temporary_directory directory;
  rocksdb_options options;
  options.min_free_disk_bytes = 0;
  options.path = directory.path() / "a";
  auto const first = need(open_rocksdb_journal(options))->store_id();
  CHECK_FALSE(first.is_nil());
  CHECK(need(open_rocksdb_journal(options))->store_id() == first);
  options.path = directory.path() / "b";
  CHECK(need(open_rocksdb_journal(options))->store_id() != first);
}

TEST_CASE("The expected store opens, any other is refused", "[rocksdb]") {
  rocksdb_world world;
  need(world->close());
  auto options = world.options;
  options.expected_store_id = kStoreId;
  need(need(open_rocksdb_journal(options))->close());
  options.expected_store_id = "00000000-0000-4000-8000-000000000000";
  CHECK(open_error(options) == errc::incompatible_store);
  options.expected_store_id = "not a uuid";
  CHECK(open_error(options) == errc::invalid_argument);
}

TEST_CASE("A mark of a newer format is refused", "[rocksdb]") {
  rocksdb_world world;
  need(world->close());
  auto mark = *need(mark_file::read(world.options.path / "journal.mark"));
  mark.format_version = 2;
  auto file = need(mark_file::open(world.options.path / "journal.mark"));
  need(file.write(mark));
  CHECK(open_error(world.options) == errc::incompatible_store);
}

TEST_CASE("A database of a newer format is refused", "[rocksdb]") {
  rocksdb_world world;
  need(world->close());
  change_meta(world.options, "format_version", std::string("\x02\0\0\0", 4));
  CHECK(open_error(world.options) == errc::incompatible_store);
}

TEST_CASE("A database with a column family that this program does not know is refused", "[rocksdb]") {
  rocksdb_world world;
  need(world->close());
  {
    database db;
    schema_settings settings;
    settings.memtable_bytes = 1024 * 1024;
    settings.block_cache_bytes = 1024 * 1024;
    REQUIRE(
        database::open(world.options.path / "journal", settings, false, rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords, true, db)
            .ok());
    rocksdb::ColumnFamilyHandle* made = nullptr;
    REQUIRE(db->CreateColumnFamily({}, "of_the_future", &made).ok());
    REQUIRE(db->DestroyColumnFamilyHandle(made).ok());
  }
  CHECK(open_error(world.options) == errc::incompatible_store);
}

TEST_CASE("A mark beside another store's database is refused", "[rocksdb]") {
  rocksdb_world world;
  rocksdb_world other;
  need(world->close());
  need(other->close());
  change_meta(other.options, "store_id", std::string(16, 'x'));
  std::filesystem::copy_file(world.options.path / "journal.mark", other.options.path / "journal.mark",
                             std::filesystem::copy_options::overwrite_existing);
  CHECK(open_error(other.options) == errc::incompatible_store);
}

TEST_CASE("A store that does not say what it is, is refused", "[rocksdb]") {
  rocksdb_world world;
  need(world->close());
  change_meta(world.options, "store_id", "short");
  CHECK(open_error(world.options) == errc::corrupt);
}

TEST_CASE("Names that contradict each other are refused", "[rocksdb]") {
  rocksdb_world world;
  teller tell(world.store);
  tell.tell("cart", "a");
  need(world->close());
  change_meta(world.options, std::string("name/\x01\0\0\0\x05", 10), "late");
  CHECK(open_error(world.options) == errc::corrupt);
}

TEST_CASE("A directory that cannot be made is an error of the system", "[rocksdb]") {
  temporary_directory directory;
  rocksdb_options options;
  options.path = directory.path() / "file" / "store";
  write_file(directory.path() / "file", "not a directory");
  CHECK(open_error(options) == errc::io_error);
}

TEST_CASE("No directory is an invalid argument", "[rocksdb]") {
  rocksdb_options options;
  options.path.clear();
  CHECK(open_error(options) == errc::invalid_argument);
}

TEST_CASE("A creation that was interrupted is taken up again", "[rocksdb]") {
  rocksdb_world world;
  need(world->close());
  world.store.reset();
  std::filesystem::remove(world.options.path / "journal.mark");
  auto const opened = need(open_rocksdb_journal(world.options));
  CHECK(opened->store_id().str() == kStoreId);
  teller tell(opened);
  tell.tell("cart", "a");
}

TEST_CASE("A store can change its durability mode between openings", "[rocksdb]") {
  rocksdb_world world;
  teller tell(world.store);
  tell.tell("cart", "a", 3);
  world.options.durability = durability::disk;
  world.reopen();
  tell.tell("cart", "a", 3);
  auto const mark = *need(mark_file::read(world.options.path / "journal.mark"));
  CHECK(mark.durability == durability::disk);
  CHECK(mark.synced == position{6});
  CHECK(read_log(*world) == tell.lines());
}

TEST_CASE("The mark tells written from synced where the operating system is trusted", "[rocksdb]") {
  rocksdb_world world;
  teller tell(world.store);
  tell.tell("cart", "a", 3);
  auto mark = *need(mark_file::read(world.options.path / "journal.mark"));
  CHECK(mark.written == position{3});
  CHECK(mark.synced == position{});
  need(world->sync_mark());
  mark = *need(mark_file::read(world.options.path / "journal.mark"));
  CHECK(mark.synced == position{3});
}

TEST_CASE("After a power cut only what was synced must be there", "[rocksdb]") {
  rocksdb_world world;
  teller tell(world.store);
  temporary_directory copies;
  tell.tell("cart", "a", 3);
  need(world->sync_mark());
  copy_store(world.options.path, copies.path());
  tell.tell("cart", "a", 3);
  // The log as it was when it was synced, the mark as it was written last.
  std::filesystem::copy_file(world.options.path / "journal.mark", copies.path() / "journal.mark",
                             std::filesystem::copy_options::overwrite_existing);
  auto options = world.options;
  options.path = copies.path();
  CHECK(open_error(options) == errc::data_lost);  // the same boot: a killed process loses nothing
  options.boot_id = need(uuid::parse(kStoreId));
  CHECK(need(open_rocksdb_journal(options))->head() == position{3});
}

TEST_CASE("In table files too, a stream that was never written is surely absent", "[rocksdb]") {
  rocksdb_world world;
  teller tell(world.store);
  for (int i = 0; i < 1500; ++i) {
    tell.next("cart", "c-" + std::to_string(i)).events[0].data = "\"" + std::string(5000, 'x') + "\"";
    need(tell.commit());
  }
  REQUIRE_FALSE(files_of(world.options.path, ".sst").empty());
  std::size_t known = 0;
  for (int i = 0; i < 1500; ++i) {
    auto const there = "c-" + std::to_string(i);
    auto const missing = "d-" + std::to_string(i);
    CHECK_FALSE(world->surely_absent(tell.stream("cart", there)));
    known += world->surely_absent(tell.stream("cart", missing)) ? 1U : 0U;
  }
  CHECK(known > 1300);  // a Bloom filter errs in about one of a hundred, per table
}

TEST_CASE("What only the disk holds is not read from memory, until it was read", "[rocksdb]") {
  rocksdb_world world;
  teller tell(world.store);
  for (int i = 0; i < 1500; ++i) {
    tell.next("cart", "c-" + std::to_string(i)).events[0].data = "\"" + std::string(5000, 'x') + "\"";
    need(tell.commit());
  }
  REQUIRE_FALSE(files_of(world.options.path, ".sst").empty());
  world.reopen();
  auto const stream = tell.stream("cart", "c-0");
  std::size_t seen = 0;
  auto const visit = [&](event_view const& event) {
    CHECK(event.data.size() == 5002);
    return ++seen > 0;
  };
  CHECK_FALSE(need(world->scan_stream_in_memory(stream, version{1}, visit)));
  CHECK(seen == 0);
  need(world->scan_stream(stream, version{1}, visit));
  CHECK(seen == 1);
  CHECK(need(world->scan_stream_in_memory(stream, version{1}, visit)));
  CHECK(seen == 2);
}

TEST_CASE("What a read has looked at is let go of when a flush has replaced it", "[rocksdb]") {
  temporary_directory place;
  schema_settings settings;
  settings.memtable_bytes = 1U << 20U;
  settings.block_cache_bytes = 1U << 20U;
  database db;
  REQUIRE(database::open(place.path() / "journal", settings, true, rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords, true, db).ok());
  auto const key = event_key({1, "c"}, version{1});
  auto const put = [&] { REQUIRE(db->Put({}, db[family::events], slice(key.view()), std::string(10'000, 'x')).ok()); };
  auto const held = [&] {
    std::uint64_t now = 0;
    std::uint64_t with_replaced = 0;
    REQUIRE(db->GetIntProperty(db[family::events], "rocksdb.cur-size-all-mem-tables", &now));
    REQUIRE(db->GetIntProperty(db[family::events], "rocksdb.size-all-mem-tables", &with_replaced));
    return with_replaced > now;
  };
  auto const flush = [&] { REQUIRE(db->Flush({}, db[family::events]).ok()); };
  put();
  for (auto const how_far : {tier::memory, tier::disk}) {
    auto const rows = db.stream_rows(how_far);
    rows->Seek(slice(key.view()));
    REQUIRE(rows->Valid());
  }
  flush();
  for (int i = 0; held() && i < 1'000; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));  // it is told by its own thread
  CHECK_FALSE(held());

  put();
  {
    auto const rows = db.stream_rows(tier::disk);
    rows->Seek(slice(key.view()));
    flush();
    CHECK(held());
  }
  for (int i = 0; held() && i < 1'000; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  CHECK_FALSE(held());  // in use then, and not kept
}

TEST_CASE("Streams are read as they are while write buffers become tables, and by many threads", "[rocksdb]") {
  rocksdb_world world;
  teller tell(world.store);
  tell.tell("cart", "c");
  std::atomic<std::uint64_t> written{1};
  std::atomic<bool> done{false};
  std::vector<std::string> wrong(3);
  std::vector<std::thread> readers;
  auto const stream = tell.stream("cart", "c");
  for (auto& why : wrong)
    readers.emplace_back([&world, &written, &done, &why, stream] {
      while (why.empty() && !done.load()) {
        auto const least = written.load();
        std::uint64_t seen = 0;
        auto const count = [&](event_view const&) { return ++seen > 0; };
        if (!world->scan_stream(stream, version{1}, count)) why = "the stream does not read";
        if (seen < least) why = std::to_string(seen) + " events instead of " + std::to_string(least);
        seen = 0;
        auto const whole = world->scan_stream_in_memory(stream, version{1}, count);
        if (!whole || (*whole && seen < least)) why = "memory said it were whole";
      }
    });
  for (std::uint64_t i = 2; i <= 200; ++i) {
    tell.next("cart", "c");
    for (int k = 0; k < 8; ++k)
      tell.next("cart", "d-" + std::to_string(i) + "-" + std::to_string(k)).events[0].data = "\"" + std::string(5000, 'x') + "\"";
    need(tell.commit());
    written = i;
  }
  done = true;
  for (auto& each : readers) each.join();
  for (auto const& why : wrong) CHECK(why == "");
  REQUIRE_FALSE(files_of(world.options.path, ".sst").empty());
}

TEST_CASE("A restart replays the log and writes no table", "[rocksdb]") {
  rocksdb_world world;
  teller tell(world.store);
  temporary_directory copies;
  for (int i = 0; i < 60; ++i) {
    tell.next("cart", "c-" + std::to_string(i)).events[0].data = "\"" + std::string(5000, 'x') + "\"";
    need(tell.commit());
  }
  copy_store(world.options.path, copies.path());
  auto const before = files_of(copies.path(), ".sst");
  REQUIRE(before.empty());  // with some there, a compaction may write others at any time
  auto options = world.options;
  options.path = copies.path();
  auto const opened = need(open_rocksdb_journal(options));
  CHECK(opened->head() == position{60});
  CHECK(files_of(copies.path(), ".sst") == before);
}

TEST_CASE("What was flushed into table files is read like what was not", "[rocksdb]") {
  rocksdb_world world;
  teller tell(world.store);
  for (int i = 0; i < 1500; ++i) {
    tell.next("cart", "c-" + std::to_string(i % 40)).events[0].data = "\"" + std::string(5000, 'x') + "\"";
    need(tell.commit());
  }
  REQUIRE_FALSE(files_of(world.options.path, ".sst").empty());
  CHECK(find_fault(*world) == std::nullopt);
  CHECK(read_log(*world) == tell.lines());
  world.reopen();
  CHECK(find_fault(*world) == std::nullopt);
}

TEST_CASE("Expired outcomes are dropped when they are compacted, others stay", "[rocksdb]") {
  rocksdb_world world;
  auto const type = need(world->intern(name_kind::aggregate_type, "cart"));
  auto const remember = [&](std::string const& key) {
    append one;
    one.type = type;
    one.id = aggregate_id::trusted("a");
    one.key = key;
    one.record = command_record{};
    one.record->time = world.time.now();
    one.record->end = command_end::no_change;
    append* const group[] = {&one};
    need(world->commit(group, world.time.now()));
  };
  remember("old");
  remember("\x01old");
  for (int hour = 0; hour < 25; ++hour) {
    world.time.pass(1h);
    static_cast<void>(need(world->find_command({type, "a"}, "old", tier::disk)));
  }
  remember("new");
  need(world->close());

  auto const clock = std::make_shared<expiry_clock>(world.time);
  clock->start();
  database db;
  REQUIRE(database::open(world.options.path / "journal", {1 << 20, 1 << 20, nullptr, 24h, clock}, false,
                         rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords, true, db)
              .ok());
  REQUIRE(db->Flush({}, db[family::commands]).ok());
  REQUIRE(db->CompactRange({}, db[family::commands], nullptr, nullptr).ok());
  std::unique_ptr<rocksdb::Iterator> const rows(db->NewIterator({}, db[family::commands]));
  rows->SeekToFirst();
  REQUIRE(rows->Valid());
  CHECK(rows->key().ToString().ends_with("\x01old"));
  rows->Next();
  REQUIRE(rows->Valid());
  CHECK(rows->key().ToString().ends_with("new"));
  rows->Next();
  CHECK_FALSE(rows->Valid());
}
