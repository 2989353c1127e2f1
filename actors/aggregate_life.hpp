#pragma once

#include <forward_list>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/fold.hpp"
#include "actors/open_request.hpp"

namespace evoke::actors {

class aggregate_life;

/// Something that goes on with a life, as a message of its own, after the messages before it.
using continuation = std::move_only_function<void(aggregate_life&)>;
/// Sends a continuation to the life it was made for. Any thread; keeps the actor alive; copyable.
using resumer = std::function<void(continuation)>;

/// What an actor does for the life inside it.
class life_host {
 public:
  virtual ~life_host() = default;
  [[nodiscard]] virtual resumer make_resumer() = 0;
  /// The life has ended: nothing of it is open any more. `leftover` goes on with a successor, in order; with `refused` (a recovery that
  /// failed) everybody gets that answer for a while instead.
  virtual void retire(std::vector<request_ptr> leftover, std::optional<failure> refused) = 0;
};

/// One aggregate's life, as a state machine without threads: recovering -> running -> passivating. The actor around it
/// (aggregate_actor.hpp) calls one member at a time; the world is reached through `services` only.
///
/// Invariants:
///  1. requests are answered as if handled one after another in the order of accept();
///  2. state_ is speculative: it holds what was enqueued, durable or not. What is computed from it is released only by the commit queue,
///  chained
///     to last_ticket_ (the promise of deferred replies);
///  3. once something enqueued is lost, or evolve threw, nothing more is decided here: what waits goes to a successor that recovers from
///  what is stored.
class aggregate_life {
 public:
  aggregate_life(services& use, bound_type const& type, aggregate_id id, boost::intrusive_ptr<life_link> link, life_host& host);

  /// Recovering: asks the background threads for the state. First call, once.
  void begin();
  void accept(request_ptr request);
  /// No more will be accepted: finish, then retire.
  void passivate();

  [[nodiscard]] version current_version() const noexcept { return version_; }

 private:
  enum class phase : std::uint8_t { recovering, running, looking_up, passivating, ending, ended };

  // -- recovering
  void recovered(result<folded> end);

  // -- running
  void handle_waiting();
  void handle(request_ptr request);
  void handle_command(boost::intrusive_ptr<open_command> command);
  void handle_append(boost::intrusive_ptr<open_command> command);
  void handle_fired(boost::intrusive_ptr<open_command> command);
  void looked_up_timer(boost::intrusive_ptr<open_command> command, result<std::optional<persistence::stored_timer>> found);
  void handle_read(boost::intrusive_ptr<open_read> read);
  bool replay_or_hold(boost::intrusive_ptr<open_command>& command);
  void known_outcome(boost::intrusive_ptr<open_command> command, persistence::command_record record);
  void decide(boost::intrusive_ptr<open_command> command);
  void accepted(boost::intrusive_ptr<open_command> command, decided const& decision, timestamp now, version before);
  [[nodiscard]] std::optional<failure> check_timers(decided const& decision) const;
  std::optional<failure> encode(decided const& decision, std::vector<persistence::event_draft>& into) const;
  void take_extras(decided_extras const& from, persistence::append& into) const;
  void dry_run(boost::intrusive_ptr<open_command> command, decided const& decision, std::vector<persistence::event_draft> drafts,
               version before);
  void looked_up_ids(boost::intrusive_ptr<open_command> command, result<std::vector<version>> found);
  void append_new(boost::intrusive_ptr<open_command> command);

  // -- towards the writer
  void release(request_ptr request);                         // chained to last_ticket_
  void enqueue(boost::intrusive_ptr<open_command> command);  // has something to store
  void remember(open_command& command, persistence::command_end end);
  [[nodiscard]] bool key_in_flight(std::string const& key);
  void snapshot_if_due();
  void snapshot_written();
  void lost(request_ptr request);

  // -- ending
  void fail_life();
  void settle(continuation then);  // runs `then` when last_ticket_ is durable or lost
  void retire_when_settled();
  void retire();

  [[nodiscard]] std::string place() const;

  services& use_;
  bound_type const& type_;
  aggregate_id id_;
  life_host& host_;
  phase phase_ = phase::recovering;
  bool passivate_later_ = false;
  bool retiring_ = false;
  std::unique_ptr<aggregate_state> state_;
  version version_{};
  version snapshot_{};
  timestamp last_time_{};
  persistence::ticket last_ticket_ = 0;
  std::uint64_t losses_seen_ = 0;
  std::uint32_t snapshots_pending_ = 0;
  boost::intrusive_ptr<life_link> link_;
  std::list<request_ptr> waiting_;  // mostly empty, and then it holds no memory: a deque would hold 576 bytes in every resident
  struct open_key {
    std::string key;
    persistence::ticket until;
  };
  std::forward_list<open_key> open_keys_;  // keys whose outcome is not durable yet
};

}  // namespace evoke::actors
