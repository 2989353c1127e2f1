#include "replay/replay.hpp"

#include "replay/invoice_replay.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <deque>
#include <limits>

namespace replay {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

class session {
 public:
  session(order_file const& orders, replay_options const& options) : orders_(orders), options_(options) {
    expected_.reserve(orders.invoices.size());
    for (auto const& each : orders.invoices) expected_.emplace_back(each);
    auto const most = std::max<std::size_t>(1, std::min<std::size_t>(options.connections, orders.invoices.size()));
    for (std::size_t i = 0; i < most; ++i) connections_.emplace_back(io_.get_executor(), options.server, options.how_long, shared_);
    tokens_.resize(orders.invoices.size());
    for (auto const& line : orders.unreadable) ++counts().rejected[line.reason];
    lines_done_ = orders.unreadable.size();
  }

  evoke::result<replay_report> run() {
    if (auto head = read_head(); head) {
      report_.head_before = *head;
    } else {
      return std::unexpected(head.error());
    }
    report_.replay_time = timed([&] { on_every_connection(&session::send_invoice); });
    report_.repeats = shared_.repeats;
    if (!shared_.given_up.empty()) {
      // What was not even begun must be accounted for, too.
      counts().undelivered += orders_.line_count - lines_done_;
      counts().differences.push_back("gave up: " + shared_.given_up);
      report_.head_after = report_.head_before;
      return report_;
    }
    report_.read_back_time = timed([&] { on_every_connection(&session::compare_cart); });
    report_.documents_time = timed([&] { on_every_connection(&session::compare_document); });
    if (!shared_.given_up.empty()) counts().differences.push_back("gave up reading back: " + shared_.given_up);
    if (counts().lines() != orders_.line_count) counts().differences.emplace_back("a line is not accounted for");
    report_.head_after = read_head().value_or(report_.head_before);
    return report_;
  }

 private:
  tally& counts() { return report_.counts; }

  /// Works on one invoice after another until none is left.
  using step = asio::awaitable<void> (session::*)(delivery&, std::size_t);

  void on_every_connection(step work) {
    next_ = 0;
    io_.restart();
    for (auto& connection : connections_) asio::co_spawn(io_, take_turns(work, connection), rethrow);
    io_.run();
  }

  asio::awaitable<void> take_turns(step work, delivery& connection) {
    while (next_ < orders_.invoices.size() && shared_.given_up.empty()) {
      auto const mine = next_++;
      co_await (this->*work)(connection, mine);
    }
  }

  asio::awaitable<void> send_invoice(delivery& connection, std::size_t i) {
    std::function<void()> const on_line = [this] {
      ++lines_done_;
      if (options_.on_lines) options_.on_lines(lines_done_, orders_.line_count);
    };
    invoice_replay one(orders_.invoices[i], expected_[i], connection, counts());
    co_await one.run(on_line);
    tokens_[i] = one.last_token();
  }

  asio::awaitable<void> compare_cart(delivery& connection, std::size_t i) {
    auto const request = read_cart(orders_.invoices[i].number);
    auto const reply = co_await connection.send(request);
    if (!reply) co_return;
    ++counts().carts_read;
    if (options_.on_carts) options_.on_carts(counts().carts_read, orders_.invoices.size());
    auto const name = "cart " + orders_.invoices[i].number + ": ";
    auto const found = read_cart_reply(*reply);
    if (!found) {
      counts().differences.push_back(name + found.error().message);
      co_return;
    }
    if (found->checked_out) {
      ++counts().carts_checked_out;
      // A server may say anything: a sum beyond 64 bits stays at the most there is, and the carts differ anyway.
      constexpr auto most = std::numeric_limits<std::int64_t>::max();
      counts().revenue = found->total > most - counts().revenue ? most : counts().revenue + std::max<std::int64_t>(found->total, 0);
    }
    // What an earlier run wrote has no token in this one's replies: the cart itself says where it ends.
    if (tokens_[i].empty()) tokens_[i] = reply->consistency_token;
    for (auto const& each : differences(expected_[i].view(), *found)) counts().differences.push_back(name + each);
  }

  asio::awaitable<void> compare_document(delivery& connection, std::size_t i) {
    auto const request = read_cart_document(orders_.invoices[i].number, tokens_[i]);
    auto const reply = co_await connection.send(request);
    if (!reply) co_return;
    ++counts().documents_read;
    if (options_.on_documents) options_.on_documents(counts().documents_read, orders_.invoices.size());
    auto const name = "document of cart " + orders_.invoices[i].number + ": ";
    auto const found = read_document_reply(*reply);
    if (!found) {
      counts().differences.push_back(name + found.error().message);
      co_return;
    }
    for (auto const& each : differences(expected_[i].view(), *found)) counts().differences.push_back(name + each);
  }

  evoke::result<std::uint64_t> read_head() {
    evoke::result<http_reply> reply = evoke::fail(evoke::errc::timed_out, "not asked");
    auto const ask = [&]() -> asio::awaitable<void> {
      auto const request = read_info();
      reply = co_await connections_.front().send(request);
    };
    io_.restart();
    asio::co_spawn(io_, ask, rethrow);
    io_.run();
    if (!reply) return std::unexpected(reply.error());
    auto const info = read_info_reply(*reply);
    if (!info) return std::unexpected(info.error());
    return info->head;
  }

  /// Out of memory or a defect: either ends the program.
  static void rethrow(std::exception_ptr const& error) {
    if (error) std::rethrow_exception(error);
  }

  static std::chrono::nanoseconds timed(auto&& work) {
    auto const began = steady_clock::now();
    work();
    return steady_clock::now() - began;
  }

  order_file const& orders_;
  replay_options const& options_;
  replay_report report_;
  delivery_state shared_;
  std::vector<expected_cart> expected_;
  std::vector<std::string> tokens_;  ///< of each cart's last write
  asio::io_context io_{1};           // one thread
  std::deque<delivery> connections_;
  std::size_t next_ = 0;
  std::uint64_t lines_done_ = 0;
};

}  // namespace

evoke::result<replay_report> run(order_file const& orders, replay_options const& options) {
  return session(orders, options).run();
}

}  // namespace replay
