#include <evoke/detail/test_steps.hpp>
#include <evoke/registry.hpp>

#include "model/test_difference.hpp"
#include "model/test_events.hpp"

namespace evoke::testing::detail {
namespace {

std::string describe(rejection const& why) {
  return "rejected as " + std::string(name_of(why.kind)) + ", code " + quoted(why.code) + ": " + why.message;
}

std::string describe(std::vector<timer_change> const& timers) {
  if (timers.empty()) return "no timers";
  std::string text;
  for (auto const& each : timers) {
    text += text.empty() ? "" : "\n  ";
    text += each.what == timer_change::action::set
                ? "set " + quoted(each.name) + " for " + to_rfc3339(each.due) + ": " + each.command + ' ' + each.body
                : "cancel " + quoted(each.name);
  }
  return text;
}

[[noreturn]] void differ(std::string_view what, std::string_view expected, std::string_view actual, std::string_view difference = {}) {
  auto text = std::string(what) + "\nexpected:\n  " + std::string(expected) + "\nactual:\n  " + std::string(actual);
  if (!difference.empty()) text += "\nfirst difference:\n  " + std::string(difference);
  throw mismatch(text);
}

/// What two calls of decide() are compared by.
std::string text_of(decide_outcome const& outcome) {
  if (auto const* why = std::get_if<rejection>(&outcome)) return describe(*why) + why->details;
  auto const& made = *std::get<std::unique_ptr<decided>>(outcome);
  std::string text;
  for (std::size_t i = 0; i < made.size(); ++i) {
    text += std::to_string(made.event_index(i)) + ' ';
    if (auto const written = made.encode(i, text); !written) text += written.error().message;
    text += '\n';
  }
  return text + describe(made.timers());
}

}  // namespace

steps::steps(std::shared_ptr<aggregate_definition const> definition, event_recoder recode)
    : definition_(std::move(definition)), recode_(recode), state_(definition_->create()) {
  registry names;
  if (auto const added = names.add(definition_); !added) throw mismatch(added.error().message);
  check_state();
}

steps::steps(steps const& from)
    : now(from.now),
      id(from.id),
      meta(from.meta),
      seed(from.seed),
      definition_(from.definition_),
      recode_(from.recode_),
      state_(from.state_->clone()),
      version_(from.version_),
      commands_(from.commands_),
      happened_(from.happened_),
      timers_(from.timers_),
      rejected_(from.rejected_) {}

void steps::happen(decided const& events) {
  for (std::size_t i = 0; i < events.size(); ++i) {
    auto const index = events.event_index(i);
    auto const& known = definition_->events()[index];
    auto const what = "event " + quoted(known.name.str());
    std::string stored;
    if (auto const written = events.encode(i, stored); !written) throw mismatch(what + " cannot be stored: " + written.error().message);
    auto const again = recode_(index, stored);
    if (!again) throw mismatch(what + " does not survive its codec: " + again.error().message);
    if (*again != stored) differ(what + " does not survive its codec", stored, *again, first_difference(stored, *again));

    auto from_stored = state_->clone();
    events.evolve(i, *state_);
    if (auto const read = from_stored->apply(known.name.str(), known.schema_version, stored); !read)
      throw mismatch(what + " cannot be read back: " + read.error().message);
    auto const live = text_of(*state_);
    auto const recovered = text_of(*from_stored);
    if (live != recovered)
      differ("after " + what + " the state differs from the one that recovery would build: evolve() uses what is not stored", live,
             recovered, first_difference(live, recovered));
    happened_.push_back({index, std::move(stored)});
    ++version_;
  }
  check_state();
}

void steps::happened_before(std::string_view event, std::uint32_t schema_version, result<std::string> const& json,
                            result<std::string> (*recode)(std::string_view json)) {
  auto const what = "former event " + quoted(event) + " version " + std::to_string(schema_version);
  if (!json) throw mismatch(what + " cannot be stored: " + json.error().message);
  auto const again = recode(*json);
  if (!again) throw mismatch(what + " does not survive its codec: " + again.error().message);
  if (*again != *json) differ(what + " does not survive its codec", *json, *again, first_difference(*json, *again));
  auto second = state_->clone();
  for (auto* each : {state_.get(), second.get()})
    if (auto const read = each->apply(event, schema_version, *json); !read)
      throw mismatch(what + " does not read: " + read.error().message);
  auto const once = text_of(*state_);
  auto const twice = text_of(*second);
  if (once != twice) differ(what + " leads to another state each time: upcast() is not pure", once, twice, first_difference(once, twice));
  ++version_;
  check_state();
}

void steps::decide(boxed_command command) {
  check_command(command);
  context const given{id, version{version_}, now, meta, seed + commands_};
  ++commands_;
  happened_.clear();
  timers_.clear();
  rejected_.reset();
  context const first = given;  // random() changes a context: each call gets its own
  auto outcome = state_->decide(command, first);
  check_purity(command, given, outcome);
  if (auto* why = std::get_if<rejection>(&outcome)) {
    rejected_ = std::move(*why);
    return;
  }
  auto const& made = *std::get<std::unique_ptr<decided>>(outcome);
  timers_ = made.timers();
  if (!timers_.empty() && made.size() == 0)
    throw mismatch("a timer is set or cancelled without an event, which the runtime refuses\ntimers:\n  " + detail::describe(timers_));
  happen(made);
}

void steps::check_command(boxed_command const& command) const {
  auto const what = "command " + quoted(definition_->commands()[command.index].name.str());
  std::string sent;
  if (auto const written = definition_->encode_command(command, sent); !written)
    throw mismatch(what + " cannot be encoded: " + written.error().message);
  auto const received = definition_->decode_command(command.index, sent);
  if (!received) throw mismatch(what + " does not survive its codec: " + received.error().message);
  std::string again;
  if (auto const written = definition_->encode_command(*received, again); !written)
    throw mismatch(what + " does not survive its codec: " + written.error().message);
  if (again != sent) differ(what + " does not survive its codec", sent, again, first_difference(sent, again));
}

void steps::check_purity(boxed_command const& command, context const& given, decide_outcome const& first) const {
  context const second = given;
  auto const once = detail::text_of(first);
  auto const twice = detail::text_of(state_->decide(command, second));
  if (once != twice) differ("decide() answers otherwise when asked again: it uses what the context does not give", once, twice);
}

void steps::check_state() const {
  auto const live = text_of(*state_);
  auto copy = definition_->create();
  if (auto const read = copy->restore(live); !read) throw mismatch("the state does not survive its codec: " + read.error().message);
  auto const restored = text_of(*copy);
  if (live != restored) differ("the state does not survive its codec", live, restored, first_difference(live, restored));
}

std::string steps::text_of(aggregate_state const& state) const {
  std::string text;
  if (auto const written = state.encode(text); !written) throw mismatch("the state cannot be encoded: " + written.error().message);
  return text;
}

std::string steps::describe(std::vector<told_event> const& events) const {
  if (events.empty()) return "no event";
  std::string text;
  for (auto const& each : events) text += (text.empty() ? "" : "\n  ") + definition_->events()[each.index].name.str() + ' ' + each.json;
  return text;
}

std::string steps::describe_outcome() const {
  return rejected_ ? detail::describe(*rejected_) : describe(happened_);
}

void steps::expect_events(std::vector<told_event> const& expected) const {
  if (commands_ == 0) throw mismatch("no command was given: say when(...) first");
  auto const all = [&](std::string_view difference) {
    differ("the events are not as expected", describe(expected), describe_outcome(), difference);
  };
  if (rejected_) all({});
  for (std::size_t i = 0; i < std::min(expected.size(), happened_.size()); ++i) {
    auto const place = "event " + std::to_string(i + 1) + ", ";
    if (expected[i].index != happened_[i].index) all(place + "its type");
    if (auto const difference = first_difference(expected[i].json, happened_[i].json); !difference.empty()) all(place + difference);
  }
  if (expected.size() != happened_.size())
    all("expected " + std::to_string(expected.size()) + " events, got " + std::to_string(happened_.size()));
}

void steps::expect_rejection(rejection_kind kind, std::string_view code, std::optional<std::string_view> message) const {
  if (commands_ == 0) throw mismatch("no command was given: say when(...) first");
  if (rejected_ && rejected_->kind == kind && rejected_->code == code && (!message || rejected_->message == *message)) return;
  differ("the outcome is not as expected",
         detail::describe(rejection{kind, std::string(code), std::string(message.value_or("any message")), {}}), describe_outcome());
}

void steps::expect_nothing() const {
  if (commands_ == 0) throw mismatch("no command was given: say when(...) first");
  if (rejected_ || !happened_.empty()) differ("the outcome is not as expected", "no event", describe_outcome());
  if (!timers_.empty()) differ("the outcome is not as expected", "no timers", detail::describe(timers_));
}

void steps::expect_timers(std::vector<timer_change> const& expected) const {
  if (commands_ == 0) throw mismatch("no command was given: say when(...) first");
  if (rejected_) differ("the timers are not as expected", detail::describe(expected), describe_outcome());
  if (timers_ != expected) differ("the timers are not as expected", detail::describe(expected), detail::describe(timers_));
}

rejection const& steps::why() const {
  if (!rejected_) differ("the outcome is not as expected", "a rejection", commands_ == 0 ? "no command was given" : describe_outcome());
  return *rejected_;
}

}  // namespace evoke::testing::detail
