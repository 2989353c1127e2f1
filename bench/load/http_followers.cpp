#include "bench/load/http_followers.hpp"

#include "bench/load/http_answer.hpp"
#include "bench/load/http_target.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace evoke::load {

/// Events stand between two empty lines. Lines of chunk sizes lie between them and are passed over as what they are: no field.
class http_followers::follower final : public poller::endpoint {
 public:
  explicit follower(http_followers& owner) : owner_(owner) {}
  ~follower() override {
    if (socket_ >= 0) ::close(socket_);
  }
  follower(follower const&) = delete;
  follower& operator=(follower const&) = delete;

  [[nodiscard]] result<void> begin(std::string const& target) {
    auto made = connect_to(owner_.server_);
    if (!made) return std::unexpected(made.error());
    socket_ = *made;
    auto const request = "GET " + owner_.server_.base_path + target + " HTTP/1.1\r\nHost: " + owner_.server_.authority +
                         "\r\nAccept: text/event-stream\r\n\r\n";
    // A new socket takes some hundred bytes at once.
    if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) {
      return fail(errc::io_error, "a follower's request could not be sent");
    }
    owner_.poller_.watch(socket_, *this);
    return {};
  }

  void ready(bool readable, bool) override {
    if (!readable || socket_ < 0) return;
    auto const got = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
    if (got <= 0) {
      ::close(socket_);
      socket_ = -1;
      ++owner_.ended_;
      return;
    }
    text_.append(bytes.data(), static_cast<std::size_t>(got));
    take(steady::now());
  }

 private:
  void take(steady::time_point now) {
    std::size_t from = 0;
    if (!begun_) {
      auto const head = text_.find("\r\n\r\n");
      if (head == std::string::npos) return;
      if (!text_.starts_with("HTTP/1.1 200")) {
        if (owner_.refused_.empty()) owner_.refused_ = text_.substr(0, text_.find('\r')) + ": " + text_.substr(head + 4, 300);
        return;
      }
      from = head + 4;
      begun_ = true;
      ++owner_.begun_;
    }
    for (auto end = text_.find("\n\n", from); end != std::string::npos; end = text_.find("\n\n", from)) {
      owner_.received(std::string_view(text_).substr(from, end - from), now);
      from = end + 2;
    }
    text_.erase(0, from);
  }

  static inline std::array<char, 65'536> bytes{};  // one thread

  http_followers& owner_;
  int socket_ = -1;
  bool begun_ = false;
  std::string text_;
};

http_followers::http_followers(poller& on, replay::server_address server) : poller_(on), server_(std::move(server)) {}
http_followers::~http_followers() = default;

result<void> http_followers::follow(std::vector<std::string> const& targets) {
  for (auto const& each : targets) {
    auto made = std::make_unique<follower>(*this);
    if (auto begun = made->begin(each); !begun) return begun;
    all_.push_back(std::move(made));
  }
  auto const until = steady::now() + std::chrono::seconds(30);
  while (begun_ < all_.size()) {
    if (!refused_.empty()) return fail(errc::io_error, "a follower was refused: " + refused_);
    if (ended_ > 0) return fail(errc::io_error, "a follower's feed ended as it began");
    if (steady::now() > until) return fail(errc::io_error, "the followers' feeds did not begin");
    poller_.wait(std::min(until, steady::now() + std::chrono::milliseconds(100)));
  }
  return {};
}

void http_followers::count_within(steady::time_point from, steady::time_point to) noexcept {
  from_ = from;
  to_ = to;
}

void http_followers::received(std::string_view event, steady::time_point at) {
  auto const data = event.find("\ndata: ");
  if (data == std::string_view::npos || at < from_ || at >= to_) return;
  auto const time = time_of_event(event.substr(data));
  if (!time) return;
  ++heard_.events;
  auto const age = std::chrono::nanoseconds(std::chrono::system_clock::now() - *time).count();
  heard_.age_ns.record(static_cast<std::uint64_t>(std::max<std::int64_t>(age, 0)));
}

std::optional<timestamp> time_of_event(std::string_view json) {
  constexpr std::string_view name = "\"time\":\"";
  auto const at = json.find(name);
  if (at == std::string_view::npos) return std::nullopt;
  auto const begin = at + name.size();
  auto const parsed = parse_rfc3339(json.substr(begin, json.find('"', begin) - begin));
  return parsed ? std::optional(*parsed) : std::nullopt;
}

std::vector<std::string> follower_targets(assignment const& todo, std::string const& head) {
  std::vector<std::string> made;
  made.reserve(todo.given.followers + todo.given.log_followers);
  auto const writing = std::ranges::find_if(todo.work.operations, &operation::writes);
  for (std::size_t i = 0; i < todo.given.followers; ++i) {
    made.push_back("/v1/streams/" + writing->type + "/" + todo.work.key_prefix + std::to_string(i % todo.keys) + "?after=" + head);
  }
  for (std::size_t i = 0; i < todo.given.log_followers; ++i) made.push_back("/v1/events?after=" + head);
  return made;
}

}  // namespace evoke::load
