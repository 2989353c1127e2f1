#pragma once

#include "http/exchange.hpp"
#include "http/op_memory.hpp"
#include "http/request_reader.hpp"
#include "http/session_group.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

namespace evoke::http {

/// One connection's life: requests are read one ahead and answered in order, one at a time. Lives on one worker's thread from start() on.
///
/// Invariants:
///  1. `turn_` counts the requests that were begun; an answer for an earlier one is dropped;
///  2. at most one read and one write are pending; a request is read only while no other waits to be answered;
///  3. whatever is waited for has a deadline: the client's bytes, the runtime's answer, the client's taking of ours; but not the next part
///  of a live answer, which the client's going away ends;
///  4. after an answer that closes, the client's remaining bytes are read and dropped for a while, so that the answer is not lost to a
///  reset.
class session final : public exchange, public std::enable_shared_from_this<session> {
 public:
  using clock = session_group::clock;

  session(std::shared_ptr<session_group> group, tcp_socket socket);
  ~session() override;

  void start(session_group::place where, bool refused);
  /// Says goodbye when nothing is under way, else after the next answer.
  void drain();
  /// Ends the connection now. Answers that come later are dropped.
  void close();

  /// When to call expire(); time_point::max() = nothing is waited for.
  [[nodiscard]] clock::time_point deadline() const noexcept;
  void expire(clock::time_point now);

  // -- exchange
  [[nodiscard]] bool here() const noexcept override { return thread_ == std::this_thread::get_id(); }
  void post(std::move_only_function<void()> task) override;
  [[nodiscard]] reply* begin_answer(std::uint64_t turn) noexcept override;
  [[nodiscard]] incoming const& request() const noexcept override { return slots_[answered_]; }
  void send_answer() override;
  void when_late(std::uint64_t turn, std::move_only_function<void(reply&)> fill) override;

 private:
  enum class ahead : std::uint8_t { nothing, ready, failed };

  // reading
  void pump();
  void parse_ahead();
  void begin_next();
  void start_read();
  void on_read(boost::system::error_code ec, std::size_t bytes);
  void set_read_deadline();
  /// Nothing behind the request that is being answered will be read.
  [[nodiscard]] bool answers_the_last() const noexcept { return answering_ && !keep_alive_; }
  void send_continue();
  // answering
  void ask();
  void ask_for_more();
  void begin_live();
  void write();
  void start_write();
  void on_write(boost::system::error_code ec, std::size_t bytes);
  void on_written();
  // ending
  void begin_linger();
  void read_and_drop();

  std::shared_ptr<session_group> group_;
  tcp_socket socket_;
  session_group::place place_;
  std::thread::id thread_;

  request_reader reader_;
  std::array<incoming, 2> slots_;
  std::size_t answered_ = 0;  ///< the slot of the request being answered; the other is being read
  ahead ahead_ = ahead::nothing;
  problem_kind const* refused_ = nullptr;  ///< ahead::failed: why
  std::string refused_detail_;
  bool ahead_keep_alive_ = false;

  std::uint64_t turn_ = 0;
  bool answering_ = false;  ///< from the beginning of a turn until its answer is written
  bool waiting_ = false;    ///< a ticket of this turn is out
  bool streaming_ = false;  ///< the head is sent, parts follow
  bool live_ = false;       ///< they follow when something happens: nothing more is expected of the client but that it goes
  bool keep_alive_ = false;
  reply reply_;
  std::move_only_function<void(reply&)> late_;  ///< of this turn: answers when nothing else has in time
  std::shared_ptr<body_source> source_;         ///< of the parts, until the last one is written
  std::string head_;                            ///< the head of an answer, or the framing of a part
  std::string tail_;
  std::array<boost::asio::const_buffer, 3> unsent_;

  bool pumping_ = false;
  bool reading_ = false;
  bool writing_ = false;
  bool eof_ = false;
  bool lingering_ = false;
  bool closed_ = false;
  std::size_t dropped_bytes_ = 0;
  clock::time_point read_deadline_ = clock::time_point::max();
  clock::time_point answer_deadline_ = clock::time_point::max();
  clock::time_point write_deadline_ = clock::time_point::max();
  request_reader::phase timed_phase_ = request_reader::phase::idle;
  op_memory read_memory_;
  op_memory write_memory_;
};

}  // namespace evoke::http
