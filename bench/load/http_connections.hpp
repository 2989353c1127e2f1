#pragma once

#include "bench/load/http_answer.hpp"
#include "bench/load/http_target.hpp"
#include "bench/load/poller.hpp"
#include "bench/load/tally.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace evoke::load {

/// What goes over the connections: asked for the next request whenever one has room.
class http_work {
 public:
  struct item {
    std::size_t call = 0;
    steady::time_point since;
  };
  virtual ~http_work() = default;
  /// Appends a request, when there is one to send now.
  virtual std::optional<item> next(steady::time_point now, std::string& out) = 0;
  virtual void answered(item const& request, steady::time_point at, http_answer const& answer) = 0;
  /// Its connection broke before the answer came, or it was not awaited any longer.
  virtual void lost(item const& request) = 0;
  /// When next() will have a request, if it has none now. Asked only while there is room for it: with all connections busy, an overdue
  /// request is no reason to wake up, and the processor that spinning would take is the server's.
  [[nodiscard]] virtual steady::time_point next_due() const = 0;
  /// Called at least ten times a second. @returns when to call it again, at the latest.
  virtual steady::time_point look(steady::time_point now) = 0;
  /// Nothing more will come from next().
  [[nodiscard]] virtual bool at_end(steady::time_point now) const = 0;
  /// What is still in flight is not awaited.
  [[nodiscard]] virtual bool gives_up(steady::time_point now) const = 0;
};

/// Connections to one server, all on the calling thread, with up to `pipeline` requests in flight on each. Requests go to whichever has had
/// room for longest.
class http_connections {
 public:
  http_connections(poller& on, replay::server_address server, std::size_t connections, std::size_t pipeline);
  ~http_connections();
  http_connections(http_connections const&) = delete;
  http_connections& operator=(http_connections const&) = delete;

  /// @returns io_error when not all can be had.
  [[nodiscard]] result<void> connect();

  /// Until the work is at its end and all is answered, or it gives up. A connection that breaks is made again.
  /// @returns io_error when it cannot be: the server is gone. Everything in flight is then lost.
  [[nodiscard]] result<void> run(http_work& work);

 private:
  class connection;
  friend class connection;
  void give_room(connection& to, std::size_t times);
  void fill(steady::time_point now);

  poller& poller_;
  replay::server_address server_;
  std::size_t pipeline_;
  std::vector<std::unique_ptr<connection>> all_;
  std::vector<connection*> room_;  ///< a ring: each connection stands in it once for each request that it has room for
  std::size_t room_first_ = 0;
  std::size_t room_count_ = 0;
  std::vector<connection*> filled_;
  std::size_t in_flight_ = 0;
  http_work* work_ = nullptr;
  std::optional<failure> gone_;
  std::string chunks_;
};

}  // namespace evoke::load
