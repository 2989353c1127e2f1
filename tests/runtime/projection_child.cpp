#include <cstdio>
#include <cstdlib>
#include <future>
#include <random>
#include <string>
#include <vector>

#include "tests/runtime/fresh_fold.hpp"

/// A process of its own for the test that kills one while it projects. It opens the store, lets its read models catch up, compares each
/// with a fresh fold of the log, byte for byte, and reports 1; then it writes for ever and reports the head now and then. Some lives also
/// begin a rebuild. What differs is said on standard error, and ends it.
///
///     projection_child DIRECTORY write|verify SEED
namespace {

using namespace evoke;
using namespace evoke::tests;

int complain(std::string const& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  return 2;
}

void report(std::uint64_t number) {
  std::fwrite(&number, sizeof number, 1, stdout);
  std::fflush(stdout);
}

std::string first_difference(documents const& wanted, documents const& found) {
  for (auto const& [key, json] : wanted) {
    auto const there = found.find(key);
    if (there == found.end()) return "there is no document " + key + ", it should be " + json;
    if (there->second != json) return "document " + key + " is " + there->second + ", it should be " + json;
  }
  for (auto const& [key, json] : found)
    if (!wanted.contains(key)) return "there is a document " + key + " that should not be: " + json;
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 1;
  std::mt19937_64 random(std::strtoull(argv[3], nullptr, 10));
  runtime_options options;
  options.data = argv[1];
  options.durability = durability::os;  // survives being killed, and that is what happens here
  options.workers = 2;
  options.min_free_disk_bytes = 0;
  options.memtable_bytes = 8ULL * 1024 * 1024;
  options.block_cache_bytes = 8ULL * 1024 * 1024;
  options.projections.memtable_bytes = 1024 * 1024;  // flushed often, in the middle of what happens
  options.projections.flush_interval = std::chrono::seconds(1);
  options.projections.batch_events = static_cast<std::uint32_t>(1 + random() % 300);
  auto types = ledgers::types();
  for (auto const& each : {define_projection<ledgers::ledger_view>(), define_projection<ledgers::owner_total>()})
    if (auto added = types.add(each); !added) return complain(added.error().message);
  auto started = runtime::start(std::move(types), options);
  if (!started) return complain(started.error().message);
  auto& rt = **started;

  for (auto const& each : rt.types().projections()) {
    auto const wanted = fresh_fold(rt, *each);
    if (!wanted) return complain(wanted.error().message);
    auto const found = served(rt, each->name());
    if (!found) return complain(each->name() + ": " + found.error().message);
    if (auto const differs = first_difference(*wanted, *found); !differs.empty()) return complain(each->name() + ": " + differs);
  }
  report(1);
  if (std::string(argv[2]) == "verify") return 0;

  if (random() % 4 == 0) static_cast<void>(rt.rebuild_projection("ledgers").get());
  for (std::uint64_t round = 0;; ++round) {
    std::vector<std::future<command_result>> open;
    for (int i = 0; i < 16; ++i) {
      auto const id = "l" + std::to_string(random() % 200);
      auto const what = random() % 20;
      if (what == 0)
        open.push_back(rt.of<ledgers::ledger>(id).execute(ledgers::open_ledger{"owner" + std::to_string(random() % 7)}));
      else
        open.push_back(rt.of<ledgers::ledger>(id).execute(
            ledgers::book{what == 1 ? ledgers::kClosing : 1, static_cast<std::int64_t>(1 + random() % 3)}));
    }
    for (auto& each : open) static_cast<void>(each.get());
    report(rt.info().head.value());
  }
}
