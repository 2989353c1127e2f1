#pragma once

#include <evoke/command.hpp>
#include <evoke/query.hpp>

#include <atomic>
#include <functional>
#include <optional>

#include "actors/bound_type.hpp"
#include "actors/command_meter.hpp"
#include "actors/services.hpp"
#include "persistence/commit_entry.hpp"

namespace evoke::actors {

/// What an aggregate's successive lives and the requests on their way share.
class life_link : public boost::intrusive_ref_counter<life_link, boost::thread_safe_counter> {
 public:
  /// Requests of this aggregate that are not answered yet; limited before the mailbox.
  std::atomic<std::uint32_t> open{0};
  /// Of the aggregate's last durable event. Written on the writer thread, in commit order.
  std::atomic<std::uint64_t> last_position{0};
};

/// Counts what is open in a runtime: admission before the mailbox, and what a drain waits for.
class open_count {
 public:
  explicit open_count(std::uint32_t most) : most_(most) {}
  /// False when `most` are open already.
  [[nodiscard]] bool admit() noexcept {
    if (open_.fetch_add(1, std::memory_order_acq_rel) < most_) return true;
    leave();
    return false;
  }
  /// Whether the next would not be admitted, as it looks now: to be asked before work that would be in vain.
  [[nodiscard]] bool full() const noexcept { return open_.load(std::memory_order_relaxed) >= most_; }
  void leave() noexcept { open_.fetch_sub(1, std::memory_order_acq_rel); }
  [[nodiscard]] std::uint64_t open() const noexcept { return open_.load(std::memory_order_acquire); }

 private:
  std::uint64_t most_;
  std::atomic<std::uint64_t> open_{0};
};

/// Something that was asked of one aggregate and will be answered exactly once, come what may: whoever drops it unanswered answers with a
/// failure. Owned by one place at a time (mailbox, life, commit queue, completion); the answer is given on the worker that asked.
class open_request : public persistence::commit_entry {
 public:
  /// Takes over one admitted place of `admitted`.
  open_request(services& use, open_count& admitted, bound_type const& type, aggregate_id id, std::size_t asked_on)
      : use_(use), admitted_(admitted), type_(&type) {
    change.type = type.number;
    change.id = std::move(id);
    worker = asked_on;
  }
  ~open_request() override {
    if (link_) link_->open.fetch_sub(1, std::memory_order_relaxed);
    admitted_.leave();
  }

  /// Counts this request among its aggregate's. Once, before it is delivered.
  void join(boost::intrusive_ptr<life_link> link) noexcept {
    link_ = std::move(link);
    link_->open.fetch_add(1, std::memory_order_relaxed);
  }

  /// Before it goes into a mailbox, and when it has come out of it: what was written before is seen behind. CAF's mailboxes see to that
  /// themselves, but inside a library that no sanitizer looks into; this says it where they do.
  void hand_over() noexcept { handed_over_.store(true, std::memory_order_release); }
  void take_over() const noexcept { static_cast<void>(handed_over_.load(std::memory_order_acquire)); }

  [[nodiscard]] bound_type const& type() const noexcept { return *type_; }
  [[nodiscard]] aggregate_id const& id() const noexcept { return change.id; }

  void stored() noexcept override {
    if (!link_) return;
    if (change.events.empty())
      change.first_position = position{link_->last_position.load(std::memory_order_relaxed)};
    else
      link_->last_position.store(last_position().value(), std::memory_order_release);
  }

  /// Answers with a failure, now. Any thread.
  virtual void refuse(failure why) noexcept = 0;

 protected:
  services& use_;
  open_count& admitted_;

 private:
  bound_type const* type_;
  boost::intrusive_ptr<life_link> link_;
  std::atomic<bool> handed_over_{false};
};

using request_ptr = boost::intrusive_ptr<open_request>;

/// Which timer a command comes from: exactly this one, or none.
struct fired_timer {
  std::string name;
  timestamp due{};
};

/// A command, a raw append, or a timer that fires: what it asks for is then found where the timer is stored.
class open_command final : public open_request {
 public:
  open_command(services& use, open_count& admitted, bound_type const& type, aggregate_id id, std::size_t asked_on,
               std::move_only_function<void(command_result)> done)
      : open_request(use, admitted, type, std::move(id), asked_on), accepted_(use.time.steady()), done_(std::move(done)) {}
  ~open_command() override;

  void finish(failure const* why) noexcept override;
  void refuse(failure why) noexcept override { answer(std::move(why)); }
  void answer(command_result end) noexcept;
  /// Takes back what was decided, so that another life can decide it anew.
  void undecide();

  // -- what was asked
  boxed_command command;          ///< empty object for a raw append, whose events are in `change` already, and for a timer
  command_options options;        ///< its metadata moves into `change` when there is something to store
  std::uint64_t fingerprint = 0;  ///< of the request, when there is an idempotency key
  bool raw = false;
  std::optional<fired_timer> fired{};
  command_meter* meter = nullptr;  ///< counts its end, when set

  // -- what was decided, answered when it is durable
  std::optional<command_result> prepared;

 private:
  std::chrono::nanoseconds const accepted_;
  std::move_only_function<void(command_result)> done_;
};

/// A read of a resident aggregate's state.
class open_read final : public open_request {
 public:
  open_read(services& use, open_count& admitted, bound_type const& type, aggregate_id id, std::size_t asked_on,
            std::move_only_function<void(result<state_reply>)> done)
      : open_request(use, admitted, type, std::move(id), asked_on), done_(std::move(done)) {}
  ~open_read() override;

  void finish(failure const* why) noexcept override;
  void refuse(failure why) noexcept override { answer(std::unexpected(std::move(why))); }
  void answer(result<state_reply> end) noexcept;

  std::optional<result<state_reply>> prepared;

 private:
  std::move_only_function<void(result<state_reply>)> done_;
};

}  // namespace evoke::actors
