#include "replay/delivery.hpp"

#include "replay/cart_api.hpp"
#include "replay/money.hpp"

#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace replay {
namespace {

using std::chrono::milliseconds;

bool passes_by_itself(http_reply const& reply) {
  switch (reply.status) {
    case 408:
    case 429:
    case 502:
    case 503:
    case 504:
    case 507: return true;
    case 409: return read_problem(reply).reason == "key-in-flight";
    default: return false;
  }
}

}  // namespace

delivery::delivery(boost::asio::any_io_executor const& executor, server_address server, patience how_long, delivery_state& shared)
    : connection_(executor, std::move(server)), timer_(executor), how_long_(how_long), shared_(shared) {}

boost::asio::awaitable<evoke::result<http_reply>> delivery::send(http_request const& request) {
  using clock = std::chrono::steady_clock;
  std::optional<clock::time_point> first_failure;
  auto pause = how_long_.first_pause;
  for (;;) {
    if (!shared_.given_up.empty()) co_return evoke::fail(evoke::errc::timed_out, shared_.given_up);
    ++shared_.attempts;
    if (first_failure) ++shared_.repeats;
    auto reply = co_await connection_.send(request, how_long_.reply_timeout);
    if (reply && !passes_by_itself(*reply)) co_return reply;

    auto const now = clock::now();
    if (!first_failure) first_failure = now;
    if (now - *first_failure >= how_long_.give_up_after) {
      shared_.given_up =
          reply ? "the server keeps answering " + std::to_string(reply->status) + ": " + read_problem(*reply).text : reply.error().message;
      co_return evoke::fail(evoke::errc::timed_out, shared_.given_up);
    }
    pause = next_pause(pause, reply ? reply->retry_after : std::string());
    timer_.expires_after(pause);
    co_await timer_.async_wait(boost::asio::use_awaitable);
  }
}

milliseconds delivery::next_pause(milliseconds before, std::string const& retry_after) {
  auto pause = std::min(before * 2, how_long_.longest_pause);
  // Retry-After counts whole seconds: honoured up to the longest pause, so that a restarted server is found again quickly.
  if (auto const seconds = parse_integer(retry_after); seconds && *seconds > 0) pause = how_long_.longest_pause;
  // Half of it at random, so that the connections do not come back all at once.
  auto const half = pause.count() / 2;
  return milliseconds(half + std::uniform_int_distribution<milliseconds::rep>(0, half)(jitter_));
}

}  // namespace replay
