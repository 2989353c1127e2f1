#pragma once

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/aggregate_actor.hpp"
#include "actors/directory.hpp"
#include "persistence/in_memory_journal.hpp"
#include "tests/actors/counter.hpp"

/// Everything around aggregates, in one thread: CAF's deterministic scheduler, a writer, background threads and a clock that move only when
/// the test says so. So any interleaving of commands, commits, recoveries and evictions can be written down.
namespace evoke::tests {

class manual_clock final : public evoke::clock {
 public:
  [[nodiscard]] timestamp now() const noexcept override {
    return timestamp(std::chrono::duration_cast<std::chrono::microseconds>(elapsed)) + std::chrono::years(50);
  }
  [[nodiscard]] std::chrono::nanoseconds steady() const noexcept override { return elapsed; }
  std::chrono::nanoseconds elapsed{std::chrono::seconds(1)};
};

class manual_writer final : public persistence::commit_port {
 public:
  persistence::commit_queue& queue() noexcept override { return queue_; }
  void wake() noexcept override { ++wakes; }

  /// Takes the next group in flight, if any: what comes now gathers behind it.
  bool take() { return queue_.take_group(); }
  /// Ends the group in flight, with `why` instead of storing it when given.
  void end(persistence::journal& store, timestamp now, std::optional<failure> why = {}) {
    result<void> stored;
    if (why)
      stored = std::unexpected(*why);
    else
      stored = store.commit(queue_.changes(), now);
    auto group = queue_.finish_group(stored);
    for (auto& each : group.entries) each->finish(group.why ? &*group.why : nullptr);
  }
  int wakes = 0;

 private:
  persistence::commit_queue queue_;
};

class manual_background final : public actors::background {
 public:
  void submit(std::move_only_function<void()> task) override { tasks.push_back(std::move(task)); }
  bool run_one() {
    if (tasks.empty()) return false;
    auto task = std::move(tasks.front());
    tasks.pop_front();
    task();
    return true;
  }
  std::deque<std::move_only_function<void()>> tasks;
};

class inline_answers final : public actors::answer_port {
 public:
  void run_on(std::size_t, std::move_only_function<void()> task) override { task(); }
};

class seeded_entropy final : public actors::entropy {
 public:
  std::uint64_t next() noexcept override { return ++state_ * 0x9e3779b97f4a7c15ULL; }

 private:
  std::uint64_t state_ = 0;
};

class life_world {
 public:
  struct settings {
    aggregate_settings type{};
    std::uint32_t max_resident = 1'000'000;
    std::uint32_t max_open = 1'000;
    evoke::limits limits{};
    runtime_options options{};
    bool fold_in_memory = false;  ///< recoveries run when the test says so, all of them
  };

  life_world() : life_world(settings{}) {}
  explicit life_world(settings chosen)
      : definition(chosen.type),
        store(persistence::make_in_memory_journal({.clock = &time})),
        use{*store,
            writer,
            pool,
            answers,
            time,
            random,
            chosen.limits,
            [this](log_level, std::string_view line) { log.emplace_back(line); },
            chosen.fold_in_memory},
        open(chosen.max_open),
        type(*actors::bind(definition, *store, chosen.options)),
        system(testing(config)),
        home(use, chosen.max_resident, std::chrono::milliseconds(1'000), [this](actors::directory& in, actors::directory::entry& place) {
          return system.spawn<actors::aggregate_actor>(use, in, place);
        }) {}
  ~life_world() {
    settle();
    home.passivate_all();
    settle();
    home.end_all();
    run_actors();
  }

  using answer = std::shared_ptr<std::optional<command_result>>;

  /// Sends a command and runs the actors; the writer and the background wait.
  answer send(counter_command command, std::string const& id = "a", command_options options = {}, std::uint64_t fingerprint = 7) {
    auto end = deliver(command, id, std::move(options), fingerprint);
    run_actors();
    return end;
  }
  answer deliver(counter_command command, std::string const& id = "a", command_options options = {}, std::uint64_t fingerprint = 7) {
    auto end = std::make_shared<std::optional<command_result>>();
    if (!open.admit()) throw std::runtime_error("the test opened more than it allowed");
    boost::intrusive_ptr<actors::open_command> request(new actors::open_command(
        use, open, type, aggregate_id::trusted(id), 0, [end](command_result given) { end->emplace(std::move(given)); }));
    request->command = counter_definition::box(command);
    request->options = std::move(options);
    request->fingerprint = fingerprint;
    home.deliver(std::move(request));
    return end;
  }
  /// Fires a timer and runs the actors.
  answer fire(std::string const& name, timestamp due, std::string const& id = "a") {
    auto end = std::make_shared<std::optional<command_result>>();
    static_cast<void>(open.admit());
    boost::intrusive_ptr<actors::open_command> request(new actors::open_command(
        use, open, type, aggregate_id::trusted(id), 0, [end](command_result given) { end->emplace(std::move(given)); }));
    request->fired = actors::fired_timer{name, due};
    home.deliver(std::move(request));
    run_actors();
    return end;
  }
  std::shared_ptr<std::optional<result<state_reply>>> read(std::string const& id = "a") {
    auto end = std::make_shared<std::optional<result<state_reply>>>();
    static_cast<void>(open.admit());
    home.deliver(
        new actors::open_read(use, open, type, aggregate_id::trusted(id), 0, [end](auto given) { end->emplace(std::move(given)); }));
    run_actors();
    return end;
  }

  void run_actors() {
    auto& scheduler = dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
    while (scheduler.try_run_once()) {
    }
  }
  void run_background() {
    while (pool.run_one()) run_actors();
  }
  /// Commits one group.
  void commit() {
    if (writer.take()) writer.end(*store, time.now());
    run_actors();
  }
  void fail_commit(errc code) {
    if (writer.take()) writer.end(*store, time.now(), failure{code, "as the test says", {}, {}, {}});
    run_actors();
  }
  /// Until nothing moves any more.
  void settle() {
    for (int quiet = 0; quiet < 2;) {
      bool moved = pool.run_one();
      run_actors();
      if (writer.take()) {
        writer.end(*store, time.now());
        moved = true;
        run_actors();
      }
      quiet = moved ? 0 : quiet + 1;
    }
  }
  /// Makes `id` resident.
  void warm(std::string const& id = "a") {
    send({}, id);
    settle();
  }

  counter_definition definition;
  manual_clock time;
  manual_writer writer;
  manual_background pool;
  inline_answers answers;
  seeded_entropy random;
  std::unique_ptr<persistence::journal> store;
  std::vector<std::string> log;
  actors::services use;
  actors::open_count open;
  actors::bound_type type;
  caf::actor_system_config config;
  caf::actor_system system;
  actors::directory home;

 private:
  static caf::actor_system_config& testing(caf::actor_system_config& chosen) {
    chosen.set("scheduler.policy", caf::atom("testing"));
    return chosen;
  }
};

}  // namespace evoke::tests
