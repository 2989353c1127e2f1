#include "runtime/process_worker.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "model/thread_name.hpp"

namespace evoke::detail {
namespace {

using namespace std::chrono_literals;

/// Instances with something on their way at once; beyond, the log is not read on.
constexpr std::size_t kMaxBusyInstances = 1'000;
/// Of the log, looked at between two looks at the mailbox.
constexpr std::uint64_t kStretch = 500;
/// What a crash has read again.
constexpr auto kSaveInterval = 200ms;
/// After a read that held nothing for the process: events of others gather so long, and cost one wake-up together.
constexpr auto kRest = 20ms;
/// Between two tries to read a log that does not read.
constexpr auto kReadAgain = 1s;

void add_formers(aggregate_definition const& definition, process_source const& wanted, projection_source& into) {
  for (std::size_t former = 0; former < definition.formers().size(); ++former) {
    auto const leads = [&](process_event_info const& event) {
      auto const index = definition.find_event(event.name.str());
      return index && definition.can_become(former, *index);
    };
    auto const& name = definition.formers()[former].name;
    if (std::ranges::any_of(wanted.events, leads) && std::ranges::find(into.events, name) == into.events.end()) into.events.push_back(name);
  }
}

/// The stored events that are or may become what a process follows, and its own instances'.
std::vector<projection_source> stored_sources(process_definition const& process, registry const& types) {
  std::vector<projection_source> made;
  for (auto const& source : process.sources()) {
    projection_source stored{source.type, {}};
    for (auto const& event : source.events) stored.events.push_back(event.name);
    if (auto const* const definition = types.find(source.type.str())) add_formers(*definition, source, stored);
    made.push_back(std::move(stored));
  }
  // What others bring about in an instance: a timer, a person. The engine then asks the instance what is due.
  made.push_back({process.name(), {event_type::trusted("timer_fired"), event_type::trusted("undo_retried")}});
  return made;
}

}  // namespace

process_worker::process_worker(process_definition const& definition, registry const& types, process_surroundings with)
    : definition_(definition),
      instances_(*types.find(definition.name().str())),
      with_(std::move(with)),
      events_(with_.journal, with_.feed, stored_sources(definition, types),
              [to = mailbox_] {
                {
                  std::lock_guard const lock(to->mutex);
                  to->woken = true;
                }
                to->something.notify_one();
              }),
      engine_(definition, *this, kMaxBusyInstances) {}

result<void> process_worker::start() {
  if (auto started = engine_.start(with_.journal.head()); !started) return started;
  publish();
  thread_ = std::thread([this] { run(); });
  return {};
}

void process_worker::stop() {
  {
    std::lock_guard const lock(mailbox_->mutex);
    mailbox_->closed = true;
  }
  mailbox_->something.notify_one();
  if (thread_.joinable()) thread_.join();
}

void process_worker::post(std::shared_ptr<mailbox> const& to, mail what) {
  {
    std::lock_guard const lock(to->mutex);
    if (to->closed) return;
    to->waiting.push_back(std::move(what));
  }
  to->something.notify_one();
}

bool process_worker::tell(mail& what) {
  {
    std::lock_guard const lock(mailbox_->mutex);
    if (mailbox_->closed) return false;
    mailbox_->waiting.push_back(std::move(what));
  }
  mailbox_->something.notify_one();
  return true;
}

void process_worker::run() {
  name_this_thread("p:" + definition_.name().str());
  std::deque<mail> mails;
  auto saved = steady();
  for (;;) {
    auto const began = std::chrono::steady_clock::now();
    {
      std::lock_guard const lock(mailbox_->mutex);
      if (mailbox_->closed) break;
      mails.swap(mailbox_->waiting);
      mailbox_->woken = false;
    }
    for (auto& each : mails) each(engine_);
    bool const had_mail = !mails.empty();
    mails.clear();
    auto next = engine_.tick();
    bool const more = engine_.wants_events() && read_some();
    publish();
    if (auto const now = steady(); now - saved >= kSaveInterval) {
      engine_.save(false);
      saved = now;
    }
    if (more || had_mail) continue;
    if (read_again_at_ && engine_.wants_events()) next = std::min(next.value_or(*read_again_at_), *read_again_at_);
    auto const something = [this] { return mailbox_->closed || mailbox_->woken || !mailbox_->waiting.empty(); };
    std::unique_lock lock(mailbox_->mutex);
    if (!next && engine_.saved())
      mailbox_->something.wait(lock, something);
    else
      mailbox_->something.wait_for(
          lock, std::min<std::chrono::nanoseconds>(next.value_or(saved + kSaveInterval), saved + kSaveInterval) - steady(), something);
    auto const called = [this] { return mailbox_->closed || !mailbox_->waiting.empty(); };
    if (quiet_ && !called()) mailbox_->something.wait_until(lock, began + kRest, called);
  }
  engine_.save(true);
}

bool process_worker::read_some() {
  if (read_again_at_ && steady() < *read_again_at_) return false;
  quiet_ = true;
  auto const end = events_.read(engine_.examined(), kStretch, [this](projected_event const& event) {
    quiet_ = false;
    return engine_.arrived(event);
  });
  if (!end) {
    say(log_level::error, "process " + definition_.name().str() + " cannot read the log: " + end.error().message);
    read_again_at_ = steady() + kReadAgain;
    return false;
  }
  read_again_at_.reset();
  engine_.set_examined(end->examined);
  if (!end->at_end) return true;
  return !events_.arm(engine_.examined());
}

void process_worker::publish() {
  auto now = engine_.counts();
  std::lock_guard const lock(counts_guard_);
  counts_ = std::move(now);
}

process_counts process_worker::counts() const {
  std::lock_guard const lock(counts_guard_);
  return counts_;
}

result<std::vector<std::shared_ptr<recorded_event const>>> process_worker::today(projected_event const& stored) const {
  auto kept = keep(stored);
  if (!with_.reader.has_formers()) return std::vector{std::move(kept)};
  auto events = with_.reader.read(*kept, {});
  if (!events) return std::unexpected(events.error());
  std::vector<std::shared_ptr<recorded_event const>> made;
  for (auto& event : *events) made.push_back(std::make_shared<recorded_event const>(std::move(event)));
  return made;
}

void process_worker::send(std::string const& instance, process_delivery delivery, metadata meta) {
  command_options options;
  options.meta = std::move(meta);
  with_.send(instances_, instance, box_delivery(std::move(delivery)), std::move(options),
             [to = mailbox_, instance](command_result end) mutable {
               post(to, [instance = std::move(instance), end = std::move(end)](process_engine& engine) mutable {
                 engine.answered(instance, std::move(end));
               });
             });
}

void process_worker::carry_out(std::uint64_t ticket, command_request request) {
  with_.execute(std::move(request), [to = mailbox_, ticket](command_result end) mutable {
    post(to, [ticket, end = std::move(end)](process_engine& engine) mutable { engine.carried_out(ticket, std::move(end)); });
  });
}

result<void> process_worker::write_rows(std::vector<persistence::row_change> rows, bool synced) {
  auto written = with_.journal.write_rows(persistence::row_space::processes, rows, synced);
  if (!written) say(log_level::warning, "process " + definition_.name().str() + " cannot write its rows: " + written.error().message);
  return written;
}

result<void> process_worker::scan_rows(std::string const& prefix, persistence::row_visitor const& visit) {
  return with_.journal.scan_rows(persistence::row_space::processes, {prefix}, visit);
}

result<void> process_worker::read_again(position after, position to, std::function<void(projected_event const&)> const& visit) {
  while (after < to) {
    bool beyond = false;
    auto const end = events_.read(after, kStretch, [&](projected_event const& event) {
      beyond = event.position > to;
      if (!beyond) visit(event);
      return !beyond;
    });
    if (!end) return std::unexpected(end.error());
    if (beyond || end->at_end) return {};
    after = end->examined;
  }
  return {};
}

void process_worker::say(log_level level, std::string_view text) {
  if (with_.log) with_.log(level, text);
}

}  // namespace evoke::detail
