#pragma once

#include "http/incoming.hpp"
#include "http/reply.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

namespace evoke::http {

/// A connection, as those who answer its requests see it. Everything but here() and post() belongs to its worker's thread.
class exchange {
 public:
  virtual ~exchange() = default;

  /// Whether the calling thread is the connection's worker.
  [[nodiscard]] virtual bool here() const noexcept = 0;
  /// Runs `task` on the connection's worker. Any thread.
  virtual void post(std::move_only_function<void()> task) = 0;

  /// The empty answer of request number `turn`; nullptr when nobody waits for it any more (timed out, or the client is gone).
  [[nodiscard]] virtual reply* begin_answer(std::uint64_t turn) noexcept = 0;
  /// The request that begin_answer opened the answer of.
  [[nodiscard]] virtual incoming const& request() const noexcept = 0;
  /// Sends what begin_answer handed out.
  virtual void send_answer() = 0;
  /// What answers request number `turn` when its time is over; without it a problem does.
  virtual void when_late(std::uint64_t turn, std::move_only_function<void(reply&)> fill) = 0;
};

/// The right and the duty to answer one request, once, from any thread. Dropped unanswered it answers 500.
class ticket {
 public:
  ticket(std::shared_ptr<exchange> port, std::uint64_t turn) noexcept : port_(std::move(port)), turn_(turn) {}
  ticket(ticket&& other) noexcept = default;
  ticket& operator=(ticket&&) = delete;
  ticket(ticket const&) = delete;
  ticket& operator=(ticket const&) = delete;
  ~ticket() {
    if (port_) abandon();
  }

  /// `fill(reply&, incoming const&)` runs on the connection's worker, at once when this is its thread, and not at all when nobody waits.
  template <class Fill>
  void answer(Fill fill) {
    auto port = std::exchange(port_, nullptr);
    if (!port) return;
    if (port->here()) return run(*port, turn_, fill);
    auto& link = *port;
    link.post([port = std::move(port), turn = turn_, fill = std::move(fill)]() mutable { run(*port, turn, fill); });
  }

  /// For what is known in part: `fill` answers should the time for an answer be over before answer() is called, which does nothing then.
  /// On the connection's worker; it must not keep this ticket alive.
  void when_late(std::move_only_function<void(reply&)> fill) { port_->when_late(turn_, std::move(fill)); }

 private:
  template <class Fill>
  static void run(exchange& port, std::uint64_t turn, Fill& fill) {
    auto* const out = port.begin_answer(turn);
    if (out == nullptr) return;
    fill(*out, port.request());
    port.send_answer();
  }
  void abandon();

  std::shared_ptr<exchange> port_;
  std::uint64_t turn_;
};

/// What answers requests. Called on many workers at once.
class dispatcher {
 public:
  virtual ~dispatcher() = default;
  /// `request` may be read until the ticket is answered, on the calling thread only.
  virtual void handle(incoming& request, ticket reply_to) = 0;
};

}  // namespace evoke::http
