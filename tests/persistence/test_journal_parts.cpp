#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "contract.hpp"
#include "persistence/disk_guard.hpp"
#include "persistence/expiry_clock.hpp"
#include "persistence/mark_file.hpp"
#include "persistence/name_table.hpp"
#include "persistence/posting_builder.hpp"
#include "persistence/rocksdb_recovery.hpp"
#include "persistence/store_lock.hpp"
#include "persistence/stream_versions.hpp"

namespace {

high_water_mark mark_at(std::uint64_t written, std::uint64_t synced) {
  high_water_mark made;
  made.format_version = 1;
  made.store = need(uuid::parse(kStoreId));
  made.boot = need(uuid::parse("00112233-4455-4677-8899-aabbccddeeff"));
  made.written = position{written};
  made.synced = position{synced};
  made.written_sequence = 10 * written;
  made.synced_sequence = 10 * synced;
  return made;
}

void damage(std::filesystem::path const& path, std::streamoff at) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(at);
  auto const byte = static_cast<char>(file.get() ^ 1);
  file.seekp(at);
  file.put(byte);
}

}  // namespace

TEST_CASE("Expiry time follows the wall clock while it is steady") {
  manual_clock time;
  expiry_clock clock(time);
  clock.start();
  for (int i = 0; i < 100; ++i) {
    time.pass(30min);
    CHECK(clock.now() == time.now());
  }
}

TEST_CASE("Before it is started, expiry time stands at 1970") {
  manual_clock time;
  expiry_clock const clock(time);
  CHECK(clock.now() == timestamp{});
}

TEST_CASE("Expiry time follows a step back at once") {
  manual_clock time;
  expiry_clock clock(time);
  clock.start();
  time.leap(-5h);
  CHECK(clock.now() == time.now());
}

TEST_CASE("A leap that is taken back was never believed") {
  manual_clock time;
  expiry_clock clock(time);
  clock.start();
  auto const before = time.now();
  time.leap(48h);
  CHECK(clock.now() == before);
  time.pass(50min);
  CHECK(clock.now() == before + 50min);
  time.leap(-48h);
  CHECK(clock.now() == time.now());
  time.leap(48h);
  time.pass(50min);
  CHECK(clock.now() == before + 100min);  // the second leap is confirmed on its own
}

TEST_CASE("A store that was shut for long begins at its last commit and catches up after an hour") {
  manual_clock time;
  expiry_clock clock(time);
  auto const last = time.now() - 72h;
  clock.start(last);
  CHECK(clock.now() == last);
  time.pass(59min);
  CHECK(clock.now() == last + 59min);
  time.pass(1min);
  CHECK(clock.now() == time.now());
}

TEST_CASE("A name is among the unstored until it is marked stored") {
  name_table names;
  auto const cart = names.intern(name_kind::aggregate_type, "cart");
  CHECK(names.intern(name_kind::aggregate_type, "cart") == cart);
  auto const first = names.unstored();
  REQUIRE(first.size() == 1);
  static_cast<void>(names.intern(name_kind::event_type, "made"));
  names.mark_stored(first);
  auto const second = names.unstored();
  REQUIRE(second.size() == 1);
  CHECK(second[0].name == "made");
  names.mark_stored(second);
  CHECK(names.unstored().empty());
}

TEST_CASE("Restored names must come in the order of their numbers") {
  name_table names;
  CHECK(names.restore(name_kind::event_type, 1, "a"));
  CHECK_FALSE(names.restore(name_kind::event_type, 3, "c"));
  CHECK_FALSE(names.restore(name_kind::event_type, 2, "a"));
}

TEST_CASE("Names that many threads intern at once get one number each") {
  name_table names;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 500; ++n) {
        auto const name = "name-" + std::to_string(n);
        auto const id = names.intern(name_kind::event_type, name);
        if (names.name_of(name_kind::event_type, id) != name) std::abort();
      }
    });
  for (auto& each : threads) each.join();
  CHECK(names.names(name_kind::event_type).size() == 500);
  CHECK(names.unstored().size() == 500);
}

TEST_CASE("Recent versions are remembered, the latest of a stream counts, a forgotten one is gone") {
  stream_versions versions(1024);
  auto const a = stream_versions::hash_of({1, "a"});
  auto const b = stream_versions::hash_of({2, "a"});
  CHECK(a != b);
  CHECK_FALSE(versions.find(a));
  versions.remember(a, version{3});
  versions.remember(b, version{9});
  versions.remember(a, version{4});
  CHECK(versions.find(a) == version{4});
  CHECK(versions.find(b) == version{9});
  versions.forget(a);
  CHECK_FALSE(versions.find(a));
}

TEST_CASE("In a full set the stream that was written longest ago gives way") {
  stream_versions versions(4);
  for (std::uint64_t hash = 1; hash <= 4; ++hash) versions.remember(hash, version{hash});
  versions.remember(1, version{11});
  versions.remember(5, version{5});
  CHECK_FALSE(versions.find(2));
  for (auto const hash : {1U, 3U, 4U, 5U}) CHECK(versions.find(hash));
  CHECK(versions.find(1) == version{11});
}

TEST_CASE("Postings gather the records of each name and start anew when cleared") {
  posting_builder postings;
  for (int round = 0; round < 2; ++round) {
    postings.clear();
    postings.add(posting_kind::aggregate_type, 1, 0);
    postings.add(posting_kind::event_type, 1, 0);
    postings.add(posting_kind::event_type, 9, 1);
    postings.add(posting_kind::event_type, 1, 4);
    std::vector<std::string> rows;
    postings.each([&](posting_builder::row const& row) {
      auto line = std::to_string(static_cast<int>(row.kind)) + "/" + std::to_string(row.name) + ":";
      for (auto const index : row.indexes) line += " " + std::to_string(index);
      rows.push_back(line);
    });
    CHECK(rows == std::vector<std::string>{"1/1: 0", "2/1: 0 4", "2/9: 1"});
  }
}

TEST_CASE("The mark that was written last is read back") {
  temporary_directory directory;
  auto const path = directory.path() / "mark";
  CHECK_FALSE(need(mark_file::read(path)));
  for (std::uint64_t at = 1; at <= 5; ++at) {
    auto file = need(mark_file::open(path));  // reopening goes on with the turns
    need(file.write(mark_at(at, at)));
    need(file.write(mark_at(at * 10, at)));
    need(file.sync());
    CHECK(need(mark_file::read(path)) == mark_at(at * 10, at));
  }
  CHECK(std::filesystem::file_size(path) == 8192);
}

TEST_CASE("A damaged slot leaves the mark before it") {
  temporary_directory directory;
  auto const path = directory.path() / "mark";
  auto file = need(mark_file::open(path));
  need(file.write(mark_at(1, 1)));
  need(file.write(mark_at(2, 2)));
  auto const offset = GENERATE(0, 8, 20, 60, 91);
  damage(path, offset);  // the second turn lies in the first slot
  CHECK(need(mark_file::read(path)) == mark_at(1, 1));
  damage(path, 4096 + offset);
  auto const none = mark_file::read(path);
  REQUIRE_FALSE(none);
  CHECK(none.error().code == errc::corrupt);
}

TEST_CASE("A mark of a newer format is read as far as its version") {
  auto mark = mark_at(1, 1);
  mark.format_version = 9;
  auto slot = encode_mark(mark, 1);
  slot[91] = static_cast<char>(slot[91] ^ 1);  // whatever it ends with then
  high_water_mark got;
  std::uint64_t turn = 0;
  REQUIRE(decode_mark({slot.data(), slot.size()}, got, turn));
  CHECK(got.format_version == 9);
}

TEST_CASE("After a kill all that was written must be there, after a power cut all that was synced") {
  auto const mark = mark_at(100, 90);
  auto const killed = acknowledged_reach(mark, mark.boot);
  CHECK(killed.head == position{100});
  CHECK(killed.sequence == 1000);
  for (auto const& boot : {uuid{}, need(uuid::parse(kStoreId))}) {
    auto const cut = acknowledged_reach(mark, boot);
    CHECK(cut.head == position{90});
    CHECK(cut.sequence == 900);
  }
  auto unknown = mark;
  unknown.boot = uuid{};
  CHECK(acknowledged_reach(unknown, uuid{}).head == position{90});
}

TEST_CASE("What is missing is named by its positions") {
  CHECK_FALSE(missing_between({position{10}, 30}, {position{10}, 30}));
  CHECK_FALSE(missing_between({position{11}, 33}, {position{10}, 30}));
  CHECK(missing_between({position{7}, 21}, {position{10}, 30}) == "positions 8 to 10 are missing");
  CHECK(missing_between({position{10}, 29}, {position{10}, 30})->starts_with("no event is missing"));
}

TEST_CASE("A directory is held by one lock at a time, also within a process") {
  temporary_directory directory;
  auto first = need(store_lock::take(directory.path() / "lock"));
  auto const second = store_lock::take(directory.path() / "lock");
  REQUIRE_FALSE(second);
  CHECK(second.error().code == errc::store_in_use);
  first.release();
  need(store_lock::take(directory.path() / "lock"));
}

TEST_CASE("The disk guard refuses below the minimum, gives up its ballast once, and lets go when there is room again") {
  temporary_directory directory;
  auto const ballast = directory.path() / "ballast";
  constexpr std::uint64_t kMinimum = 1024 * 1024;
  std::uint64_t free_bytes = 10 * kMinimum;
  disk_guard guard(directory.path(), ballast, kMinimum, [&] { return free_bytes; });
  need(guard.check());
  CHECK(std::filesystem::file_size(ballast) == kMinimum / 4);

  free_bytes = kMinimum - 1;
  auto const refused = guard.check();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::storage_full);
  CHECK_FALSE(std::filesystem::exists(ballast));

  free_bytes = kMinimum;
  need(guard.check());
  CHECK_FALSE(std::filesystem::exists(ballast));  // not enough to make it again
  free_bytes = 10 * kMinimum;
  need(guard.check());
  CHECK(std::filesystem::exists(ballast));
}

TEST_CASE("Opening asks for a quarter of the minimum and gives up the ballast for it") {
  temporary_directory directory;
  auto const ballast = directory.path() / "ballast";
  constexpr std::uint64_t kMinimum = 1024 * 1024;
  std::uint64_t free_bytes = 10 * kMinimum;
  auto const source = [&] { return free_bytes + (std::filesystem::exists(ballast) ? 0 : kMinimum / 4); };
  need(disk_guard(directory.path(), ballast, kMinimum, source).check());
  REQUIRE(std::filesystem::exists(ballast));
  free_bytes = 0;
  need(disk_guard(directory.path(), ballast, kMinimum, source).check_open());
  CHECK_FALSE(std::filesystem::exists(ballast));
  auto const refused = disk_guard(directory.path(), ballast, kMinimum, [] { return 5; }).check_open();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::storage_full);
}

TEST_CASE("A minimum of nothing asks nothing") {
  temporary_directory directory;
  disk_guard guard(directory.path(), directory.path() / "ballast", 0, [] { return 0; });
  need(guard.check());
  need(guard.check_open());
  CHECK_FALSE(std::filesystem::exists(directory.path() / "ballast"));
}

TEST_CASE("The free space of a real directory is not zero") {
  temporary_directory directory;
  disk_guard guard(directory.path(), directory.path() / "ballast", 1, {});
  need(guard.check());
}
