#pragma once

#include <evoke/definition.hpp>

#include <charconv>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

/// An aggregate written by hand against the runtime's view of one (definition.hpp), so that actors are tested without the codec: counts,
/// and misbehaves when told to.
namespace evoke::tests {

struct counter_command {
  enum class what : std::uint8_t { add, refuse, nothing, throw_in_decide, throw_in_evolve, set_again, block };
  what kind = what::add;
  int amount = 1;
  int events = 1;
  std::vector<timer_change> timers{};
};

class counter_state final : public aggregate_state {
 public:
  [[nodiscard]] std::unique_ptr<aggregate_state> clone() const override { return std::make_unique<counter_state>(*this); }
  [[nodiscard]] decide_outcome decide(boxed_command const& command, context const& given) const override;
  [[nodiscard]] result<void> apply(std::string_view event, std::uint32_t, std::string_view data) override {
    if (event != "added") return fail(errc::corrupt, "unknown event");
    int amount = 0;
    auto const [end, error] = std::from_chars(data.data(), data.data() + data.size(), amount);
    if (error != std::errc{} || end != data.data() + data.size()) return fail(errc::corrupt, "not a number");
    total += amount;
    return {};
  }
  [[nodiscard]] result<void> encode(std::string& out) const override {
    out += std::to_string(total);
    return {};
  }
  [[nodiscard]] result<void> restore(std::string_view json) override {
    total = 0;
    return apply("added", 1, json);
  }

  int total = 0;
};

class counter_decided final : public decided {
 public:
  explicit counter_decided(counter_command const& command) : command_(command), timers_(command.timers) {}
  [[nodiscard]] std::size_t size() const noexcept override {
    return command_.kind == counter_command::what::nothing ? 0 : static_cast<std::size_t>(command_.events);
  }
  [[nodiscard]] std::size_t event_index(std::size_t) const noexcept override { return 0; }
  [[nodiscard]] result<void> encode(std::size_t, std::string& out) const override {
    out += std::to_string(command_.amount);
    return {};
  }
  void evolve(std::size_t i, aggregate_state& state) const override {
    if (command_.kind == counter_command::what::throw_in_evolve && i > 0) throw std::runtime_error("evolve says no");
    static_cast<counter_state&>(state).total += command_.amount;
  }
  [[nodiscard]] std::vector<timer_change> const& timers() const noexcept override { return timers_; }

 private:
  counter_command command_;
  std::vector<timer_change> timers_;
};

inline decide_outcome counter_state::decide(boxed_command const& command, context const& given) const {
  auto asked = *static_cast<counter_command const*>(command.object.get());
  if (asked.kind == counter_command::what::throw_in_decide) throw std::runtime_error("decide says no");
  if (asked.kind == counter_command::what::refuse) return rejection::conflict("refused", "as asked, at " + std::to_string(total));
  if (asked.kind == counter_command::what::block) return rejection::conflict("process_blocked", "react() threw");
  if (asked.kind == counter_command::what::set_again)
    asked.timers.push_back({timer_change::action::set, "t", given.now() + std::chrono::hours(1), "add", "1"});
  return std::make_unique<counter_decided>(asked);
}

class counter_definition final : public aggregate_definition {
 public:
  explicit counter_definition(aggregate_settings settings = {}) {
    type_ = aggregate_type::trusted("counter");
    commands_.push_back({command_name::trusted("add"), "{}", {"added"}});
    events_.push_back({event_type::trusted("added"), 1, "{}"});
    settings_ = settings;
    state_shape_ = 42;
  }
  [[nodiscard]] std::unique_ptr<aggregate_state> create() const override { return std::make_unique<counter_state>(); }
  [[nodiscard]] result<boxed_command> decode_command(std::size_t, std::string_view json) const override {
    counter_command command;
    for (auto const& [word, kind] : {std::pair{"refuse", counter_command::what::refuse},
                                     {"nothing", counter_command::what::nothing},
                                     {"throw", counter_command::what::throw_in_decide},
                                     {"again", counter_command::what::set_again},
                                     {"block", counter_command::what::block}})
      if (json == word) {
        command.kind = kind;
        return box(command);
      }
    auto const [end, error] = std::from_chars(json.data(), json.data() + json.size(), command.amount);
    if (error != std::errc{} || end != json.data() + json.size()) return fail(errc::malformed, "not a number");
    return box(command);
  }
  [[nodiscard]] result<void> encode_command(boxed_command const& command, std::string& out) const override {
    out += std::to_string(static_cast<counter_command const*>(command.object.get())->amount);
    return {};
  }
  [[nodiscard]] static boxed_command box(counter_command command) {
    return {0, boxed_command::pointer(new counter_command(command), [](void* each) { delete static_cast<counter_command*>(each); })};
  }
};

}  // namespace evoke::tests
