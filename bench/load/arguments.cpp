#include "bench/load/arguments.hpp"

#include "bench/load/workload.hpp"

#include <iostream>
#include <sstream>

#include <CLI/CLI.hpp>

namespace evoke::load {
namespace {

std::string list_of_workloads() {
  std::ostringstream out;
  out << "Built-in workloads:\n";
  for (auto const& each : builtin_workloads()) {
    auto const made = parse_workload(each.json);
    out << "  " << each.name << std::string(each.name.size() < 10 ? 10 - each.name.size() : 1, ' ')
        << (made ? made->about : made.error().message) << "\n";
  }
  return out.str();
}

parsed misuse(std::string const& why) {
  std::cerr << "evoke-load: " << why << "\n";
  return {std::nullopt, {}, misused};
}

}  // namespace

parsed parse(int argc, char const* const* argv) {
  CLI::App app{"Puts load on a server of evoke's, or on evoke inside this process, and says how fast it answers.", "evoke-load"};
  app.footer(list_of_workloads());
  parsed out;
  settings with;
  std::string durability = "disk";
  bool no_prepare = false;
  std::string show;
  app.add_option("url", with.url, "the server, e.g. http://127.0.0.1:8080");
  auto* const embedded = app.add_option("--embedded", with.directory, "no server: evoke in this process, its store in this directory");
  auto* const in_memory = app.add_flag("--in-memory", with.in_memory, "with --embedded \"\": a store in memory");
  app.add_option("--workload", with.workload, "a built-in one (see below) or a file; docs/load.md describes it");
  app.add_option("--show-workload", show, "print a built-in workload's file, to begin one's own from, and end");
  app.add_option("--connections", with.connections, "connections; embedded: callers in flight")->check(CLI::Range(1, 20'000));
  app.add_option("--rate", with.rate,
                 "open loop: so many operations a second, latency from when each was due; without it as fast as answers come")
      ->check(CLI::Range(0.001, 1e8));
  app.add_option("--patience", with.patience_ms,
                 "with --rate, over HTTP: an operation that finds no free connection for so many milliseconds is given up; 0 = none is")
      ->check(CLI::Range(0, 3'600'000));
  app.add_option("--seconds", with.seconds, "measured time")->check(CLI::Range(0.05, 86'400.0));
  app.add_option("--warmup", with.warmup, "seconds of load before it")->check(CLI::Range(0.0, 3'600.0));
  app.add_option("--keys", with.keys, "aggregates, 100000 unless the workload says so")->check(CLI::Range(1ULL, 1'000'000'000ULL));
  app.add_option("--distribution", with.distribution, "which key an operation is for: uniform, zipf:EXPONENT or hot");
  app.add_option("--payload", with.payload_bytes, "bytes of the workload's filler field")->check(CLI::Range(0ULL, 16'000'000ULL));
  app.add_option("--pipeline", with.pipeline, "requests in flight on each connection")->check(CLI::Range(1, 1'000));
  app.add_option("--batch", with.batch, "operations a call; over HTTP commands, in one request")->check(CLI::Range(1, 10'000));
  app.add_option("--followers", with.followers, "followers of one aggregate each, from key 0 on")->check(CLI::Range(0, 20'000));
  app.add_option("--log-followers", with.log_followers, "followers of everything")->check(CLI::Range(0, 20'000));
  app.add_option("--durability", durability, "embedded: disk or os")->check(CLI::IsMember({"disk", "os"}));
  app.add_option("--seed", with.seed, "of all that is drawn");
  app.add_option("--json", with.json, "write the result there as JSON; - is standard output");
  app.add_flag("--quiet", with.quiet, "no live display");
  app.add_flag("--no-prepare", no_prepare, "what the workload needs is there already");
  app.add_option("--processor", with.processor, "run the client's thread on this processor only")->check(CLI::Range(0, 1'023));
  app.add_option("--server-process", with.server_process, "process id of the server, to tell its CPU time and memory");
  try {
    app.parse(argc, argv);
  } catch (CLI::ParseError const& said) {
    out.exit = app.exit(said) == 0 ? measured : misused;
    return out;
  }
  if (!show.empty()) {
    for (auto const& each : builtin_workloads()) {
      if (each.name != show) continue;
      std::cout << each.json;
      return out;
    }
    return misuse("there is no built-in workload '" + show + "'");
  }
  with.embedded = embedded->count() > 0 || in_memory->count() > 0;
  with.durable = durability == "disk";
  with.prepare = !no_prepare;
  if (with.embedded == !with.url.empty())
    return misuse("name a server, as in evoke-load http://127.0.0.1:8080, or --embedded DIR, one of both");
  if (with.embedded && with.in_memory == !with.directory.empty())
    return misuse("--embedded needs a directory, or --in-memory, one of both");
  if (with.pipeline > 1 && with.embedded)
    return misuse("--pipeline is of connections; embedded, --connections says how many calls are in flight");
  if (with.patience_ms > 0 && (with.rate == 0 || with.embedded))
    return misuse("--patience is for waiting behind connections: with --rate, over HTTP");
  if (!with.embedded) {
    auto server = replay::parse_url(with.url);
    if (!server) return misuse(server.error().message);
    out.server = std::move(*server);
  }
  out.given = std::move(with);
  return out;
}

}  // namespace evoke::load
