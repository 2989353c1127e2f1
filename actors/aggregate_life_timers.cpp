#include <evoke/utf8.hpp>

#include <utility>

#include "actors/aggregate_life.hpp"

/// Timers: what a decision may set, and what becomes of one that fires.
namespace evoke::actors {
namespace {

constexpr std::size_t max_name_bytes = 128;

failure user_mistake(std::string what) {
  return {errc::user_code_failed, std::move(what) + "; nothing was written", {}, {}, {}};
}

std::optional<std::string> wrong_name(std::string_view name) {
  if (name.empty() || name.size() > max_name_bytes) return "has a name of " + std::to_string(name.size()) + " bytes, 1 to 128 are allowed";
  for (char const each : name)
    if (static_cast<unsigned char>(each) < 0x20 || each == 0x7f) return "has a control character in its name";
  if (!is_utf8(name)) return "has a name that is not UTF-8";
  return std::nullopt;
}

std::optional<std::string> wrong_command(aggregate_definition const& definition, timer_change const& timer) {
  auto const index = definition.find_command(timer.command);
  if (!index) return "names the command '" + timer.command + "', which its type does not have";
  if (auto const read = definition.decode_command(*index, timer.body); !read)
    return "has a body that command '" + timer.command + "' does not read: " + read.error().message;
  return std::nullopt;
}

}  // namespace

// What could not fire later is refused now, while there is somebody to tell.
std::optional<failure> aggregate_life::check_timers(decided const& decision) const {
  auto const& timers = decision.timers();
  if (timers.empty()) return std::nullopt;
  if (decision.size() == 0)
    return user_mistake("the command's decision changes timers without an event, so that they would not be in the log");
  if (timers.size() > type_.max_events_per_command)
    return failure{
        errc::limit_exceeded,
        "the command changes " + std::to_string(timers.size()) + " timers, the limit is " + std::to_string(type_.max_events_per_command),
        {},
        {},
        {}};
  std::size_t bytes = 0;
  for (auto const& each : timers) {
    auto wrong = wrong_name(each.name);
    if (!wrong && each.what == timer_change::action::set) {
      bytes += each.body.size();
      if (to_rfc3339(each.due).size() != 27) wrong = "is due outside the years 0 to 9999";
      if (!wrong && each.body.size() > type_.max_payload_bytes) wrong = "has a body of " + std::to_string(each.body.size()) + " bytes";
      if (!wrong) wrong = wrong_command(*type_.definition, each);
    }
    if (wrong) return user_mistake("timer '" + each.name + "' " + *wrong);
  }
  if (bytes > use_.limits.max_command_bytes)
    return failure{errc::limit_exceeded, "the command's timers have " + std::to_string(bytes) + " bytes", {}, {}, {}};
  return std::nullopt;
}

// Whether the timer is still set is asked of what is stored: this aggregate's open groups end first, and what comes later waits.
void aggregate_life::handle_fired(boost::intrusive_ptr<open_command> command) {
  phase_ = phase::looking_up;
  settle([command = std::move(command)](aggregate_life& life) mutable {
    life.use_.pool.submit(
        [&use = life.use_, &type = life.type_, command = std::move(command), resume = life.host_.make_resumer()]() mutable {
          auto found = use.store.find_timer({type.number, command->id().str()}, command->fired->name);
          resume([found = std::move(found), command = std::move(command)](aggregate_life& again) mutable {
            again.phase_ = phase::running;
            again.looked_up_timer(std::move(command), std::move(found));
            again.handle_waiting();
          });
        });
  });
}

void aggregate_life::looked_up_timer(boost::intrusive_ptr<open_command> command, result<std::optional<persistence::stored_timer>> found) {
  auto const due = command->fired->due;
  if (!found) return command->refuse(found.error());
  if (!*found || (*found)->at.due != due)
    return command->refuse({errc::not_found, "timer '" + command->fired->name + "' is not set any more for that time", {}, {}, {}});
  // The clock may have gone back since it was found due.
  if (use_.time.now() < due) return command->refuse({errc::recovering, "the timer's time has not come yet", {}, {}, {}});
  auto const& timer = **found;
  auto const* const definition = type_.definition;
  auto const index = definition != nullptr ? definition->find_command(timer.command) : std::nullopt;
  if (!index) return command->refuse({errc::unknown_command, "the type has no command '" + timer.command + "'", {}, {}, {}});
  auto decoded = definition->decode_command(*index, timer.body);
  if (!decoded) return command->refuse(decoded.error());
  command->command = *std::move(decoded);
  command->options.meta.correlation_id = timer.correlation_id;
  command->options.meta.causation_id = timer.set_by.str();
  decide(std::move(command));
}

}  // namespace evoke::actors
