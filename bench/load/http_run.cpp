#include "bench/load/http_run.hpp"

#include "bench/load/draw.hpp"
#include "bench/load/http_calls.hpp"
#include "bench/load/http_connections.hpp"
#include "bench/load/http_followers.hpp"
#include "bench/load/http_target.hpp"
#include "bench/load/process_usage.hpp"
#include "bench/load/schedule.hpp"
#include "bench/load/verdict.hpp"

#include <charconv>
#include <utility>

namespace evoke::load {
namespace {

constexpr auto answers_awaited = std::chrono::seconds(10);  // behind the window, for what is in flight
constexpr auto rest_sent = std::chrono::seconds(1);         // behind the window, for what was due in it

std::string told(http_answer const& answer) {
  return "answered " + std::to_string(answer.status) + (answer.body.empty() ? "" : ": " + std::string(answer.body.substr(0, 300)));
}

std::string no_answer(http_answer const& answer) {
  return "a batch was " + told(answer) + ", which does not tell of each of its commands";
}

/// Of the log. io_error where there is none: what is measured need not be one of our servers.
result<std::uint64_t> head_of(replay::server_address const& server) {
  auto const info = get_once(server, "/v1/info");
  if (!info) return std::unexpected(info.error());
  constexpr std::string_view name = "\"head\":";
  auto const at = info->find(name);
  std::uint64_t head = 0;
  if (at == std::string::npos || std::from_chars(info->data() + at + name.size(), info->data() + info->size(), head).ec != std::errc{}) {
    return fail(errc::io_error, "/v1/info names no head");
  }
  return head;
}

operation_draw::plan plan_of(assignment const& todo) {
  return {todo.work, *key_distribution::parse(todo.distribution, todo.keys), todo.payload_bytes, todo.given.seed, 0, 1};
}

/// The operations that the workload wants done for every key, one operation after the other, as fast as answers come.
class preparation final : public http_work {
 public:
  preparation(assignment const& todo, replay::server_address const& server, onlooker const& watch)
      : todo_(todo), watch_(watch), draw_(plan_of(todo)), calls_(todo.work.prepare, server.authority, server.base_path, todo.given.batch) {}

  std::optional<item> next(steady::time_point now, std::string& out) override {
    if (at_end(now)) return std::nullopt;
    // A call is of one step: the next one's commands need what this one's have made.
    for (auto left = std::min<std::uint64_t>(todo_.given.batch, todo_.keys - key_); left > 0; --left) {
      draw_.take(key_++);
      calls_.add(step_, draw_.values());
    }
    if (key_ == todo_.keys) key_ = 0, ++step_;
    return item{calls_.send(out), now};
  }
  void answered(item const& request, steady::time_point, http_answer const& answer) override {
    auto const parts = calls_.read(request.call, answer);
    if (parts.empty() && trouble.empty()) trouble = no_answer(answer);
    for (auto const& each : parts) {
      auto const how = judge(each.answer).how;
      if (how == outcome::accepted) ++done;
      // A no of the domain is what a second run over the same store is told: there is already one of that name.
      if (how == outcome::failed && trouble.empty()) trouble = todo_.work.prepare[each.operation].name + " was " + told(each.answer);
    }
  }
  void lost(item const& request) override {
    calls_.forget(request.call);
    if (trouble.empty()) trouble = "the server cut a connection";
  }
  [[nodiscard]] steady::time_point next_due() const override { return steady::time_point::max(); }
  steady::time_point look(steady::time_point now) override {
    stopped = watch_.stop();
    return now + std::chrono::seconds(1);
  }
  [[nodiscard]] bool at_end(steady::time_point) const override { return stopped || !trouble.empty() || step_ == todo_.work.prepare.size(); }
  [[nodiscard]] bool gives_up(steady::time_point) const override { return !trouble.empty(); }

  std::uint64_t done = 0;
  std::string trouble;
  bool stopped = false;

 private:
  assignment const& todo_;
  onlooker const& watch_;
  operation_draw draw_;
  http_calls calls_;
  std::size_t step_ = 0;
  std::uint64_t key_ = 0;
};

class measurement final : public http_work {
 public:
  measurement(assignment const& todo, replay::server_address const& server, onlooker const& watch)
      : todo_(todo),
        watch_(watch),
        draw_(plan_of(todo)),
        calls_(todo.work.operations, server.authority, server.base_path, todo.given.batch),
        times_(todo.make_window(steady::now())),
        schedule_(times_.begin, times_.open ? todo.given.rate / static_cast<double>(todo.given.batch) : 1),
        found{.measured = tally(times_, todo.work.operations.size())} {}

  std::optional<item> next(steady::time_point now, std::string& out) override {
    auto since = now;
    if (times_.open) {
      if (schedule_.next_due() >= times_.to || now >= times_.to + rest_sent) return std::nullopt;
      auto due = schedule_.take(now);
      for (; due && has_left(*due, now); due = schedule_.take(now)) found.measured.give_up(*due, todo_.given.batch);
      if (!due) return std::nullopt;
      since = *due;
    } else if (now >= times_.to) {
      return std::nullopt;
    }
    for (auto left = todo_.given.batch; left > 0; --left) {
      auto const operation = draw_.next();
      calls_.add(operation, draw_.values());
    }
    return item{calls_.send(out), since};
  }

  void answered(item const& request, steady::time_point at, http_answer const& answer) override {
    auto const parts = calls_.read(request.call, answer);
    if (parts.empty()) {
      found.measured.lose(todo_.given.batch);
      found.measured.note_error(no_answer(answer));
    }
    for (auto const& each : parts) {
      auto const judged = judge(each.answer);
      found.measured.note({each.operation, judged.how, judged.code, request.since, at});
      if (judged.how == outcome::failed)
        found.measured.note_error(todo_.work.operations[each.operation].name + " was " + told(each.answer));
    }
  }
  void lost(item const& request) override { found.measured.lose(calls_.forget(request.call)); }

  steady::time_point look(steady::time_point now) override {
    if (!found.interrupted && now < times_.to && watch_.stop()) {
      found.interrupted = true;
      cut(now);
    }
    if (phase_ == 0 && now >= times_.from) {
      phase_ = 1;
      begin_usage_ = usage();
      begin_client_ = thread_cpu_us();
    }
    if (phase_ == 1 && now >= times_.to) finish();
    watch_.look(found.measured, now);
    auto const again = now + std::chrono::milliseconds(100);
    return phase_ < 2 ? std::min(again, phase_ == 0 ? times_.from : times_.to) : again;
  }
  [[nodiscard]] steady::time_point next_due() const override {
    return times_.open && schedule_.next_due() < times_.to ? schedule_.next_due() : steady::time_point::max();
  }
  [[nodiscard]] bool at_end(steady::time_point now) const override {
    return times_.open ? schedule_.next_due() >= times_.to || now >= times_.to + rest_sent : now >= times_.to;
  }
  [[nodiscard]] bool gives_up(steady::time_point now) const override { return now >= times_.to + answers_awaited; }

  [[nodiscard]] window const& times() const noexcept { return times_; }

  /// The window ends now: by a signal, or because the server is gone.
  void cut(steady::time_point now) {
    times_.to = std::max(times_.begin, std::min(times_.to, now));
    times_.from = std::min(times_.from, times_.to);
    found.measured.end_at(times_.to);
  }
  /// What was due and never sent is counted.
  void close(steady::time_point now) {
    if (phase_ < 2) finish();
    found.seconds = std::chrono::duration<double>(times_.to - times_.from).count();
    if (!times_.open) return;
    while (schedule_.next_due() < times_.to) {
      auto const due = *schedule_.take(times_.to);
      if (has_left(due, now))
        found.measured.give_up(due, todo_.given.batch);
      else
        found.measured.leave_unsent(due, now, todo_.given.batch);
    }
  }

 private:
  [[nodiscard]] bool has_left(steady::time_point due, steady::time_point now) const {
    return todo_.given.patience_ms > 0 && now - due > std::chrono::milliseconds(todo_.given.patience_ms);
  }
  process_usage usage() const {
    process_usage made;
    if (todo_.given.server_process) made = usage_of(*todo_.given.server_process).value_or(process_usage{});
    return made;
  }
  void finish() {
    found.client_cpu_us = phase_ == 0 ? 0 : thread_cpu_us() - begin_client_;
    auto const now = usage();
    found.server_cpu_us = phase_ == 0 ? 0 : now.cpu_us - begin_usage_.cpu_us;
    found.server_rss = now.rss_bytes;
    phase_ = 2;
  }

  assignment const& todo_;
  onlooker const& watch_;
  operation_draw draw_;
  http_calls calls_;
  window times_;
  schedule schedule_;
  int phase_ = 0;  ///< 0 warm-up, 1 measuring, 2 behind the window
  double begin_client_ = 0;
  process_usage begin_usage_;

 public:
  findings found;
};

}  // namespace

result<findings> run_over_http(assignment const& todo, replay::server_address const& server, onlooker const& watch) {
  if (todo.given.batch > 1)
    for (auto const* operations : {&todo.work.prepare, &todo.work.operations})
      if (auto fits = can_be_batched(*operations); !fits) return std::unexpected(fits.error());
  poller sockets;
  http_connections connections(sockets, server, todo.given.connections, todo.given.pipeline);
  if (auto connected = connections.connect(); !connected) return std::unexpected(connected.error());
  std::uint64_t prepared = 0;
  if (todo.given.prepare && !todo.work.prepare.empty()) {
    preparation before(todo, server, watch);
    auto const ran = connections.run(before);
    if (!before.trouble.empty()) return fail(errc::io_error, "preparing '" + todo.work.name + "': " + before.trouble);
    if (!ran) return fail(errc::io_error, "preparing '" + todo.work.name + "': " + ran.error().message);
    if (before.stopped) return fail(errc::cancelled, "ended while preparing");
    prepared = before.done;
  }
  auto const head = head_of(server);
  http_followers followers(sockets, server);
  if (todo.given.followers + todo.given.log_followers > 0) {
    if (!head) return fail(errc::io_error, "followers need the head of the log: " + head.error().message);
    if (auto begun = followers.follow(follower_targets(todo, std::to_string(*head))); !begun) return std::unexpected(begun.error());
  }
  measurement run(todo, server, watch);
  followers.count_within(run.times().from, run.times().to);
  auto const ran = connections.run(run);
  auto const now = steady::now();
  if (!ran) {
    run.cut(now);
    run.found.trouble = ran.error().message;
  }
  run.close(now);
  run.found.prepared = prepared;
  run.found.followers = followers.heard();
  if (followers.ended() > 0 && run.found.trouble.empty()) run.found.trouble = std::to_string(followers.ended()) + " followers were cut off";
  if (auto const after = head_of(server); head && after) run.found.stored_events = *after - *head;
  return std::move(run.found);
}

}  // namespace evoke::load
