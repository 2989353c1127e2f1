#include <cstdio>
#include <cstdlib>
#include <string>

#include "persistence/rocksdb_journal.hpp"

/// A process of its own for the tests that kill one: writes groups to a store for ever and reports, on its standard output, the head after
/// each commit that was acknowledged. With "hold" it only opens the store and waits.
///
///     journal_child DIRECTORY disk|os|hold SEED
namespace {

using namespace evoke;
using namespace evoke::persistence;

int complain(failure const& why) {
  std::fprintf(stderr, "%s\n", why.message.c_str());
  return 2;
}

void report(std::uint64_t number) {
  std::fwrite(&number, sizeof number, 1, stdout);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 1;
  std::string const mode = argv[2];
  rocksdb_options options;
  options.path = argv[1];
  options.durability = mode == "disk" ? durability::disk : durability::os;
  options.memtable_bytes = 1024 * 1024;
  options.block_cache_bytes = 4 * 1024 * 1024;
  options.min_free_disk_bytes = 0;
  auto store = open_rocksdb_journal(options);
  if (!store) return complain(store.error());
  report((*store)->head().value());
  if (mode == "hold") return std::getchar();

  auto random = std::strtoull(argv[3], nullptr, 10);
  auto const next = [&random] { return random = random * 6364136223846793005ULL + 1442695040888963407ULL, random >> 33U; };
  auto const type = (*store)->intern(name_kind::aggregate_type, "cart");
  auto const event = (*store)->intern(name_kind::event_type, "cart_changed");
  for (std::uint64_t round = 0;; ++round) {
    std::vector<append> appends(1 + next() % 20);
    std::vector<append*> group;
    for (std::size_t i = 0; i < appends.size(); ++i) {
      auto& one = appends[i];
      one.type = *type;
      // One append a stream and group; which streams take part varies.
      one.id = aggregate_id::trusted("c-" + std::to_string(i * 10 + next() % 10));
      auto const head = (*store)->head_of({one.type, one.id.str()});
      if (!head) return complain(head.error());
      one.first_version = head->version.next();
      one.time = timestamp(std::chrono::microseconds(static_cast<std::int64_t>(1'750'000'000'000'000 + round)));
      for (auto count = 1 + next() % 3; count > 0; --count)
        one.events.push_back({*event, 1, "{\"x\":\"" + std::string(next() % 400, 'x') + "\"}", {}, {}});
      one.key = "k-" + std::to_string(round);
      one.record = command_record{};
      one.record->time = one.time;
      one.record->end = command_end::success;
      group.push_back(&one);
    }
    if (auto done = (*store)->commit(group, timestamp{}); !done) return complain(done.error());
    report((*store)->head().value());
    if (round % 16 == 0)
      if (auto done = (*store)->sync_mark(); !done) return complain(done.error());
  }
}
