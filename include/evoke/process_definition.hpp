#pragma once

#include <evoke/context.hpp>
#include <evoke/process_events.hpp>
#include <evoke/projection_definition.hpp>
#include <evoke/reaction.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The runtime's view of a process manager: the same for every state type, so that actors, store and HTTP need no templates.
/// Users never write these classes; process.hpp makes them from a description.
namespace evoke {

/// Which events reach a process that is registered for the first time. Fixed durably at its first start.
enum class process_start : std::uint8_t {
  now,        ///< those that are stored from then on
  beginning,  ///< the whole log
};

struct process_settings {
  process_start start_from = process_start::now;
  std::chrono::milliseconds step_deadline{30'000};  ///< how long a step is tried before it counts as perhaps done
  std::chrono::milliseconds undo_deadline{60'000};  ///< how long an undo is tried before it waits for a person
  bool ends_itself = false;                         ///< a policy: each event is an instance of its own, over when its steps have ended
};

struct process_event_info {
  event_type name;
  bool starts = false;  ///< makes an instance where there is none; other events pass by where there is none
};

/// Events of one aggregate type that a process follows.
struct process_source {
  aggregate_type type;
  std::vector<process_event_info> events;
};

/// What makes a process react.
using process_trigger = std::variant<projected_event const*, step_succeeded const*, step_failed const*, timer_due const*,
                                     compensation_started const*, compensation_ended const*, process_completed const*>;

/// What a reaction comes to.
struct reacted {
  bool handled = false;  ///< false: there is no react() for this trigger; state and reaction are as before
  std::string state{};   ///< as JSON, after it
  evoke::reaction reaction{};
};

/// Everything the runtime knows of a process manager. Immutable, shared by all threads.
class process_definition {
 public:
  virtual ~process_definition() = default;

  /// Also the aggregate type of its instances' streams.
  [[nodiscard]] aggregate_type const& name() const noexcept { return name_; }
  [[nodiscard]] std::vector<process_source> const& sources() const noexcept { return sources_; }
  [[nodiscard]] process_settings const& settings() const noexcept { return settings_; }
  [[nodiscard]] std::string const& state_schema() const noexcept { return state_schema_; }
  [[nodiscard]] void const* state_tag() const noexcept { return state_tag_; }

  /// nullptr when the process does not follow it.
  [[nodiscard]] process_event_info const* find_event(std::string_view stream_type, std::string_view event) const noexcept;

  /// The id of the instance that an event belongs to; empty = none. @returns corrupt when the event does not read; what the user's
  /// correlate() throws passes through.
  [[nodiscard]] virtual result<std::string> correlate(projected_event const& event) const = 0;
  /// Pure. @param state JSON; empty = as before the first event. @returns corrupt when state or event do not read; what react() throws
  /// passes through.
  [[nodiscard]] virtual result<reacted> react(std::string_view state, process_trigger const& trigger, context const& given) const = 0;

 protected:
  aggregate_type name_;
  std::vector<process_source> sources_;
  process_settings settings_;
  std::string state_schema_;
  void const* state_tag_ = nullptr;
};

}  // namespace evoke
