#include <evoke/detail/process_steps.hpp>
#include <evoke/json.hpp>
#include <evoke/registry.hpp>

#include <algorithm>

#include "model/process_decider.hpp"
#include "model/test_difference.hpp"
#include "model/test_events.hpp"

namespace evoke::testing::detail {

using evoke::detail::process_message;

namespace {

std::string text_of(evoke::detail::process_event const& event) {
  return std::visit(
      [](auto const& each) {
        auto text = json::encode(each);
        if (!text) throw mismatch("what is recorded cannot be stored: " + text.error().message);
        auto again = json::decode<std::remove_cvref_t<decltype(each)>>(*text);
        if (!again || json::encode(*again) != text) throw mismatch("what is recorded does not survive its codec: " + *text);
        return std::move(*text);
      },
      event);
}

std::string text_of(process_status status) {
  auto text = json::encode(status);
  return text ? *text : "?";
}

}  // namespace

process_steps::process_steps(std::shared_ptr<process_definition const> definition) : definition_(std::move(definition)) {
  registry names;
  if (auto const added = names.add(definition_); !added) throw mismatch(added.error().message);
}

void process_steps::deliver(std::string const& id, void const* message) {
  auto const parsed = aggregate_id::parse(id);
  if (!parsed) throw mismatch(parsed.error().message);
  auto const& what = *static_cast<process_message const*>(message);
  auto const found = instances_.find(id);
  auto const before = found == instances_.end() ? running{} : found->second;
  auto const decide = [&] {
    context const given(*parsed, version{before.version}, now, meta, before.version + 1);
    return evoke::detail::decide_process(*definition_, before.instance, before.version > 0, what, given);
  };
  auto made = decide();
  if (!made) throw mismatch(made.error().message);
  if (auto const* const refused = std::get_if<rejection>(&*made)) throw mismatch("the process refuses: " + refused->message);
  auto const& decision = std::get<evoke::detail::process_decision>(*made);
  auto const again = decide();
  std::string first;
  std::string second;
  for (auto const& event : decision.events) first += text_of(event) + "\n";
  for (auto const& event : std::get<evoke::detail::process_decision>(*again).events) second += text_of(event) + "\n";
  if (first != second)
    throw mismatch("react() answers the same question differently:\n" + first + "and:\n" + second + "first difference:\n  " +
                   first_difference(first, second));
  ordered_.clear();
  auto const had = evoke::detail::due_steps(before.instance);
  for (auto const& due : evoke::detail::due_steps(decision.after)) {
    bool const open =
        std::ranges::any_of(had, [&](auto const& each) { return each.step.number == due.step.number && each.undoing == due.undoing; });
    if (!open) ordered_.push_back({due.step.step, due.undoing, due.undoing ? *due.step.undo : due.step.what});
  }
  if (!decision.events.empty()) instances_[id] = {decision.after, before.version + decision.events.size()};
}

void process_steps::happen(std::string_view aggregate_type, std::string_view id, std::string_view event, std::uint32_t schema_version,
                           result<std::string> const& json) {
  if (!json) throw mismatch("event " + quoted(event) + " cannot be stored: " + json.error().message);
  auto const* const info = definition_->find_event(aggregate_type, event);
  if (info == nullptr) throw mismatch("the process does not follow event " + quoted(event) + " of " + quoted(aggregate_type));
  auto const number = ++versions_[std::string(aggregate_type).append("/").append(id)];
  ++position_;
  auto const kept =
      std::make_shared<recorded_event const>(recorded_event{.id = numbered_id(position_),
                                                            .type = event_type::trusted(std::string(event)),
                                                            .schema_version = schema_version,
                                                            .stream_type = evoke::aggregate_type::trusted(std::string(aggregate_type)),
                                                            .stream_id = aggregate_id::trusted(std::string(id)),
                                                            .version = version{number},
                                                            .position = position{position_},
                                                            .time = now,
                                                            .data = *json,
                                                            .meta = meta});
  auto const instance = definition_->correlate(evoke::detail::view_of(*kept));
  if (!instance) throw mismatch(instance.error().message);
  ordered_.clear();
  if (instance->empty()) return;
  chosen_ = *instance;
  process_message const message = evoke::detail::process_arrival{{{kept, info->starts}}};
  deliver(chosen_, &message);
}

void process_steps::end_step(std::string_view step, bool undoing, step_outcome outcome, rejection const& why,
                             std::vector<std::string> events) {
  auto const due = evoke::detail::due_steps(instance());
  auto const found =
      std::find_if(due.rbegin(), due.rend(), [&](auto const& each) { return each.step.step == step && each.undoing == undoing; });
  if (found == due.rend()) throw mismatch("no " + std::string(undoing ? "undoing of step " : "step ") + quoted(step) + " is open");
  evoke::detail::process_step_end end{.number = found->step.number, .undoing = undoing, .outcome = outcome, .events = std::move(events)};
  end.code = why.code;
  end.message = why.message;
  end.details = why.details;
  process_message const message = std::move(end);
  deliver(chosen_, &message);
}

void process_steps::fire(std::string_view timer) {
  auto const& set = instance().timers;
  if (std::ranges::find(set, timer, &process_timer::name) == set.end()) throw mismatch("timer " + quoted(timer) + " is not set");
  process_message const message = evoke::detail::process_timer_fired{std::string(timer)};
  deliver(chosen_, &message);
}

void process_steps::retry() {
  process_message const message = evoke::detail::process_retry{};
  deliver(chosen_, &message);
}

process_instance const& process_steps::instance() const {
  auto const found = instances_.find(chosen_);
  if (found == instances_.end()) throw mismatch("there is no instance " + quoted(chosen_));
  return found->second.instance;
}

std::string process_steps::show(std::vector<order> const& orders) const {
  if (orders.empty()) return "  nothing\n";
  std::string text;
  for (auto const& each : orders)
    text.append(each.undoing ? "  undo " : "  ")
        .append(each.step)
        .append(": ")
        .append(each.what.command)
        .append(" to ")
        .append(each.what.aggregate_type)
        .append("/")
        .append(each.what.aggregate_id)
        .append(" ")
        .append(each.what.body.json)
        .append("\n");
  return text;
}

void process_steps::expect_orders(std::vector<std::pair<std::string, command_order>> const& expected, bool undoing) const {
  std::vector<order> wanted;
  for (auto const& [step, what] : expected) wanted.push_back({step, undoing, what});
  auto const should = show(wanted);
  auto const is = show(ordered_);
  if (should != is) throw mismatch("the process orders something else\nexpected:\n" + should + "actual:\n" + is);
}

void process_steps::expect_status(process_status expected) const {
  if (auto const is = instance().status; is != expected)
    throw mismatch("the process's status is not as expected\nexpected:\n  " + text_of(expected) + "\nactual:\n  " + text_of(is));
}

void process_steps::expect_state(result<std::string> const& json) const {
  if (!json) throw mismatch("the expected state cannot be encoded: " + json.error().message);
  auto const& is = instance().state.json;
  if (is != *json)
    throw mismatch("the process's state is not as expected\nexpected:\n  " + *json + "\nactual:\n  " + is + "\nfirst difference:\n  " +
                   first_difference(*json, is));
}

void process_steps::expect_timers(std::vector<process_timer> const& expected) const {
  auto const show_timers = [](std::vector<process_timer> all) {
    std::ranges::sort(all, {}, &process_timer::name);
    std::string text;
    for (auto const& each : all) text += "  " + each.name + " at " + to_rfc3339(each.due) + "\n";
    return text.empty() ? std::string("  none\n") : text;
  };
  auto const should = show_timers(expected);
  auto const is = show_timers(instance().timers);
  if (should != is) throw mismatch("the process's timers are not as expected\nexpected:\n" + should + "actual:\n" + is);
}

void process_steps::expect_no_instance(std::string_view id) const {
  if (instances_.contains(id)) throw mismatch("there is an instance " + quoted(id));
}

}  // namespace evoke::testing::detail
