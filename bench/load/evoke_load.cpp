#include "bench/load/arguments.hpp"
#include "bench/load/embedded_run.hpp"
#include "bench/load/http_run.hpp"
#include "bench/load/live_display.hpp"
#include "bench/load/report.hpp"
#include "bench/load/stop_flag.hpp"

#include <sched.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>

namespace {

using namespace evoke::load;

int complain(std::string const& why, int code) {
  std::cerr << "evoke-load: " << why << "\n";
  return code;
}

bool pin(int processor) {
  ::cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(processor), &one);
  return ::sched_setaffinity(0, sizeof one, &one) == 0;
}

bool write_json(std::string const& where, std::string const& text) {
  if (where == "-") return static_cast<bool>(std::cout << text << std::flush);
  std::ofstream out(where);
  return static_cast<bool>(out << text << std::flush);
}

int measure(settings const& given, replay::server_address const& server) {
  auto const todo = assign(given);
  if (!todo) return complain(todo.error().message, misused);
  // Embedded, the runtime's threads are started first: they would inherit it.
  if (given.processor && !given.embedded && !pin(*given.processor)) {
    return complain("there is no processor " + std::to_string(*given.processor), misused);
  }
  catch_stop_signals();
  bool const terminal = ::isatty(STDERR_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0;
  live_display display(terminal && !given.quiet ? stderr : nullptr);
  onlooker const watch{terminal && !given.quiet, [&display](tally const& so_far, steady::time_point now) { display.show(so_far, now); },
                       stop_asked, pin};
  auto const found = given.embedded ? run_embedded(*todo, watch) : run_over_http(*todo, server, watch);
  display.clear();
  if (!found) return complain(found.error().message, found.error().code == evoke::errc::invalid_argument ? misused : not_measured);
  (given.json == "-" ? std::cerr : std::cout) << report_table(*todo, *found) << std::flush;
  if (!given.json.empty() && !write_json(given.json, report_json(*todo, *found))) {
    return complain("cannot write '" + given.json + "'", not_measured);
  }
  if (auto const troubles = report_troubles(*todo, *found); !troubles.empty()) std::cerr << troubles;
  return all_measured(*found) ? evoke::load::measured : not_measured;
}

}  // namespace

int main(int argc, char** argv) {
  auto const said = parse(argc, argv);
  if (!said.given) return said.exit;
  try {
    return measure(*said.given, said.server);
  } catch (std::exception const& error) {
    return complain(error.what(), not_measured);
  }
}
