#include "bench/load/http_connections.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace evoke::load {

/// One socket: what is to be sent, what came and is not whole, and which requests wait for their answers.
class http_connections::connection final : public poller::endpoint {
 public:
  explicit connection(http_connections& owner) : owner_(owner), waiting_(owner.pipeline_) {}
  ~connection() override { shut(); }
  connection(connection const&) = delete;
  connection& operator=(connection const&) = delete;

  [[nodiscard]] result<void> open() {
    auto made = connect_to(owner_.server_);
    if (!made) return std::unexpected(made.error());
    socket_ = *made;
    owner_.poller_.watch(socket_, *this);
    return {};
  }

  [[nodiscard]] bool sends_nothing() const noexcept { return out_.empty(); }
  std::string& out() noexcept { return out_; }
  void expect(http_work::item const& request) { waiting_[(first_ + count_++) % waiting_.size()] = request; }

  void flush() {
    if (socket_ < 0) return;
    auto const sent = ::send(socket_, out_.data(), out_.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) return renew();
    if (sent == static_cast<ssize_t>(out_.size())) {
      out_.clear();
    } else if (sent > 0) {
      out_.erase(0, static_cast<std::size_t>(sent));
    }
    if (auto const more = !out_.empty(); more != writing_) owner_.poller_.watch_writing(socket_, *this, writing_ = more);
  }

  void ready(bool readable, bool writable) override {
    if (writable && !out_.empty()) flush();
    if (!readable || socket_ < 0) return;
    auto const got = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
    if (got <= 0) return renew();
    auto const now = steady::now();
    if (in_.empty()) {
      // The usual case: whole answers, read where they arrived.
      std::string_view const text(bytes.data(), static_cast<std::size_t>(got));
      auto const taken = take(text, now);
      if (taken != not_http) in_.assign(text.substr(taken));
      if (taken == not_http) return renew();
    } else {
      in_.append(bytes.data(), static_cast<std::size_t>(got));
      auto const taken = take(in_, now);
      if (taken == not_http) return renew();
      in_.erase(0, taken);
    }
    if (closing_) return renew();
    owner_.fill(now);
  }

  /// Gives up all that waits for an answer.
  void lose_all() {
    auto const lost = std::exchange(count_, 0);
    for (std::size_t i = 0; i < lost; ++i) owner_.work_->lost(waiting_[(first_ + i) % waiting_.size()]);
    owner_.in_flight_ -= lost;
    owner_.give_room(*this, lost);
  }

  void shut() noexcept {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }

  void renew() {
    shut();
    in_.clear();
    out_.clear();
    closing_ = writing_ = false;
    lose_all();
    if (auto again = open(); !again) owner_.gone_ = again.error();
  }

 private:
  /// Takes whole answers off the front. @returns how many bytes they were, or not_http.
  std::size_t take(std::string_view text, steady::time_point now) {
    std::size_t at = 0;
    std::size_t answers = 0;
    while (at < text.size() && !closing_) {
      http_answer answer;
      auto const whole = read_answer(text.substr(at), answer, owner_.chunks_);
      if (whole == not_whole) break;
      if (whole == not_http || count_ == 0) return not_http;
      at += whole;
      owner_.work_->answered(waiting_[first_], now, answer);
      first_ = (first_ + 1) % waiting_.size();
      --count_;
      ++answers;
      closing_ = answer.closes;
    }
    owner_.in_flight_ -= answers;
    owner_.give_room(*this, answers);
    return at;
  }

  static inline std::array<char, 65'536> bytes{};  // one thread: what is not whole is kept apart

  http_connections& owner_;
  int socket_ = -1;
  bool writing_ = false;
  bool closing_ = false;
  std::string out_;
  std::string in_;
  std::vector<http_work::item> waiting_;  ///< a ring
  std::size_t first_ = 0;
  std::size_t count_ = 0;
};

http_connections::http_connections(poller& on, replay::server_address server, std::size_t connections, std::size_t pipeline)
    : poller_(on), server_(std::move(server)), pipeline_(pipeline), room_(connections * pipeline) {
  for (std::size_t i = 0; i < connections; ++i) all_.push_back(std::make_unique<connection>(*this));
}

http_connections::~http_connections() = default;

result<void> http_connections::connect() {
  for (auto& each : all_)
    if (auto opened = each->open(); !opened) return opened;
  for (std::size_t i = 0; i < pipeline_; ++i)
    for (auto& each : all_) give_room(*each, 1);
  return {};
}

void http_connections::give_room(connection& to, std::size_t times) {
  for (; times > 0; --times) room_[(room_first_ + room_count_++) % room_.size()] = &to;
}

void http_connections::fill(steady::time_point now) {
  while (room_count_ > 0 && !gone_) {
    auto& to = *room_[room_first_];
    auto const quiet = to.sends_nothing();
    auto const request = work_->next(now, to.out());
    if (!request) break;
    room_first_ = (room_first_ + 1) % room_.size();
    --room_count_;
    ++in_flight_;
    to.expect(*request);
    if (quiet) filled_.push_back(&to);
  }
  // By index: a connection that breaks while it sends does not ask for more here.
  for (std::size_t i = 0; i < filled_.size(); ++i) filled_[i]->flush();
  filled_.clear();
}

result<void> http_connections::run(http_work& work) {
  work_ = &work;
  gone_.reset();
  for (;;) {
    auto const now = steady::now();
    auto const again = work.look(now);
    fill(now);
    if (gone_ || work.gives_up(now) || (work.at_end(now) && in_flight_ == 0)) break;
    auto const until = std::min(again, now + std::chrono::milliseconds(100));
    poller_.wait(room_count_ > 0 ? std::min(until, work.next_due()) : until);
  }
  if (gone_ || in_flight_ > 0) {
    // Answers to these may still come: their connections are of no use to anybody.
    for (auto& each : all_) each->lose_all();
    for (auto& each : all_) each->shut();
  }
  work_ = nullptr;
  if (gone_) return fail(*gone_);
  return {};
}

}  // namespace evoke::load
