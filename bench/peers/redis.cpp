#include <fcntl.h>
#include <hiredis/hiredis.h>

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

/// Appends to Redis streams, one XADD at a time on each connection. The version is the entry's id, so that none is written twice.
namespace {

using namespace evoke::bench;

struct settings {
  std::string host = "127.0.0.1";
  int port = 6379;
  std::size_t clients = 64;
  std::size_t keys = 100'000;
  std::size_t payload = 0;
  double seconds = 3;
  double warm_up = 1;
  int processor = -1;
};

struct closer {
  void operator()(redisContext* of) const { redisFree(of); }
  void operator()(redisReply* of) const { freeReplyObject(of); }
};
using connection = std::unique_ptr<redisContext, closer>;
using answer = std::unique_ptr<redisReply, closer>;

connection connect(settings const& with) {
  connection made(redisConnect(with.host.c_str(), with.port));
  if (!made || made->err != 0) throw std::runtime_error(made ? made->errstr : "out of memory");
  return made;
}

answer taken(void* got, redisContext const* from) {
  answer reply(static_cast<redisReply*>(got));
  if (!reply) throw std::runtime_error(from->errstr);
  if (reply->type == REDIS_REPLY_ERROR) throw std::runtime_error(std::string(reply->str, reply->len));
  return reply;
}

class client {
 public:
  client(settings const& with, std::size_t number)
      : connection_(connect(with)), key_(number, with.clients, with.keys, false), data_(event_data(with.payload)) {
    fcntl(connection_->fd, F_SETFL, fcntl(connection_->fd, F_GETFL) | O_NONBLOCK);
    connection_->flags &= ~REDIS_BLOCK;
  }

  [[nodiscard]] int socket() const { return connection_->fd; }

  void begin() {
    key_.draw();
    auto const id = key_.id();
    auto const version = std::to_string(key_.next_version()) + "-0";
    std::array<char const*, 7> const words{"XADD", id.c_str(), version.c_str(), "type", "cart_item_added", "data", data_.c_str()};
    std::array<std::size_t, 7> const sizes{4, id.size(), version.size(), 4, 15, 4, data_.size()};
    sent_at_ = steady::now();
    redisAppendCommandArgv(connection_.get(), 7, const_cast<char const**>(words.data()), sizes.data());
    for (int done = 0; done == 0;)
      if (redisBufferWrite(connection_.get(), &done) != REDIS_OK) throw std::runtime_error(connection_->errstr);
  }

  /// @returns whether its append is done; then it is idle.
  bool readable(window const& measured, totals& all) {
    if (redisBufferRead(connection_.get()) != REDIS_OK) throw std::runtime_error(connection_->errstr);
    void* got = nullptr;
    if (redisGetReplyFromReader(connection_.get(), &got) != REDIS_OK) throw std::runtime_error(connection_->errstr);
    if (got == nullptr) return false;
    static_cast<void>(taken(got, connection_.get()));
    key_.at(key_.next_version());
    auto const now = steady::now();
    ++all.acknowledged;
    if (measured.open(now)) all.took.add(now - sent_at_);
    return true;
  }

 private:
  connection connection_;
  key_choice key_;
  std::string data_;
  steady::time_point sent_at_;
};

totals run(settings const& with, window& measured) {
  std::vector<std::unique_ptr<client>> clients;
  for (std::size_t i = 0; i < with.clients; ++i) clients.push_back(std::make_unique<client>(with, i));
  measured = window(with.warm_up, with.seconds);
  return closed_loop(clients, clients.size(), measured, std::identity{});
}

/// Entries of all streams, as the server counts them.
std::uint64_t count_entries(redisContext* on, std::size_t keys) {
  std::uint64_t entries = 0;
  constexpr std::size_t at_once = 1'000;
  for (std::size_t from = 0; from < keys; from += at_once) {
    auto const to = std::min(keys, from + at_once);
    for (auto i = from; i < to; ++i) redisAppendCommand(on, "XLEN c-%s", std::to_string(i).c_str());
    for (auto i = from; i < to; ++i) {
      void* got = nullptr;
      redisGetReply(on, &got);
      entries += static_cast<std::uint64_t>(taken(got, on)->integer);
    }
  }
  return entries;
}

std::string configured(redisContext* on, char const* what) {
  auto const got = taken(redisCommand(on, "CONFIG GET %s", what), on);
  return got->elements == 2 ? std::string(got->element[1]->str, got->element[1]->len) : "";
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Appends to Redis streams"};
  settings with;
  bool json = false;
  app.add_option("--port", with.port, "of the server on this machine")->required();
  app.add_option("--clients", with.clients, "connections")->check(CLI::Range(1, 1'000));
  app.add_option("--keys", with.keys, "streams, dealt out to the clients");
  app.add_option("--payload", with.payload, "bytes added to each event");
  app.add_option("--seconds", with.seconds, "measured time");
  app.add_option("--warmup", with.warm_up, "seconds before it");
  app.add_option("--processor", with.processor, "to run on");
  app.add_flag("--json", json, "accepted for evenness: there is no other output");
  CLI11_PARSE(app, argc, argv);
  try {
    run_on(with.processor);
    auto const control = connect(with);
    taken(redisCommand(control.get(), "FLUSHALL"), control.get());
    window measured(0, 0);
    auto all = run(with, measured);
    auto const stored = count_entries(control.get(), with.keys + with.clients);
    print({{"tool", "evoke-bench-redis"},
           {"settings", {{"clients", with.clients}, {"keys", with.keys}, {"payload", with.payload}, {"seconds", with.seconds}}},
           {"server",
            {{"appendonly", configured(control.get(), "appendonly")},
             {"appendfsync", configured(control.get(), "appendfsync")},
             {"save", configured(control.get(), "save")}}},
           {"per_second", static_cast<double>(all.took.count()) / measured.seconds()},
           {"acknowledged", all.acknowledged},
           {"stored", stored},
           {"latency_us", all.took.summary()}});
    if (stored == all.acknowledged) return 0;
    std::fprintf(stderr, "evoke-bench-redis: what is stored is not what was acknowledged\n");
  } catch (std::exception const& failed) {
    std::fprintf(stderr, "evoke-bench-redis: %s\n", failed.what());
  }
  return 1;
}
