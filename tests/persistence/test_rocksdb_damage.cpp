#include <algorithm>
#include <random>

#include "contract.hpp"
#include "store_checks.hpp"

namespace {

/// A store as a crash leaves it, to be copied and spoiled again and again.
struct crashed_store {
  rocksdb_world world;
  teller tell{world.store};
  temporary_directory copies;
  std::uint64_t made = 0;

  /// Small groups, so that the write-ahead log has many records.
  void fill(std::size_t groups, std::size_t payload = 100) {
    for (std::size_t i = 0; i < groups; ++i) {
      auto& one = tell.next("cart", "c-" + std::to_string(i % 17), 1 + i % 3);
      for (auto& draft : one.events) draft.data = "\"" + std::string(payload, static_cast<char>('a' + i % 26)) + "\"";
      need(tell.commit());
    }
  }
  /// A copy of the files while the store is open: what a killed process leaves.
  std::filesystem::path crash() {
    auto const to = copies.path() / std::to_string(++made);
    copy_store(world.options.path, to);
    return to;
  }
  result<std::unique_ptr<journal>> open(std::filesystem::path const& path) {
    auto options = world.options;
    options.path = path;
    return open_rocksdb_journal(options);
  }
};

/// Where the log's content ends: behind it lies what was reserved.
std::uint64_t content_size(std::filesystem::path const& wal) {
  auto const bytes = read_file(wal);
  auto const last = bytes.find_last_not_of('\0');
  return last == std::string::npos ? 0 : last + 1;
}

/// Writes one event to a stream that has none.
void append_first(journal& store, std::string const& id) {
  append one;
  one.type = need(store.intern(name_kind::aggregate_type, "cart"));
  one.id = aggregate_id::trusted(id);
  one.first_version = version{1};
  one.events.push_back({need(store.intern(name_kind::event_type, "cart_changed")), 1, "{}", {}, {}});
  append* const group[] = {&one};
  need(store.commit(group, timestamp{}));
}

}  // namespace

TEST_CASE("A store whose process was killed opens with everything", "[rocksdb]") {
  crashed_store store;
  store.fill(200);
  auto const opened = need(store.open(store.crash()));
  CHECK(opened->head() == store.world->head());
  CHECK(read_log(*opened) == store.tell.lines());
  CHECK(find_fault(*opened) == std::nullopt);
}

TEST_CASE("A bit flipped anywhere in the write-ahead log loses nothing silently", "[rocksdb]") {
  auto const seed = test_seed();
  INFO("EVOKE_SEED=" << seed);
  std::mt19937_64 random(seed);
  crashed_store store;
  store.fill(60);
  auto const wanted = store.world->head();
  std::size_t refused = 0;
  for (int round = 0; round < 40; ++round) {
    auto const path = store.crash();
    auto const wal = files_of(path, ".log").back();
    auto const bit = random() % (content_size(wal) * 8);
    flip_bit(wal, bit);
    INFO("bit " << bit);
    auto const opened = store.open(path);
    if (opened) {
      CHECK((*opened)->head() == wanted);
      CHECK(read_log(**opened) == store.tell.lines());
    } else {
      ++refused;
      CHECK(opened.error().code == errc::data_lost);
    }
    std::filesystem::remove_all(path);
  }
  CHECK(refused > 0);
}

TEST_CASE("A bit flipped anywhere in a table file loses nothing silently", "[rocksdb]") {
  auto const seed = test_seed();
  INFO("EVOKE_SEED=" << seed);
  std::mt19937_64 random(seed);
  crashed_store store;
  store.fill(3000, 1000);  // several times the write buffers
  need(store.world->close());
  store.world.store = need(open_rocksdb_journal(store.world.options));
  auto const wanted = store.world->head();
  auto const sane = store.crash();
  REQUIRE(files_of(sane, ".sst").size() > 3);
  std::size_t noticed = 0;
  for (int round = 0; round < 25; ++round) {
    auto const path = store.crash();
    auto const tables = files_of(path, ".sst");
    auto const& table = tables[random() % tables.size()];
    auto const bit = random() % (std::filesystem::file_size(table) * 8);
    flip_bit(table, bit);
    INFO(table.filename() << " bit " << bit);
    auto const opened = store.open(path);
    if (!opened) {
      ++noticed;
      CHECK((opened.error().code == errc::corrupt || opened.error().code == errc::data_lost));
    } else {
      CHECK((*opened)->head() == wanted);
      std::vector<std::string> lines;
      auto const end = (*opened)->scan_log({}, UINT64_MAX, {}, [&](event_view const& event) {
        lines.push_back(line_of(event));
        return true;
      });
      if (end) {
        CHECK(lines == store.tell.lines());
      } else {
        ++noticed;
        CHECK(end.error().code == errc::corrupt);
        // What was visited before the damage is right.
        CHECK(std::equal(lines.begin(), lines.end(), store.tell.lines().begin()));
      }
    }
    std::filesystem::remove_all(path);
  }
  CHECK(noticed > 0);
}

TEST_CASE("A torn end of the write-ahead log that was never acknowledged is cut off and writing goes on", "[rocksdb]") {
  crashed_store store;
  store.fill(50);
  auto const before = store.crash();
  store.fill(1);
  auto const after = store.crash();
  // The mark of before, the log of after with a damaged last group: as if the process had died inside the write.
  std::filesystem::copy_file(before / "journal.mark", after / "journal.mark", std::filesystem::copy_options::overwrite_existing);
  auto const wal = files_of(after, ".log").back();
  flip_bit(wal, (content_size(wal) - 3) * 8);
  std::vector<std::string> lines;
  auto options = store.world.options;
  options.path = after;
  std::string told;
  options.log = [&](log_level level, std::string_view line) {
    if (level == log_level::warning) told += line;
  };
  auto opened = need(open_rocksdb_journal(options));
  CHECK(told.find("cut off") != std::string::npos);
  auto const kept = opened->head().value();
  auto const& all = store.tell.lines();
  CHECK(kept < all.size());
  CHECK(read_log(*opened) == std::vector<std::string>(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(kept)));
  CHECK(find_fault(*opened) == std::nullopt);

  append_first(*opened, "new");
  need(opened->close());
  opened.reset();
  opened = need(open_rocksdb_journal(options));  // the damage is gone
  CHECK(opened->head().value() == kept + 1);
  CHECK(find_fault(*opened) == std::nullopt);
}

TEST_CASE("A truncated write-ahead log below the mark is refused with the missing positions", "[rocksdb]") {
  crashed_store store;
  store.fill(50);
  auto const path = store.crash();
  auto const wal = files_of(path, ".log").back();
  std::filesystem::resize_file(wal, content_size(wal) / 2);
  auto const opened = store.open(path);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == errc::data_lost);
  CHECK(opened.error().message.find("to " + std::to_string(store.world->head().value()) + " are missing") != std::string::npos);
  CHECK(opened.error().message.find("accept-data-loss") != std::string::npos);
}

TEST_CASE("A deleted write-ahead log is noticed", "[rocksdb]") {
  crashed_store store;
  store.fill(50);
  auto const path = store.crash();
  for (auto const& wal : files_of(path, ".log")) std::filesystem::remove(wal);
  auto const opened = store.open(path);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == errc::data_lost);

  // Even the store's identity was in it: what was accepted goes on under the same.
  write_file(path / "accept-data-loss", "0");
  CHECK(need(store.open(path))->store_id().str() == kStoreId);
}

TEST_CASE("A deleted write-ahead log is noticed where table files hold the events before it", "[rocksdb]") {
  crashed_store store;
  store.fill(3000, 1000);
  auto const path = store.crash();
  REQUIRE_FALSE(files_of(path, ".sst").empty());
  for (auto const& wal : files_of(path, ".log")) std::filesystem::remove(wal);
  auto const refused = store.open(path);
  REQUIRE_FALSE(refused);
  REQUIRE(refused.error().code == errc::data_lost);
  // What is left is of one moment: no family is ahead of another.
  auto const& message = refused.error().message;
  write_file(path / "accept-data-loss", message.substr(message.rfind(' ') + 1));
  auto const opened = need(store.open(path));
  CHECK(opened->head() > position{});
  CHECK(opened->head() < store.world->head());
  CHECK(find_fault(*opened) == std::nullopt);
}

TEST_CASE("A deleted write-ahead log is noticed when only outcomes of commands were in it", "[rocksdb]") {
  crashed_store store;
  store.fill(5);
  store.world.reopen();
  append one;
  one.type = 1;
  one.id = aggregate_id::trusted("a");
  one.key = "k";
  one.record = command_record{};
  one.record->end = command_end::no_change;
  append* const group[] = {&one};
  need(store.world->commit(group, timestamp{}));
  auto const path = store.crash();
  auto const wal = files_of(path, ".log").back();
  std::filesystem::resize_file(wal, content_size(wal) / 3);
  auto const opened = store.open(path);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == errc::data_lost);
}

TEST_CASE("An accepted loss opens with what is there, once", "[rocksdb]") {
  crashed_store store;
  store.fill(50);
  auto const path = store.crash();
  auto const wal = files_of(path, ".log").back();
  auto const sane = read_file(wal);
  flip_bit(wal, content_size(wal) / 2 * 8);
  auto const refused = store.open(path);
  REQUIRE_FALSE(refused);
  REQUIRE(refused.error().code == errc::data_lost);
  auto const& message = refused.error().message;
  auto const head = message.substr(message.rfind(' ') + 1);

  write_file(path / "accept-data-loss", "123456");  // of another accident
  REQUIRE_FALSE(store.open(path));
  write_file(path / "accept-data-loss", head + "\n");
  auto opened = need(store.open(path));
  CHECK(std::to_string(opened->head().value()) == head);
  CHECK(find_fault(*opened) == std::nullopt);
  CHECK_FALSE(std::filesystem::exists(path / "accept-data-loss"));
  need(opened->close());
  need(store.open(path));
}

TEST_CASE("Snapshots above the end of their streams go with an accepted loss", "[rocksdb]") {
  crashed_store store;
  store.fill(10);
  auto const stream = store.tell.stream("cart", "c-1");
  auto const head = need(store.world->head_of(stream));
  need(store.world->write_snapshot(stream, {head.version, head.position, head.time, 7, "good"}));
  need(store.world->write_snapshot(stream, {head.version.plus(3), head.position.plus(9), head.time, 7, "above"}));
  auto const path = store.crash();
  std::filesystem::remove(path / "journal.mark");
  write_file(path / "accept-data-loss", std::to_string(store.world->head().value()));
  auto options = store.world.options;
  options.path = path;
  std::string told;
  options.log = [&](log_level, std::string_view line) { told += line; };
  auto const opened = need(open_rocksdb_journal(options));
  CHECK(told.find("1 snapshots above the end of their streams were deleted") != std::string::npos);
  std::string problems;
  auto const found = need(opened->read_snapshot(stream, version{UINT64_MAX}, 7, [&](std::string_view why) { problems += why; }));
  REQUIRE(found);
  CHECK(found->state == "good");
  CHECK(problems.empty());
}

TEST_CASE("A missing mark is refused while events exist, and can be accepted", "[rocksdb]") {
  crashed_store store;
  store.fill(5);
  auto const path = store.crash();
  std::filesystem::remove(path / "journal.mark");
  auto const opened = store.open(path);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == errc::data_lost);
  write_file(path / "accept-data-loss", std::to_string(store.world->head().value()));
  CHECK(read_log(*need(store.open(path))) == store.tell.lines());
}

TEST_CASE("A mark of which no slot reads is refused", "[rocksdb]") {
  crashed_store store;
  store.fill(5);
  auto const path = store.crash();
  write_file(path / "journal.mark", std::string(8192, 'x'));
  auto const opened = store.open(path);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == errc::data_lost);
}

TEST_CASE("A store whose CURRENT file is gone is not taken for a new one", "[rocksdb]") {
  crashed_store store;
  store.fill(5);
  auto const path = store.crash();
  std::filesystem::remove(path / "journal" / "CURRENT");
  auto const opened = store.open(path);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == errc::data_lost);
}

TEST_CASE("A store whose database is gone is not taken for a new one", "[rocksdb]") {
  crashed_store store;
  store.fill(5);
  auto const path = store.crash();
  std::filesystem::remove_all(path / "journal");
  auto const opened = store.open(path);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == errc::data_lost);
}

TEST_CASE("A missing table file is refused", "[rocksdb]") {
  crashed_store store;
  store.fill(3000, 1000);
  auto const path = store.crash();
  std::filesystem::remove(files_of(path, ".sst").front());
  auto const opened = store.open(path);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == errc::corrupt);
}

TEST_CASE("Looking at a damaged store before refusing it changes no file", "[rocksdb]") {
  crashed_store store;
  store.fill(50);
  auto const path = store.crash();
  auto const wal = files_of(path, ".log").back();
  flip_bit(wal, content_size(wal) / 2 * 8);
  auto const damaged = read_file(wal);
  auto const current = read_file(path / "journal" / "CURRENT");
  REQUIRE_FALSE(store.open(path));
  REQUIRE_FALSE(store.open(path));
  CHECK(read_file(wal) == damaged);
  CHECK(read_file(path / "journal" / "CURRENT") == current);
}
