#include "server/arguments.hpp"
#include "server/domains.hpp"
#include "server/freed_memory.hpp"
#include "server/open_files.hpp"
#include "server/sample_data.hpp"
#include "server/stderr_log.hpp"
#include "server/stop_signals.hpp"
#include "server/welcome.hpp"

#include <algorithm>
#include <iostream>

namespace {

int complain(evoke::failure const& why) {
  std::cerr << "evoke-server: " << why.message << '\n';
  return server::cannot_start;
}

void greet(server::arguments const& given, std::uint16_t port) {
  std::cout << "listening on " << server::authority(given.http.host, port) << '\n';
  if (!given.quiet) std::cout << server::first_steps(given.http.host, port, evoke::system_clock().now());
  std::cout << std::flush;
}

/// Connections beside which the journal still has the files it needs.
void check_open_files(server::arguments const& given, evoke::log_sink const& log) {
  constexpr std::uint64_t journal_files = 500;
  auto const most = server::raise_open_file_limit();
  if (most >= given.http.max_connections + journal_files) return;
  log(evoke::log_level::warning, "only " + std::to_string(most) + " open files are allowed: too few for " +
                                     std::to_string(given.http.max_connections) +
                                     " connections; raise the limit or lower --max-connections");
}

/// What is left of a deadline that several steps share.
class deadline {
 public:
  explicit deadline(std::chrono::milliseconds in) : ends_(std::chrono::steady_clock::now() + in) {}
  [[nodiscard]] std::chrono::milliseconds left() const {
    using std::chrono::milliseconds;
    return std::max(milliseconds(0), std::chrono::duration_cast<milliseconds>(ends_ - std::chrono::steady_clock::now()));
  }

 private:
  std::chrono::steady_clock::time_point ends_;
};

/// Without them the server serves all the same.
void put_sample_data(evoke::runtime& into, evoke::log_sink const& log) {
  auto const added = server::add_sample_data(into);
  if (!added) return log(evoke::log_level::warning, "the sample data could not be put in: " + added.error().message);
  if (*added > 0) log(evoke::log_level::info, "a new store: sample data put in; --no-sample-data leaves it out");
}

int serve(server::arguments given) {
  server::give_freed_memory_back();
  server::stop_signals signals;  // before the first thread
  auto const log = server::stderr_log(given.least_level);
  check_open_files(given, log);
  given.runtime.log = log;
  given.runtime.on_fatal = [log](std::string_view why) {
    log(evoke::log_level::error, "the journal takes no more writes, reads go on; restart when this is mended: " + std::string(why));
  };

  auto const people = users::open_identification(given.identification);
  if (!people) return complain(people.error());
  if (users::uses_sample_key(given.identification))
    log(evoke::log_level::debug, "tokens are checked with the sample key, which everybody has");
  auto types = server::domain_types();
  if (!types) return complain(types.error());
  auto runtime = evoke::runtime::start(std::move(*types), std::move(given.runtime));
  if (!runtime) return complain(runtime.error());
  if (given.sample_data) put_sample_data(**runtime, log);
  auto http = evoke::http::server::start(**runtime, given.http, server::domain_routes(**runtime, **people));
  if (!http) {
    (*runtime)->stop(given.drain);
    return complain(http.error());
  }
  greet(given, (*http)->port());

  auto const signal = signals.wait();
  log(evoke::log_level::info, std::string(signal == SIGINT ? "SIGINT" : "SIGTERM") + ": stopping");
  signals.end_at_once_on_next(server::cut_short);
  deadline const drained(given.drain);
  (*http)->stop(drained.left());
  (*runtime)->stop(drained.left());
  log(evoke::log_level::info, "stopped");
  return server::stopped;
}

}  // namespace

int main(int argc, char** argv) {
  auto parsed = server::parse(argc, argv);
  if (!parsed.go_on) return parsed.exit;
  try {
    return serve(std::move(parsed.given));
  } catch (std::exception const& error) {
    return complain({evoke::errc::io_error, error.what()});
  }
}
