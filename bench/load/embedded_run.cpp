#include "bench/load/embedded_run.hpp"

#include "bench/load/embedded_calls.hpp"
#include "bench/load/embedded_followers.hpp"
#include "bench/load/embedded_load.hpp"
#include "bench/load/process_usage.hpp"
#include "bench/load/schedule.hpp"

#include "server/domains.hpp"

#include <semaphore>
#include <thread>
#include <utility>

namespace evoke::load {
namespace {

constexpr std::ptrdiff_t preparing_at_once = 1'000;
constexpr auto rest_called = std::chrono::seconds(1);       // behind the window, for what was due in it
constexpr auto answers_awaited = std::chrono::seconds(10);  // behind that, for what is in flight

result<std::unique_ptr<runtime>> start(settings const& given) {
  auto types = server::domain_types();
  if (!types) return std::unexpected(types.error());
  runtime_options options;
  options.storage = given.in_memory ? storage::in_memory : storage::rocksdb;
  options.data = given.directory;
  options.durability = given.durable ? durability::disk : durability::os;
  return runtime::start(std::move(*types), std::move(options));
}

/// What the workload wants done for every key. Outlives the answers: the runtime is stopped before it goes.
class preparation {
 public:
  preparation(assignment const& todo, onlooker const& watch)
      : todo_(todo),
        watch_(watch),
        draw_({todo.work, *key_distribution::parse(todo.distribution, todo.keys), todo.payload_bytes, todo.given.seed, 0, 1}) {}

  /// @returns how many were accepted; io_error when one failed, cancelled after a signal.
  [[nodiscard]] result<std::uint64_t> run(runtime& on) {
    for (auto const& each : todo_.work.prepare) {
      for (std::uint64_t key = 0; key < todo_.keys && !failed_; ++key) {
        room_.acquire();
        draw_.take(key);
        make_call(on, each, draw_.values(), [this, &each](call_end const& end) { answered(each, end); });
        if (key % 1'000 == 0 && watch_.stop()) break;
      }
      for (std::ptrdiff_t i = 0; i < preparing_at_once; ++i) room_.acquire();
      room_.release(preparing_at_once);
      if (failed_) return fail(errc::io_error, "preparing '" + todo_.work.name + "': " + trouble_);
      if (watch_.stop()) return fail(errc::cancelled, "ended while preparing");
    }
    return done_.load();
  }

 private:
  void answered(operation const& what, call_end const& end) {
    if (end.judged.how == outcome::accepted) ++done_;
    if (end.judged.how == outcome::failed && !failing_.exchange(true)) {
      trouble_ = what.name + ": " + end.why;
      failed_ = true;
    }
    room_.release();
  }

  assignment const& todo_;
  onlooker const& watch_;
  operation_draw draw_;
  std::counting_semaphore<preparing_at_once> room_{preparing_at_once};
  std::atomic<std::uint64_t> done_{0};
  std::atomic<bool> failing_{false};
  std::atomic<bool> failed_{false};
  std::string trouble_;
};

/// The calling thread's part: starts the load, tells the onlooker, ends it.
class pacing {
 public:
  pacing(assignment const& todo, runtime& on, embedded_load& load, window& times, onlooker const& watch)
      : todo_(todo), on_(on), load_(load), times_(times), watch_(watch) {}

  void run() {
    if (times_.open) {
      run_open();
    } else {
      load_.start_all(on_);
      for (auto now = steady::now(); now < times_.to && !interrupted; now = steady::now()) {
        look(now);
        load_.attend(on_, std::min({times_.to, next_, now + std::chrono::milliseconds(100)}));
      }
    }
    load_.end();
    if (cpu_from_ > 0) cpu_us = process_cpu_us() - cpu_from_;
  }

  bool interrupted = false;
  double cpu_us = 0;
  std::vector<steady::time_point> unsent;  ///< when they were due

 private:
  void run_open() {
    auto const batch = static_cast<double>(todo_.given.batch);
    schedule due(times_.begin, todo_.given.rate / batch);
    while (due.next_due() < times_.to && !interrupted) {
      auto const at = due.next_due();
      for (auto now = steady::now(); now < at && !interrupted; now = steady::now()) {
        look(now);
        std::this_thread::sleep_until(std::min({at, next_, now + std::chrono::milliseconds(100)}));
      }
      look(steady::now());
      while (!interrupted && !load_.start_one(on_, at, std::min(times_.to + rest_called, steady::now() + std::chrono::milliseconds(100)))) {
        look(steady::now());
        if (steady::now() >= times_.to + rest_called) break;
      }
      if (interrupted || steady::now() >= times_.to + rest_called) break;
      static_cast<void>(due.take(at));
    }
    while (due.next_due() < times_.to) unsent.insert(unsent.end(), todo_.given.batch, *due.take(times_.to));
  }

  void look(steady::time_point now) {
    if (now < next_) return;
    next_ = now + std::chrono::milliseconds(100);
    if (cpu_from_ == 0 && now >= times_.from) cpu_from_ = process_cpu_us();
    if (now < times_.from) next_ = std::min(next_, times_.from);
    if (now < times_.to && watch_.stop()) {
      interrupted = true;
      times_.to = now;
      times_.from = std::min(times_.from, now);
      load_.lanes().end_at(now);
    }
    if (watch_.wanted && now >= shown_) {
      shown_ = now + std::chrono::seconds(1);
      watch_.look(load_.lanes().sum(), now);
    }
  }

  assignment const& todo_;
  runtime& on_;
  embedded_load& load_;
  window& times_;
  onlooker const& watch_;
  steady::time_point next_{};
  steady::time_point shown_{};
  double cpu_from_ = 0;
};

}  // namespace

result<findings> run_embedded(assignment const& todo, onlooker const& watch) {
  if (auto fits = can_be_called(todo.work); !fits) return std::unexpected(fits.error());
  preparation before(todo, watch);
  // The window begins when all is prepared; what the runtime's threads use must be there before them and outlive them.
  std::unique_ptr<embedded_load> load;
  std::unique_ptr<embedded_followers> followers;
  auto started = start(todo.given);
  if (!started) return std::unexpected(started.error());
  auto& on = **started;
  if (auto const processor = todo.given.processor; processor && !watch.pin(*processor)) {
    return fail(errc::invalid_argument, "there is no processor " + std::to_string(*processor));
  }
  std::uint64_t prepared = 0;
  if (todo.given.prepare) {
    auto const done = before.run(on);
    if (!done) return std::unexpected(done.error());
    prepared = *done;
  }
  auto times = todo.make_window(steady::now());
  load = std::make_unique<embedded_load>(todo, times);
  followers = std::make_unique<embedded_followers>(todo, times, load->lanes());
  if (auto following = followers->follow(on); !following) {
    on.stop(answers_awaited);
    return std::unexpected(following.error());
  }
  auto const head = on.info().head;
  pacing pace(todo, on, *load, times, watch);
  pace.run();
  auto const lost = load->drain(steady::now() + answers_awaited);
  auto const stored = on.info().head.value() - head.value();
  followers->cancel();
  on.stop(answers_awaited);

  findings found{.measured = load->lanes().sum()};
  auto const now = steady::now();
  found.measured.lose(lost);
  for (auto const due : pace.unsent) found.measured.leave_unsent(due, now);
  found.seconds = std::chrono::duration<double>(times.to - times.from).count();
  found.prepared = prepared;
  found.interrupted = pace.interrupted;
  found.followers = load->lanes().heard();
  found.client_cpu_us = pace.cpu_us;
  found.stored_events = stored;
  return found;
}

}  // namespace evoke::load
