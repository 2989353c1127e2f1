#include "bench/load/figures.hpp"
#include "bench/load/report.hpp"
#include "bench/load/verdict.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace evoke::load {
namespace {

std::string line(char const* format, auto const&... values) {
  std::array<char, 400> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

std::string head_line(assignment const& todo) {
  auto const& given = todo.given;
  auto out = given.embedded
                 ? (given.in_memory ? std::string("embedded, in memory") : "embedded, " + std::string(given.durable ? "disk" : "os"))
                 : given.url;
  out += ", workload " + todo.work.name + ", " + grouped(static_cast<double>(given.connections)) +
         (given.embedded ? " callers" : " connections");
  if (given.pipeline > 1) out += " x " + std::to_string(given.pipeline);
  if (given.batch > 1) out += ", " + std::to_string(given.batch) + " commands a call";
  out += given.rate > 0 ? ", open loop at " + grouped(given.rate) + "/s" : std::string(", closed loop");
  out += ", " + grouped(static_cast<double>(todo.keys)) + " keys " + todo.distribution;
  return out + "\n";
}

std::string latency_line(std::string const& name, std::uint64_t count, double a_second, histogram const& of) {
  auto const at = [&](double share) { return as_time(static_cast<double>(of.value_at(share))); };
  return line("%-22.22s %12s %11s %9s %9s %9s %9s %9s\n", name.c_str(), grouped(static_cast<double>(count)).c_str(),
              grouped(a_second).c_str(), at(0.5).c_str(), at(0.9).c_str(), at(0.99).c_str(), at(0.999).c_str(),
              as_time(static_cast<double>(of.max())).c_str());
}

}  // namespace

std::string report_table(assignment const& todo, findings const& found) {
  auto const& measured = found.measured;
  auto const total = measured.total();
  auto const a_second = [&](std::uint64_t count) { return found.seconds > 0 ? static_cast<double>(count) / found.seconds : 0; };
  auto out = head_line(todo);
  out += line("%-22s %12s %11s %9s %9s %9s %9s %9s\n", "", "count", "a second", "p50", "p90", "p99", "p99.9", "max");
  if (todo.work.operations.size() > 1) {
    for (std::size_t i = 0; i < todo.work.operations.size(); ++i) {
      auto const& each = measured.by_operation()[i];
      out += latency_line(todo.work.operations[i].name, each.count, a_second(each.count), each.latency_ns);
    }
  }
  auto const name = todo.work.operations.size() > 1 ? std::string("all") : todo.work.operations.front().name;
  out += latency_line(name, total.count, a_second(measured.answered_in_time()), total.latency_ns);
  if (todo.given.followers + todo.given.log_followers > 0) {
    out += latency_line("events at followers", found.followers.events, a_second(found.followers.events), found.followers.age_ns);
  }
  out += line("in %.2f s", found.seconds);
  for (std::size_t code = 0; code < tally::codes; ++code) {
    if (auto const count = measured.by_code()[code]; count > 0)
      out += ", " + grouped(static_cast<double>(count)) + " x " + name_of_code(code);
  }
  auto const answered = static_cast<double>(std::max<std::uint64_t>(1, measured.answered_in_time()));
  out += "; CPU an operation: " + std::string(todo.given.embedded ? "whole process " : "client ") +
         as_time(found.client_cpu_us * 1e3 / answered);
  if (todo.given.server_process) {
    out += ", server " + as_time(found.server_cpu_us * 1e3 / answered) + "; server memory " +
           grouped(static_cast<double>(found.server_rss) / 1024 / 1024) + " MiB";
  }
  return out + "\n";
}

std::string report_troubles(assignment const& todo, findings const& found) {
  auto const& measured = found.measured;
  std::string out;
  auto const tell = [&](std::uint64_t count, std::string const& what) {
    if (count > 0) out += grouped(static_cast<double>(count)) + " " + what + "\n";
  };
  if (!found.trouble.empty()) out += "the run ended early, after " + line("%.2f s: ", found.seconds) + found.trouble + "\n";
  if (found.interrupted) out += line("ended by a signal: %.2f s were measured\n", found.seconds);
  tell(measured.lost(), "operations were sent and never answered");
  tell(measured.failed(), "answers were errors; the first: " + measured.first_error());
  tell(measured.given_up(), "operations found no free connection in time and were given up");
  tell(measured.unsent(), "operations were due and never sent: " + grouped(todo.given.rate) +
                              " a second is more than this can carry; the latencies count how long they waited");
  return out;
}

bool all_measured(findings const& found) {
  auto const count = found.measured.total().count;
  // Far beyond what a server carries, only what was due in the warm-up may have had its turn.
  bool const any = count > 0 ? count > found.measured.failed() : found.measured.accepted_in_time() > 0;
  return found.trouble.empty() && !found.interrupted && found.measured.lost() == 0 && any;
}

}  // namespace evoke::load
