#include "server/arguments.hpp"

#include <CLI/CLI.hpp>

#include <charconv>
#include <map>

namespace server {
namespace {

std::map<std::string, evoke::durability> const durabilities = {{"disk", evoke::durability::disk}, {"os", evoke::durability::os}};
std::map<std::string, evoke::log_level> const levels = {{"debug", evoke::log_level::debug},
                                                        {"info", evoke::log_level::info},
                                                        {"warn", evoke::log_level::warning},
                                                        {"error", evoke::log_level::error}};

/// The command line as it is typed, where it is not taken over as it is.
struct typed {
  std::string listen = "127.0.0.1:8080";
  std::string data = "data";
  std::string durability = "disk";
  std::string level = "info";
  std::uint32_t workers = 0;
  std::uint32_t drain_s = 10;
  std::uint32_t passivate_after_s = 60;
  std::uint32_t cache_mib = 256;
  std::uint32_t write_buffers_mib = 128;
  bool in_memory = false;
  std::uint32_t token_leeway_s = 60;
  std::uint32_t profile_timeout_ms = 2'000;
};

void define(CLI::App& app, typed& text, arguments& given) {
  auto& limits = given.runtime.limits;
  app.add_option("--listen", text.listen, "HOST:PORT to listen on; port 0 takes any free one and prints it")->capture_default_str();
  app.add_option("--data", text.data, "directory of the journal; created when absent")->capture_default_str();
  app.add_option("--durability", text.durability,
                 "when a command is answered: disk = after fsync, survives a power cut; os = handed to the operating system, survives a\n"
                 "killed process")
      ->check(CLI::IsMember({"disk", "os"}))
      ->capture_default_str();
  app.add_flag("--in-memory", text.in_memory, "keep everything in memory: gone when the server stops");
  app.add_option("--workers", text.workers, "threads for requests and aggregates; 0 = one a core")
      ->check(CLI::Range(0U, 1024U))
      ->capture_default_str();
  app.add_option("--max-connections", given.http.max_connections, "beyond: 503")->check(CLI::Range(1U, 1'000'000U))->capture_default_str();
  app.add_option("--max-open-commands", limits.max_open_commands, "beyond: 503")->check(CLI::Range(1U, 10'000'000U))->capture_default_str();
  app.add_option("--max-resident", limits.max_resident_aggregates, "aggregates in memory; beyond: the least recently used leave it")
      ->check(CLI::Range(1U, 100'000'000U))
      ->capture_default_str();
  app.add_option("--passivate-after", text.passivate_after_s, "seconds without a command after which an aggregate leaves memory")
      ->check(CLI::Range(1U, 31'536'000U))
      ->capture_default_str();
  app.add_option("--cache", text.cache_mib, "MiB of the store in memory; a quarter as much beside for read models")
      ->check(CLI::Range(1U, 1'000'000U))
      ->capture_default_str();
  app.add_option("--write-buffers", text.write_buffers_mib, "MiB written and not yet in table files; half as much beside for read models")
      ->check(CLI::Range(4U, 100'000U))
      ->capture_default_str();
  app.add_option("--log-level", text.level, "least level that is written to stderr")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
      ->capture_default_str();
  app.add_option("--drain-seconds", text.drain_s, "how long stopping may take")->check(CLI::Range(0U, 3600U))->capture_default_str();
  app.add_flag("--sample-data,!--no-sample-data", given.sample_data, "put a few things into a new store, to play with");
  app.add_flag("--quiet", given.quiet, "print nothing but the address at start-up");
  app.failure_message(
      [](CLI::App const*, CLI::Error const& error) { return std::string("evoke-server: ") + error.what() + "; see --help\n"; });
  app.footer(
      "SIGTERM or SIGINT stops the server: no new requests, what was accepted is finished. A second one ends it at once.\n"
      "Exit code: 0 stopped, 1 cannot start (port or data directory), 2 bad arguments, 3 ended by a second signal.");
}

/// Whose tokens are believed and where profiles come from, when users register.
void define_identification(CLI::App& app, typed& text, users::identification_options& given) {
  auto* const tokens = app.add_option_group("Registration", "whose tokens are believed, and where profiles come from");
  tokens->add_option("--token-issuer", given.tokens.issuer, "iss that a token must have")->capture_default_str();
  tokens->add_option("--token-audience", given.tokens.audience, "aud that a token must have")->capture_default_str();
  tokens->add_option("--token-leeway", text.token_leeway_s, "seconds that the issuer's clock may be off")
      ->check(CLI::Range(0U, 3600U))
      ->capture_default_str();
  tokens->add_option("--token-keys", given.jwks_file, "JSON Web Key Set with public keys for RS256 and ES256");
  tokens->add_option("--token-secret", given.secret_file,
                     "file with a shared secret for HS256, 32 bytes or more; without one of the two: the sample key, which everybody has");
  tokens->add_option("--profiles", given.profiles_file, "file with profiles as GitHub writes them; without one: the sample profiles");
  tokens->add_option("--profile-url", given.profiles.base_url, "instead of a file: ask GET URL/users/{login}");
  tokens->add_option("--profile-timeout", text.profile_timeout_ms, "milliseconds for one attempt")
      ->check(CLI::Range(1U, 600'000U))
      ->capture_default_str();
  tokens->add_option("--profile-attempts", given.profiles.attempts, "in all, when the source is not well")
      ->check(CLI::Range(1U, 10U))
      ->capture_default_str();
}

evoke::result<void> take_over(typed const& text, arguments& given) {
  auto listen = parse_listen(text.listen);
  if (!listen) return std::unexpected(listen.error());
  given.http.host = std::move(listen->host);
  given.http.port = listen->port;
  given.runtime.storage = text.in_memory ? evoke::storage::in_memory : evoke::storage::rocksdb;
  given.runtime.data = text.data;
  given.runtime.durability = durabilities.at(text.durability);
  given.runtime.workers = text.workers;
  given.runtime.passivate_after = std::chrono::seconds(text.passivate_after_s);
  constexpr std::size_t mib = std::size_t{1024} * 1024;
  given.runtime.block_cache_bytes = text.cache_mib * mib;
  given.runtime.projections.block_cache_bytes = text.cache_mib * mib / 4;
  given.runtime.memtable_bytes = text.write_buffers_mib * mib;
  given.runtime.projections.memtable_bytes = text.write_buffers_mib * mib / 2;
  given.least_level = levels.at(text.level);
  given.drain = std::chrono::seconds(text.drain_s);
  given.identification.tokens.leeway = std::chrono::seconds(text.token_leeway_s);
  given.identification.profiles.timeout = std::chrono::milliseconds(text.profile_timeout_ms);
  return {};
}

}  // namespace

evoke::result<address> parse_listen(std::string_view text) {
  auto const refuse = [&] {
    return evoke::fail(evoke::errc::invalid_argument, "'" + std::string(text) + "' is not HOST:PORT with a port from 0 to 65535");
  };
  auto const colon = text.rfind(':');
  if (colon == std::string_view::npos) return refuse();
  auto host = text.substr(0, colon);
  auto const digits = text.substr(colon + 1);
  bool const bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (host.empty() || (!bracketed && host.find(':') != std::string_view::npos)) return refuse();
  std::uint16_t port = 0;
  auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size()) return refuse();
  return address{std::string(host), port};
}

parsed parse(int argc, char const* const* argv) {
  CLI::App app("Serves evoke's sample domains over HTTP, with a durable event journal in a directory.", "evoke-server");
  parsed made;
  typed text;
  define(app, text, made.given);
  define_identification(app, text, made.given.identification);
  try {
    app.parse(argc, argv);
  } catch (CLI::ParseError const& error) {
    made.exit = app.exit(error) == 0 ? stopped : bad_arguments;
    return made;
  }
  if (auto taken = take_over(text, made.given); !taken) {
    std::cerr << "evoke-server: --listen " << taken.error().message << '\n';
    made.exit = bad_arguments;
    return made;
  }
  made.go_on = true;
  return made;
}

}  // namespace server
