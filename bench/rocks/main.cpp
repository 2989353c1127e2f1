#include <fcntl.h>
#include <rocksdb/db.h>
#include <rocksdb/transaction_log.h>
#include <rocksdb/write_batch.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/measure/measure.hpp"
#include "persistence/rocksdb_schema.hpp"

/// What evoke has written, written again by nothing but RocksDB: the very batches in a store's write-ahead log, into an empty database of
/// the same layout, each synced. And once more as the least that it could be: each group's bytes appended to one file.
namespace {

namespace fs = std::filesystem;
namespace persistence = evoke::persistence;
using namespace evoke::bench;

void must(rocksdb::Status const& status) {
  if (!status.ok()) throw std::runtime_error(status.ToString());
}

persistence::database open(fs::path const& path, bool create) {
  persistence::schema_settings settings;
  settings.memtable_bytes = 128ULL << 20U;  // as runtime_options has them
  settings.block_cache_bytes = 256ULL << 20U;
  persistence::database db;
  fs::create_directories(path);
  must(persistence::database::open(path, settings, create, rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords, true, db));
  return db;
}

/// A group as it was written.
struct group {
  std::string batch;
  std::string log_row;  ///< all its events, once
  std::uint64_t events = 0;
};

class reading final : public rocksdb::WriteBatch::Handler {
 public:
  reading(std::uint32_t events, std::uint32_t log, group& into) : events_(events), log_(log), into_(into) {}
  rocksdb::Status PutCF(std::uint32_t family, rocksdb::Slice const&, rocksdb::Slice const& value) override {
    if (family == events_) ++into_.events;
    if (family == log_) into_.log_row = value.ToString();
    return rocksdb::Status::OK();
  }
  rocksdb::Status DeleteCF(std::uint32_t, rocksdb::Slice const&) override { return rocksdb::Status::OK(); }

 private:
  std::uint32_t events_;
  std::uint32_t log_;
  group& into_;
};

/// The groups that the write-ahead log still holds: the newest.
std::vector<group> groups_of(fs::path const& store) {
  auto const db = open(store / "journal", false);
  std::unique_ptr<rocksdb::TransactionLogIterator> batches;
  must(db->GetUpdatesSince(0, &batches));
  std::vector<group> all;
  for (; batches->Valid(); batches->Next()) {
    auto const got = batches->GetBatch();
    group one;
    reading counting(db[persistence::family::events]->GetID(), db[persistence::family::log]->GetID(), one);
    must(got.writeBatchPtr->Iterate(&counting));
    if (one.events == 0) continue;
    one.batch = got.writeBatchPtr->Data();
    all.push_back(std::move(one));
  }
  if (all.empty()) throw std::runtime_error("the write-ahead log of that store holds no events");
  return all;
}

struct written {
  std::uint64_t events = 0;
  std::uint64_t bytes = 0;
  double seconds = 0;
  latencies took;
};

/// Writes all groups once, into an empty database.
void write_groups(std::vector<group> const& groups, fs::path const& into, written& all) {
  fs::remove_all(into);
  auto const db = open(into, true);
  rocksdb::WriteOptions how;
  how.sync = true;
  std::vector<rocksdb::WriteBatch> batches;
  for (auto const& each : groups) batches.emplace_back(each.batch);
  auto const begun = steady::now();
  for (std::size_t i = 0; i < groups.size(); ++i) {
    auto const at = steady::now();
    must(db->Write(how, &batches[i]));
    all.took.add(steady::now() - at);
    all.events += groups[i].events;
    all.bytes += groups[i].batch.size();
  }
  all.seconds += std::chrono::duration<double>(steady::now() - begun).count();
}

void append_groups(std::vector<group> const& groups, fs::path const& into, written& all) {
  int const file = ::open(into.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0) throw std::runtime_error("cannot create " + into.string());
  auto const begun = steady::now();
  for (auto const& each : groups) {
    auto const at = steady::now();
    if (write(file, each.log_row.data(), each.log_row.size()) != static_cast<ssize_t>(each.log_row.size()) || fdatasync(file) != 0)
      throw std::runtime_error("cannot append to " + into.string());
    all.took.add(steady::now() - at);
    all.events += each.events;
    all.bytes += each.log_row.size();
  }
  all.seconds += std::chrono::duration<double>(steady::now() - begun).count();
  close(file);
}

nlohmann::json told(written& of, std::size_t passes) {
  return {{"per_second", static_cast<double>(of.events) / of.seconds},
          {"events", of.events},
          {"bytes_per_event", static_cast<double>(of.bytes) / static_cast<double>(of.events)},
          {"passes", passes},
          {"latency_us", of.took.summary()}};
}

template <class Write>
nlohmann::json repeated(double seconds, Write&& once) {
  written all;
  std::size_t passes = 0;
  do {
    once(all);
    ++passes;
  } while (all.seconds < seconds);
  return told(all, passes);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"What evoke wrote, written by RocksDB alone"};
  std::string from;
  std::string into = (fs::temp_directory_path() / "evoke-bench-rocks").string();
  double seconds = 3;
  int processor = -1;
  bool json = false;
  app.add_option("--from", from, "store of evoke, closed")->required();
  app.add_option("--into", into, "directory to write to; emptied");
  app.add_option("--seconds", seconds, "at least, of writing");
  app.add_option("--processor", processor, "to run on");
  app.add_flag("--json", json, "accepted for evenness: there is no other output");
  CLI11_PARSE(app, argc, argv);
  try {
    run_on(processor);
    auto const groups = groups_of(from);
    std::uint64_t events = 0;
    for (auto const& each : groups) events += each.events;
    fs::create_directories(into);
    auto raw = repeated(seconds, [&](written& all) { write_groups(groups, fs::path(into) / "raw", all); });
    auto copy = repeated(seconds / 2, [&](written& all) { append_groups(groups, fs::path(into) / "copy", all); });
    fs::remove_all(into);
    print({{"tool", "evoke-bench-rocks"},
           {"groups", groups.size()},
           {"events_a_group", static_cast<double>(events) / static_cast<double>(groups.size())},
           {"raw", std::move(raw)},
           {"sequential", std::move(copy)}});
  } catch (std::exception const& failed) {
    std::fprintf(stderr, "evoke-bench-rocks: %s\n", failed.what());
    return 1;
  }
  return 0;
}
