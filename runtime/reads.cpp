#include <algorithm>
#include <deque>
#include <utility>

#include "actors/fold.hpp"
#include "runtime/causation.hpp"
#include "runtime/runtime_core.hpp"

/// Reads: of a resident aggregate through its actor, of everything else from what is stored, on the background threads.
namespace evoke {

result<actors::bound_type const*> runtime_core::known_type(std::string_view name) const {
  auto const* const type = bound_.find(name);
  if (type == nullptr) return fail(errc::unknown_type, "there is no aggregate type " + std::string(name));
  return type;
}

void runtime_core::state(state_request request, callback<result<state_reply>> done) {
  auto const refuse = [&](failure why) {
    tell_soon([done = std::move(done), why = std::move(why)]() mutable { done(std::unexpected(std::move(why))); });
  };
  auto type = known_type(request.type);
  if (!type) return refuse(type.error());
  auto const& bound = **type;
  if (bound.definition == nullptr)
    return refuse({errc::not_found, "type " + request.type + " has raw events only: it has no state", {}, {}, {}});
  auto id = aggregate_id::parse(request.id);
  if (!id) return refuse(id.error());
  if (request.at_version && request.at_time) return refuse({errc::invalid_argument, "give a version or a time, not both", {}, {}, {}});
  if (request.at_version && *request.at_version == version{})
    return refuse({errc::not_found, "version 0 is before the first event", {}, {}, {}});

  bool const now = !request.at_version && !request.at_time;
  if (now && host_.aggregates().resident(bound, request.id)) {
    if (!open_.admit()) return refuse({errc::overloaded, "too many commands are open", {}, {}, 100});
    return host_.aggregates().deliver(
        new actors::open_read(services_, open_, bound, std::move(*id), workers_.here_or_next(), std::move(done)));
  }
  actors::fold_limits until;
  until.at_version = request.at_version;
  until.at_time = request.at_time;
  if (!now) {
    until.max_events = options_.limits.max_history_events;
    until.max_time = options_.limits.max_history_time;
  }
  read<state_reply>(std::move(done), [this, &bound, id = std::move(*id), until]() -> result<state_reply> {
    auto folded = actors::fold(services_, bound, id, until);
    if (!folded) return std::unexpected(folded.error());
    auto const place = bound.name.str() + "/" + id.str();
    if (folded->version == version{}) return fail(errc::not_found, "there is no " + place + (until.at_time ? " at that time" : ""));
    if (until.at_version && folded->version != *until.at_version)
      return fail(errc::not_found, place + " has no version " + std::to_string(until.at_version->value()));
    state_reply reply{folded->version, folded->position, folded->time, {}};
    if (auto encoded = folded->state->encode(reply.state); !encoded) return std::unexpected(encoded.error());
    return reply;
  });
}

void runtime_core::read_stream(stream_request request, callback<result<stream_page>> done) {
  auto type = known_type(request.type);
  auto id = aggregate_id::parse(request.id);
  if (!type || !id)
    return tell_soon([done = std::move(done), why = type ? id.error() : type.error()]() mutable { done(std::unexpected(std::move(why))); });
  read<stream_page>(std::move(done), [this, &bound = **type, request = std::move(request)] { return stream_page_now(bound, request); });
}

result<stream_page> runtime_core::stream_page_now(actors::bound_type const& type, stream_request const& request) const {
  persistence::stream_ref const stream{type.number, request.id};
  auto head = store_->head_of(stream);
  if (!head) return std::unexpected(head.error());
  if (head->version == version{}) return fail(errc::not_found, "there is no stream " + request.type + "/" + request.id);
  auto const limit = std::clamp<std::size_t>(request.limit, 1, options_.limits.max_page_events);
  bool const backward = request.direction == direction::backward;

  // A backward page is a forward range that ends where the page begins: streams are never iterated backwards.
  auto const last = backward && request.from != version{} ? std::min(request.from, head->version) : head->version;
  auto first = request.from == version{} ? version{1} : request.from;
  if (backward) first = version{last.value() > limit ? last.value() - limit + 1 : 1};

  // The page shows what the stored events from `lowest` to `highest` are today, which may be more events than versions, or fewer.
  std::deque<recorded_event> events;
  auto lowest = first;
  version highest{};
  result<void> unread;
  std::size_t bytes = 0;
  auto const size_of = [](recorded_event const& each) { return each.data.size() + each.meta.extra.size() + 256; };
  actors::reading const how{.raw = request.raw};
  auto const visit = [&](persistence::event_view const& event) {
    if (event.version > last || (!backward && event.version.value() - first.value() == limit)) return false;
    auto read = events_.read(event, how, [&](recorded_event made) {
      bytes += size_of(made);
      events.push_back(std::move(made));
    });
    if (!read) {
      // The page ends in front of it, seen from where it begins, and the next one says what is wrong.
      unread = std::move(read);
      if (!backward) return false;
      events.clear();
      bytes = 0;
      lowest = event.version.next();
      return true;
    }
    highest = event.version;
    while (backward && bytes > options_.limits.max_page_bytes && events.front().version != event.version) {
      bytes -= size_of(events.front());
      lowest = events.front().version.next();
      events.pop_front();
    }
    while (!events.empty() && events.front().version < lowest) {  // the other parts of it
      bytes -= size_of(events.front());
      events.pop_front();
    }
    return backward || bytes < options_.limits.max_page_bytes;
  };
  if (auto scanned = store_->scan_stream(stream, first, visit); !scanned) return std::unexpected(scanned.error());
  if (!unread && (highest < lowest || highest == version{})) return std::unexpected(unread.error());

  stream_page page;
  page.head = head->version;
  page.events.assign(std::make_move_iterator(events.begin()), std::make_move_iterator(events.end()));
  if (backward) std::ranges::reverse(page.events);
  if (highest == version{}) return page;
  if (backward && lowest > version{1}) page.next = version{lowest.value() - 1};
  if (!backward && highest < head->version) page.next = highest.next();
  return page;
}

persistence::resolved_filter runtime_core::resolve(log_filter const& wanted) const {
  using persistence::name_kind;
  persistence::resolved_filter filter;
  auto const numbers = [&](name_kind kind, std::vector<std::string> const& names, std::vector<persistence::name_id>& into) {
    for (auto const& each : names)
      if (auto const number = store_->find_name(kind, each); number != 0) into.push_back(number);
    // All of the names are unknown here: nothing can match them.
    if (!names.empty() && into.empty()) filter.never = true;
  };
  numbers(name_kind::aggregate_type, wanted.types, filter.types);
  numbers(name_kind::event_type, wanted.event_types, filter.event_types);
  filter.id_prefix = wanted.id_prefix;
  filter.correlation_id = wanted.correlation_id;
  return filter;
}

void runtime_core::read_log(log_request request, callback<result<log_page>> done) {
  read<log_page>(std::move(done), [this, request = std::move(request)] { return log_page_now(request); });
}

result<log_page> runtime_core::log_page_now(log_request const& request) const {
  // One page looks at no more than this, whatever the filter: a rare match costs several pages, not one that never ends.
  constexpr std::uint64_t max_examined = 100'000;
  log_page page;
  page.head = store_->head();
  if (request.after > page.head)
    return fail(errc::invalid_argument, "position " + std::to_string(request.after.value()) + " is beyond the head of the log");
  auto filter = resolve(request.filter);
  auto const how = request.raw ? actors::reading{.raw = true} : events_.widen(filter);
  auto after = request.after;
  if (request.since) {
    auto begin = store_->position_before(*request.since);
    if (!begin) return std::unexpected(begin.error());
    after = std::max(after, *begin);
    filter.not_before = request.since;
  }
  auto const limit = std::clamp<std::size_t>(request.limit, 1, options_.limits.max_page_events);
  std::size_t bytes = 0;
  bool full = false;
  std::optional<std::pair<position, failure>> unread;
  auto const visit = [&](persistence::event_view const& event) {
    auto const read = events_.read(event, how, [&](recorded_event made) {
      bytes += made.data.size() + made.meta.extra.size() + 256;
      page.events.push_back(std::move(made));
    });
    if (!read) unread.emplace(event.position, read.error());
    full = page.events.size() >= limit || bytes >= options_.limits.max_page_bytes;
    return read && !full;
  };
  auto scanned = store_->scan_log(after, max_examined, filter, visit);
  if (!scanned) return std::unexpected(scanned.error());
  if (unread) {
    // The page ends in front of it, and the next one says what is wrong.
    if (page.events.empty()) return std::unexpected(unread->second);
    page.next_after = position{unread->first.value() - 1};
    return page;
  }
  page.next_after = full ? page.events.back().position : std::max(scanned->examined, after);
  page.at_end = full ? page.next_after == page.head : scanned->at_end;
  return page;
}

void runtime_core::find_event(event_request request, callback<result<recorded_event>> done) {
  read<recorded_event>(std::move(done), [this, request]() -> result<recorded_event> {
    std::vector<recorded_event> found;
    result<void> read;
    auto end = store_->find_event(request.id, [&](persistence::event_view const& event) {
      read = events_.read(event, {.raw = request.raw}, [&](recorded_event made) { found.push_back(std::move(made)); });
      return false;
    });
    if (!end) return std::unexpected(end.error());
    if (!read) return std::unexpected(read.error());
    if (request.part >= 1 && request.part <= found.size()) return std::move(found[request.part - 1]);
    auto const what = "event " + request.id.str() + " is today " + std::to_string(found.size()) + " events";
    return fail(errc::not_found, found.empty() ? what + ": its upcaster drops it; ask for it raw" : what + ": there is no such part");
  });
}

void runtime_core::causation(causation_request request, callback<result<causation_graph>> done) {
  auto const limit = std::clamp<std::size_t>(request.limit, 1, options_.limits.max_page_events);
  read<causation_graph>(std::move(done), [this, request, limit] { return detail::explore_causation(*store_, request, limit); });
}

void runtime_core::list(list_request request, callback<result<list_page>> done) {
  auto type = known_type(request.type);
  if (!type) return tell_soon([done = std::move(done), why = type.error()]() mutable { done(std::unexpected(std::move(why))); });
  auto const limit = std::clamp<std::size_t>(request.limit, 1, options_.limits.max_page_events);
  read<list_page>(std::move(done), [this, number = (*type)->number, after = std::move(request.after), limit] {
    return store_->list_streams(number, after, limit);
  });
}

}  // namespace evoke
