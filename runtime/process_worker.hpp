#pragma once

#include <evoke/runtime.hpp>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "actors/event_reader.hpp"
#include "actors/journal_events.hpp"
#include "runtime/process_engine.hpp"

namespace evoke::detail {

/// What a process uses of the runtime, which outlives it.
struct process_surroundings {
  persistence::journal& journal;
  persistence::log_feed* feed;
  actors::event_reader const& reader;
  clock const& time;
  log_sink const& log;
  /// A command for an instance, and one by name; `done` is called on any thread, at once or later, or never when the runtime ends.
  std::function<void(aggregate_definition const&, std::string id, boxed_command, command_options, callback<command_result> done)> send;
  std::function<void(command_request, callback<command_result> done)> execute;
};

/// A process manager's thread: reads the log, and hands what comes to the engine, one thing after another.
class process_worker final : public process_world {
 public:
  /// @param types that know the process; they outlive it.
  process_worker(process_definition const& definition, registry const& types, process_surroundings with);
  ~process_worker() override { stop(); }

  [[nodiscard]] result<void> start();
  /// Writes the checkpoint and ends the thread; what is on its way is found again at the next start.
  void stop();

  [[nodiscard]] process_definition const& definition() const noexcept { return definition_; }
  /// Runs `what` on the thread, after what came before. False, and `what` is left alone, when it has stopped.
  [[nodiscard]] bool tell(std::move_only_function<void(process_engine&)>& what);
  /// As of a moment ago. Any thread.
  [[nodiscard]] process_counts counts() const;

  // -- process_world, for the engine, on the thread
  void send(std::string const& instance, process_delivery delivery, metadata meta) override;
  void carry_out(std::uint64_t ticket, command_request request) override;
  [[nodiscard]] result<std::vector<std::shared_ptr<recorded_event const>>> today(projected_event const& stored) const override;
  [[nodiscard]] std::chrono::nanoseconds steady() const override { return with_.time.steady(); }
  [[nodiscard]] timestamp now() const override { return with_.time.now(); }
  result<void> write_rows(std::vector<persistence::row_change> rows, bool synced) override;
  result<void> scan_rows(std::string const& prefix, persistence::row_visitor const& visit) override;
  result<void> read_again(position after, position to, std::function<void(projected_event const&)> const& visit) override;
  void say(log_level level, std::string_view text) override;

 private:
  using mail = std::move_only_function<void(process_engine&)>;
  /// Where callbacks put what they bring; outlives the worker as long as one of them does.
  struct mailbox {
    std::mutex mutex;
    std::condition_variable something;
    std::deque<mail> waiting;
    bool woken = false;
    bool closed = false;
  };

  void run();
  /// Reads a stretch of the log. @returns whether there may be more at once; after an error it is to be tried again at read_again_at_.
  bool read_some();
  void publish();
  static void post(std::shared_ptr<mailbox> const& to, mail what);

  process_definition const& definition_;
  aggregate_definition const& instances_;
  process_surroundings with_;
  std::shared_ptr<mailbox> mailbox_ = std::make_shared<mailbox>();  // first: what follows hands it out
  actors::journal_events events_;
  process_engine engine_;
  bool quiet_ = false;                                     // what was read last held nothing for this process
  std::optional<std::chrono::nanoseconds> read_again_at_;  // steady; set while the log does not read
  mutable std::mutex counts_guard_;
  process_counts counts_;
  std::thread thread_;
};

}  // namespace evoke::detail
