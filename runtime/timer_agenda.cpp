#include "runtime/timer_agenda.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace evoke::detail {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::nanoseconds longest_quiet = 500ms;
constexpr std::chrono::nanoseconds page_retry = 1s;
constexpr std::chrono::microseconds leap_tolerance = 1s;
constexpr auto last_type = std::numeric_limits<std::uint32_t>::max();

std::string name_key(std::uint32_t type, std::string_view id, std::string_view name) {
  std::string key(reinterpret_cast<char const*>(&type), sizeof type);
  key.append(id).push_back('\0');
  return key.append(name);
}
std::string name_key(timer_place const& at) {
  return name_key(at.type, at.id, at.name);
}

/// Behind everything that is due at `time`.
timer_place end_of(timestamp time) {
  return {time, last_type, {}, {}};
}

/// What trying again soon cannot mend.
bool needs_a_person(errc code) noexcept {
  return code == errc::unknown_type || code == errc::unknown_command || code == errc::malformed || code == errc::corrupt;
}

}  // namespace

timer_agenda::timer_agenda(timer_options how, timestamp now, nanoseconds steady)
    : how_(how), horizon_{timestamp::min(), 0, {}, {}}, late_until_(now), tokens_(1), last_now_(now), last_steady_(steady) {}

// ---- what commits tell

void timer_agenda::set(timer_place at) {
  apply({std::move(at), true});
}

void timer_agenda::cancel(std::uint32_t type, std::string_view id, std::string_view name) {
  apply({{{}, type, std::string(id), std::string(name)}, false});
}

void timer_agenda::apply(told_change change) {
  if (reading_) {
    if (meanwhile_.size() < how_.max_near)
      meanwhile_.push_back(change);
    else
      spoiled_ = true;
  }
  auto const key = name_key(change.at);
  forget(key);
  if (!change.set) return;
  if (auto const flying = in_flight_.find(change.at); flying != in_flight_.end()) {
    flying->second.again = true;
    due_by_name_[key] = change.at.due;
    return;
  }
  if (change.at > horizon_) return;
  wait_for(std::move(change.at));
  keep_small();
}

/// Whatever waits under that name. What is in flight stays: its end will be told.
void timer_agenda::forget(std::string const& key) {
  auto const known = due_by_name_.find(key);
  if (known == due_by_name_.end()) return;
  timer_place at;
  std::copy_n(key.data(), sizeof at.type, reinterpret_cast<char*>(&at.type));
  auto const end_of_id = key.find('\0', sizeof at.type);
  at.due = known->second;
  at.id = key.substr(sizeof at.type, end_of_id - sizeof at.type);
  at.name = key.substr(end_of_id + 1);
  waiting_.erase(at);
  if (auto const failed = failing_.find(at); failed != failing_.end()) {
    retries_.erase({failed->second.next, at});
    failing_.erase(failed);
  }
  if (auto const flying = in_flight_.find(at); flying != in_flight_.end()) flying->second.again = false;
  due_by_name_.erase(known);
}

void timer_agenda::wait_for(timer_place at) {
  due_by_name_[name_key(at)] = at.due;
  waiting_.insert(std::move(at));
}

/// What waits behind the new horizon is left to the index again.
void timer_agenda::draw_in(timer_place horizon) {
  horizon_ = std::move(horizon);
  whole_ = false;
  while (!waiting_.empty() && *waiting_.rbegin() > horizon_) {
    auto const last = std::prev(waiting_.end());
    due_by_name_.erase(name_key(*last));
    waiting_.erase(last);
  }
}

/// More than may be near: the last ones go.
void timer_agenda::keep_small() {
  if (waiting_.size() <= how_.max_near) return;
  draw_in(*std::next(waiting_.begin(), static_cast<std::ptrdiff_t>(how_.max_near) - 1));
}

// ---- reading the index

std::optional<timer_agenda::page> timer_agenda::next_page(timestamp now, nanoseconds steady) {
  note_clock(now, steady);
  if (reading_ || steady < next_reading_) return std::nullopt;
  if (put_off_ && steady >= put_off_until_) {
    draw_in(std::min(horizon_, end_of(put_off_->due - 1us)));
    put_off_.reset();
  }
  if (waiting_.size() > how_.max_near / 2) return std::nullopt;
  auto const until = now + how_.near_time;
  if (whole_ && horizon_.due >= now + how_.near_time / 2) return std::nullopt;
  if (horizon_ >= end_of(until)) return std::nullopt;
  meanwhile_.clear();
  spoiled_ = false;
  reading_ = page{horizon_, until, how_.max_near - waiting_.size()};
  return reading_;
}

void timer_agenda::page_read(std::vector<timer_place> found, bool whole) {
  auto const asked = *std::exchange(reading_, std::nullopt);
  // What was read must lie right behind what is here; else it is read again.
  if (spoiled_ || horizon_ != asked.after) return;
  horizon_ = whole || found.empty() ? end_of(asked.until) : found.back();
  whole_ = whole || found.empty();
  for (auto& each : found) {
    if (in_flight_.contains(each) || failing_.contains(each)) continue;
    forget(name_key(each));
    wait_for(std::move(each));
  }
  for (auto& each : std::exchange(meanwhile_, {})) apply(std::move(each));
  keep_small();
}

void timer_agenda::page_failed(nanoseconds steady) {
  reading_.reset();
  next_reading_ = steady + page_retry;
}

// ---- firing

void timer_agenda::note_clock(timestamp now, nanoseconds steady) {
  auto const passed = steady - last_steady_;
  auto const expected = last_now_ + std::chrono::duration_cast<std::chrono::microseconds>(passed);
  if (now > expected + leap_tolerance) late_until_ = now;
  if (now < expected - leap_tolerance) late_until_ = std::min(late_until_, now);
  auto const most = std::max(1.0, how_.late_per_second / 10.0);
  tokens_ = std::min(most, tokens_ + std::chrono::duration<double>(passed).count() * how_.late_per_second);
  last_now_ = now;
  last_steady_ = steady;
}

std::vector<timer_place> timer_agenda::take_due(timestamp now, nanoseconds steady) {
  note_clock(now, steady);
  std::vector<timer_place> out;
  retry_due(now, steady, out);
  while (!waiting_.empty() && in_flight_.size() < how_.max_in_flight) {
    auto const next = waiting_.begin();
    if (next->due > now || *next > horizon_) break;
    if (next->due <= late_until_) {
      if (tokens_ < 1) break;
      tokens_ -= 1;
    }
    out.push_back(*next);
    in_flight_.emplace(*next, flight{});
    waiting_.erase(next);
  }
  return out;
}

/// Those that fail take half of the places at most.
void timer_agenda::retry_due(timestamp now, nanoseconds steady, std::vector<timer_place>& out) {
  while (!retries_.empty() && retries_.begin()->first <= steady && in_flight_.size() < places_for_retries()) {
    auto at = retries_.begin()->second;
    retries_.erase(retries_.begin());
    auto const known = failing_.find(at);
    if (at.due > now) {  // the clock went back
      known->second.next = steady + longest_quiet;
      retries_.emplace(known->second.next, std::move(at));
      continue;
    }
    in_flight_.emplace(at, flight{false, std::move(known->second)});
    failing_.erase(known);
    out.push_back(std::move(at));
  }
}

void timer_agenda::fired(timer_place const& at) {
  auto const flying = in_flight_.find(at);
  if (flying == in_flight_.end()) return;
  bool const again = flying->second.again;
  in_flight_.erase(flying);
  if (again && at <= horizon_) {
    wait_for(at);
    return keep_small();
  }
  auto const known = due_by_name_.find(name_key(at));
  if (known != due_by_name_.end() && known->second == at.due) due_by_name_.erase(known);
}

void timer_agenda::failed(timer_place const& at, failure const& why, nanoseconds steady) {
  auto const flying = in_flight_.find(at);
  if (flying == in_flight_.end()) return;
  auto now = std::move(flying->second.before).value_or(trouble{});
  in_flight_.erase(flying);
  auto const key = name_key(at);
  if (auto const known = due_by_name_.find(key); known != due_by_name_.end() && known->second != at.due) return;  // it was moved
  ++now.attempts;
  now.error = std::string(name_of(why.code)) + ": " + why.message;
  now.next = steady + delay_of(why, now.attempts);
  if (failing_.size() >= how_.max_failing) {
    due_by_name_.erase(key);
    if (!put_off_) put_off_until_ = steady + how_.max_retry_delay;
    put_off_ = put_off_ ? std::min(*put_off_, at) : at;
    return;
  }
  due_by_name_[key] = at.due;
  retries_.emplace(now.next, at);
  failing_.emplace(at, std::move(now));
}

timer_agenda::nanoseconds timer_agenda::delay_of(failure const& why, std::uint32_t attempts) const {
  if (needs_a_person(why.code)) return how_.max_retry_delay;
  auto delay = how_.first_retry_delay;
  for (std::uint32_t i = 1; i < attempts && delay < how_.max_retry_delay; ++i) delay *= 4;
  return std::min(delay, how_.max_retry_delay);
}

// ---- what there is

timer_agenda::nanoseconds timer_agenda::quiet(timestamp now, nanoseconds steady) const {
  auto soonest = longest_quiet;
  if (!waiting_.empty() && in_flight_.size() < how_.max_in_flight && *waiting_.begin() <= horizon_) {
    auto const due = waiting_.begin()->due;
    if (due > now)
      soonest = std::min<nanoseconds>(soonest, std::min<std::chrono::microseconds>(due - now, 1s));
    else if (due <= late_until_ && tokens_ < 1)
      soonest = std::min(soonest, nanoseconds(static_cast<std::int64_t>((1 - tokens_) / how_.late_per_second * 1e9)));
    else
      return {};
  }
  if (!retries_.empty() && in_flight_.size() < places_for_retries()) soonest = std::min(soonest, retries_.begin()->first - steady);
  return std::max<nanoseconds>(soonest, 1ms);
}

timer_agenda::trouble const* timer_agenda::trouble_of(timer_place const& at) const {
  if (auto const found = failing_.find(at); found != failing_.end()) return &found->second;
  auto const flying = in_flight_.find(at);
  return flying != in_flight_.end() && flying->second.before ? &*flying->second.before : nullptr;
}

timer_agenda::nanoseconds timer_agenda::lag(timestamp now) const {
  auto oldest = now;
  if (!waiting_.empty()) oldest = std::min(oldest, waiting_.begin()->due);
  if (!in_flight_.empty()) oldest = std::min(oldest, in_flight_.begin()->first.due);
  if (!failing_.empty()) oldest = std::min(oldest, failing_.begin()->first.due);
  return now - oldest;
}

}  // namespace evoke::detail
