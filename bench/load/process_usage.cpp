#include "bench/load/process_usage.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

namespace evoke::load {
namespace {

double cpu_us_of(decltype(RUSAGE_SELF) whose) {
  ::rusage used{};
  ::getrusage(whose, &used);
  auto const us = [](::timeval const& time) { return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec); };
  return us(used.ru_utime) + us(used.ru_stime);
}

}  // namespace

std::optional<process_usage> usage_of(int process) {
  std::ifstream const in("/proc/" + std::to_string(process) + "/stat");
  std::stringstream all;
  all << in.rdbuf();
  auto const text = all.str();
  // The name in parentheses may hold anything; behind it, proc(5): 14 and 15 are user and system time in ticks, 24 resident pages.
  auto const name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(text.substr(name_end + 2));
  std::string skipped;
  for (int i = 3; i < 14; ++i) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  for (int i = 16; i < 24; ++i) fields >> skipped;
  std::uint64_t pages = 0;
  if (!(fields >> pages)) return std::nullopt;
  return process_usage{(user + system) * 1e6 / static_cast<double>(::sysconf(_SC_CLK_TCK)),
                       pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))};
}

double thread_cpu_us() {
  return cpu_us_of(RUSAGE_THREAD);
}

double process_cpu_us() {
  return cpu_us_of(RUSAGE_SELF);
}

}  // namespace evoke::load
