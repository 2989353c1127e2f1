#include <algorithm>
#include <exception>
#include <utility>

#include "actors/aggregate_life.hpp"
#include "model/process_names.hpp"

/// The running phase's middle: from a command that may be decided to one that is ready for the writer.
namespace evoke::actors {
namespace {

// What user code threw, as text; empty when it did not.
template <class Call>
std::optional<std::string> thrown_by(Call&& call) {
  try {
    call();
    return std::nullopt;
  } catch (std::exception const& thrown) {
    return thrown.what();
  } catch (...) {
    return "something that is no std::exception";
  }
}

// A timer that fired is gone in the batch that holds its effect; a decision that sets it again comes behind that.
std::vector<timer_change> timers_of(open_command const& command, std::vector<timer_change> const& decided) {
  std::vector<timer_change> all;
  if (command.fired) all.push_back({timer_change::action::cancel, command.fired->name, {}, {}, {}});
  all.insert(all.end(), decided.begin(), decided.end());
  return all;
}

}  // namespace

void aggregate_life::decide(boost::intrusive_ptr<open_command> command) {
  auto const& options = command->options;
  if (type_.requires_precondition && options.expected.is_any() && !command->fired)
    return command->refuse({errc::precondition_required, "this type wants an expected version with every command", {}, {}, {}});
  if (!options.expected.matches(version_)) {
    failure why{errc::version_mismatch,
                "expected " + options.expected.describe() + ", found version " + std::to_string(version_.value()),
                {},
                {},
                {}};
    why.current_version = version_.value();
    command->prepared = std::move(why);
    return release(std::move(command));
  }
  auto const before = version_;
  auto const now = std::max(use_.time.now(), last_time_);
  context const given(id_, before, now, options.meta, use_.random.next());
  std::optional<decide_outcome> outcome;
  if (auto const thrown = thrown_by([&] { outcome = state_->decide(command->command, given); })) {
    use_.say(log_level::error, "decide of " + place() + " threw: " + *thrown);
    return command->refuse({errc::user_code_failed, "the aggregate's decide threw; nothing was written", {}, {}, {}});
  }
  if (auto* const why = std::get_if<rejection>(&*outcome)) {
    command->prepared = std::move(*why);
    command->prepared->set_version_at_rejection(before);
    command->change.time = now;
    // An instance of a process that cannot handle its timer waits for a person, and the timer with it.
    if (command->fired && command->prepared->why().code == detail::process_blocked_code)
      return command->refuse({errc::user_code_failed, command->prepared->why().message, {}, {}, {}});
    if (command->fired) {
      // The domain has said no, and that is what became of it: the timer goes.
      command->change.timers = timers_of(*command, {});
      return enqueue(std::move(command));
    }
    if (!options.idempotency_key || options.dry_run) return release(std::move(command));
    remember(*command, persistence::command_end::rejection);
    return enqueue(std::move(command));
  }
  accepted(std::move(command), *std::get<std::unique_ptr<decided>>(*outcome), now, before);
}

std::optional<failure> aggregate_life::encode(decided const& decision, std::vector<persistence::event_draft>& into) const {
  auto const count = decision.size();
  auto const too_much = [](std::string what) { return failure{errc::limit_exceeded, std::move(what), {}, {}, {}}; };
  if (count > type_.max_events_per_command)
    return too_much("the command leads to " + std::to_string(count) + " events, the limit is " +
                    std::to_string(type_.max_events_per_command));
  std::size_t bytes = 0;
  into.resize(count);
  auto const& infos = type_.definition->events();
  for (std::size_t i = 0; i < count; ++i) {
    auto const index = decision.event_index(i);
    into[i].type = type_.event_numbers[index];
    into[i].schema_version = infos[index].schema_version;
    if (auto encoded = decision.encode(i, into[i].data); !encoded) {
      // The request was well-formed: what does not encode is the domain's doing.
      auto why = encoded.error();
      why.message = "event " + infos[index].name.str() + " cannot be stored: " + why.message;
      return why;
    }
    if (into[i].data.size() > type_.max_payload_bytes)
      return too_much("event " + infos[index].name.str() + " has " + std::to_string(into[i].data.size()) + " bytes, the limit is " +
                      std::to_string(type_.max_payload_bytes));
    bytes += into[i].data.size();
  }
  if (bytes > use_.limits.max_command_bytes)
    return too_much("the command's events have " + std::to_string(bytes) + " bytes, the limit is " +
                    std::to_string(use_.limits.max_command_bytes));
  return std::nullopt;
}

void aggregate_life::accepted(boost::intrusive_ptr<open_command> command, decided const& decision, timestamp now, version before) {
  if (auto why = check_timers(decision)) return command->refuse(std::move(*why));
  std::vector<persistence::event_draft> drafts;
  if (auto why = encode(decision, drafts)) return command->refuse(std::move(*why));
  if (command->options.dry_run) return dry_run(std::move(command), decision, std::move(drafts), before);

  command_reply reply;
  auto const count = decision.size();
  if (auto const thrown = thrown_by([&] {
        for (std::size_t i = 0; i < count; ++i) decision.evolve(i, *state_);
      })) {
    // The state is neither before nor after the command: nobody may see it again.
    use_.say(log_level::error, "evolve of " + place() + " threw: " + *thrown);
    command->refuse({errc::user_code_failed, "the aggregate's evolve threw; nothing was written", {}, {}, {}});
    return fail_life();
  }
  reply.version = before.plus(count);
  reply.created = before == version{} && count > 0;
  auto const& infos = type_.definition->events();
  reply.events.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    reply.events[i].type = infos[decision.event_index(i)].name;
    reply.events[i].version = before.plus(i + 1);
  }
  if (command->options.return_state) {
    if (auto encoded = state_->encode(reply.state); !encoded) {
      command->refuse(encoded.error());
      return count > 0 ? fail_life() : void();
    }
  }
  auto& change = command->change;
  change.time = now;
  command->prepared = std::move(reply);
  if (auto const* const extras = decision.extras()) take_extras(*extras, change);
  change.timers = timers_of(*command, decision.timers());
  bool const stores = count > 0 || !change.timers.empty() || !change.forget.empty() || !change.process_rows.empty();
  if (!stores && !command->options.idempotency_key) return release(std::move(command));
  change.first_version = before.next();
  change.events = std::move(drafts);
  if (command->options.idempotency_key)
    remember(*command, count > 0 ? persistence::command_end::success : persistence::command_end::no_change);
  version_ = before.plus(count);
  if (count > 0) last_time_ = now;
  enqueue(std::move(command));
}

void aggregate_life::take_extras(decided_extras const& from, persistence::append& into) const {
  for (auto const& each : from.forget) {
    auto const type = use_.store.find_name(persistence::name_kind::aggregate_type, each.aggregate_type);
    if (type != 0) into.forget.push_back({type, each.aggregate_id, each.key});
  }
  for (auto const& row : from.rows) into.process_rows.push_back({row.key, row.value});
}

void aggregate_life::dry_run(boost::intrusive_ptr<open_command> command, decided const& decision,
                             std::vector<persistence::event_draft> drafts, version before) {
  command_reply reply;
  auto const& infos = type_.definition->events();
  auto const count = decision.size();
  result<void> encoded;
  if (auto const thrown = thrown_by([&] {
        auto would_be = state_->clone();
        for (std::size_t i = 0; i < count; ++i) decision.evolve(i, *would_be);
        encoded = would_be->encode(reply.state);
      }))
    return command->refuse({errc::user_code_failed, "the aggregate's evolve threw; nothing was written", {}, {}, {}});
  if (!encoded) return command->refuse(encoded.error());
  reply.version = before.plus(count);
  reply.created = before == version{} && count > 0;
  for (std::size_t i = 0; i < count; ++i) {
    reply.events.push_back({{}, infos[decision.event_index(i)].name, before.plus(i + 1), {}});
    reply.event_data.push_back(std::move(drafts[i].data));
  }
  command->prepared = std::move(reply);
  release(std::move(command));
}

}  // namespace evoke::actors
