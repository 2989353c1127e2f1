#include <sqlite3.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "bench/measure/measure.hpp"
#include "bench/peers/key_choice.hpp"

/// Appends to an events table in SQLite, one transaction each, in one thread: it has one writer, so more of them would only wait.
namespace {

using namespace evoke::bench;

struct closer {
  void operator()(sqlite3* of) const { sqlite3_close(of); }
  void operator()(sqlite3_stmt* of) const { sqlite3_finalize(of); }
};
using database = std::unique_ptr<sqlite3, closer>;
using statement = std::unique_ptr<sqlite3_stmt, closer>;

void must(sqlite3* on, int got, int wanted) {
  if (got != wanted) throw std::runtime_error(sqlite3_errmsg(on));
}

database open(std::string const& path) {
  sqlite3* made = nullptr;
  int const got = sqlite3_open(path.c_str(), &made);
  database opened(made);
  must(made, got, SQLITE_OK);
  return opened;
}

statement prepared(sqlite3* on, char const* sql) {
  sqlite3_stmt* made = nullptr;
  must(on, sqlite3_prepare_v2(on, sql, -1, &made, nullptr), SQLITE_OK);
  return statement(made);
}

std::string one_value(sqlite3* on, char const* sql) {
  auto const asking = prepared(on, sql);
  must(on, sqlite3_step(asking.get()), SQLITE_ROW);
  return reinterpret_cast<char const*>(sqlite3_column_text(asking.get(), 0));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Appends to an events table in SQLite"};
  std::string path = (std::filesystem::temp_directory_path() / "evoke-bench-sqlite" / "events.db").string();
  std::size_t keys = 100'000;
  std::size_t payload = 0;
  double seconds = 3;
  double warm_up = 1;
  int processor = -1;
  bool json = false;
  app.add_option("--file", path, "of the database; emptied");
  app.add_option("--keys", keys, "streams");
  app.add_option("--payload", payload, "bytes added to each event");
  app.add_option("--seconds", seconds, "measured time");
  app.add_option("--warmup", warm_up, "seconds before it");
  app.add_option("--processor", processor, "to run on");
  app.add_flag("--json", json, "accepted for evenness: there is no other output");
  CLI11_PARSE(app, argc, argv);
  try {
    run_on(processor);
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    for (auto const* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end);
    auto const db = open(path);
    auto const mode = one_value(db.get(), "PRAGMA journal_mode=WAL");
    must(db.get(), sqlite3_exec(db.get(), "PRAGMA synchronous=FULL", nullptr, nullptr, nullptr), SQLITE_OK);
    must(db.get(),
         sqlite3_exec(
             db.get(),
             "CREATE TABLE events (position INTEGER PRIMARY KEY, aggregate_id TEXT NOT NULL, version INTEGER NOT NULL, type TEXT NOT "
             "NULL, data TEXT NOT NULL, time TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP, UNIQUE (aggregate_id, version))",
             nullptr, nullptr, nullptr),
         SQLITE_OK);
    auto const append = prepared(db.get(), "INSERT INTO events (aggregate_id, version, type, data) VALUES (?, ?, 'cart_item_added', ?)");
    auto const data = event_data(payload);
    key_choice key(0, 1, keys, false);
    latencies took;
    std::uint64_t acknowledged = 0;
    window const measured(warm_up, seconds);
    for (auto begun = steady::now(); !measured.over(begun); begun = steady::now()) {
      key.draw();
      auto const id = key.id();
      sqlite3_bind_text(append.get(), 1, id.data(), static_cast<int>(id.size()), SQLITE_STATIC);
      sqlite3_bind_int64(append.get(), 2, static_cast<sqlite3_int64>(key.next_version()));
      sqlite3_bind_text(append.get(), 3, data.data(), static_cast<int>(data.size()), SQLITE_STATIC);
      must(db.get(), sqlite3_step(append.get()), SQLITE_DONE);
      sqlite3_reset(append.get());
      key.at(key.next_version());
      ++acknowledged;
      auto const now = steady::now();
      if (measured.open(now)) took.add(now - begun);
    }
    auto const stored = std::stoull(one_value(db.get(), "SELECT count(*) FROM events"));
    print({{"tool", "evoke-bench-sqlite"},
           {"settings", {{"clients", 1}, {"keys", keys}, {"payload", payload}, {"seconds", seconds}}},
           {"server",
            {{"version", sqlite3_libversion()}, {"journal_mode", mode}, {"synchronous", one_value(db.get(), "PRAGMA synchronous")}}},
           {"per_second", static_cast<double>(took.count()) / measured.seconds()},
           {"acknowledged", acknowledged},
           {"stored", stored},
           {"latency_us", took.summary()}});
    if (stored == acknowledged) return 0;
    std::fprintf(stderr, "evoke-bench-sqlite: what is stored is not what was acknowledged\n");
  } catch (std::exception const& failed) {
    std::fprintf(stderr, "evoke-bench-sqlite: %s\n", failed.what());
  }
  return 1;
}
