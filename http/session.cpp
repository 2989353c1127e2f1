#include "http/session.hpp"

#include "http/problem.hpp"

#include <netinet/tcp.h>
#include <algorithm>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

namespace evoke::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr auto never = session::clock::time_point::max();
/// How long, and how much, a client may go on sending after the answer that closes.
constexpr std::chrono::milliseconds max_linger{2'000};
constexpr std::chrono::milliseconds max_linger_draining{200};
constexpr std::size_t max_dropped_bytes = std::size_t{4} * 1024 * 1024;
/// A session's head buffer is never larger than this between answers.
constexpr std::size_t max_kept_head_bytes = std::size_t{16} * 1024;
/// What a live answer that waits keeps of its last part's memory: there are thousands of them.
constexpr std::size_t max_kept_live_bytes = std::size_t{4} * 1024;

}  // namespace

session::session(std::shared_ptr<session_group> group, tcp_socket socket)
    : group_(std::move(group)), socket_(std::move(socket)), reader_(group_->settings().limits) {}

session::~session() = default;

void session::start(session_group::place where, bool refused) {
  place_ = where;
  thread_ = std::this_thread::get_id();
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  // Answers are written at once where the kernel takes them; only what it does not take is waited for.
  socket_.non_blocking(true, ignored);
  if (refused) {
    ahead_ = ahead::failed;
    refused_ = &problems::too_many_connections;
  }
  read_deadline_ = clock::now() + group_->settings().idle_timeout;
  pump();
}

void session::drain() {
  if (live_) {
    auto const source = source_;  // may end the session, and with it its hold on the source
    return source->drain();
  }
  if (lingering_) read_deadline_ = std::min(read_deadline_, clock::now() + max_linger_draining);
  // Nothing was said that could be lost: no need to linger.
  if (!answering_ && ahead_ == ahead::nothing && reader_.at() == request_reader::phase::idle && !lingering_) close();
}

void session::close() {
  if (closed_) return;
  closed_ = true;
  ++turn_;
  waiting_ = false;
  reply_.clear();  // a stream's source may hold much
  if (auto const source = std::exchange(source_, nullptr)) source->abandon();
  error_code ignored;
  socket_.close(ignored);
  group_->leave(place_);
}

session::clock::time_point session::deadline() const noexcept {
  return std::min({read_deadline_, answer_deadline_, write_deadline_});
}

void session::expire(clock::time_point now) {
  if (closed_) return;
  if (now >= write_deadline_) return close();
  if (now >= answer_deadline_) {
    answer_deadline_ = never;
    if (streaming_) return close();  // the answer has begun: all that can be said is that it is not whole
    bool const safe = request().method() == method::get || request().method() == method::head;
    if (auto* out = begin_answer(turn_); out != nullptr) {
      if (late_) {
        late_(*out);
        return send_answer();
      }
      failure const why{safe ? errc::timed_out : errc::outcome_unknown, "there was no answer in time", {}, {}, {}};
      render_failure(*out, why);
      return send_answer();
    }
  }
  if (now < read_deadline_) return;
  read_deadline_ = never;
  if (lingering_ || reader_.at() == request_reader::phase::idle) return close();
  ahead_ = ahead::failed;
  refused_ = &problems::request_timeout;
  refused_detail_ = "the request did not arrive in time";
  pump();
}

void session::post(std::move_only_function<void()> task) {
  asio::post(group_->context(), std::move(task));
}

// -- reading

/// Everything that can be done without waiting: answers that come at once must not nest one in the other, however many are pipelined.
void session::pump() {
  if (pumping_ || closed_) return;
  pumping_ = true;
  for (bool begun = true; begun && !closed_ && !lingering_;) {
    parse_ahead();
    begun = !answering_ && ahead_ != ahead::nothing;
    if (begun) begin_next();
  }
  pumping_ = false;
  if (closed_) return;
  bool const nothing_open = !answering_ && ahead_ == ahead::nothing;
  if (nothing_open && !lingering_ && (eof_ || (group_->draining() && reader_.at() == request_reader::phase::idle))) return begin_linger();
  if (!lingering_) start_read();
}

void session::parse_ahead() {
  if (ahead_ != ahead::nothing) return;
  if (answers_the_last()) {
    read_deadline_ = never;
    return;
  }
  switch (reader_.advance(slots_[1 - answered_])) {
    case request_reader::step::complete:
      ahead_ = ahead::ready;
      ahead_keep_alive_ = reader_.keep_alive();
      break;
    case request_reader::step::failed:
      ahead_ = ahead::failed;
      refused_ = &reader_.why();
      refused_detail_ = reader_.detail();
      break;
    case request_reader::step::need_more:
      if (eof_ && reader_.at() != request_reader::phase::idle) {
        ahead_ = ahead::failed;
        refused_ = &problems::bad_request;
        refused_detail_ = "the connection ended within the request";
      } else if (reader_.expects_continue() && !answering_) {
        send_continue();
      }
  }
  set_read_deadline();
}

void session::set_read_deadline() {
  if (ahead_ != ahead::nothing) {
    read_deadline_ = never;
    timed_phase_ = request_reader::phase::idle;
    return;
  }
  auto const phase = reader_.at();
  if (phase == request_reader::phase::idle) {
    // Set again by every answer: the time between requests counts, not the time that answering takes.
    read_deadline_ = answering_ ? never : clock::now() + group_->settings().idle_timeout;
  } else if (phase != timed_phase_) {
    auto const& settings = group_->settings();
    read_deadline_ = clock::now() + (phase == request_reader::phase::head ? settings.header_timeout : settings.body_timeout);
  }
  timed_phase_ = phase;
}

void session::send_continue() {
  static constexpr std::string_view line = "HTTP/1.1 100 Continue\r\n\r\n";
  error_code ec;
  // 25 bytes behind an answer that was taken whole: a kernel that does not take them has a client that does not read.
  auto const sent = socket_.write_some(asio::buffer(line), ec);
  reader_.continue_sent();
  if (ec || sent != line.size()) close();
}

void session::begin_next() {
  bool const failed = ahead_ == ahead::failed;
  ahead_ = ahead::nothing;
  answered_ = 1 - answered_;
  answering_ = true;
  keep_alive_ = !failed && ahead_keep_alive_;
  ++turn_;
  reply_.clear();
  late_ = nullptr;
  waiting_ = true;
  if (!failed) return ask();
  auto* out = begin_answer(turn_);
  render_problem(*out, *refused_, refused_detail_);
  out->close = true;
  send_answer();
}

void session::start_read() {
  if (reading_ || eof_ || ahead_ != ahead::nothing || answers_the_last()) return;
  reading_ = true;
  auto const room = reader_.prepare();
  socket_.async_read_some(
      asio::buffer(room.data(), room.size()),
      asio::bind_allocator(op_allocator<std::byte>(read_memory_),
                           [self = shared_from_this()](error_code ec, std::size_t bytes) { self->on_read(ec, bytes); }));
}

void session::on_read(error_code ec, std::size_t bytes) {
  reading_ = false;
  if (closed_) return;
  if (ec == asio::error::eof) {
    eof_ = true;
  } else if (ec) {
    return close();
  }
  if (lingering_ || live_) {
    dropped_bytes_ += bytes;
    return read_and_drop();
  }
  reader_.commit(bytes);
  pump();
}

// -- answering

void session::ask() {
  answer_deadline_ = clock::now() + group_->settings().command_timeout;
  group_->answers().handle(slots_[answered_], ticket(shared_from_this(), turn_));
}

void session::ask_for_more() {
  if (closed_) return;
  waiting_ = true;
  if (!live_) answer_deadline_ = clock::now() + group_->settings().command_timeout;
  reply_.more = nullptr;
  reply_.body.clear();
  if (live_ && reply_.body.capacity() > max_kept_live_bytes) std::string().swap(reply_.body);
  auto const source = source_;
  source->next(ticket(shared_from_this(), turn_));
}

reply* session::begin_answer(std::uint64_t turn) noexcept {
  if (turn != turn_ || !waiting_ || closed_) return nullptr;
  waiting_ = false;
  answer_deadline_ = never;
  return &reply_;
}

void session::when_late(std::uint64_t turn, std::move_only_function<void(reply&)> fill) {
  if (turn == turn_ && waiting_) late_ = std::move(fill);
}

void session::send_answer() {
  head_.clear();
  tail_.clear();
  std::string_view body = reply_.body;
  if (streaming_) {
    // A part that is an error means that the source broke down: a cut-off answer says so, a tidy end would not.
    if (reply_.status >= 400) return close();
  } else {
    auto const& asked = request();
    bool const to_head = asked.method() == method::head;
    if (reply_.more && asked.http_1_0()) reply_.close = true;
    live_ = reply_.more && !to_head && reply_.more->live();
    if (live_) reply_.close = true;
    keep_alive_ = keep_alive_ && !reply_.close && !group_->draining() && !eof_;
    append_head(reply_, {asked.http_1_0(), keep_alive_, group_->date_line()}, head_);
    if (to_head || !has_body(reply_.status)) {
      body = {};
      reply_.more = nullptr;
    }
    source_ = reply_.more;
    streaming_ = static_cast<bool>(source_);
    if (live_) begin_live();
    if (closed_) return;
  }
  bool const framed = streaming_ && !request().http_1_0();
  if (framed) append_chunk_framing(body.size(), !reply_.more, head_, tail_);
  unsent_ = {asio::buffer(head_), asio::buffer(body), asio::buffer(tail_)};
  write();
}

void session::write() {
  error_code ec;
  auto const sent = socket_.write_some(unsent_, ec);
  if (ec && ec != asio::error::would_block) return close();
  on_write({}, ec ? 0 : sent);
}

void session::start_write() {
  writing_ = true;
  socket_.async_write_some(
      unsent_, asio::bind_allocator(op_allocator<std::byte>(write_memory_), [self = shared_from_this()](error_code ec, std::size_t bytes) {
        self->writing_ = false;
        self->on_write(ec, bytes);
      }));
}

void session::on_write(error_code ec, std::size_t bytes) {
  if (closed_) return;
  if (ec) return close();
  bool whole = true;
  for (auto& part : unsent_) {
    auto const taken = std::min(bytes, part.size());
    part += taken;
    bytes -= taken;
    whole = whole && part.size() == 0;
  }
  if (whole) return on_written();
  // Time is for progress: a client that goes on reading is not cut off, however long the answer.
  write_deadline_ = clock::now() + group_->settings().write_timeout;
  start_write();
}

void session::on_written() {
  write_deadline_ = never;
  if (head_.capacity() > max_kept_head_bytes) std::string().swap(head_);
  // Posted: a source that always has its next part at hand must not nest part in part.
  if (reply_.more) return post([self = shared_from_this()] { self->ask_for_more(); });
  slots_[answered_].release();
  source_ = nullptr;
  live_ = false;
  streaming_ = false;
  answering_ = false;
  if (!keep_alive_) return begin_linger();
  pump();
}

/// The client has nothing more to say, but must be heard to go. What it sends all the same is dropped.
void session::begin_live() {
  // A client whose network is gone says nothing: what it does not acknowledge tells.
  asio::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT> const unacknowledged(
      static_cast<int>(group_->settings().write_timeout.count()));
  error_code ignored;
  socket_.set_option(unacknowledged, ignored);
  read_deadline_ = never;
  if (!reading_) read_and_drop();
}

// -- ending

void session::begin_linger() {
  lingering_ = true;
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  if (eof_) return close();
  read_deadline_ = clock::now() + std::min(group_->draining() ? max_linger_draining : max_linger, group_->settings().write_timeout);
  if (!reading_) read_and_drop();
}

void session::read_and_drop() {
  if (eof_) return close();
  if (dropped_bytes_ > max_dropped_bytes) return close();
  auto const room = reader_.prepare();
  reading_ = true;
  socket_.async_read_some(
      asio::buffer(room.data(), room.size()),
      asio::bind_allocator(op_allocator<std::byte>(read_memory_),
                           [self = shared_from_this()](error_code ec, std::size_t bytes) { self->on_read(ec, bytes); }));
}

}  // namespace evoke::http
