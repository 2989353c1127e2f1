#include "server/arguments.hpp"
#include "server/domains.hpp"
#include "server/freed_memory.hpp"
#include "server/sample_data.hpp"
#include "server/stderr_log.hpp"
#include "server/welcome.hpp"

#include <catch2/catch.hpp>

#if __has_include(<malloc.h>)
#include <malloc.h>
#endif
#include <cstdlib>
#include <initializer_list>

namespace {

server::parsed parse(std::initializer_list<char const*> typed) {
  std::vector<char const*> all{"evoke-server"};
  all.insert(all.end(), typed);
  return server::parse(static_cast<int>(all.size()), all.data());
}

TEST_CASE("without arguments the server is durable, on disk and on this machine only") {
  auto const parsed = parse({});
  REQUIRE(parsed.go_on);
  CHECK(parsed.given.http.host == "127.0.0.1");
  CHECK(parsed.given.http.port == 8080);
  CHECK(parsed.given.runtime.storage == evoke::storage::rocksdb);
  CHECK(parsed.given.runtime.durability == evoke::durability::disk);
  CHECK(parsed.given.runtime.data == "data");
}

TEST_CASE("arguments reach the options they name") {
  auto const parsed =
      parse({"--listen", "[::1]:0",           "--data", "/tmp/x",  "--durability",   "os", "--workers",         "3", "--log-level",
             "warn",     "--drain-seconds",   "7",      "--quiet", "--max-resident", "9",  "--max-connections", "8", "--max-open-commands",
             "6",        "--passivate-after", "5"});
  REQUIRE(parsed.go_on);
  auto const& given = parsed.given;
  CHECK(given.http.host == "::1");
  CHECK(given.http.port == 0);
  CHECK(given.http.max_connections == 8);
  CHECK(given.runtime.data == "/tmp/x");
  CHECK(given.runtime.durability == evoke::durability::os);
  CHECK(given.runtime.workers == 3);
  CHECK(given.runtime.limits.max_resident_aggregates == 9);
  CHECK(given.runtime.limits.max_open_commands == 6);
  CHECK(given.runtime.passivate_after == std::chrono::seconds(5));
  CHECK(given.least_level == evoke::log_level::warning);
  CHECK(given.drain == std::chrono::seconds(7));
  CHECK(given.quiet);
  auto const memory = parse({"--cache", "40", "--write-buffers", "20"}).given.runtime;
  CHECK(memory.block_cache_bytes == std::size_t{40} << 20U);
  CHECK(memory.projections.block_cache_bytes == std::size_t{10} << 20U);
  CHECK(memory.memtable_bytes == std::size_t{20} << 20U);
  CHECK(memory.projections.memtable_bytes == std::size_t{10} << 20U);
  CHECK(parse({"--in-memory"}).given.runtime.storage == evoke::storage::in_memory);
}

TEST_CASE("arguments say whose tokens are believed and where profiles come from") {
  auto const parsed = parse({"--token-issuer", "https://id.example/", "--token-audience", "shop", "--token-leeway", "5", "--token-keys",
                             "k", "--token-secret", "s", "--profiles", "p", "--profile-url", "http://x.example", "--profile-timeout", "70",
                             "--profile-attempts", "2"});
  REQUIRE(parsed.go_on);
  auto const& given = parsed.given.identification;
  CHECK(given.tokens.issuer == "https://id.example/");
  CHECK(given.tokens.audience == "shop");
  CHECK(given.tokens.leeway == std::chrono::seconds(5));
  CHECK(given.jwks_file == "k");
  CHECK(given.secret_file == "s");
  CHECK(given.profiles_file == "p");
  CHECK(given.profiles.base_url == "http://x.example");
  CHECK(given.profiles.timeout == std::chrono::milliseconds(70));
  CHECK(given.profiles.attempts == 2);
  CHECK(users::uses_sample_key(parse({}).given.identification));
}

TEST_CASE("sample data is put in when it is asked for, and the last word counts") {
  CHECK_FALSE(parse({}).given.sample_data);
  CHECK(parse({"--sample-data"}).given.sample_data);
  CHECK_FALSE(parse({"--sample-data", "--no-sample-data"}).given.sample_data);
}

TEST_CASE("bad arguments end with code 2, help with 0") {
  for (auto const& bad :
       {parse({"--durability", "paper"}), parse({"--listen", "8080"}), parse({"--listen", "h:65536"}), parse({"--workers", "-1"}),
        parse({"--workers", "2000"}), parse({"--max-resident", "0"}), parse({"--no-such"}), parse({"stray"})}) {
    CHECK_FALSE(bad.go_on);
    CHECK(bad.exit == server::bad_arguments);
  }
  CHECK_FALSE(parse({"--help"}).go_on);
  CHECK(parse({"--help"}).exit == server::stopped);
}

TEST_CASE("an address to listen on is a host and a port") {
  CHECK(server::parse_listen("localhost:80").value().host == "localhost");
  CHECK(server::parse_listen("[::]:80").value().host == "::");
  for (auto const* bad : {"", ":80", "h", "h:", "h:x", "h:-1", "::1:80", "[]:80", "h:80 "}) {
    INFO(bad);
    CHECK_FALSE(server::parse_listen(bad));
  }
}

TEST_CASE("a log line has the time, the level and one line of text") {
  auto const time = evoke::parse_rfc3339("2026-01-31T09:26:53.000123Z").value();
  CHECK(server::log_line(time, evoke::log_level::info, "a\nb") == "2026-01-31T09:26:53.000123Z info  a b\n");
  CHECK(server::log_line(time, evoke::log_level::error, "x") == "2026-01-31T09:26:53.000123Z error x\n");
}

TEST_CASE("the first steps go to an address that a client can reach") {
  auto const time = evoke::parse_rfc3339("1970-01-01T00:00:07Z").value();
  CHECK_THAT(server::first_steps("0.0.0.0", 81, time), Catch::Contains("http://127.0.0.1:81/v1/aggregates/cart/c-7\n"));
  CHECK_THAT(server::first_steps("0.0.0.0", 81, time), Catch::EndsWith("curl 'http://127.0.0.1:81/v1/views/carts?status=open'\n"));
  CHECK_THAT(server::first_steps("::", 81, time), Catch::Contains("http://[::1]:81/"));
}

TEST_CASE("the server knows the sample domains") {
  auto const types = server::domain_types();
  REQUIRE(types);
  for (auto const* type :
       {"cart", "circle", "fulfilment", "identity_claim", "order", "payment", "product", "stock", "user", "user_registration_audit"}) {
    INFO(type);
    CHECK(types->find(type) != nullptr);
  }
  for (auto const* projection : {"carts", "circles", "order_summaries", "product_summaries", "users"}) {
    INFO(projection);
    CHECK(types->find_projection(projection) != nullptr);
  }
  CHECK(types->check());
}

class store_in_memory {
 public:
  store_in_memory() {
    evoke::runtime_options options;
    options.storage = evoke::storage::in_memory;
    options.workers = 1;
    runtime_ = std::move(evoke::runtime::start(server::domain_types().value(), std::move(options)).value());
  }
  [[nodiscard]] evoke::runtime& runtime() const { return *runtime_; }

 private:
  std::unique_ptr<evoke::runtime> runtime_;
};

TEST_CASE("the sample data is put into an empty store once, every command of it") {
  store_in_memory const store;
  auto const all = server::sample_commands().size();
  CHECK(server::add_sample_data(store.runtime()).value() == all);
  CHECK(store.runtime().info().head == evoke::position(all));
  CHECK(server::add_sample_data(store.runtime()).value() == 0);
  CHECK(store.runtime().info().head == evoke::position(all));
}

TEST_CASE("sample data that was begun is completed") {
  store_in_memory const store;
  auto const all = server::sample_commands();
  REQUIRE(store.runtime().execute({all[0].type, all[0].id, all[0].command, all[0].body, {}}).get().accepted());
  CHECK(server::add_sample_data(store.runtime()).value() == all.size() - 1);
  CHECK(store.runtime().info().head == evoke::position(all.size()));
}

TEST_CASE("sample data is kept out of a store that has something else in it") {
  store_in_memory const store;
  REQUIRE(store.runtime().execute({"cart", "c-1", "create_cart", R"({"user_account_id":"u-1"})", {}}).get().accepted());
  CHECK(server::add_sample_data(store.runtime()).value() == 0);
  CHECK(store.runtime().info().head == evoke::position(1));
}

TEST_CASE("sample data that somebody has worked with is left as it is") {
  store_in_memory const store;
  REQUIRE(server::add_sample_data(store.runtime()));
  REQUIRE(store.runtime().execute({"cart", "sample-cart", "abandon_cart", "{}", {}}).get().accepted());
  auto const head = store.runtime().info().head;
  CHECK(server::add_sample_data(store.runtime()).value() == 0);
  CHECK(store.runtime().info().head == head);
}

#if __has_include(<malloc.h>) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("a large block comes from the system and goes back to it, also after a larger one did") {
  server::give_freed_memory_back();
  auto const blocks_of_the_system = [] { return ::mallinfo2().hblks; };
  auto const before = blocks_of_the_system();
  void* volatile block = std::malloc(8'000'000);  // glibc would keep blocks up to this size from now on
  std::free(block);
  block = std::malloc(1'000'000);
  CHECK(blocks_of_the_system() == before + 1);
  std::free(block);
  CHECK(blocks_of_the_system() == before);
}
#endif

}  // namespace
