#pragma once

#include <evoke/detail/test_steps.hpp>
#include <evoke/event.hpp>
#include <evoke/process_definition.hpp>
#include <evoke/process_instance.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evoke::testing::detail {

/// The part of a process's test that does not depend on the user's types. Works on the same decisions as the runtime does.
class process_steps {
 public:
  explicit process_steps(std::shared_ptr<process_definition const> definition);

  timestamp now{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
  metadata meta{};

  /// An event of the log: goes to the instance that correlate() names. What react() throws passes through.
  void happen(std::string_view aggregate_type, std::string_view id, std::string_view event, std::uint32_t schema_version,
              result<std::string> const& json);
  /// The newest open step of that name, or its undoing, ends. Throws mismatch when there is none.
  void end_step(std::string_view step, bool undoing, step_outcome outcome, rejection const& why, std::vector<std::string> events);
  /// Throws mismatch when the timer is not set.
  void fire(std::string_view timer);
  void retry();

  /// Which instance the calls speak of; that of the last event, when never set.
  void choose(std::string_view instance) { chosen_ = instance; }

  void expect_orders(std::vector<std::pair<std::string, command_order>> const& expected, bool undoing) const;
  void expect_status(process_status expected) const;
  void expect_state(result<std::string> const& json) const;
  void expect_timers(std::vector<process_timer> const& expected) const;
  void expect_no_instance(std::string_view id) const;
  [[nodiscard]] process_instance const& instance() const;

 private:
  struct running {
    process_instance instance{};
    std::uint64_t version = 0;
  };
  struct order {
    std::string step;
    bool undoing = false;
    command_order what;
  };
  void deliver(std::string const& id, void const* message);
  [[nodiscard]] std::string show(std::vector<order> const& orders) const;

  std::shared_ptr<process_definition const> definition_;
  std::map<std::string, running, std::less<>> instances_;
  std::map<std::string, std::uint64_t, std::less<>> versions_;  // by aggregate type, '/', id
  std::uint64_t position_ = 0;
  std::string chosen_;
  std::vector<order> ordered_;  // by the last message
};

}  // namespace evoke::testing::detail
