#include "runtime/process_engine.hpp"

#include <evoke/json.hpp>

#include <algorithm>
#include <utility>

#include "runtime/process_rows.hpp"

namespace evoke::detail {
namespace {

using namespace std::chrono_literals;

constexpr unsigned kAttemptsBeforeBlocked = 3;

std::chrono::nanoseconds backoff(unsigned attempts) {
  return std::min<std::chrono::nanoseconds>(20ms * (1U << std::min(attempts, 10U)), 5s);
}

/// The infrastructure could not, now: whoever asks again with the same key may find out more.
bool passes(errc code) {
  switch (code) {
    case errc::overloaded:
    case errc::recovering:
    case errc::draining:
    case errc::key_in_flight:
    case errc::outcome_unknown:
    case errc::journal_failed:
    case errc::storage_full:
    case errc::io_error:
    case errc::timed_out: return true;
    default: return false;
  }
}

}  // namespace

process_engine::process_engine(process_definition const& definition, process_world& world, std::size_t max_busy_instances)
    : definition_(definition), world_(world), max_busy_(max_busy_instances) {}

result<void> process_engine::start(position head) {
  auto const& name = definition_.name().str();
  auto const checkpoint_key = process_checkpoint_key(name);
  std::optional<position> stored;
  result<void> read = world_.scan_rows(checkpoint_key, [&](std::string_view key, std::string_view value) {
    if (key == checkpoint_key) stored = decode_process_checkpoint(value);
    return true;
  });
  if (!read) return read;
  if (!stored) {
    examined_ = definition_.settings().start_from == process_start::beginning ? position{} : head;
    if (auto fixed = world_.write_rows({{checkpoint_key, encode_process_checkpoint(examined_)}}, true); !fixed) return fixed;
  } else {
    examined_ = std::min(*stored, head);  // what lies behind the head was lost with the events that led there
  }
  saved_ = examined_;
  auto const blocked = instance_row_key(instance_list::blocked, name);
  read = world_.scan_rows(blocked, [&](std::string_view key, std::string_view value) {
    if (auto row = decode_blocked_instance(value)) blocked_[std::string(key.substr(blocked.size()))] = row->from;
    return true;
  });
  if (!read) return read;
  auto const open = instance_row_key(instance_list::open, name);
  return world_.scan_rows(open, [&](std::string_view key, std::string_view) {
    if (auto instance = std::string(key.substr(open.size())); !blocked_.contains(instance)) resuming_.push_back(std::move(instance));
    return true;
  });
}

bool process_engine::arrived(projected_event const& event) {
  if (event.stream_type == definition_.name().str()) {
    look(std::string(event.stream_id));
  } else {
    auto arrivals = sort(event);
    if (!arrivals) {
      world_.say(log_level::error, "process " + definition_.name().str() + " halts before position " +
                                       std::to_string(event.position.value()) + ": " + arrivals.error().message);
      halt_ = process_halt{event.position, arrivals.error().message};
      return false;
    }
    // The events of a blocked instance are read again when it is not any more.
    for (auto& [instance, arrival] : *arrivals)
      if (!blocked_.contains(instance)) put_arrival(instance, std::move(arrival));
  }
  examined_ = std::max(examined_, event.position);
  return true;
}

result<std::map<std::string, process_arrival>> process_engine::sort(projected_event const& stored) const {
  auto events = world_.today(stored);
  if (!events) return std::unexpected(events.error());
  std::map<std::string, process_arrival> made;
  for (auto& each : *events) {
    auto const seen = view_of(*each);
    auto const* const followed = definition_.find_event(seen.stream_type, seen.type);
    if (followed == nullptr) continue;
    auto instance = instance_of(seen);
    if (!instance) return std::unexpected(instance.error());
    if (!instance->empty()) made[*instance].parts.push_back({std::move(each), followed->starts});
  }
  return made;
}

void process_engine::put_arrival(std::string const& instance, process_arrival arrival) {
  open_positions_.insert(position_of(arrival).value());
  put(instance, {std::move(arrival)});
}

void process_engine::close_position(process_arrival const& arrival) {
  if (auto const found = open_positions_.find(position_of(arrival).value()); found != open_positions_.end()) open_positions_.erase(found);
}

result<std::string> process_engine::instance_of(projected_event const& event) const {
  try {
    auto instance = definition_.correlate(event);
    if (instance && !instance->empty())
      if (auto const parsed = aggregate_id::parse(*instance); !parsed) return fail(parsed.error());
    return instance;
  } catch (std::exception const& thrown) {
    return fail(errc::user_code_failed, std::string("correlate() threw: ") + thrown.what());
  } catch (...) {
    return fail(errc::user_code_failed, "correlate() threw something that is no std::exception");
  }
}

result<void> process_engine::resume() {
  if (!halt_) return fail(errc::invalid_argument, "the process did not halt");
  halt_.reset();
  return {};
}

result<void> process_engine::skip() {
  if (!halt_) return fail(errc::invalid_argument, "the process did not halt");
  examined_ = std::max(examined_, halt_->at);
  halt_.reset();
  save(true);
  return {};
}

void process_engine::put(std::string const& instance, item what) {
  auto& of = lanes_[instance];
  of.waiting.push_back(std::move(what));
  if (!of.busy && !of.paused) send_first(instance, of);
}

void process_engine::look(std::string const& instance) {
  if (blocked_.contains(instance)) return;
  auto& of = lanes_[instance];
  if (std::exchange(of.look_waits, true)) return;
  of.waiting.push_back({process_look{}});
  if (!of.busy && !of.paused) send_first(instance, of);
}

void process_engine::send_first(std::string const& instance, lane& of) {
  of.busy = true;
  of.answer = std::make_shared<process_answer>();
  metadata meta;
  process_delivery delivery{process_look{}, of.answer};
  auto const& first = of.waiting.front().what;
  if (auto const* const arrival = std::get_if<process_arrival>(&first)) {
    delivery.message = *arrival;
    auto const& event = *arrival->parts.front().event;
    meta.correlation_id = event.meta.correlation_id;
    meta.causation_id = event.id.str();
  } else if (auto const* const end = std::get_if<process_step_end>(&first)) {
    delivery.message = *end;
    meta.correlation_id = end->correlation_id;
    meta.causation_id = end->last_event_id;
  } else {
    of.look_waits = false;
  }
  world_.send(instance, std::move(delivery), std::move(meta));
}

void process_engine::answered(std::string const& instance, command_result end) {
  auto const found = lanes_.find(instance);
  if (found == lanes_.end() || !found->second.busy) return;
  auto& of = found->second;
  of.busy = false;
  if (end.accepted()) return taken(instance, of);
  if (end.rejected()) return refused(instance, of, end.why().message);
  if (passes(end.error().code)) return try_later(instance, of);
  refused(instance, of, end.error().message);
}

void process_engine::taken(std::string const& instance, lane& of) {
  auto const done = std::move(of.waiting.front());
  of.waiting.pop_front();
  of.attempts = 0;
  if (auto const* const arrival = std::get_if<process_arrival>(&done.what)) {
    close_position(*arrival);
    ++counts_.events_handled;
  } else if (auto const* const end = std::get_if<process_step_end>(&done.what)) {
    of.in_flight.erase({end->number, end->undoing});
  }
  auto const answer = std::move(of.answer);
  for (auto& step : answer->due)
    if (of.in_flight.insert({step.step.number, step.undoing}).second) start_step(instance, std::move(step), answer->correlation_id);
  if (!of.waiting.empty()) return send_first(instance, of);
  forget_if_idle(instance);
}

void process_engine::refused(std::string const& instance, lane& of, std::string why) {
  if (++of.attempts >= kAttemptsBeforeBlocked) return block(instance, of, std::move(why));
  try_later(instance, of);
}

void process_engine::try_later(std::string const& instance, lane& of) {
  of.paused = true;
  at(world_.steady() + backoff(of.attempts), [this, instance] {
    auto const found = lanes_.find(instance);
    if (found == lanes_.end() || !std::exchange(found->second.paused, false)) return;
    if (!found->second.busy && !found->second.waiting.empty()) send_first(instance, found->second);
  });
}

// From the first event that waits: what came of steps is found out again by their keys.
void process_engine::block(std::string const& instance, lane& of, std::string why) {
  position from = examined_.next();
  for (auto const& each : of.waiting)
    if (auto const* const arrival = std::get_if<process_arrival>(&each.what)) from = std::min(from, position_of(*arrival));
  world_.say(log_level::error, "process " + definition_.name().str() + ", instance " + instance + " is blocked: " + why);
  auto row = encode_blocked_instance({from, std::move(why), world_.now()});
  auto written = world_.write_rows({{instance_row_key(instance_list::blocked, definition_.name().str(), instance), std::move(row)}}, true);
  if (!written && !of.waiting.empty() && lanes_.contains(instance)) return try_later(instance, of);
  for (auto const& each : of.waiting)
    if (auto const* const arrival = std::get_if<process_arrival>(&each.what)) close_position(*arrival);
  blocked_[instance] = from;
  std::erase_if(steps_, [&](auto const& each) { return each.second.instance == instance; });
  lanes_.erase(instance);
}

result<void> process_engine::unblock(std::string const& instance) {
  auto const found = blocked_.find(instance);
  if (found == blocked_.end()) return fail(errc::not_found, "instance " + instance + " is not blocked");
  // The checkpoint goes below its events before its row goes: after a crash in between they come again, or it is found blocked again.
  std::vector<process_arrival> again;
  auto read = world_.read_again(position{found->second.value() - 1}, examined_, [&](projected_event const& event) {
    if (event.stream_type == definition_.name().str()) return;
    auto arrivals = sort(event);
    if (!arrivals) return;
    if (auto own = arrivals->find(instance); own != arrivals->end()) again.push_back(std::move(own->second));
  });
  if (!read) return read;
  for (auto const& arrival : again) open_positions_.insert(position_of(arrival).value());
  save(true);
  auto written = world_.write_rows({{instance_row_key(instance_list::blocked, definition_.name().str(), instance), std::nullopt}}, true);
  for (auto const& arrival : again) close_position(arrival);
  if (!written) return written;
  blocked_.erase(found);
  for (auto& arrival : again) put_arrival(instance, std::move(arrival));
  look(instance);
  return {};
}

void process_engine::forget_if_idle(std::string const& instance) {
  auto const found = lanes_.find(instance);
  if (found == lanes_.end()) return;
  auto const& of = found->second;
  if (of.busy || of.paused || !of.waiting.empty() || !of.in_flight.empty()) return;
  lanes_.erase(found);
}

void process_engine::resume_more() {
  while (!resuming_.empty() && lanes_.size() < max_busy_) {
    auto const next = std::move(resuming_.front());
    resuming_.pop_front();
    look(next);
  }
}

void process_engine::start_step(std::string const& instance, due_step step, std::string const& correlation_id) {
  auto const ticket = next_ticket_++;
  std::chrono::nanoseconds const within =
      step.undoing ? definition_.settings().undo_deadline : std::chrono::milliseconds(step.step.within_ms);
  auto const deadline = world_.steady() + within;
  steps_.emplace(ticket, open_step{instance, std::move(step), correlation_id, deadline, 0, false});
  ++counts_.steps_started;
  at(deadline, [this, ticket] {
    auto const found = steps_.find(ticket);
    if (found == steps_.end()) return;
    end_step(ticket, {.outcome = step_outcome::timed_out, .code = "timed_out", .message = "its outcome is not known within its time"});
  });
  ask(ticket);
}

void process_engine::ask(std::uint64_t ticket) {
  auto const found = steps_.find(ticket);
  if (found == steps_.end()) return;
  auto& open = found->second;
  auto const& step = open.what.step;
  auto const& order = open.what.undoing ? *step.undo : step.what;
  command_request request{order.aggregate_type, order.aggregate_id, order.command, order.body.json, {}};
  request.options.idempotency_key = process_command_key(definition_.name().str(), open.instance, step, open.what.undoing);
  request.options.meta.correlation_id = open.correlation_id;
  request.options.meta.causation_id = step.cause;
  open.asked = true;
  world_.carry_out(ticket, std::move(request));
}

void process_engine::carried_out(std::uint64_t ticket, command_result end) {
  auto const found = steps_.find(ticket);
  if (found == steps_.end()) return;  // too late: it counts as perhaps done
  auto& open = found->second;
  open.asked = false;
  if (end.accepted()) {
    process_step_end made{.outcome = step_outcome::succeeded, .version = end.reply().version.value()};
    for (auto const& event : end.reply().events) made.events.push_back(event.type.str());
    if (!end.reply().events.empty()) made.last_event_id = end.reply().events.back().id.str();
    return end_step(ticket, std::move(made));
  }
  if (end.rejected())
    return end_step(
        ticket, {.outcome = step_outcome::rejected, .code = end.why().code, .message = end.why().message, .details = end.why().details});
  if (!passes(end.error().code))
    return end_step(ticket,
                    {.outcome = step_outcome::failed, .code = std::string(name_of(end.error().code)), .message = end.error().message});
  ++counts_.steps_retried;
  at(world_.steady() + backoff(open.attempts++), [this, ticket] {
    if (auto const again = steps_.find(ticket); again != steps_.end() && !again->second.asked) ask(ticket);
  });
}

void process_engine::end_step(std::uint64_t ticket, process_step_end end) {
  auto const found = steps_.find(ticket);
  auto const open = std::move(found->second);
  steps_.erase(found);
  end.number = open.what.step.number;
  end.undoing = open.what.undoing;
  end.correlation_id = open.correlation_id;
  put(open.instance, {std::move(end)});
}

std::optional<std::chrono::nanoseconds> process_engine::tick() {
  auto const now = world_.steady();
  while (!agenda_.empty() && agenda_.begin()->first <= now) {
    auto const what = std::move(agenda_.begin()->second);
    agenda_.erase(agenda_.begin());
    what();
  }
  resume_more();
  if (agenda_.empty()) return std::nullopt;
  return agenda_.begin()->first;
}

position process_engine::checkpoint() const {
  return open_positions_.empty() ? examined_ : position{*open_positions_.begin() - 1};
}

void process_engine::save(bool synced) {
  auto const at = std::min(checkpoint(), examined_);
  if (at == saved_) return;
  auto written = world_.write_rows({{process_checkpoint_key(definition_.name().str()), encode_process_checkpoint(at)}}, synced);
  if (written) saved_ = at;
}

process_counts process_engine::counts() const {
  auto now = counts_;
  now.instances_busy = lanes_.size();
  now.instances_waiting = resuming_.size();
  now.instances_blocked = blocked_.size();
  now.checkpoint = checkpoint();
  now.halt = halt_;
  return now;
}

}  // namespace evoke::detail
