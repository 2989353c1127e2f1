#include "runtime/competing_consumers.hpp"

#include <evoke/utf8.hpp>

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

namespace evoke::detail {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t max_waiters = 1'000;
/// A source that failed is asked again after this.
constexpr auto source_pause = 1s;
/// Any wait ends before this, and begins anew: only how often somebody looks whether the runtime still lives.
constexpr auto source_wait = 1h;
constexpr std::size_t max_source_batch = 500;
constexpr std::size_t max_reason_bytes = 1'000;

std::string to_text(delivery_window::lease_id lease) {
  char text[17] = {};
  auto const end = std::to_chars(text, text + 16, lease, 16).ptr;
  return {text, end};
}

delivery_window::lease_id to_lease(std::string_view text) {
  delivery_window::lease_id lease = 0;
  auto const end = std::from_chars(text.data(), text.data() + text.size(), lease, 16);
  return end.ec == std::errc{} && end.ptr == text.data() + text.size() ? lease : 0;
}

delivery_window::changes joined(delivery_window::changes first, delivery_window::changes second) {
  first.progressed = first.progressed || second.progressed;
  first.parked.insert(first.parked.end(), std::make_move_iterator(second.parked.begin()), std::make_move_iterator(second.parked.end()));
  first.unparked.insert(first.unparked.end(), second.unparked.begin(), second.unparked.end());
  return first;
}

}  // namespace

competing_consumers::competing_consumers(world with, stored_subscription from, std::size_t home)
    : with_(std::move(with)),
      name_(std::move(from.name)),
      home_(home),
      lane_(std::make_shared<serial_lane>(with_.pool)),
      settings_(std::move(from.settings)),
      begin_(with_.time.now()),
      begin_steady_(with_.time.steady()),
      window_(settings_, std::move(from.progress), from.parked) {}

timestamp competing_consumers::now() const {
  return begin_ + std::chrono::duration_cast<std::chrono::microseconds>(with_.time.steady() - begin_steady_);
}

template <class T>
void competing_consumers::answer(std::size_t worker, callback<result<T>> done, result<T> what) {
  with_.answers.run_on(worker, [done = std::move(done), what = std::move(what)]() mutable { done(std::move(what)); });
}

template <class T, class Step>
void competing_consumers::on_lane(std::size_t worker, callback<result<T>> done, Step step) {
  lane_->run([self = shared_from_this(), worker, done = std::move(done), step = std::move(step)]() mutable {
    if (self->why_ended_) return self->answer<T>(worker, std::move(done), std::unexpected(*self->why_ended_));
    step(*self, worker, std::move(done));
  });
}

void competing_consumers::start() {
  lane_->run([self = shared_from_this()] { self->pull(); });
}

void competing_consumers::end(failure why, std::move_only_function<void()> then) {
  lane_->run([self = shared_from_this(), why = std::move(why), then = std::move(then)]() mutable {
    if (!self->why_ended_) {
      self->why_ended_ = why;
      if (self->source_) self->source_->cancel();
      for (auto& each : std::exchange(self->waiters_, {}))
        self->answer<delivery_batch>(each.worker, std::move(each.done), std::unexpected(why));
      static_cast<void>(self->store());
    }
    // The timer goes on its own worker, while that still runs.
    self->with_.answers.run_on(self->home_, [self, then = std::move(then)]() mutable {
      self->timer_.reset();
      then();
    });
  });
}

// -- consumers

void competing_consumers::adjust(persistent_subscription_settings settings, std::size_t worker, callback<result<bool>> done) {
  on_lane<bool>(worker, std::move(done), [settings = std::move(settings)](auto& self, std::size_t to, auto then) mutable {
    if (settings == self.settings_) return self.template answer<bool>(to, std::move(then), false);
    if (settings.filter != self.settings_.filter || settings.after != self.settings_.after || settings.raw != self.settings_.raw)
      return self.template answer<bool>(
          to, std::move(then),
          fail(errc::invalid_argument, "filter, begin and raw of '" + self.name_ + "' were fixed when it was created"));
    if (auto written = write_settings(self.with_.store, self.name_, settings, self.window_.stored()); !written)
      return self.template answer<bool>(to, std::move(then), std::unexpected(std::move(written.error())));
    self.settings_ = settings;
    self.window_.adjust(std::move(settings));
    self.pull();
    self.serve();
    self.template answer<bool>(to, std::move(then), false);
  });
}

void competing_consumers::status(std::size_t worker, callback<result<persistent_subscription_status>> done) {
  on_lane<persistent_subscription_status>(worker, std::move(done), [](auto& self, std::size_t to, auto then) {
    self.window_.expire(self.now());
    self.template answer<persistent_subscription_status>(to, std::move(then), self.status_now());
  });
}

persistent_subscription_status competing_consumers::status_now() const {
  persistent_subscription_status told;
  told.name = name_;
  told.settings = settings_;
  told.checkpoint = window_.checkpoint();
  told.head = with_.store.head();
  told.lag_events = told.head.value() - std::min(told.head, told.checkpoint).value();
  if (auto const oldest = window_.oldest()) told.lag = std::max(0ms, std::chrono::duration_cast<milliseconds>(now() - *oldest));
  told.leased = window_.leased();
  told.waiting = window_.waiting();
  told.parked = window_.parked();
  told.redelivered = window_.redelivered();
  told.consumers = waiters_.size();
  return told;
}

void competing_consumers::fetch(std::size_t limit, milliseconds wait, std::size_t worker, callback<result<delivery_batch>> done) {
  auto const deadline = steady::now() + std::clamp<milliseconds>(wait, 0ms, 1h);
  on_lane<delivery_batch>(worker, std::move(done), [limit, deadline](auto& self, std::size_t to, auto then) mutable {
    if (self.waiters_.size() >= max_waiters)
      return self.template answer<delivery_batch>(
          to, std::move(then), fail({errc::overloaded, "as many consumers as may wait at '" + self.name_ + "' do", {}, {}, 1'000}));
    limit = std::clamp<std::size_t>(limit, 1, self.with_.max_page_events);
    self.waiters_.push_back({limit, deadline, to, std::move(then)});
    self.serve();
  });
}

void competing_consumers::ack(std::string lease, std::vector<event_id> events, std::size_t worker, callback<result<acknowledgement>> done) {
  on_lane<acknowledgement>(worker, std::move(done),
                           [lease = to_lease(lease), events = std::move(events)](auto& self, std::size_t to, auto then) {
                             self.window_.expire(self.now());
                             auto end = self.settled(self.window_.ack(lease, events));
                             self.template answer<acknowledgement>(to, std::move(then), std::move(end));
                             self.pull();
                             self.serve();
                           });
}

void competing_consumers::nack(std::string lease, std::vector<event_id> events, nack_action action, std::string reason, std::size_t worker,
                               callback<result<acknowledgement>> done) {
  on_lane<acknowledgement>(
      worker, std::move(done),
      [lease = to_lease(lease), events = std::move(events), action, reason = std::move(reason)](auto& self, std::size_t to, auto then) {
        auto const at = self.now();
        self.window_.expire(at);
        auto end = self.settled(self.window_.nack(lease, events, action, reason, at));
        self.template answer<acknowledgement>(to, std::move(then), std::move(end));
        self.pull();
        self.serve();
      });
}

result<acknowledgement> competing_consumers::settled(std::optional<acknowledgement> end) {
  auto stored = store();
  if (!end) return fail(errc::lease_expired, "none of these events is in that lease of '" + name_ + "' any more");
  if (!stored) return std::unexpected(std::move(stored.error()));
  return std::move(*end);
}

void competing_consumers::end_waits() {
  lane_->run([self = shared_from_this()] {
    for (auto& each : self->waiters_) each.deadline = {};
    self->serve();
  });
}

void competing_consumers::parked(position after, std::size_t limit, std::size_t worker, callback<result<parked_page>> done) {
  on_lane<parked_page>(worker, std::move(done), [after, limit](auto& self, std::size_t to, auto then) {
    auto page = read_parked(self.with_.store, self.name_, after, std::clamp<std::size_t>(limit, 1, self.with_.max_page_events));
    if (page)
      for (auto& each : page->events) each.replaying = self.window_.replaying(each.at);
    self.template answer<parked_page>(to, std::move(then), std::move(page));
  });
}

void competing_consumers::replay_parked(std::size_t limit, bool only_count, std::size_t worker, callback<result<std::uint64_t>> done) {
  on_lane<std::uint64_t>(worker, std::move(done), [limit, only_count](auto& self, std::size_t to, auto then) {
    std::uint64_t count = 0;
    position after{};
    for (bool more = true; more && count < limit;) {
      auto const page = read_parked(self.with_.store, self.name_, after, 100);
      if (!page) return self.template answer<std::uint64_t>(to, std::move(then), std::unexpected(page.error()));
      for (auto const& each : page->events) {
        if (count == limit || self.window_.replaying(each.at)) continue;
        if (!only_count) {
          auto event = self.read(each.at);
          if (!event) return self.template answer<std::uint64_t>(to, std::move(then), std::unexpected(std::move(event.error())));
          self.window_.replay(std::move(*event));
        }
        ++count;
      }
      more = page->next.has_value();
      if (more) after = *page->next;
    }
    self.template answer<std::uint64_t>(to, std::move(then), count);
    self.serve();
  });
}

result<recorded_event> competing_consumers::read(position at) const {
  std::optional<recorded_event> found;
  auto end = with_.store.scan_log(position{at.value() - 1}, 1, {}, [&](persistence::event_view const& event) {
    found = persistence::to_recorded(with_.store, event);
    return false;
  });
  if (!end) return std::unexpected(std::move(end.error()));
  if (!found || found->position != at) return fail(errc::corrupt, "there is no event at position " + std::to_string(at.value()));
  return std::move(*found);
}

result<void> competing_consumers::store() {
  unstored_ = joined(std::move(unstored_), window_.take_changes());
  checkpoint_.store(window_.checkpoint().value(), std::memory_order_relaxed);
  parked_count_.store(window_.parked(), std::memory_order_relaxed);
  if (!unstored_.any()) return {};
  auto end = write_changes(with_.store, name_, unstored_, window_.stored());
  if (end) unstored_ = {};
  return end;
}

// -- the log

void competing_consumers::pull() {
  if (pulling_ || why_ended_ || !window_.wants_more()) return;
  if (!source_) {
    subscription_request wanted;
    wanted.after = window_.examined();
    wanted.filter = settings_.filter;
    wanted.raw = settings_.raw;
    wanted.max_events = std::min<std::size_t>(settings_.max_unacknowledged, max_source_batch);
    auto made = with_.subscribe(std::move(wanted));
    if (!made) return took(std::unexpected(std::move(made.error())));
    source_ = std::move(*made);
  }
  pulling_ = true;
  source_->next(source_wait, [self = shared_from_this()](result<subscription_batch> batch) {
    self->lane_->run([self, batch = std::move(batch)]() mutable {
      self->pulling_ = false;
      self->took(std::move(batch));
    });
  });
}

void competing_consumers::took(result<subscription_batch> batch) {
  if (why_ended_) return;
  if (!batch) {
    source_.reset();
    if (batch.error().code == errc::draining) return;
    // Asked again by whoever comes next, or by the timer.
    auto const again = [self = shared_from_this()] { self->lane_->run([self] { self->pull(); }); };
    return with_.workers.post(home_, [self = shared_from_this(), again] {
      auto const timer = std::make_shared<boost::asio::steady_timer>(self->with_.workers.context(self->home_), source_pause);
      timer->async_wait([timer, again](boost::system::error_code) { again(); });
    });
  }
  // What shows nothing is none of the consumers' business: the checkpoint passes it.
  if (!as_stored())
    std::erase_if(batch->events, [this](recorded_event const& each) {
      auto const parts = with_.events.read(each, settings_.filter.event_types);
      return parts && parts->empty();
    });
  window_.offer(std::move(batch->events), batch->checkpoint, now());
  static_cast<void>(store());  // what does not succeed is stored with the next
  pull();
  serve();
}

// -- those who wait

void competing_consumers::serve() {
  if (why_ended_) return;
  window_.expire(now());
  while (!waiters_.empty()) {
    auto& first = waiters_.front();
    auto batch = lease(first.limit);
    if (batch.deliveries.empty() && steady::now() < first.deadline) break;
    answer<delivery_batch>(first.worker, std::move(first.done), std::move(batch));
    waiters_.pop_front();
  }
  // Those behind the first whose wait ends before its.
  std::erase_if(waiters_, [this](waiter& each) {
    if (steady::now() < each.deadline) return false;
    answer<delivery_batch>(each.worker, std::move(each.done), delivery_batch{});
    return true;
  });
  static_cast<void>(store());
  arm();
}

delivery_batch competing_consumers::lease(std::size_t limit) {
  auto const at = now();
  delivery_window::lease_id id = 0;
  while (id == 0) id = with_.random.next();
  delivery_batch made;
  // Again while there are events, but none to be shown: else whoever waits would wait on behind them.
  for (bool more = true; more && made.deliveries.empty();) {
    auto leased = window_.fetch(id, limit, at);
    more = !leased.empty();
    made.deliveries = as_stored() ? std::move(leased) : shown(std::move(leased), at);
  }
  if (!made.deliveries.empty()) {
    made.lease = to_text(id);
    made.expires = at + settings_.lease;
  }
  auto const head = with_.store.head();
  made.lag_events = head.value() - std::min(head, window_.checkpoint()).value();
  return made;
}

std::vector<delivery> competing_consumers::shown(std::vector<delivery> leased, timestamp at) {
  std::vector<delivery> all;
  std::set<std::pair<std::string, std::string>> given_back;
  for (auto& each : leased) {
    std::pair stream{each.event.stream_type.str(), each.event.stream_id.str()};
    if (given_back.contains(stream)) continue;
    auto const where = each.event.position;
    auto parts = with_.events.read(std::move(each.event), settings_.filter.event_types);
    if (!parts) {
      auto& why = parts.error().message;
      why.resize(utf8_prefix(why.substr(0, max_reason_bytes)));
      window_.give_up(where, std::move(why), at);
      given_back.insert(std::move(stream));
      continue;
    }
    if (parts->empty()) window_.pass(where);
    for (auto& part : *parts) all.push_back({std::move(part), each.attempt});
  }
  return all;
}

/// Wakes for whoever waits: when the first wait ends, or when an event becomes free by time alone.
void competing_consumers::arm() {
  if (waiters_.empty()) return;
  auto at = std::ranges::min_element(waiters_, {}, &waiter::deadline)->deadline;
  auto const present = now();
  if (auto const moment = window_.next_moment(present))
    at = std::min(at, steady::now() + std::max<steady::duration>(1ms, std::chrono::ceil<milliseconds>(*moment - present)));
  with_.workers.post(home_, [self = shared_from_this(), at, turn = ++armed_] {
    if (!self->timer_) self->timer_.emplace(self->with_.workers.context(self->home_));
    self->timer_->expires_at(at);
    self->timer_->async_wait([self, turn](boost::system::error_code) {
      self->lane_->run([self, turn] {
        if (turn == self->armed_) self->serve();
      });
    });
  });
}

}  // namespace evoke::detail
