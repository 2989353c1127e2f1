#pragma once

#include <evoke/definition.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace evoke::testing {

/// What was expected is not what happened; what() says both, and where they first differ.
class mismatch : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

namespace detail {

/// An event by its index into aggregate_definition::events(), and as JSON.
struct told_event {
  std::size_t index = 0;
  std::string json;
};

/// The part of a scenario that does not depend on the user's types. Works on the same interface as the runtime does.
class steps {
 public:
  /// Decodes an event and encodes it again.
  using event_recoder = result<std::string> (*)(std::size_t event_index, std::string_view json);

  steps(std::shared_ptr<aggregate_definition const> definition, event_recoder recode);
  steps(steps const& from);
  steps& operator=(steps const&) = delete;

  timestamp now{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
  aggregate_id id = aggregate_id::trusted("test-1");
  metadata meta{};
  std::uint64_t seed = 1;

  /// Takes events into the state, after checking that nothing is lost when they are stored and read.
  void happen(decided const& events);
  /// Takes a stored event of an older program into the state, after checking that it always becomes the same.
  void happened_before(std::string_view event, std::uint32_t schema_version, result<std::string> const& json,
                       result<std::string> (*recode)(std::string_view json));
  void decide(boxed_command command);

  void expect_events(std::vector<told_event> const& expected) const;
  void expect_rejection(rejection_kind kind, std::string_view code, std::optional<std::string_view> message) const;
  void expect_nothing() const;
  void expect_timers(std::vector<timer_change> const& expected) const;

  [[nodiscard]] aggregate_state const& state() const noexcept { return *state_; }
  /// Of the last command; throws mismatch when it was not rejected.
  [[nodiscard]] rejection const& why() const;

 private:
  [[nodiscard]] std::string describe(std::vector<told_event> const& events) const;
  [[nodiscard]] std::string describe_outcome() const;
  [[nodiscard]] std::string text_of(aggregate_state const& state) const;
  void check_command(boxed_command const& command) const;
  void check_purity(boxed_command const& command, context const& given, decide_outcome const& first) const;
  void check_state() const;

  std::shared_ptr<aggregate_definition const> definition_;
  event_recoder recode_;
  std::unique_ptr<aggregate_state> state_;
  std::uint64_t version_ = 0;
  std::uint64_t commands_ = 0;
  std::vector<told_event> happened_;   // caused by the last command
  std::vector<timer_change> timers_;   // set or cancelled by it
  std::optional<rejection> rejected_;  // or why it was not accepted
};

}  // namespace detail
}  // namespace evoke::testing
