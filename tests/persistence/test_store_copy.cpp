#include "persistence/store_copy.hpp"

#include <fstream>
#include <map>
#include <sstream>

#include "journal_world.hpp"
#include "store_checks.hpp"

using namespace evoke;
using namespace evoke::persistence;
using namespace evoke::persistence::test;

namespace {

namespace fs = std::filesystem;

/// Every file's path, bytes and time.
std::map<std::string, std::string> all_of(fs::path const& directory) {
  std::map<std::string, std::string> all;
  for (auto const& each : fs::recursive_directory_iterator(directory)) {
    std::ostringstream text;
    if (each.is_regular_file()) text << std::ifstream(each.path()).rdbuf();
    all[each.path().string()] = text.str() + "\n" + std::to_string(each.last_write_time().time_since_epoch().count());
  }
  return all;
}

/// A closed store with events in table files and behind them.
struct closed_store : rocksdb_world {
  closed_store() {
    teller tell(store);
    for (int i = 0; i < 1'500; ++i) {
      tell.next("cart", "c-" + std::to_string(i)).events[0].data = "\"" + std::string(5'000, 'x') + "\"";
      need(tell.commit());
    }
    lines = read_log(*store);
    need(store->close());
    store.reset();
  }
  [[nodiscard]] fs::path copy() const { return directory.path() / "copy"; }
  std::vector<std::string> lines;
};

}  // namespace

TEST_CASE("A copy of a store holds all that the store holds, its tables linked") {
  closed_store world;
  auto const tables = files_of(world.options.path, ".sst");
  REQUIRE_FALSE(tables.empty());
  need(persistence::copy_store(world.options.path, world.copy()));
  for (auto const& each : tables) CHECK(fs::equivalent(each, world.copy() / "journal" / each.filename()));
  auto options = world.options;
  options.path = world.copy();
  auto const copied = need(open_rocksdb_journal(options));
  CHECK(read_log(*copied) == world.lines);
  need(copied->close());
}

TEST_CASE("Whatever is done to a copy, the store stays as it is") {
  closed_store world;
  auto const before = all_of(world.options.path);
  {
    need(persistence::copy_store(world.options.path, world.copy()));
    rocksdb_world other;
    need(other.store->close());
    other.options.path = world.copy();
    other.store = need(open_rocksdb_journal(other.options));
    need(other->intern(name_kind::event_type, "new"));
    need(other->write_rows(row_space::catalogue, std::vector<row_change>{{"a/b/1", "{}"}}, true));
    need(other->close());
    other.store.reset();
  }
  fs::remove_all(world.copy());
  CHECK(all_of(world.options.path) == before);
}

TEST_CASE("What cannot be copied is refused") {
  closed_store world;
  CHECK(persistence::copy_store(world.directory.path() / "nothing", world.copy()).error().code == errc::invalid_argument);
  CHECK_FALSE(fs::exists(world.directory.path() / "nothing"));
  fs::create_directory(world.copy());
  CHECK(persistence::copy_store(world.options.path, world.copy()).error().code == errc::invalid_argument);
  fs::remove(world.copy());
  world.store = need(open_rocksdb_journal(world.options));
  CHECK(persistence::copy_store(world.options.path, world.copy()).error().code == errc::store_in_use);
  CHECK_FALSE(fs::exists(world.copy()));
}
