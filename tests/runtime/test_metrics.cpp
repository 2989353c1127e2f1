#include <sstream>

#include "tests/runtime/following.hpp"

using namespace evoke;
using namespace evoke::tests;

namespace {

/// The value of one line, or -1.
double value(std::string const& text, std::string const& line) {
  std::istringstream in(text);
  for (std::string each; std::getline(in, each);)
    if (each.starts_with(line + " ")) return std::stod(each.substr(line.size() + 1));
  return -1;
}

}  // namespace

TEST_CASE("commands are counted by how they ended, and timed") {
  auto const rt = start(in_memory());
  open(*rt, "a");
  book(*rt, "a", 2);
  CHECK(rt->of<ledgers::ledger>("a").execute(ledgers::open_ledger{"bob"}).get().rejected());
  CHECK(rt->of<ledgers::ledger>("a").execute(ledgers::book{0, 1}).get().accepted());
  command_options strict;
  strict.expected = expected_version::exactly(version{99});
  CHECK(rt->of<ledgers::ledger>("a").execute(ledgers::book{1, 1}, strict).get().failed());
  CHECK(rt->of<ledgers::ledger>("a").execute(ledgers::misbehave{"decide"}).get().failed());
  auto const text = rt->metrics().get();
  CHECK(value(text, R"(evoke_commands_total{outcome="succeeded"})") == 2);
  CHECK(value(text, R"(evoke_commands_total{outcome="unchanged"})") == 1);
  CHECK(value(text, R"(evoke_commands_total{outcome="rejected"})") == 1);
  CHECK(value(text, R"(evoke_commands_total{outcome="refused"})") == 1);
  CHECK(value(text, R"(evoke_commands_total{outcome="failed"})") == 1);
  CHECK(value(text, "evoke_command_duration_seconds_count") == 6);
  CHECK(value(text, R"(evoke_command_duration_seconds_bucket{le="+Inf"})") == 6);
  CHECK(value(text, "evoke_committed_events_total") == 3);
  CHECK(value(text, "evoke_journal_head_position") == 3);
  CHECK(value(text, "evoke_journal_writable") == 1);
  CHECK(value(text, "evoke_resident_aggregates") == 1);
}

TEST_CASE("commits and syncs are timed on a disk") {
  temporary_directory const directory;
  auto options = on_disk(directory);
  options.durability = durability::disk;
  auto const rt = start(options);
  open(*rt, "a");
  book(*rt, "a");
  auto const text = rt->metrics().get();
  CHECK(value(text, "evoke_commit_duration_seconds_count") == 2);
  CHECK(value(text, "evoke_sync_duration_seconds_count") == 2);
  CHECK(value(text, "evoke_sync_duration_seconds_sum") > 0);
  CHECK(value(text, "evoke_sync_duration_seconds_sum") <= value(text, "evoke_commit_duration_seconds_sum"));
  auto const buffers = value(text, R"(evoke_storage_memory_bytes{store="journal",part="write_buffers"})");
  CHECK(buffers > 0);
  CHECK(buffers <= static_cast<double>(options.memtable_bytes));
  CHECK(value(text, R"(evoke_storage_memory_bytes{store="journal",part="block_cache"})") <= static_cast<double>(options.block_cache_bytes));
}

TEST_CASE("followers show in the metrics") {
  auto const rt = start(in_memory());
  open(*rt, "a");
  auto const feed = subscribe(*rt);
  std::promise<void> made;
  rt->subscriptions().put("mail", {}, [&](result<bool> end) {
    CHECK(end);
    made.set_value();
  });
  made.get_future().get();
  auto const text = rt->metrics().get();
  CHECK(value(text, "evoke_subscriptions") >= 1);
  CHECK(value(text, R"(evoke_persistent_subscription_parked_events{subscription="mail"})") == 0);
  CHECK(value(text, R"(evoke_persistent_subscription_lag_events{subscription="mail"})") >= 0);
}

TEST_CASE("every family has a help text, counters end in total, and names carry the prefix") {
  auto const rt = start(in_memory());
  std::istringstream in(rt->metrics().get());
  std::string described;
  int families = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("# HELP ")) {
      described = line.substr(7, line.find(' ', 7) - 7);
      CHECK(line.size() > 7 + described.size() + 1);
    } else if (line.starts_with("# TYPE ")) {
      ++families;
      CHECK(line.substr(7, described.size()) == described);
      CHECK(described.starts_with("evoke_"));
      CHECK(line.ends_with(" counter") == described.ends_with("_total"));
    } else if (!line.empty()) {
      CHECK(line.starts_with(described));
    }
  }
  CHECK(families > 10);
}
