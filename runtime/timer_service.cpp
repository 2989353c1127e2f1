#include "runtime/timer_service.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace evoke::detail {
namespace {

constexpr std::size_t max_complaints = 1'000;

}  // namespace

timer_service::timer_service(surroundings with, timer_options how)
    : with_(std::move(with)),
      timer_(with_.workers.context(0)),
      agenda_(how, with_.time.now(), with_.time.steady()),
      wake_at_(std::chrono::nanoseconds::max()) {}

void timer_service::start() {
  go_on();
}

void timer_service::stop() {
  if (stopped_.exchange(true)) return;
  boost::asio::post(timer_.get_executor(), [self = shared_from_this()] { self->timer_.cancel(); });
}

std::string timer_service::place(timer_place const& at) const {
  return "timer '" + at.name + "' of " + std::string(with_.journal.name_of(persistence::name_kind::aggregate_type, at.type)) + "/" + at.id;
}

// On the writer thread. One comparison for a group without timers.
void timer_service::committed(std::span<persistence::append* const> group) noexcept {
  bool any = false;
  for (auto const* each : group) any = any || !each->timers.empty();
  if (!any || stopped_) return;
  bool sooner = false;
  {
    std::lock_guard const lock(guard_);
    for (auto const* each : group)
      for (auto const& change : each->timers) {
        if (change.what == timer_change::action::set)
          agenda_.set({change.due, each->type, each->id.str(), change.name});
        else
          agenda_.cancel(each->type, each->id.str(), change.name);
      }
    auto const steady = with_.time.steady();
    if (going_on_)
      once_more_ = true;  // it may have looked before this came
    else
      sooner = steady + agenda_.quiet(with_.time.now(), steady) < wake_at_;
    if (sooner) wake_at_ = steady;
  }
  if (sooner) wake_after({});
}

void timer_service::go_on() {
  {
    std::lock_guard const lock(guard_);
    if (std::exchange(going_on_, true)) {
      once_more_ = true;
      return;
    }
  }
  for (;;) {
    std::vector<timer_place> due;
    std::optional<timer_agenda::page> page;
    std::chrono::nanoseconds pause{};
    bool const may_fire = !stopped_ && with_.may_fire();
    {
      std::lock_guard const lock(guard_);
      auto const now = with_.time.now();
      auto const steady = with_.time.steady();
      once_more_ = false;
      if (may_fire) {
        due = agenda_.take_due(now, steady);
        page = agenda_.next_page(now, steady);
      }
      pause = may_fire ? agenda_.quiet(now, steady) : std::chrono::milliseconds(500);
    }
    if (page) read_page(*std::move(page));
    for (auto& each : due)
      with_.fire(each, [self = shared_from_this(), each](command_result end) {
        self->ended(each, std::move(end));
        self->go_on();
      });
    std::lock_guard const lock(guard_);
    if (once_more_ || (!due.empty() && pause == std::chrono::nanoseconds{})) continue;
    going_on_ = false;
    if (stopped_) return;
    wake_at_ = with_.time.steady() + pause;
    boost::asio::post(timer_.get_executor(), [self = shared_from_this(), pause] { self->wake_after(pause); });
    return;
  }
}

void timer_service::wake_after(std::chrono::nanoseconds pause) {
  if (pause == std::chrono::nanoseconds{}) {
    boost::asio::post(timer_.get_executor(), [self = shared_from_this()] {
      if (!self->stopped_) self->go_on();
    });
    return;
  }
  if (stopped_) return;
  // Setting the timer anew ends the wait before: there is never more than one.
  timer_.expires_after(pause);
  timer_.async_wait([self = shared_from_this()](boost::system::error_code why) {
    if (!why && !self->stopped_) self->go_on();
  });
}

void timer_service::read_page(timer_agenda::page wanted) {
  with_.pool.submit([self = shared_from_this(), wanted = std::move(wanted)] {
    std::vector<timer_place> found;
    bool whole = true;
    auto const visit = [&](persistence::stored_timer const& timer) {
      if (found.size() == wanted.limit) {
        whole = false;
        return false;
      }
      found.push_back(timer.at);
      return true;
    };
    auto const problem = [&](std::string_view what) {
      self->say(log_level::error, std::string(what) + "; it will not fire before the timers are made anew (docs/timers.md)");
    };
    auto const read = self->with_.journal.scan_timers(wanted.after, wanted.until, visit, problem);
    {
      std::lock_guard const lock(self->guard_);
      if (read)
        self->agenda_.page_read(std::move(found), whole);
      else
        self->agenda_.page_failed(self->with_.time.steady());
    }
    if (!read) self->say(log_level::error, "timers cannot be read: " + read.error().message);
    if (!self->stopped_) self->go_on();
  });
}

void timer_service::ended(timer_place const& at, command_result end) {
  bool const gone = end.failed() && end.error().code == errc::not_found;
  bool complain = false;
  {
    std::lock_guard const lock(guard_);
    if (end.failed() && !gone) {
      agenda_.failed(at, end.error(), with_.time.steady());
      complain = complaints_.size() < max_complaints &&
                 complaints_.insert(std::to_string(at.type) + std::string(name_of(end.error().code)) + end.error().message).second;
    } else {
      agenda_.fired(at);
    }
  }
  if (!end.failed()) fired_.fetch_add(1, std::memory_order_relaxed);
  if (end.rejected())
    say(log_level::info,
        place(at) + ", due at " + to_rfc3339(at.due) + ", fired and was rejected: " + end.why().code + ": " + end.why().message);
  if (complain && !stopped_)
    say(log_level::warning, place(at) + ", due at " + to_rfc3339(at.due) + ", cannot fire and is tried again: " + end.error().message +
                                " (said once for this kind)");
}

void timer_service::describe(std::vector<std::pair<timer_place, pending_timer>>& timers) const {
  std::lock_guard const lock(guard_);
  for (auto& [at, timer] : timers)
    if (auto const* trouble = agenda_.trouble_of(at); trouble != nullptr) {
      timer.attempts = trouble->attempts;
      timer.last_error = trouble->error;
    }
}

timer_service::reading timer_service::read() const {
  std::lock_guard const lock(guard_);
  return {fired_.load(std::memory_order_relaxed), agenda_.failing(), agenda_.waiting() + agenda_.in_flight() + agenda_.failing(),
          agenda_.lag(with_.time.now())};
}

}  // namespace evoke::detail
