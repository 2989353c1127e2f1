#include <algorithm>
#include <utility>

#include "actors/aggregate_life.hpp"

/// Raw streams: events go in as they come, under the same expected versions, group commit and deferred replies as decided ones.
namespace evoke::actors {
namespace {

failure too_much(std::string what) {
  return {errc::limit_exceeded, std::move(what), {}, {}, {}};
}

// The whole batch is stored already: every id found, contiguous, in the order of the batch.
bool is_repetition(std::vector<version> const& found) {
  for (std::size_t i = 0; i < found.size(); ++i)
    if (found[i] == version{} || found[i] != found.front().plus(i)) return false;
  return true;
}

}  // namespace

void aggregate_life::handle_append(boost::intrusive_ptr<open_command> command) {
  auto const& events = command->change.events;
  if (std::ranges::none_of(events, [](auto const& each) { return each.client_id.has_value(); })) return append_new(std::move(command));
  // Only what is stored can be asked for: wait for this stream's open groups, then look.
  phase_ = phase::looking_up;
  settle([command = std::move(command)](aggregate_life& life) mutable {
    life.use_.pool.submit([&use = life.use_, command = std::move(command), resume = life.host_.make_resumer()]() mutable {
      result<std::vector<version>> found;
      for (auto const& each : command->change.events) {
        auto at = each.client_id ? use.store.find_client_id({command->type().number, command->id().str()}, *each.client_id) : version{};
        if (!at) {
          found = std::unexpected(at.error());
          break;
        }
        found->push_back(*at);
      }
      resume([found = std::move(found), command = std::move(command)](aggregate_life& again) mutable {
        again.phase_ = phase::running;
        again.looked_up_ids(std::move(command), std::move(found));
        again.handle_waiting();
      });
    });
  });
}

void aggregate_life::looked_up_ids(boost::intrusive_ptr<open_command> command, result<std::vector<version>> found) {
  if (!found) return command->refuse(found.error());
  if (std::ranges::all_of(*found, [](version each) { return each == version{}; })) return append_new(std::move(command));
  if (!is_repetition(*found))
    return command->refuse({errc::already_exists, "some of these event ids are stored already, but not as this batch", {}, {}, {}});
  persistence::command_record as_before;
  as_before.fingerprint = command->fingerprint;
  as_before.end = persistence::command_end::success;
  as_before.first_version = found->front();
  as_before.created = found->front() == version{1};
  as_before.event_count = static_cast<std::uint32_t>(found->size());
  as_before.version = found->back();
  known_outcome(std::move(command), std::move(as_before));
}

void aggregate_life::append_new(boost::intrusive_ptr<open_command> command) {
  auto const& expected = command->options.expected;
  if (!expected.matches(version_)) {
    failure why{
        errc::version_mismatch, "expected " + expected.describe() + ", found version " + std::to_string(version_.value()), {}, {}, {}};
    why.current_version = version_.value();
    command->prepared = std::move(why);
    return release(std::move(command));
  }
  auto& change = command->change;
  if (change.events.size() > type_.max_events_per_command)
    return command->refuse(too_much("the append has " + std::to_string(change.events.size()) + " events, the limit is " +
                                    std::to_string(type_.max_events_per_command)));
  std::size_t bytes = 0;
  for (auto const& each : change.events) {
    if (each.data.size() > type_.max_payload_bytes)
      return command->refuse(
          too_much("an event has " + std::to_string(each.data.size()) + " bytes, the limit is " + std::to_string(type_.max_payload_bytes)));
    bytes += each.data.size() + each.extra.size();
  }
  if (bytes > use_.limits.max_command_bytes)
    return command->refuse(
        too_much("the append has " + std::to_string(bytes) + " bytes, the limit is " + std::to_string(use_.limits.max_command_bytes)));
  command_reply reply;
  reply.created = version_ == version{};
  for (std::size_t i = 0; i < change.events.size(); ++i) {
    auto const name = use_.store.name_of(persistence::name_kind::event_type, change.events[i].type);
    reply.events.push_back({{}, event_type::trusted(std::string(name)), version_.plus(i + 1), {}});
  }
  change.first_version = version_.next();
  change.time = std::max(use_.time.now(), last_time_);
  version_ = version_.plus(change.events.size());
  last_time_ = change.time;
  reply.version = version_;
  command->prepared = std::move(reply);
  enqueue(std::move(command));
}

}  // namespace evoke::actors
