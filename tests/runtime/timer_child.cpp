#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <future>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/runtime/alarm.hpp"

/// A process of its own for the tests that kill one while its timers fire.
///
///     timer_child DIRECTORY set COUNT     sets COUNT timers, due now and in the next seconds, while they fire; reports 1 when all are set
///     timer_child DIRECTORY verify SEED   waits until no timer is left, then looks at the log: each rang once and none early; reports how
///     many timer_child DIRECTORY memory COUNT  sets COUNT timers that are due tomorrow; prints what memory they cost, also behind a
///     restart
///
/// All of them open the store and fire what is due. What is wrong is said on standard error, and ends it.
namespace {

using namespace evoke;
using namespace alarms;

int complain(std::string const& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  return 2;
}

void report(std::uint64_t number) {
  std::fwrite(&number, sizeof number, 1, stdout);
  std::fflush(stdout);
}

runtime_options options_for(char const* directory) {
  runtime_options options;
  options.data = directory;
  options.durability = durability::os;  // survives being killed, and that is what happens here
  options.workers = 2;
  options.min_free_disk_bytes = 0;
  options.timers.late_per_second = 20'000;
  options.timers.max_near = 2'000;  // the index is read again and again
  return options;
}

std::uint64_t resident_kib() {
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("VmRSS:")) return std::strtoull(line.c_str() + 6, nullptr, 10);
  return 0;
}

/// Names never come twice: the process's number is in them.
int set_timers(runtime& rt, std::uint64_t count) {
  std::mt19937_64 random(std::random_device{}());
  std::vector<std::future<command_result>> open;
  for (std::uint64_t i = 0; i < count; ++i) {
    auto const due = system_clock().now() + std::chrono::microseconds(random() % 2'000'000);
    open.push_back(rt.of<clock_tower>("t" + std::to_string(random() % 1'000))
                       .execute(set_alarm{std::to_string(::getpid()) + "-" + std::to_string(i), due, {}}));
    if (open.size() < 64 && i + 1 < count) continue;
    for (auto& each : open)
      if (auto const end = each.get(); !end.accepted()) return complain(end.failed() ? end.error().message : end.why().message);
    open.clear();
  }
  report(1);
  for (;;) std::this_thread::sleep_for(std::chrono::hours(1));  // until it is killed
}

int wait_until_all_fired(runtime& rt) {
  auto const until = std::chrono::steady_clock::now() + std::chrono::minutes(10);
  for (;;) {
    auto const left = rt.timers({.limit = 1}).get();
    if (!left) return complain(left.error().message);
    if (left->timers.empty()) return 0;
    if (std::chrono::steady_clock::now() > until) return complain("timers do not end: " + left->timers[0].last_error);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

int verify(runtime& rt) {
  if (int const wrong = wait_until_all_fired(rt); wrong != 0) return wrong;
  std::map<std::string, timestamp> open;
  std::uint64_t fired = 0;
  log_request asked{.limit = 1'000};
  for (;;) {
    auto const page = rt.read_log(asked).get();
    if (!page) return complain(page.error().message);
    for (auto const& event : page->events) {
      if (event.type.str() == "alarm_set") {
        auto const set = json::decode<alarm_set>(event.data).value();
        if (!open.emplace(set.name, set.due).second) return complain(set.name + " was set twice");
        continue;
      }
      auto const did = json::decode<rang>(event.data).value();
      auto const set = open.find(did.name);
      if (set == open.end()) return complain(did.name + " rang twice, or was never set");
      if (did.due != set->second) return complain(did.name + " rang for another time");
      if (event.time < did.due) return complain(did.name + " rang early");
      open.erase(set);
      ++fired;
    }
    if (page->at_end) break;
    asked.after = page->next_after;
  }
  if (!open.empty()) return complain(open.begin()->first + " and " + std::to_string(open.size() - 1) + " others never rang");
  report(fired);
  return 0;
}

int measure(char const* directory, std::uint64_t count) {
  auto const say = [](char const* what, std::uint64_t kib) {
    std::printf("%s: %llu MiB\n", what, static_cast<unsigned long long>(kib / 1024));
  };
  auto options = options_for(directory);
  options.timers = {};
  options.passivate_after = std::chrono::milliseconds(200);
  {
    auto rt = runtime::start(types(), options);
    if (!rt) return complain(rt.error().message);
    say("resident before", resident_kib());
    auto const due = system_clock().now() + std::chrono::hours(24);
    constexpr std::int64_t at_once = 100;
    auto const began = std::chrono::steady_clock::now();
    std::vector<std::future<command_result>> open;
    for (std::uint64_t i = 0; i * at_once < count; ++i) {
      open.push_back((*rt)->of<clock_tower>("t" + std::to_string(i)).execute(set_alarms{0, at_once, due + std::chrono::seconds(i)}));
      if (open.size() < 64) continue;
      for (auto& each : open) static_cast<void>(each.get());
      open.clear();
    }
    for (auto& each : open) static_cast<void>(each.get());
    auto const took = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    std::printf("%llu timers set in %.1f s\n", static_cast<unsigned long long>(count), took);
    while ((*rt)->info().resident_aggregates > 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    say("resident with them pending", resident_kib());
  }
  auto const began = std::chrono::steady_clock::now();
  auto rt = runtime::start(types(), options);
  if (!rt) return complain(rt.error().message);
  auto const took = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  std::printf("started again in %.2f s\n", took);
  auto const first = (*rt)->timers({.limit = 1}).get();
  if (!first || first->timers.empty()) return complain("the timers are gone");
  say("resident behind a restart in the same process", resident_kib());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 1;
  std::string const what = argv[2];
  auto const number = std::strtoull(argv[3], nullptr, 10);
  if (what == "memory") return measure(argv[1], number);
  auto started = runtime::start(types(), options_for(argv[1]));
  if (!started) return complain(started.error().message);
  return what == "set" ? set_timers(**started, number) : verify(**started);
}
