#pragma once

#include <evoke/aggregate.hpp>
#include <evoke/command.hpp>
#include <evoke/options.hpp>
#include <evoke/persistent_subscription.hpp>
#include <evoke/processes.hpp>
#include <evoke/query.hpp>
#include <evoke/read_model.hpp>
#include <evoke/registry.hpp>
#include <evoke/subscription.hpp>
#include <evoke/timer.hpp>

#include <functional>
#include <future>
#include <memory>
#include <string>

namespace evoke {

class runtime_core;

/// Called exactly once, on a worker thread of the runtime: do little, never block, never throw.
template <class T>
using callback = std::move_only_function<void(T)>;

/// What /v1/info says.
struct runtime_info {
  std::string store_id;  ///< a UUID, fixed when the store was created
  std::uint32_t format_version = 0;
  evoke::storage storage{};
  evoke::durability durability{};
  position head{};  ///< last durable position
  std::uint64_t resident_aggregates = 0;
  std::uint64_t open_commands = 0;
  std::uint32_t workers = 0;
  evoke::limits limits{};
  std::chrono::hours idempotency_expiry{};
};

/// What /readyz says.
struct runtime_health {
  bool journal_writable = false;
  bool draining = false;
  std::string reason;  ///< why commands are refused, empty when they are not
  [[nodiscard]] bool ready() const noexcept { return journal_writable && !draining; }
};

template <class State>
class aggregate_ref;
template <class Doc>
class view_ref;

/// An event-sourced runtime in this process: owns its threads, its journal and its aggregates. Several may live side by side, each with its
/// own directory. All members may be called from any thread; none blocks but `start`, `stop` and the destructor.
class runtime {
 public:
  /// Opens or creates the store and starts the threads. Blocks until commands can be served.
  /// @returns store_in_use, incompatible_store, data_lost, corrupt, io_error, storage_full or invalid_argument; the message says what to
  /// do.
  [[nodiscard]] static result<std::unique_ptr<runtime>> start(registry types, runtime_options options);

  runtime(runtime const&) = delete;
  runtime& operator=(runtime const&) = delete;
  ~runtime();  ///< stop(drain_deadline) when it was not called

  /// The typed call: `rt.of<cart>("c-1").execute(add_cart_item{...}).get()`. The id is checked on execution.
  template <class State>
  [[nodiscard]] aggregate_ref<State> of(std::string id);

  /// By name with JSON. Never blocks: what cannot be accepted is answered with a failure.
  void execute(command_request request, callback<command_result> done);
  [[nodiscard]] std::future<command_result> execute(command_request request);

  /// A command that is already decoded; `definition` must be registered here.
  void execute(aggregate_definition const& definition, std::string id, boxed_command command, command_options options,
               callback<command_result> done);

  void append(raw_append_request request, callback<command_result> done);
  [[nodiscard]] std::future<command_result> append(raw_append_request request);

  /// State now (from memory when resident), at a version or at a time. not_found for an absent aggregate.
  void state(state_request request, callback<result<state_reply>> done);
  [[nodiscard]] std::future<result<state_reply>> state(state_request request);

  void read_stream(stream_request request, callback<result<stream_page>> done);
  [[nodiscard]] std::future<result<stream_page>> read_stream(stream_request request);

  void read_log(log_request request, callback<result<log_page>> done);
  [[nodiscard]] std::future<result<log_page>> read_log(log_request request);

  void find_event(event_request request, callback<result<recorded_event>> done);
  [[nodiscard]] std::future<result<recorded_event>> find_event(event_request request);
  void find_event(event_id id, callback<result<recorded_event>> done) { find_event(event_request{id, 1, false}, std::move(done)); }
  [[nodiscard]] std::future<result<recorded_event>> find_event(event_id id) { return find_event(event_request{id, 1, false}); }

  /// The graph around an event. @returns not_found.
  void causation(causation_request request, callback<result<causation_graph>> done);
  [[nodiscard]] std::future<result<causation_graph>> causation(causation_request request);

  void list(list_request request, callback<result<list_page>> done);
  [[nodiscard]] std::future<result<list_page>> list(list_request request);

  /// Follows the log, or one stream, from a position on: see subscription.hpp. May be kept longer than the runtime: it then answers
  /// `draining`.
  /// @returns unknown_type for an aggregate or event type that nobody knows, invalid_argument for a position beyond the head or an id that
  /// breaks its rule, overloaded beyond limits::max_subscriptions, draining.
  [[nodiscard]] result<subscription> subscribe(subscription_request request);
  /// Named places in the log with competing consumers.
  [[nodiscard]] persistent_subscriptions& subscriptions() noexcept;
  /// The process managers that are registered.
  [[nodiscard]] evoke::processes& processes() noexcept;

  // -- read models. Every call names its projection. @returns unknown_projection where no such one is registered.

  /// The typed call: `rt.view<cart_view>().find("c-1")`. See view_ref.hpp.
  template <class Doc>
  [[nodiscard]] view_ref<Doc> view();

  /// A document by its key. @returns not_found; projection_lagging when `after` was not reached in time, or nothing is served yet;
  /// projection_blocked when it cannot be reached without a person; invalid_argument for a position beyond the head; overloaded.
  void find(document_request request, callback<result<document_reply>> done);
  [[nodiscard]] std::future<result<document_reply>> find(document_request request);

  /// A page of documents. @returns as find; unknown_index; stale_cursor; invalid_argument for conditions that the index cannot answer.
  void query(view_query request, callback<result<view_page>> done);
  [[nodiscard]] std::future<result<view_page>> query(view_query request);

  /// What changed since a cursor; waits for the first change. @returns projection_lagging when nothing is served yet; invalid_argument for
  /// a cursor that is none of this projection's.
  void changes(view_changes_request request, callback<result<view_changes>> done);
  [[nodiscard]] std::future<result<view_changes>> changes(view_changes_request request);

  void projections(callback<result<std::vector<projection_status>>> done);
  [[nodiscard]] std::future<result<std::vector<projection_status>>> projections();
  void projection(std::string name, callback<result<projection_status>> done);
  [[nodiscard]] std::future<result<projection_status>> projection(std::string name);

  /// Stops it where it is, also after a restart, until resume. Answered when it stands.
  void pause_projection(std::string name, callback<result<void>> done);
  [[nodiscard]] std::future<result<void>> pause_projection(std::string name);
  /// Goes on, also after it was stopped by an event.
  void resume_projection(std::string name, callback<result<void>> done);
  [[nodiscard]] std::future<result<void>> resume_projection(std::string name);
  /// Begins a new generation beside the one that answers, which it replaces when it has caught up. One under way is begun anew.
  void rebuild_projection(std::string name, callback<result<void>> done);
  [[nodiscard]] std::future<result<void>> rebuild_projection(std::string name);

  /// Dead letters with numbers behind `after`, in order; at most `limit`, cut to limits::max_page_events.
  void dead_letters(std::string projection, std::uint64_t after, std::size_t limit, callback<result<dead_letter_page>> done);
  [[nodiscard]] std::future<result<dead_letter_page>> dead_letters(std::string projection, std::uint64_t after, std::size_t limit);
  /// Tries a dead letter again, which must be the first of its row, or with `whole_row` all of that row in order until one fails. What was
  /// handled is durable when it is answered. @returns not_found; invalid_argument when it waits behind another.
  void retry_dead_letter(std::string projection, std::uint64_t number, bool whole_row, callback<result<letters_handled>> done);
  [[nodiscard]] std::future<result<letters_handled>> retry_dead_letter(std::string projection, std::uint64_t number, bool whole_row);
  /// Gives the first of a row up for good; the read model goes on without that event. @returns as retry_dead_letter.
  void skip_dead_letter(std::string projection, std::uint64_t number, callback<result<letters_handled>> done);
  [[nodiscard]] std::future<result<letters_handled>> skip_dead_letter(std::string projection, std::uint64_t number);

  /// Answers when the projection has handled everything up to `at`. @returns as find.
  void wait_for(std::string projection, position at, std::chrono::milliseconds at_most, callback<result<void>> done);
  [[nodiscard]] std::future<result<void>> wait_for(std::string projection, position at, std::chrono::milliseconds at_most);

  /// Timers that are set. @returns unknown_type; invalid_argument for an id without a type, or a cursor that is none; overloaded.
  void timers(timers_request request, callback<result<timers_page>> done);
  [[nodiscard]] std::future<result<timers_page>> timers(timers_request request);

  [[nodiscard]] registry const& types() const noexcept;
  /// For a monitoring system: Prometheus's text format (0.0.4).
  void metrics(callback<std::string> done);
  [[nodiscard]] std::future<std::string> metrics();

  [[nodiscard]] runtime_info info() const;
  [[nodiscard]] runtime_health health() const;

  /// Refuses new commands from now on (`draining`), finishes accepted ones. Returns at once.
  void drain() noexcept;
  /// Drains, waits for open commands up to `deadline`, then ends all threads and closes the store. What was still open is answered
  /// `outcome_unknown` or `draining`. Idempotent. Must not be called on a worker (from a callback).
  void stop(std::chrono::milliseconds deadline);

  /// For evoke's own front ends; its type is not installed.
  [[nodiscard]] runtime_core& core() noexcept { return *core_; }

 private:
  explicit runtime(std::unique_ptr<runtime_core> core);
  std::unique_ptr<runtime_core> core_;
};

/// One aggregate, by the C++ type of its state. Cheap to make and to copy; valid while the runtime lives.
template <class State>
class aggregate_ref {
 public:
  aggregate_ref(runtime& owner, std::string id) : owner_(&owner), id_(std::move(id)) {}

  template <class Command>
  void execute(Command command, callback<command_result> done, command_options options = {}) const {
    auto const* definition = owner_->types().find_by_state(state_tag<State>());
    if (definition == nullptr) return done(failure{errc::unknown_type, "this aggregate type was not registered before start"});
    owner_->execute(*definition, id_, box_command<State>(std::move(command)), std::move(options), std::move(done));
  }
  template <class Command>
  [[nodiscard]] std::future<command_result> execute(Command command, command_options options = {}) const {
    auto promise = std::make_shared<std::promise<command_result>>();
    auto waiting = promise->get_future();
    execute(std::move(command), [promise](command_result end) { promise->set_value(std::move(end)); }, std::move(options));
    return waiting;
  }

  /// The state itself, decoded. Blocks; not for worker threads.
  [[nodiscard]] result<State> get() const {
    auto const* definition = owner_->types().find_by_state(state_tag<State>());
    if (definition == nullptr) return fail(errc::unknown_type, "this aggregate type was not registered before start");
    auto reply = owner_->state({definition->type().str(), id_, {}, {}}).get();
    if (!reply) return std::unexpected(reply.error());
    return decode_state<State>(reply->state);
  }

 private:
  runtime* owner_;
  std::string id_;
};

template <class State>
aggregate_ref<State> runtime::of(std::string id) {
  return aggregate_ref<State>(*this, std::move(id));
}

}  // namespace evoke

#include <evoke/view_ref.hpp>  // IWYU pragma: export
