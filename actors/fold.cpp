#include "actors/fold.hpp"

#include <exception>
#include <string>

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

  auto const deadline = until.max_time == std::chrono::nanoseconds::max() ? until.max_time : use.time.steady() + until.max_time;
  std::uint64_t folded_events = 0;
  result<void> end;
  auto const visit = [&](persistence::event_view const& event) {
    if (until.at_version && event.version > *until.at_version) return false;
    if (until.at_time && event.time > *until.at_time) return false;
    if (++folded_events > until.max_events || (folded_events % 256 == 0 && use.time.steady() > deadline)) {
      end = fail(errc::history_too_long, "more events than one read may fold: " + place(type, id, event.version));
      return false;
    }
    auto const name = use.store.name_of(persistence::name_kind::event_type, event.type);
    end =
        guarded([&] { return made.state->apply(name, event.schema_version, event.data); }, [&] { return place(type, id, event.version); });
    if (!end) return false;
    made.version = event.version;
    made.position = event.position;
    made.time = event.time;
    return true;
  };
  auto scanned = use.store.scan_stream(stream, made.version.next(), visit);
  if (!scanned) return std::unexpected(scanned.error());
  if (!end) return std::unexpected(end.error());
  return made;
}

}  // namespace evoke::actors
