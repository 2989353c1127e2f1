#pragma once

#include <evoke/runtime.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <string_view>

#include "actors/actor_host.hpp"
#include "actors/event_reader.hpp"
#include "actors/open_request.hpp"
#include "actors/recovery_pool.hpp"
#include "actors/services.hpp"
#include "actors/worker_pool.hpp"
#include "persistence/journal.hpp"
#include "persistence/journal_writer.hpp"
#include "runtime/bound_types.hpp"
#include "runtime/metadata_limits.hpp"
#include "runtime/overload_answers.hpp"
#include "runtime/persistent_subscription_set.hpp"
#include "runtime/process_set.hpp"
#include "runtime/projections.hpp"
#include "runtime/subscription_book.hpp"
#include "runtime/ticker.hpp"
#include "runtime/timer_service.hpp"
#include "runtime/worker_answers.hpp"

namespace evoke {

/// What stands behind `runtime`: owns the journal, the threads and the directory, and takes requests to them. Made of the floors below in
/// the order of its members; stop() ends them in the order architecture.md gives.
class runtime_core {
 public:
  [[nodiscard]] static result<std::unique_ptr<runtime_core>> start(registry types, runtime_options options);
  ~runtime_core();

  // -- dispatch.cpp
  /// @param from detail::caller::runtime lets the request carry an internal idempotency key.
  void execute(command_request request, callback<command_result> done, detail::caller from = detail::caller::outside);
  void execute(aggregate_definition const& definition, std::string id, boxed_command command, command_options options,
               callback<command_result> done);
  // -- append.cpp
  void append(raw_append_request request, callback<command_result> done);
  // -- reads.cpp
  void state(state_request request, callback<result<state_reply>> done);
  void read_stream(stream_request request, callback<result<stream_page>> done);
  void read_log(log_request request, callback<result<log_page>> done);
  void find_event(event_request request, callback<result<recorded_event>> done);
  void causation(causation_request request, callback<result<causation_graph>> done);
  void list(list_request request, callback<result<list_page>> done);
  // -- timers.cpp
  void timers(timers_request request, callback<result<timers_page>> done);
  // -- subscribe.cpp
  [[nodiscard]] result<subscription> subscribe(subscription_request request);
  /// As stored, but filtered as if it were not: everything that may become what is asked for.
  [[nodiscard]] result<subscription> subscribe_stored(subscription_request request);
  [[nodiscard]] detail::persistent_subscription_set& subscriptions() noexcept { return consumers_; }

  [[nodiscard]] detail::projections& projections() noexcept { return projections_; }
  [[nodiscard]] detail::process_set& processes() noexcept { return processes_; }

  [[nodiscard]] registry const& types() const noexcept { return types_; }
  [[nodiscard]] runtime_info info() const;
  [[nodiscard]] runtime_health health() const;
  [[nodiscard]] actors::worker_pool& workers() noexcept { return workers_; }
  [[nodiscard]] runtime_options const& options() const noexcept { return options_; }
  /// For front ends that open their own requests.
  [[nodiscard]] actors::services const& services() const noexcept { return services_; }

  void drain() noexcept { draining_.store(true, std::memory_order_release); }
  void stop(std::chrono::milliseconds deadline);
  // -- metrics.cpp
  void metrics(callback<std::string> done);

 private:
  /// SplitMix64 over a counter with a seed from the operating system: no lock, never the same twice.
  class counter_entropy final : public actors::entropy {
   public:
    counter_entropy();
    std::uint64_t next() noexcept override;

   private:
    std::atomic<std::uint64_t> state_;
  };

  runtime_core(registry types, runtime_options options, std::unique_ptr<persistence::journal> store, std::size_t workers);
  result<void> open_types();

  /// Why a command cannot be taken now, if so.
  [[nodiscard]] std::optional<failure> refusal() const;
  void submit(actors::bound_type const& type, std::string const& id, boxed_command command, std::uint64_t fingerprint,
              command_options options, callback<command_result> done, detail::caller from);
  /// Runs `read` where it may block and gives its result to `done` on the worker that asked.
  template <class T>
  void read(callback<result<T>> done, std::move_only_function<result<T>()> how);
  void tell_soon(std::move_only_function<void()> answer);
  [[nodiscard]] result<actors::bound_type const*> known_type(std::string_view name) const;
  [[nodiscard]] persistence::resolved_filter resolve(log_filter const& wanted) const;
  [[nodiscard]] result<void> check_known(log_filter const& wanted) const;
  [[nodiscard]] result<subscription> subscribe(subscription_request request, persistence::resolved_filter filter, actors::reading how);
  void fire(persistence::timer_place const& at, std::move_only_function<void(command_result)> done);
  [[nodiscard]] result<timers_page> timers_now(persistence::name_id only, persistence::timer_place const& after, std::size_t limit) const;
  [[nodiscard]] result<timers_page> timers_now(persistence::stream_ref stream, persistence::timer_place const& after,
                                               std::size_t limit) const;
  [[nodiscard]] timers_page described(std::vector<persistence::stored_timer> found, std::optional<std::string> next) const;
  void end_subscriptions(std::chrono::steady_clock::time_point until);
  [[nodiscard]] result<log_page> log_page_now(log_request const& request) const;
  [[nodiscard]] result<stream_page> stream_page_now(actors::bound_type const& type, stream_request const& request) const;

  registry types_;
  runtime_options options_;
  clock const& clock_;
  counter_entropy entropy_;
  std::unique_ptr<persistence::journal> store_;
  detail::bound_types bound_;
  actors::event_reader events_;
  actors::worker_pool workers_;
  detail::worker_answers answers_;
  actors::open_count open_;
  detail::overload_answers overloaded_;
  actors::command_meter meter_;
  std::atomic<bool> draining_{false};
  std::atomic<bool> journal_closed_{false};
  std::shared_ptr<persistence::log_feed> feed_;
  persistence::journal_writer writer_;
  actors::recovery_pool pool_;
  actors::services services_;
  actors::actor_host host_;
  std::shared_ptr<detail::subscription_book> subscribers_;
  detail::persistent_subscription_set consumers_;
  detail::projections projections_;
  detail::process_set processes_;
  detail::ticker ticker_;
  std::shared_ptr<detail::timer_service> timers_;
  bool stopped_ = false;
};

template <class T>
void runtime_core::read(callback<result<T>> done, std::move_only_function<result<T>()> how) {
  auto const worker = workers_.here_or_next();
  // Shared, because a refused submission must still answer.
  auto answer = std::make_shared<callback<result<T>>>(std::move(done));
  bool const taken = pool_.try_submit(
      [this, worker, answer, how = std::move(how)]() mutable {
        answers_.run_on(worker, [answer, end = how()]() mutable { (*answer)(std::move(end)); });
      },
      options_.limits.max_waiting_reads);
  if (taken) return;
  answers_.run_on(worker, [answer] { (*answer)(fail({errc::overloaded, "too many reads wait", {}, {}, 100})); });
}

}  // namespace evoke
