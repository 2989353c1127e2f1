#include "bench/measure/measure.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <numeric>
#include <stdexcept>

namespace evoke::bench {
namespace {

steady::duration of_seconds(double seconds) {
  return std::chrono::duration_cast<steady::duration>(std::chrono::duration<double>(seconds));
}

}  // namespace

nlohmann::json latencies::summary() {
  nlohmann::json told{{"count", us_.size()}};
  if (us_.empty()) return told;
  std::ranges::sort(us_);
  auto const at = [&](double share) {
    return us_[std::min(us_.size() - 1, static_cast<std::size_t>(share * static_cast<double>(us_.size())))];
  };
  told["min"] = us_.front();
  told["p50"] = at(0.5);
  told["p90"] = at(0.9);
  told["p99"] = at(0.99);
  told["p999"] = at(0.999);
  told["max"] = us_.back();
  told["mean"] = std::accumulate(us_.begin(), us_.end(), 0.0) / static_cast<double>(us_.size());
  return told;
}

window::window(double warm_up_seconds, double seconds)
    : from_(steady::now() + of_seconds(warm_up_seconds)), to_(from_ + of_seconds(seconds)) {}

void run_on(int processor) {
  if (processor < 0) return;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(processor), &one);
  if (sched_setaffinity(0, sizeof one, &one) != 0) throw std::runtime_error("cannot run on processor " + std::to_string(processor));
}

std::string event_data(std::size_t filler) {
  return R"({"product_id":"85123A","quantity":1,"unit_price":255,"name":"WHITE HANGING HEART)" + std::string(filler, 'x') + "\"}";
}

std::uint64_t resident_bytes() {
  std::ifstream in("/proc/self/statm");
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  in >> all >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  auto const of = [](timeval const& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
  return of(used.ru_utime) + of(used.ru_stime);
}

void print(nlohmann::json const& result) {
  std::puts(result.dump().c_str());
  std::fflush(stdout);
}

}  // namespace evoke::bench
