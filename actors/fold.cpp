#include "actors/fold.hpp"

#include <exception>
#include <functional>
#include <string>
#include <utility>

namespace evoke::actors {
namespace {

std::string place(bound_type const& type, aggregate_id const& id, version at) {
  return type.name.str() + "/" + id.str() + " version " + std::to_string(at.value());
}

// User code may throw anything; what it says is kept for the log and the answer.
template <class Call, class Where>
result<void> guarded(Call&& call, Where where) {
  try {
    auto done = call();
    if (!done) done.error().message.insert(0, where() + ": ");
    return done;
  } catch (std::exception const& thrown) {
    return fail(errc::user_code_failed, where() + ": evolve threw: " + thrown.what());
  } catch (...) {
    return fail(errc::user_code_failed, where() + ": evolve threw");
  }
}

// Begins with the newest usable snapshot. A snapshot is a cache: whatever is wrong with it costs time, never the answer.
void begin(services const& use, bound_type const& type, aggregate_id const& id, fold_limits const& until, folded& made) {
  made.state = type.definition->create();
  if (until.at_time || !until.from_snapshot) return;  // which version a time is, only the events say
  auto const stream = persistence::stream_ref{type.number, id.str()};
  auto const problem = [&](std::string_view text) {
    use.say(log_level::warning, "snapshot of " + type.name.str() + "/" + id.str() + " passed over: " + std::string(text));
  };
  auto const at_most = until.at_version.value_or(version{UINT64_MAX});
  auto found = use.store.read_snapshot(stream, at_most, type.definition->state_shape(), problem);
  if (!found) return problem(found.error().message);
  if (!*found) return;
  auto const& snapshot = **found;
  auto const restored = guarded([&] { return made.state->restore(snapshot.state); }, [&] { return place(type, id, snapshot.version); });
  if (!restored) {
    problem(restored.error().message);
    made.state = type.definition->create();
    return;
  }
  made.version = made.snapshot = snapshot.version;
  made.position = snapshot.position;
  made.time = snapshot.time;
}

// Takes a state on through the events behind it, one after the other.
class folding {
 public:
  folding(services const& use, bound_type const& type, aggregate_id const& id, fold_limits const& until, folded& made)
      : use_(use),
        type_(type),
        id_(id),
        until_(until),
        made_(made),
        deadline_(until.max_time == std::chrono::nanoseconds::max() ? until.max_time : use.time.steady() + until.max_time) {}

  /// A visitor of the stream from `made.version.next()` on.
  bool operator()(persistence::event_view const& event) {
    if (until_.at_version && event.version > *until_.at_version) return false;
    if (until_.at_time && event.time > *until_.at_time) return false;
    if (++events_ > until_.max_events || (events_ % 256 == 0 && use_.time.steady() > deadline_)) {
      end_ = fail(errc::history_too_long, "more events than one read may fold: " + place(type_, id_, event.version));
      return false;
    }
    auto const name = use_.store.name_of(persistence::name_kind::event_type, event.type);
    end_ = guarded([&] { return made_.state->apply(name, event.schema_version, event.data); },
                   [&] { return place(type_, id_, event.version); });
    if (!end_) return false;
    made_.version = event.version;
    made_.position = event.position;
    made_.time = event.time;
    return true;
  }
  [[nodiscard]] result<void>& end() noexcept { return end_; }

 private:
  services const& use_;
  bound_type const& type_;
  aggregate_id const& id_;
  fold_limits const& until_;
  folded& made_;
  std::chrono::nanoseconds const deadline_;
  std::uint64_t events_ = 0;
  result<void> end_;
};

// What a worker may spend on one recovery.
constexpr std::uint64_t kEventsHere = 128;
constexpr std::size_t kBytesHere = 64 * 1024;
constexpr std::chrono::microseconds kTimeHere{250};

}  // namespace

result<folded> fold(services const& use, bound_type const& type, aggregate_id const& id, fold_limits const& until) {
  folded made;
  auto const stream = persistence::stream_ref{type.number, id.str()};
  if (type.definition == nullptr) {
    auto head = use.store.head_of(stream);
    if (!head) return std::unexpected(head.error());
    made.version = head->version;
    made.position = head->position;
    made.time = head->time;
    return made;
  }
  begin(use, type, id, until, made);
  return fold_on(use, type, id, std::move(made), until);
}

result<folded> fold_on(services const& use, bound_type const& type, aggregate_id const& id, folded begun, fold_limits const& until) {
  if (!begun.state) return fold(use, type, id, until);
  folding each(use, type, id, until, begun);
  auto scanned = use.store.scan_stream({type.number, id.str()}, begun.version.next(), std::ref(each));
  if (!scanned) return std::unexpected(std::move(scanned.error()));
  if (!each.end()) return std::unexpected(std::move(each.end().error()));
  return begun;
}

folded_here fold_in_memory(services const& use, bound_type const& type, aggregate_id const& id) {
  folded_here here;
  auto const stream = persistence::stream_ref{type.number, id.str()};
  if (type.definition == nullptr || !use.fold_in_memory) {
    here.whole = use.store.surely_absent(stream);
    if (here.whole && type.definition != nullptr) here.made.state = type.definition->create();
    return here;
  }
  here.made.state = type.definition->create();
  fold_limits const until;
  folding each(use, type, id, until, here.made);
  std::uint64_t events = 0;
  std::size_t bytes = 0;
  bool spent = false;
  bool refused = false;
  auto const begun = use.time.steady();
  auto const scanned = use.store.scan_stream_in_memory(stream, version{1}, [&](persistence::event_view const& event) {
    if (events == 0) refused = !use.store.surely_no_snapshot(stream);
    if (refused) return false;
    bytes += event.data.size();
    spent = events == kEventsHere || bytes > kBytesHere || (++events % 16 == 0 && use.time.steady() - begun > kTimeHere);
    return !spent && each(event);
  });
  // Whatever went wrong is found again, and reported, by the fold that begins anew.
  if (refused || !scanned || !each.end()) return {};
  here.whole = *scanned && !spent;
  // With nothing folded yet nobody has asked for a snapshot: the fold that begins anew does.
  if (!here.whole && here.made.version == version{}) return {};
  return here;
}

}  // namespace evoke::actors
