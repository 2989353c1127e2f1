#include <algorithm>
#include <utility>

#include "actors/aggregate_life.hpp"

/// Idempotency: a key is looked for before anything is decided, in memory first, and remembered in the batch of what it led to.
namespace evoke::actors {

// True when the command is taken care of: answered, replayed, or held until the disk has been asked.
bool aggregate_life::replay_or_hold(boost::intrusive_ptr<open_command>& command) {
  auto const& key = *command->options.idempotency_key;
  if (key_in_flight(key)) {
    command->refuse({errc::key_in_flight, "a command with this idempotency key is not finished yet", {}, {}, 1'000});
    return true;
  }
  auto found = use_.store.find_command({type_.number, id_.str()}, key, persistence::tier::memory);
  if (!found) {
    command->refuse(found.error());
    return true;
  }
  switch (found->end) {
    case persistence::lookup_end::absent: return false;
    case persistence::lookup_end::found: known_outcome(std::move(command), std::move(found->record)); return true;
    case persistence::lookup_end::not_in_memory: break;
  }
  phase_ = phase::looking_up;
  use_.pool.submit([&use = use_, &type = type_, command = std::move(command), resume = host_.make_resumer()]() mutable {
    auto end = use.store.find_command({type.number, command->id().str()}, *command->options.idempotency_key, persistence::tier::disk);
    resume([end = std::move(end), command = std::move(command)](aggregate_life& life) mutable {
      life.phase_ = phase::running;
      if (!end)
        command->refuse(end.error());
      else if (end->end == persistence::lookup_end::found)
        life.known_outcome(std::move(command), std::move(end->record));
      else
        life.decide(std::move(command));
      life.handle_waiting();
    });
  });
  return true;
}

// The record is durable, so its answer needs to wait for nothing; the events are read where reading may block.
void aggregate_life::known_outcome(boost::intrusive_ptr<open_command> command, persistence::command_record record) {
  if (record.fingerprint != command->fingerprint)
    return command->refuse({errc::key_reused, "this idempotency key was used for another request", {}, {}, {}});
  if (record.end == persistence::command_end::rejection) return command->answer(command_result::replayed_rejection(std::move(record.why)));
  command_reply reply;
  reply.version = record.version;
  reply.position = position{link_->last_position.load(std::memory_order_acquire)};
  reply.created = record.created;
  reply.replayed = true;
  if (record.event_count == 0) return command->answer(std::move(reply));
  use_.pool.submit(
      [&use = use_, &type = type_, command = std::move(command), record = std::move(record), reply = std::move(reply)]() mutable {
        auto const visit = [&](persistence::event_view const& event) {
          auto const name = use.store.name_of(persistence::name_kind::event_type, event.type);
          reply.events.push_back({event.id, event_type::trusted(std::string(name)), event.version, event.position});
          return reply.events.size() < record.event_count;
        };
        auto read = use.store.scan_stream({type.number, command->id().str()}, record.first_version, visit);
        if (!read) return command->refuse(read.error());
        command->answer(std::move(reply));
      });
}

void aggregate_life::remember(open_command& command, persistence::command_end end) {
  auto& change = command.change;
  change.key = *command.options.idempotency_key;
  persistence::command_record record;
  record.fingerprint = command.fingerprint;
  record.time = change.time;
  record.end = end;
  record.version = version_;
  if (end == persistence::command_end::rejection) {
    record.why = command.prepared->why();
  } else {
    auto const& reply = command.prepared->reply();
    record.created = reply.created;
    record.first_version = change.first_version;
    record.event_count = static_cast<std::uint32_t>(reply.events.size());
    record.version = reply.version;
  }
  change.record = std::move(record);
}

bool aggregate_life::key_in_flight(std::string const& key) {
  auto const durable = use_.writer.queue().durable();
  std::erase_if(open_keys_, [&](open_key const& each) { return each.until <= durable; });
  return std::ranges::any_of(open_keys_, [&](open_key const& each) { return each.key == key; });
}

}  // namespace evoke::actors
