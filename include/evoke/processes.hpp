#pragma once

#include <evoke/event.hpp>
#include <evoke/ids.hpp>
#include <evoke/process_instance.hpp>
#include <evoke/result.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// Looking at process managers, and mending what waits for a person.
namespace evoke {

/// The event that a process cannot tell the instance of: it halted before it.
struct process_halted {
  position at{};
  std::string why{};
};
BOOST_DESCRIBE_STRUCT(process_halted, (), (at, why))

/// A process as a whole, as of a moment ago.
struct process_summary {
  std::string name{};
  position checkpoint{};                ///< everything up to here was handled, or belongs to a blocked instance
  std::uint64_t lag_events = 0;         ///< of the log, behind the checkpoint
  std::uint64_t busy_instances = 0;     ///< with something on its way now
  std::uint64_t blocked_instances = 0;  ///< that cannot handle an event: retried by a person
  std::uint64_t stuck_instances = 0;    ///< in compensation_failed: retried or closed by a person
  std::uint64_t events_handled = 0;     ///< since the start
  std::uint64_t steps_started = 0;      ///< since the start, undos included
  std::uint64_t steps_retried = 0;      ///< since the start, after a failure of the infrastructure
  std::optional<process_halted> halted{};
};
BOOST_DESCRIBE_STRUCT(process_summary, (),
                      (name, checkpoint, lag_events, busy_instances, blocked_instances, stuck_instances, events_handled, steps_started,
                       steps_retried, halted))

/// Which instances to list. Those that ended are in the listing of their aggregate type.
enum class process_list : std::uint8_t {
  open,     ///< running or compensating
  stuck,    ///< compensation_failed
  blocked,  ///< cannot handle an event
};
BOOST_DESCRIBE_ENUM(process_list, open, stuck, blocked)

struct process_list_request {
  std::string name{};
  process_list list = process_list::open;
  std::string after{};      ///< the id behind which the page begins
  std::size_t limit = 100;  ///< cut to limits::max_page_events
};

struct process_page {
  std::vector<std::string> ids{};     ///< in byte order
  std::optional<std::string> next{};  ///< `after` of the next page, if there is one
};

/// Why an instance does not go on.
struct process_block {
  position from{};  ///< the first event that it has not handled
  std::string why{};
  timestamp since{};
};
BOOST_DESCRIBE_STRUCT(process_block, (), (from, why, since))

struct process_instance_reply {
  process_instance instance{};
  evoke::version version{};  ///< of its stream
  std::optional<process_block> blocked{};
};

/// For those who follow an instance's stream: whether nothing more comes by itself after this event of it. A person may still retry what
/// could not be undone.
[[nodiscard]] bool settles_process(recorded_event const& event) noexcept;

/// The process managers of one runtime. Any thread; callbacks as in runtime.hpp. Unknown names and instances are not_found everywhere.
class processes {
 public:
  template <class T>
  using callback = std::move_only_function<void(T)>;

  virtual ~processes() = default;

  virtual void all(callback<result<std::vector<process_summary>>> done) = 0;
  virtual void one(std::string name, callback<result<process_summary>> done) = 0;
  virtual void list(process_list_request request, callback<result<process_page>> done) = 0;
  virtual void instance(std::string name, std::string id, callback<result<process_instance_reply>> done) = 0;

  /// A person has mended what was wrong: a blocked instance handles its event again and then all behind it; in a stuck one, what could not
  /// be undone is tried again. @returns invalid_argument where it is neither.
  virtual void retry(std::string name, std::string id, callback<result<void>> done) = 0;
  /// A person ends the instance as it is; nothing more is carried out for it. @returns invalid_argument where it has ended.
  virtual void close(std::string name, std::string id, std::string reason, callback<result<void>> done) = 0;
  /// A process that halted tries its event again. @returns invalid_argument where it did not halt.
  virtual void resume(std::string name, callback<result<void>> done) = 0;
  /// A process that halted passes over its event for good. @returns as resume.
  virtual void skip(std::string name, callback<result<void>> done) = 0;
};

}  // namespace evoke
