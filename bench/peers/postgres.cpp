#include <libpq-fe.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/measure/measure.hpp"
#include "bench/peers/closed_loop.hpp"
#include "bench/peers/key_choice.hpp"

/// Appends to an events table in PostgreSQL: each client sends its next INSERT when the last one was committed.
namespace {

using namespace evoke::bench;

struct settings {
  std::string connection;
  std::size_t clients = 64;
  std::size_t keys = 100'000;
  std::size_t payload = 0;
  bool one_stream = false;
  double seconds = 3;
  double warm_up = 1;
  int processor = -1;
};

struct closer {
  void operator()(PGconn* of) const { PQfinish(of); }
  void operator()(PGresult* of) const { PQclear(of); }
};
using connection = std::unique_ptr<PGconn, closer>;
using answer = std::unique_ptr<PGresult, closer>;

connection connect(std::string const& to) {
  connection made(PQconnectdb(to.c_str()));
  if (PQstatus(made.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(made.get()));
  return made;
}

answer ask(PGconn* on, std::string const& sql) {
  answer got(PQexec(on, sql.c_str()));
  auto const status = PQresultStatus(got.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) throw std::runtime_error(PQerrorMessage(on));
  return got;
}

std::string one_value(PGconn* on, std::string const& sql) {
  return PQgetvalue(ask(on, sql).get(), 0, 0);
}

/// One connection.
class client {
 public:
  client(settings const& with, std::size_t number)
      : connection_(connect(with.connection)), key_(number, with.clients, with.keys, with.one_stream), data_(event_data(with.payload)) {
    constexpr auto const* sql = "INSERT INTO events (aggregate_id, version, type, data) VALUES ($1, $2, $3, $4)";
    answer const got(PQprepare(connection_.get(), "append", sql, 4, nullptr));
    if (PQresultStatus(got.get()) != PGRES_COMMAND_OK) throw std::runtime_error(PQerrorMessage(connection_.get()));
    if (PQsetnonblocking(connection_.get(), 1) != 0) throw std::runtime_error("libpq will not do without waiting");
  }

  [[nodiscard]] int socket() const { return PQsocket(connection_.get()); }

  void begin() {
    key_.draw();
    auto const id = key_.id();
    auto const version = std::to_string(key_.next_version());
    std::array<char const*, 4> const values{id.c_str(), version.c_str(), "cart_item_added", data_.c_str()};
    sent_at_ = steady::now();
    if (PQsendQueryPrepared(connection_.get(), "append", 4, values.data(), nullptr, nullptr, 0) != 1)
      throw std::runtime_error(PQerrorMessage(connection_.get()));
    while (PQflush(connection_.get()) > 0) {  // some hundred bytes into an empty socket buffer
    }
  }

  /// @returns whether its append is done; then it is idle.
  bool readable(window const& measured, totals& all) {
    if (PQconsumeInput(connection_.get()) != 1) throw std::runtime_error(PQerrorMessage(connection_.get()));
    while (PQisBusy(connection_.get()) == 0) {
      answer const got(PQgetResult(connection_.get()));
      if (!got) return true;
      if (PQresultStatus(got.get()) != PGRES_COMMAND_OK) throw std::runtime_error(PQresultErrorMessage(got.get()));
      auto const now = steady::now();
      ++all.acknowledged;
      if (measured.open(now)) all.took.add(now - sent_at_);
      key_.at(key_.next_version());
    }
    return false;
  }

  [[nodiscard]] key_choice& key() noexcept { return key_; }

 private:
  connection connection_;
  key_choice key_;
  std::string data_;
  steady::time_point sent_at_;
};

void make_table(PGconn* on) {
  ask(on, "DROP TABLE IF EXISTS events");
  ask(on,
      "CREATE TABLE events (position bigserial PRIMARY KEY, aggregate_id text NOT NULL, version bigint NOT NULL, type text NOT NULL, "
      "data jsonb NOT NULL, time timestamptz NOT NULL DEFAULT now(), UNIQUE (aggregate_id, version))");
}

totals run(settings const& with, window& measured) {
  std::vector<std::unique_ptr<client>> clients;
  for (std::size_t i = 0; i < with.clients; ++i) clients.push_back(std::make_unique<client>(with, i));
  measured = window(with.warm_up, with.seconds);
  if (!with.one_stream) return closed_loop(clients, clients.size(), measured, std::identity{});
  // On one stream each append is decided on the one before it, so clients take turns: the best that optimistic concurrency can come to.
  return closed_loop(clients, 1, measured, [&, turn = std::size_t{0}](client& idle) mutable -> client& {
    auto& other = *clients[turn = (turn + 1) % clients.size()];
    other.key() = idle.key();
    return other;
  });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Appends to an events table in PostgreSQL"};
  settings with;
  bool json = false;
  app.add_option("--connection", with.connection, "as libpq takes it")->required();
  app.add_option("--clients", with.clients, "connections")->check(CLI::Range(1, 1'000));
  app.add_option("--keys", with.keys, "streams, dealt out to the clients");
  app.add_option("--payload", with.payload, "bytes added to each event");
  app.add_flag("--one-stream", with.one_stream, "all clients append to one stream, in turn");
  app.add_option("--seconds", with.seconds, "measured time");
  app.add_option("--warmup", with.warm_up, "seconds before it");
  app.add_option("--processor", with.processor, "to run on");
  app.add_flag("--json", json, "accepted for evenness: there is no other output");
  CLI11_PARSE(app, argc, argv);
  try {
    run_on(with.processor);
    auto const control = connect(with.connection);
    make_table(control.get());
    window measured(0, 0);
    auto all = run(with, measured);
    auto const stored = std::stoull(one_value(control.get(), "SELECT count(*) FROM events"));
    auto const asked = [&](char const* what) { return one_value(control.get(), std::string("SHOW ") + what); };
    print({{"tool", "evoke-bench-postgres"},
           {"settings",
            {{"clients", with.clients}, {"keys", with.one_stream ? 1 : with.keys}, {"payload", with.payload}, {"seconds", with.seconds}}},
           {"server",
            {{"version", asked("server_version")},
             {"fsync", asked("fsync")},
             {"synchronous_commit", asked("synchronous_commit")},
             {"full_page_writes", asked("full_page_writes")},
             {"wal_sync_method", asked("wal_sync_method")}}},
           {"per_second", static_cast<double>(all.took.count()) / measured.seconds()},
           {"acknowledged", all.acknowledged},
           {"stored", stored},
           {"latency_us", all.took.summary()}});
    if (stored == all.acknowledged) return 0;
    std::fprintf(stderr, "evoke-bench-postgres: what is stored is not what was acknowledged\n");
  } catch (std::exception const& failed) {
    std::fprintf(stderr, "evoke-bench-postgres: %s\n", failed.what());
  }
  return 1;
}
