#include "runtime/subscription_state.hpp"

#include <algorithm>
#include <utility>

#include "persistence/log_match.hpp"

namespace evoke {
namespace {

using namespace std::chrono_literals;

/// One look at the groups in memory goes through no more than this before others have their turn on the worker.
constexpr std::uint64_t max_looked_at = 2'000;
/// One read of the journal goes through no more than this.
constexpr std::uint64_t max_read = 20'000;
/// A filter that found nothing in what came is asked again after this, not at every group: a thousand that match rarely would cost more
/// than all commands.
constexpr auto rare_match_pause = 10ms;
/// When the background threads have too much to do.
constexpr auto crowded_pause = 50ms;

failure stopping() {
  return {errc::draining, "the runtime is stopping", {}, {}, {}};
}

}  // namespace

subscription::state::state(world with, std::shared_ptr<persistence::log_feed> feed, std::shared_ptr<detail::subscription_book> book,
                           wanted request, std::size_t home)
    : with_(with),
      feed_(std::move(feed)),
      following_(*feed_),
      book_(std::move(book)),
      request_(std::move(request)),
      home_(home),
      cursor_(request_.after) {}

subscription::state::~state() {
  book_->leave(this);
}

std::optional<persistence::stream_ref> subscription::state::stream() const {
  if (!request_.stream_type) return std::nullopt;
  return persistence::stream_ref{*request_.stream_type, request_.stream_id};
}

bool subscription::state::reads_all() const {
  return !request_.stream_type && persistence::wants_everything(request_.filter);
}

template <class Step>
void subscription::state::at_home(Step step) {
  with_.answers.run_on(home_, [self = shared_from_this(), step = std::move(step)]() mutable { step(*self); });
}

// -- asking, any thread

void subscription::state::ask(milliseconds wait, on_batch done) {
  if (ended_.load(std::memory_order_acquire)) return done(fail(stopping()));
  at_home([wait, done = std::move(done)](state& self) mutable { self.begin(wait, std::move(done)); });
}

void subscription::state::cancel() noexcept {
  if (ended_.load(std::memory_order_acquire)) return;
  at_home([](state& self) {
    self.cancelled_ = true;
    self.refuse({errc::cancelled, "the subscription was cancelled", {}, {}, {}});
  });
}

void subscription::state::end() {
  if (ended_.exchange(true, std::memory_order_acq_rel)) return;
  at_home([](state& self) {
    self.refuse(stopping());
    self.timer_.reset();  // its io_context goes before a handle that somebody keeps
  });
}

void subscription::state::wake(position passed) noexcept {
  if (ended_.load(std::memory_order_acquire)) return;
  at_home([passed](state& self) {
    if (self.phase_ != phase::armed) return;
    self.stop_timer();
    self.cursor_ = std::max(self.cursor_, passed);
    self.look();
  });
}

// -- looking, at home

void subscription::state::begin(milliseconds wait, on_batch done) {
  if (ended_.load(std::memory_order_acquire)) return done(fail(stopping()));
  if (cancelled_) return done(fail(errc::cancelled, "the subscription was cancelled"));
  if (done_) return done(fail(errc::invalid_argument, "the batch before this one was not answered yet: ask for one at a time"));
  done_ = std::move(done);
  deadline_ = steady::now() + std::clamp<milliseconds>(wait, 0ms, 24h);
  batch_ = {};
  batch_bytes_ = 0;
  look();
}

void subscription::state::look() {
  phase_ = phase::looking;
  if (done_) look_in_memory();
}

void subscription::state::look_in_memory() {
  std::uint64_t looked_at = 0;
  while (cursor_ < feed_->head()) {
    auto const group = feed_->group_behind(cursor_);
    if (!group) return read_log();
    looked_at += group->events.size();
    auto const room = take(*group);
    // What does not read ends the batch, and the next one begins with it.
    if (!room && batch_.events.empty()) return refuse(room.error());
    if (!room || !*room) return deliver();
    if (looked_at < max_looked_at) continue;
    if (!batch_.events.empty()) return deliver();
    return with_.workers.post(home_, [self = shared_from_this()] { self->look(); });
  }
  if (!batch_.events.empty()) return deliver();
  if (looked_at > 0 && !reads_all()) return pause(rare_match_pause);
  wait_for_more();
}

/// Takes what matches. False when the batch is full: the rest of the group is for the next one.
result<bool> subscription::state::take(persistence::live_group const& group) {
  auto const mine = stream();
  for (auto const& event : group.events) {
    if (event.position <= cursor_) continue;
    bool const matching = mine ? event.stream_type == mine->type && event.stream_id == mine->id : matches(request_.filter, event);
    auto const room = matching ? add(event, batch_, batch_bytes_) : true;
    if (!room) return room;
    cursor_ = event.position;
    if (!*room) return false;
  }
  return true;
}

result<bool> subscription::state::add(persistence::event_view const& event, subscription_batch& into, std::size_t& bytes) const {
  auto const read = with_.events.read(event, request_.how, [&](recorded_event made) {
    bytes += made.data.size() + made.meta.extra.size() + 256;
    into.events.push_back(std::move(made));
  });
  if (!read) return std::unexpected(read.error());
  return into.events.size() < request_.max_events && bytes < with_.limits.max_page_bytes;
}

void subscription::state::wait_for_more() {
  if (steady::now() >= deadline_) return deliver();
  phase_ = phase::armed;
  if (!feed_->arm(shared_from_this(), cursor_, stream())) {
    phase_ = phase::looking;
    // Something came in between; look again, but let others have their turn.
    return with_.workers.post(home_, [self = shared_from_this()] { self->look(); });
  }
  pause(std::chrono::ceil<milliseconds>(deadline_ - steady::now()));
}

void subscription::state::pause(milliseconds how_long) {
  if (phase_ != phase::armed) phase_ = phase::pausing;
  if (!timer_) timer_.emplace(with_.workers.context(home_));
  timer_->expires_at(std::min(deadline_, steady::now() + how_long));
  timer_->async_wait([self = shared_from_this(), turn = ++turn_](boost::system::error_code) {
    if (turn == self->turn_) self->on_timer();
  });
}

void subscription::state::stop_timer() {
  ++turn_;
  if (timer_) timer_->cancel();
}

void subscription::state::on_timer() {
  if (phase_ == phase::armed) {
    auto const passed = feed_->disarm(*this, stream());
    if (!passed) return;  // woken in this moment: that will look
    cursor_ = std::max(cursor_, *passed);
    phase_ = phase::looking;
    return deliver();
  }
  if (phase_ == phase::pausing) look();
}

// -- reading the journal, on a background thread

void subscription::state::read_log() {
  if (!batch_.events.empty()) return deliver();
  struct read {
    subscription_batch batch;
    result<position> end;
  };
  auto const turn = ++turn_;
  bool const taken = with_.pool.try_submit(
      [self = shared_from_this(), from = cursor_, turn] {
        auto got = std::make_shared<read>();
        got->end = self->stream() ? self->read_stream_behind(from, got->batch) : self->read_behind(from, got->batch);
        self->at_home([got, turn](state& home) {
          if (turn != home.turn_ || !home.done_) return;
          if (!got->end) return home.refuse(std::move(got->end.error()));
          home.cursor_ = *got->end;
          home.batch_.events = std::move(got->batch.events);
          if (!home.batch_.events.empty() || steady::now() >= home.deadline_) return home.deliver();
          home.look();
        });
      },
      with_.limits.max_waiting_reads);
  if (!taken) pause(crowded_pause);
}

result<position> subscription::state::read_behind(position after, subscription_batch& into) const {
  std::size_t bytes = 0;
  bool full = false;
  std::optional<result<position>> cut;
  auto const end = with_.store.scan_log(after, max_read, request_.filter, [&](persistence::event_view const& event) {
    auto const room = add(event, into, bytes);
    if (!room) cut = found_until(event, room.error(), into);
    full = room && !*room;
    return room && *room;
  });
  if (!end) return std::unexpected(end.error());
  if (cut) return *cut;
  return full ? into.events.back().position : std::max(end->examined, after);
}

/// Where a batch ends that met an event which does not read: in front of it, so that the next begins with it.
result<position> subscription::state::found_until(persistence::event_view const& unread, failure why, subscription_batch const& so_far) {
  if (so_far.events.empty()) return std::unexpected(std::move(why));
  return position{unread.position.value() - 1};
}

/// A stream's events are few in a long log: its own order leads to them.
result<position> subscription::state::read_stream_behind(position after, subscription_batch& into) const {
  auto const head = with_.store.head();
  auto const mine = *stream();
  // Whoever resumes does so behind an event of this stream: that one tells the version to begin at. Else all are gone through.
  version from{1};
  if (after != position{}) {
    auto const found = with_.store.scan_log(position{after.value() - 1}, 1, {}, [&](persistence::event_view const& event) {
      if (event.position == after && event.stream_type == mine.type && event.stream_id == mine.id) from = event.version.next();
      return false;
    });
    if (!found) return std::unexpected(found.error());
  }
  std::size_t bytes = 0;
  bool full = false;
  std::optional<result<position>> cut;
  auto const end = with_.store.scan_stream(mine, from, [&](persistence::event_view const& event) {
    if (event.position <= after) return true;
    auto const room = add(event, into, bytes);
    if (!room) cut = found_until(event, room.error(), into);
    full = room && !*room;
    return room && *room;
  });
  if (!end) return std::unexpected(end.error());
  if (cut) return *cut;
  if (full) return into.events.back().position;
  // Everything of this stream up to `head` was there to be read; a later one may have been, too.
  return into.events.empty() ? std::max(head, after) : std::max({head, after, into.events.back().position});
}

// -- answering, at home

void subscription::state::deliver() {
  stop_timer();
  phase_ = phase::idle;
  batch_.checkpoint = cursor_;
  batch_.head = std::max(feed_->head(), cursor_);
  auto answer = std::exchange(batch_, {});
  if (auto done = std::exchange(done_, nullptr)) done(std::move(answer));
}

void subscription::state::refuse(failure why) {
  stop_timer();
  if (phase_ == phase::armed) static_cast<void>(feed_->disarm(*this, stream()));
  phase_ = phase::idle;
  if (auto done = std::exchange(done_, nullptr)) done(std::unexpected(std::move(why)));
}

// -- the handle

subscription::subscription(std::shared_ptr<state> made) noexcept : state_(std::move(made)) {}
subscription::subscription(subscription&&) noexcept = default;

subscription& subscription::operator=(subscription&& other) noexcept {
  if (this != &other) {
    if (state_) state_->cancel();
    state_ = std::move(other.state_);
  }
  return *this;
}

subscription::~subscription() {
  if (state_) state_->cancel();
}

void subscription::next(std::chrono::milliseconds wait, on_batch done) {
  state_->ask(wait, std::move(done));
}

std::future<result<subscription_batch>> subscription::next(std::chrono::milliseconds wait) {
  auto promise = std::make_shared<std::promise<result<subscription_batch>>>();
  auto waiting = promise->get_future();
  next(wait, [promise](result<subscription_batch> end) { promise->set_value(std::move(end)); });
  return waiting;
}

void subscription::cancel() noexcept {
  if (state_) state_->cancel();
}

}  // namespace evoke
