#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>

#include "contract.hpp"
#include "store_checks.hpp"

namespace {

/// A file system whose writes to the write-ahead log, or whose syncs of it, fail while they are told to.
struct log_faults {
  std::atomic<bool> append{false};
  std::atomic<bool> sync{false};
};

class faulty_file final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  faulty_file(std::unique_ptr<rocksdb::FSWritableFile> file, log_faults const& faults)
      : rocksdb::FSWritableFileOwnerWrapper(std::move(file)), faults_(faults) {}

  using rocksdb::FSWritableFileOwnerWrapper::Append;
  rocksdb::IOStatus Append(rocksdb::Slice const& data, rocksdb::IOOptions const& how, rocksdb::IODebugContext* debug) override {
    if (faults_.append) return rocksdb::IOStatus::IOError("injected write error");
    return rocksdb::FSWritableFileOwnerWrapper::Append(data, how, debug);
  }
  rocksdb::IOStatus Sync(rocksdb::IOOptions const& how, rocksdb::IODebugContext* debug) override {
    if (faults_.sync) return rocksdb::IOStatus::IOError("injected sync error");
    return rocksdb::FSWritableFileOwnerWrapper::Sync(how, debug);
  }
  rocksdb::IOStatus Fsync(rocksdb::IOOptions const& how, rocksdb::IODebugContext* debug) override {
    if (faults_.sync) return rocksdb::IOStatus::IOError("injected sync error");
    return rocksdb::FSWritableFileOwnerWrapper::Fsync(how, debug);
  }

 private:
  log_faults const& faults_;
};

class faulty_file_system final : public rocksdb::FileSystemWrapper {
 public:
  explicit faulty_file_system(log_faults const& faults) : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()), faults_(faults) {}
  [[nodiscard]] char const* Name() const override { return "faulty"; }

  rocksdb::IOStatus NewWritableFile(std::string const& name, rocksdb::FileOptions const& how, std::unique_ptr<rocksdb::FSWritableFile>* out,
                                    rocksdb::IODebugContext* debug) override {
    auto status = rocksdb::FileSystemWrapper::NewWritableFile(name, how, out, debug);
    if (status.ok() && name.ends_with(".log")) *out = std::make_unique<faulty_file>(std::move(*out), faults_);
    return status;
  }

 private:
  log_faults const& faults_;
};

/// A store whose disk fails on demand.
struct faulty_world {
  log_faults faults;
  std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(std::make_shared<faulty_file_system>(faults));
  temporary_directory directory;
  rocksdb_options options = [this] {
    rocksdb_options made;
    made.path = directory.path() / "store";
    made.min_free_disk_bytes = 0;
    made.memtable_bytes = 4 * 1024 * 1024;
    made.env = env.get();
    return made;
  }();
  std::unique_ptr<journal> store = need(open_rocksdb_journal(options));
};

void check_closed_for_writing(faulty_world& world, teller& tell) {
  auto const head = world.store->head();
  auto const lines = tell.lines();
  tell.next("cart", "a");
  auto const first = tell.commit();
  REQUIRE_FALSE(first);
  CHECK(first.error().code == errc::outcome_unknown);
  CHECK_FALSE(world.store->failed_reason().empty());

  world.faults.append = world.faults.sync = false;  // the disk is well again: that does not help
  tell.next("cart", "b");
  auto const second = tell.commit();
  REQUIRE_FALSE(second);
  CHECK(second.error().code == errc::journal_failed);
  CHECK(world.store->sync_mark().error().code == errc::journal_failed);
  CHECK(world.store->write_snapshot({1, "a"}, {}).error().code == errc::journal_failed);

  // Reads go on, and see nothing of what failed.
  CHECK(world.store->head() == head);
  CHECK(read_log(*world.store) == lines);
  CHECK(find_fault(*world.store) == std::nullopt);
}

/// Everything acknowledged is there; what failed may be.
void check_after_restart(faulty_world& world, teller& tell) {
  static_cast<void>(world.store->close());
  world.store.reset();
  world.store = need(open_rocksdb_journal(world.options));
  auto const got = read_log(*world.store);
  CHECK((got.size() == tell.lines().size() || got.size() == tell.lines().size() + 1));
  CHECK(std::equal(tell.lines().begin(), tell.lines().end(), got.begin()));
  CHECK(find_fault(*world.store) == std::nullopt);
}

}  // namespace

TEST_CASE("A sync that fails leaves the outcome unknown and closes the journal for writing", "[rocksdb]") {
  faulty_world world;
  teller tell(world.store);
  tell.tell("cart", "a", 3);
  world.faults.sync = true;
  check_closed_for_writing(world, tell);
  check_after_restart(world, tell);
}

TEST_CASE("A write that fails leaves the outcome unknown and closes the journal for writing", "[rocksdb]") {
  faulty_world world;
  teller tell(world.store);
  tell.tell("cart", "a", 3);
  world.faults.append = true;
  check_closed_for_writing(world, tell);
  check_after_restart(world, tell);
}

TEST_CASE("A failing sync of the mark's moment closes the journal where the operating system was trusted", "[rocksdb]") {
  faulty_world world;
  need(world.store->close());
  world.store.reset();
  world.options.durability = durability::os;
  world.store = need(open_rocksdb_journal(world.options));
  teller tell(world.store);
  tell.tell("cart", "a", 3);
  world.faults.sync = true;
  auto const marked = world.store->sync_mark();
  REQUIRE_FALSE(marked);
  CHECK(marked.error().code == errc::journal_failed);
  tell.next("cart", "a");
  CHECK(tell.commit().error().code == errc::journal_failed);
}

TEST_CASE("A full disk refuses groups and snapshots, nothing is written, reads go on, and room lets it go on", "[rocksdb]") {
  rocksdb_world world;
  std::atomic<std::uint64_t> free_bytes{1ULL << 40U};
  need(world->close());
  world.store.reset();
  world.options.min_free_disk_bytes = 1024 * 1024;
  world.options.free_disk_bytes = [&] { return free_bytes.load(); };
  world.store = need(open_rocksdb_journal(world.options));
  teller tell(world.store);
  tell.tell("cart", "a", 3);
  CHECK(std::filesystem::exists(world.options.path / "journal.ballast"));

  free_bytes = 1024 * 1024 - 1;
  append full;
  full.type = world->find_name(name_kind::aggregate_type, "cart");
  full.id = aggregate_id::trusted("a");
  full.first_version = version{4};
  full.events.push_back({1, 1, "{}", {}, {}});
  append* const group[] = {&full};
  auto const refused = world->commit(group, timestamp{});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::storage_full);
  auto const stream = tell.stream("cart", "a");
  CHECK(world->write_snapshot(stream, {}).error().code == errc::storage_full);
  CHECK(world->failed_reason().empty());
  CHECK(read_log(*world) == tell.lines());
  CHECK_FALSE(std::filesystem::exists(world.options.path / "journal.ballast"));

  free_bytes = 1ULL << 40U;
  tell.tell("cart", "a", 1);
  CHECK(read_log(*world) == tell.lines());
}

TEST_CASE("A disk without room to open is refused", "[rocksdb]") {
  rocksdb_world world;
  need(world->close());
  world.store.reset();
  world.options.min_free_disk_bytes = 1024 * 1024;
  world.options.free_disk_bytes = [] { return 1000; };
  auto const opened = open_rocksdb_journal(world.options);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == errc::storage_full);
}

TEST_CASE("A snapshot that does not read is skipped and reported", "[rocksdb]") {
  rocksdb_world world;
  teller tell(world.store);
  tell.tell("cart", "a", 10);
  auto const stream = tell.stream("cart", "a");
  auto const at = [&](std::uint64_t number) {
    return snapshot{version{number}, position{number}, tell.time(), 7, "state-" + std::to_string(number)};
  };
  need(world->write_snapshot(stream, at(4)));
  auto other = at(8);
  other.position = position{9};  // of another event than the one that is stored
  need(world->write_snapshot(stream, other));
  std::vector<std::string> problems;
  auto const found = need(world->read_snapshot(stream, version{UINT64_MAX}, 7, [&](std::string_view why) { problems.emplace_back(why); }));
  REQUIRE(found);
  CHECK(found->version == version{4});
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].find("version 8") != std::string::npos);
}
