#include "bench/load/report.hpp"
#include "bench/load/verdict.hpp"

#include <cmath>

#include <nlohmann/json.hpp>

namespace evoke::load {
namespace {

using nlohmann::ordered_json;

/// Microseconds with one decimal: below that is noise.
double microseconds(double nanoseconds) {
  return std::round(nanoseconds / 100) / 10;
}
double microseconds(std::uint64_t nanoseconds) {
  return microseconds(static_cast<double>(nanoseconds));
}
double rounded(double value) {
  return std::round(value * 1'000) / 1'000;
}

ordered_json latency(histogram const& of, bool with_steps) {
  ordered_json out = {{"count", of.count()},
                      {"min", microseconds(of.min())},
                      {"p50", microseconds(of.value_at(0.5))},
                      {"p90", microseconds(of.value_at(0.9))},
                      {"p99", microseconds(of.value_at(0.99))},
                      {"p999", microseconds(of.value_at(0.999))},
                      {"max", microseconds(of.max())},
                      {"mean", microseconds(of.mean())}};
  if (!with_steps) return out;
  auto steps = ordered_json::array();
  for (auto const& each : of.steps()) steps.push_back({microseconds(each.upper), each.count});
  out["histogram"] = std::move(steps);
  return out;
}

ordered_json settings_json(assignment const& todo) {
  auto const& given = todo.given;
  ordered_json out = {{"url", given.url},
                      {"embedded", given.embedded},
                      {"directory", given.directory},
                      {"in_memory", given.in_memory},
                      {"durability", given.durable ? "disk" : "os"},
                      {"workload", todo.work.name},
                      {"connections", given.connections},
                      {"rate", given.rate},
                      {"seconds", given.seconds},
                      {"warmup", given.warmup},
                      {"keys", todo.keys},
                      {"distribution", todo.distribution},
                      {"payload", todo.payload_bytes},
                      {"pipeline", given.pipeline},
                      {"batch", given.batch},
                      {"followers", given.followers},
                      {"log_followers", given.log_followers},
                      {"seed", given.seed}};
  if (given.processor) out["processor"] = *given.processor;
  if (given.server_process) out["server_process"] = *given.server_process;
  return out;
}

ordered_json operations_json(assignment const& todo, findings const& found, operation_tally const& total) {
  auto const& measured = found.measured;
  auto const a_second = [&](std::uint64_t count) { return found.seconds > 0 ? rounded(static_cast<double>(count) / found.seconds) : 0.0; };
  auto by_status = ordered_json::object();
  for (std::size_t code = 0; code < tally::codes; ++code)
    if (auto const count = measured.by_code()[code]; count > 0) by_status[name_of_code(code)] = count;
  std::uint64_t stored = 0;
  for (std::size_t i = 0; i < todo.work.operations.size(); ++i)
    if (todo.work.operations[i].writes()) stored += measured.by_operation()[i].accepted_in_all;
  return {{"count", total.count},
          {"per_second", a_second(measured.answered_in_time())},
          {"accepted_per_second", a_second(measured.accepted_in_time())},
          {"failed", total.failed + measured.lost()},
          {"rejected", total.rejected},
          {"lost", measured.lost()},
          {"unsent", measured.unsent()},
          {"given_up", measured.given_up()},
          {"acknowledged_in_all", stored},
          {"prepared", found.prepared},
          {"by_status", std::move(by_status)}};
}

}  // namespace

std::string report_json(assignment const& todo, findings const& found) {
  auto const& measured = found.measured;
  auto const total = measured.total();
  ordered_json out = {{"tool", "evoke-load"},
                      {"settings", settings_json(todo)},
                      {"seconds", rounded(found.seconds)},
                      {"interrupted", found.interrupted},
                      {"operations", operations_json(todo, found, total)},
                      {"latency_us", latency(total.latency_ns, true)}};
  auto by_operation = ordered_json::object();
  for (std::size_t i = 0; i < todo.work.operations.size(); ++i) {
    auto const& each = measured.by_operation()[i];
    by_operation[todo.work.operations[i].name] = {
        {"count", each.count}, {"failed", each.failed}, {"rejected", each.rejected}, {"latency_us", latency(each.latency_ns, false)}};
  }
  out["by_operation"] = std::move(by_operation);
  out["followers"] = {{"events", found.followers.events}, {"latency_us", latency(found.followers.age_ns, true)}};
  auto timeline = ordered_json::array();
  for (std::size_t second = 0; second < measured.timeline().size(); ++second) {
    auto const& each = measured.timeline()[second];
    timeline.push_back({{"second", second},
                        {"count", each.count},
                        {"p50_us", microseconds(each.latency_ns.value_at(0.5))},
                        {"p99_us", microseconds(each.latency_ns.value_at(0.99))}});
  }
  out["timeline"] = std::move(timeline);
  auto const each_us = [&](double cpu_us) {
    return rounded(cpu_us / static_cast<double>(std::max<std::uint64_t>(1, measured.answered_in_time())));
  };
  out["client"] = {{"cpu_us_per_operation", each_us(found.client_cpu_us)}};
  if (todo.given.server_process) out["server"] = {{"cpu_us_per_operation", each_us(found.server_cpu_us)}, {"rss_bytes", found.server_rss}};
  if (found.stored_events) out["journal"] = {{"events", *found.stored_events}};
  if (!found.trouble.empty()) out["trouble"] = found.trouble;
  return out.dump() + "\n";
}

}  // namespace evoke::load
