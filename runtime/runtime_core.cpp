#include "runtime/runtime_core.hpp"

#include <algorithm>
#include <random>
#include <thread>

#include "persistence/in_memory_journal.hpp"
#include "persistence/rocksdb_journal.hpp"
#include "runtime/event_catalogue.hpp"

namespace evoke {
namespace {

using namespace std::chrono_literals;

result<void> check(runtime_options const& options) {
  auto const& limits = options.limits;
  auto const positive = [](std::uint64_t value, char const* name) -> result<void> {
    if (value > 0) return {};
    return fail(errc::invalid_argument, std::string(name) + " must be greater than zero");
  };
  for (auto const& [value, name] : {std::pair<std::uint64_t, char const*>{limits.max_open_commands, "limits.max_open_commands"},
                                    {limits.max_waiting_commands, "limits.max_waiting_commands"},
                                    {limits.max_resident_aggregates, "limits.max_resident_aggregates"},
                                    {limits.max_recoveries, "limits.max_recoveries"},
                                    {limits.max_waiting_reads, "limits.max_waiting_reads"},
                                    {limits.max_events_per_command, "limits.max_events_per_command"},
                                    {limits.max_payload_bytes, "limits.max_payload_bytes"},
                                    {limits.max_command_bytes, "limits.max_command_bytes"},
                                    {limits.max_page_events, "limits.max_page_events"},
                                    {limits.max_page_bytes, "limits.max_page_bytes"},
                                    {limits.max_history_events, "limits.max_history_events"},
                                    {limits.max_subscriptions, "limits.max_subscriptions"},
                                    {options.projections.batch_events, "projections.batch_events"},
                                    {options.projections.attempts, "projections.attempts"},
                                    {options.projections.memtable_bytes, "projections.memtable_bytes"},
                                    {options.timers.max_near, "timers.max_near"},
                                    {options.timers.max_in_flight, "timers.max_in_flight"},
                                    {options.timers.late_per_second, "timers.late_per_second"},
                                    {options.timers.max_failing, "timers.max_failing"}})
    if (auto checked = positive(value, name); !checked) return checked;
  if (options.workers > 1'024) return fail(errc::invalid_argument, "workers must be at most 1024");
  if (options.projections.rest.count() < 0) return fail(errc::invalid_argument, "projections.rest must not be negative");
  if (options.projections.busy_duty <= 0 || options.projections.busy_duty > 1)
    return fail(errc::invalid_argument, "projections.busy_duty must be greater than 0 and at most 1");
  if (options.timers.near_time <= 0s) return fail(errc::invalid_argument, "timers.near_time must be greater than zero");
  if (options.timers.first_retry_delay <= 0ms || options.timers.max_retry_delay < options.timers.first_retry_delay)
    return fail(errc::invalid_argument, "timers.first_retry_delay must be greater than zero and at most timers.max_retry_delay");
  if (options.passivate_after <= 0ms) return fail(errc::invalid_argument, "passivate_after must be greater than zero");
  if (options.idempotency_expiry <= 0h) return fail(errc::invalid_argument, "idempotency_expiry must be greater than zero");
  if (options.storage == storage::rocksdb && options.data.empty()) return fail(errc::invalid_argument, "data must name a directory");
  return {};
}

result<std::unique_ptr<persistence::journal>> open_store(runtime_options const& options) {
  if (options.storage == storage::in_memory) {
    persistence::in_memory_options chosen;
    chosen.clock = options.clock;
    chosen.idempotency_expiry = options.idempotency_expiry;
    return persistence::make_in_memory_journal(chosen);
  }
  persistence::rocksdb_options chosen;
  chosen.path = options.data;
  chosen.durability = options.durability;
  chosen.block_cache_bytes = options.block_cache_bytes;
  chosen.memtable_bytes = options.memtable_bytes;
  chosen.min_free_disk_bytes = options.min_free_disk_bytes;
  chosen.expected_store_id = options.expected_store_id;
  chosen.idempotency_expiry = options.idempotency_expiry;
  chosen.clock = options.clock;
  chosen.log = options.log;
  return persistence::open_rocksdb_journal(chosen);
}

// Often enough that idle aggregates leave about when they should, rarely enough to cost nothing.
std::chrono::milliseconds tick_interval(runtime_options const& options) {
  return std::clamp(options.passivate_after / 4, std::chrono::milliseconds(10), std::chrono::milliseconds(1'000));
}

}  // namespace

runtime_core::counter_entropy::counter_entropy() {
  std::random_device from_the_system;
  state_ = (static_cast<std::uint64_t>(from_the_system()) << 32U) | from_the_system();
}

std::uint64_t runtime_core::counter_entropy::next() noexcept {
  std::uint64_t z = state_.fetch_add(0x9e3779b97f4a7c15ULL, std::memory_order_relaxed);
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31U);
}

result<std::unique_ptr<runtime_core>> runtime_core::start(registry types, runtime_options options) {
  if (auto checked = check(options); !checked) return std::unexpected(checked.error());
  if (auto checked = types.check(); !checked) return std::unexpected(checked.error());
  auto store = open_store(options);
  if (!store) return std::unexpected(store.error());
  auto const workers = options.workers > 0 ? options.workers : std::max(1U, std::thread::hardware_concurrency());
  std::unique_ptr<runtime_core> core(new runtime_core(std::move(types), std::move(options), std::move(*store), workers));
  if (auto opened = core->open_types(); !opened) return std::unexpected(opened.error());
  if (auto opened = core->consumers_.open(); !opened) return std::unexpected(opened.error());
  if (auto started = core->projections_.start(core->types_); !started) return std::unexpected(started.error());
  if (auto started = core->processes_.start(core->types_); !started) return std::unexpected(started.error());
  core->timers_->start();
  return core;
}

runtime_core::runtime_core(registry types, runtime_options options, std::unique_ptr<persistence::journal> store, std::size_t workers)
    : types_(std::move(types)),
      options_(std::move(options)),
      clock_(options_.clock != nullptr ? *options_.clock : system_clock()),
      store_(std::move(store)),
      events_(*store_),
      workers_(workers),
      answers_(workers_),
      open_(options_.limits.max_open_commands),
      overloaded_(workers_, answers_),
      meter_(workers),
      feed_(std::make_shared<persistence::log_feed>(store_->head())),
      writer_(*store_, answers_, clock_, feed_.get(),
              [this](std::string_view why) {
                journal_closed_.store(true, std::memory_order_release);
                answers_.run_on(0, [this, text = std::string(why)] {
                  if (options_.log) options_.log(log_level::error, "the journal is closed for writing until restart: " + text);
                  if (options_.on_fatal) options_.on_fatal(text);
                });
              }),
      pool_(options_.limits.max_recoveries),
      services_{*store_, writer_, pool_, answers_, clock_, entropy_, options_.limits, options_.log},
      host_(workers_, services_, options_.limits.max_resident_aggregates, options_.recovery_backoff),
      subscribers_(std::make_shared<detail::subscription_book>(options_.limits.max_subscriptions)),
      consumers_({*store_, events_, pool_, answers_, workers_, clock_, entropy_,
                  [this](subscription_request wanted) { return subscribe_stored(std::move(wanted)); }, options_.limits.max_page_events},
                 options_.limits.max_persistent_subscriptions),
      projections_({*store_, feed_.get(), pool_, answers_, workers_, clock_, [this] { return open_.open() > 0; }}, options_),
      processes_(
          {{*store_, feed_.get(), events_, clock_, options_.log,
            [this](aggregate_definition const& type, std::string id, boxed_command command, command_options how,
                   callback<command_result> done) { execute(type, std::move(id), std::move(command), std::move(how), std::move(done)); },
            [this](command_request request, callback<command_result> done) {
              execute(std::move(request), std::move(done), detail::caller::runtime);
            }},
           pool_,
           answers_,
           workers_,
           [this](state_request request, callback<result<state_reply>> done) { state(std::move(request), std::move(done)); },
           options_.limits.max_page_events,
           options_.limits.max_waiting_reads}),
      ticker_(workers_, tick_interval(options_), [this] { host_.aggregates().passivate_idle(); }),
      timers_(std::make_shared<detail::timer_service>(
          detail::timer_service::surroundings{*store_, pool_, workers_, clock_, options_.log, [this] { return !refusal(); },
                                              [this](persistence::timer_place const& at, auto done) { fire(at, std::move(done)); }},
          options_.timers)) {
  writer_.tell(timers_.get());
}

result<void> runtime_core::open_types() {
  if (auto opened = bound_.open(types_, *store_, options_); !opened) return opened;
  events_.open(types_);
  return detail::keep_catalogue(types_, *store_);
}

runtime_core::~runtime_core() {
  stop(options_.drain_deadline);
}

std::optional<failure> runtime_core::refusal() const {
  if (draining_.load(std::memory_order_acquire)) return failure{errc::draining, "the runtime is stopping", {}, {}, 1'000};
  if (journal_closed_.load(std::memory_order_acquire))
    return failure{errc::journal_failed, "an earlier write failed: the journal takes no more until restart", {}, {}, {}};
  return std::nullopt;
}

runtime_info runtime_core::info() const {
  return {store_->store_id().str(),
          store_->format_version(),
          options_.storage,
          options_.durability,
          store_->head(),
          const_cast<actors::actor_host&>(host_).aggregates().size(),
          open_.open(),
          static_cast<std::uint32_t>(workers_.size()),
          options_.limits,
          options_.idempotency_expiry};
}

runtime_health runtime_core::health() const {
  runtime_health now;
  now.draining = draining_.load(std::memory_order_acquire);
  now.journal_writable = !journal_closed_.load(std::memory_order_acquire);
  if (now.draining)
    now.reason = "draining";
  else if (!now.journal_writable)
    now.reason = "journal failed: " + store_->failed_reason();
  return now;
}

void runtime_core::stop(std::chrono::milliseconds deadline) {
  if (std::exchange(stopped_, true)) return;
  drain();
  timers_->stop();
  auto const until = std::chrono::steady_clock::now() + deadline;
  // Polling, because what is waited for ends on hot paths that should not pay for a notification once in a lifetime.
  auto const wait_for = [&](auto const& done) {
    while (!done() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(1ms);
  };
  processes_.stop();  // first: what it has under way ends with the open commands, and is found again at the next start
  wait_for([this] { return open_.open() == 0; });
  projections_.stop();
  end_subscriptions(until);
  ticker_.stop();
  host_.aggregates().passivate_all();
  wait_for([this] { return host_.aggregates().size() == 0; });
  writer_.stop();
  writer_.tell(nullptr);
  pool_.stop();
  projections_.close();
  host_.stop();
  answers_.workers_ended();
  workers_.run_remaining();
  static_cast<void>(store_->close());
}

}  // namespace evoke
