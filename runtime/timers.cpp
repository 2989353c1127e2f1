#include <charconv>
#include <utility>

#include "runtime/runtime_core.hpp"

/// Timers: fired ones on their way to their aggregates, and the list of those that are set.
namespace evoke {
namespace {

/// What one page of a type looks at: a rare one costs several pages, not one that never ends.
constexpr std::size_t max_examined = 10'000;

using persistence::timer_place;

std::string cursor_of(timer_place const& at) {
  return std::to_string(at.due.time_since_epoch().count()) + ":" + std::to_string(at.type) + ":" + std::to_string(at.id.size()) + ":" +
         at.id + at.name;
}

template <class Number>
bool take_number(std::string_view& text, Number& out) {
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end == text.data() + text.size() || *end != ':') return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  return true;
}

bool read_cursor(std::string_view text, timer_place& out) {
  std::int64_t due = 0;
  std::size_t id_bytes = 0;
  if (!take_number(text, due) || !take_number(text, out.type) || !take_number(text, id_bytes) || id_bytes > text.size()) return false;
  out.due = timestamp(std::chrono::microseconds(due));
  out.id = text.substr(0, id_bytes);
  out.name = text.substr(id_bytes);
  return true;
}

}  // namespace

void runtime_core::fire(timer_place const& at, std::move_only_function<void(command_result)> done) {
  if (auto why = refusal()) return done(std::move(*why));
  auto const name = store_->name_of(persistence::name_kind::aggregate_type, at.type);
  auto const* const type = bound_.find(name);
  if (type == nullptr || type->definition == nullptr)
    return done(failure{errc::unknown_type, "no aggregate type " + std::string(name) + " is registered", {}, {}, {}});
  if (!open_.admit()) return done(failure{errc::overloaded, "too many commands are open", {}, {}, 100});
  boost::intrusive_ptr<actors::open_command> opened(
      new actors::open_command(services_, open_, *type, aggregate_id::trusted(at.id), workers_.here_or_next(), std::move(done)));
  opened->meter = &meter_;
  opened->fired = actors::fired_timer{at.name, at.due};
  host_.aggregates().deliver(std::move(opened));
}

void runtime_core::timers(timers_request request, callback<result<timers_page>> done) {
  auto const refuse = [&](failure why) {
    tell_soon([done = std::move(done), why = std::move(why)]() mutable { done(std::unexpected(std::move(why))); });
  };
  persistence::name_id only = 0;
  if (!request.type.empty()) {
    only = store_->find_name(persistence::name_kind::aggregate_type, request.type);
    if (only == 0) return refuse({errc::unknown_type, "there is no aggregate type " + request.type, {}, {}, {}});
  } else if (!request.id.empty()) {
    return refuse({errc::invalid_argument, "timers of an id want its aggregate type, too", {}, {}, {}});
  }
  timer_place after{timestamp::min(), 0, {}, {}};
  if (!request.cursor.empty() && !read_cursor(request.cursor, after))
    return refuse({errc::invalid_argument, "this is no cursor of a list of timers", {}, {}, {}});
  auto const limit = std::clamp<std::size_t>(request.limit, 1, options_.limits.max_page_events);
  read<timers_page>(std::move(done), [this, only, id = std::move(request.id), after = std::move(after), limit] {
    return id.empty() ? timers_now(only, after, limit) : timers_now({only, id}, after, limit);
  });
}

timers_page runtime_core::described(std::vector<persistence::stored_timer> found, std::optional<std::string> next) const {
  std::vector<std::pair<timer_place, pending_timer>> told;
  for (auto& each : found) {
    pending_timer timer;
    timer.type = store_->name_of(persistence::name_kind::aggregate_type, each.at.type);
    timer.id = each.at.id;
    timer.name = each.at.name;
    timer.due = each.at.due;
    timer.command = std::move(each.command);
    timer.body = std::move(each.body);
    timer.set_by = each.set_by;
    timer.correlation_id = std::move(each.correlation_id);
    told.emplace_back(std::move(each.at), std::move(timer));
  }
  timers_->describe(told);
  timers_page page;
  for (auto& [at, timer] : told) page.timers.push_back(std::move(timer));
  page.next = std::move(next);
  return page;
}

result<timers_page> runtime_core::timers_now(persistence::name_id only, timer_place const& after, std::size_t limit) const {
  std::vector<persistence::stored_timer> found;
  std::optional<std::string> next;
  std::size_t examined = 0;
  std::size_t bytes = 0;
  timer_place last = after;
  auto const visit = [&](persistence::stored_timer const& each) {
    if (found.size() == limit || examined == max_examined || bytes >= options_.limits.max_page_bytes) {
      next = cursor_of(last);
      return false;
    }
    ++examined;
    last = each.at;
    if (only != 0 && each.at.type != only) return true;
    bytes += each.body.size() + 256;
    found.push_back(each);
    return true;
  };
  auto scanned = store_->scan_timers(after, timestamp::max(), visit, [](std::string_view) {});
  if (!scanned) return std::unexpected(scanned.error());
  return described(std::move(found), std::move(next));
}

result<timers_page> runtime_core::timers_now(persistence::stream_ref stream, timer_place const& after, std::size_t limit) const {
  auto all = store_->timers_of(stream);
  if (!all) return std::unexpected(all.error());
  std::vector<persistence::stored_timer> found;
  for (auto const& each : *all) {
    auto timer = store_->find_timer(stream, each.name);
    if (!timer) return std::unexpected(timer.error());
    if (*timer && (*timer)->at > after) found.push_back(std::move(**timer));
  }
  std::ranges::sort(found, {}, &persistence::stored_timer::at);
  std::optional<std::string> next;
  if (found.size() > limit) {
    found.resize(limit);
    next = cursor_of(found.back().at);
  }
  return described(std::move(found), std::move(next));
}

}  // namespace evoke
