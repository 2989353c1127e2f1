#pragma once

#include "replay/cart_api.hpp"
#include "replay/delivery.hpp"
#include "replay/expected_cart.hpp"
#include "replay/tally.hpp"

#include <functional>

namespace replay {

/// Takes one invoice to the server, command by command, and counts what became of each line.
class invoice_replay {
 public:
  /// All of it must outlive the object. `expected` becomes what the invoice must lead to.
  invoice_replay(invoice const& from, expected_cart& expected, delivery& via, tally& counts);

  /// @param on_line is called after each line.
  [[nodiscard]] boost::asio::awaitable<void> run(std::function<void()> const& on_line);
  /// Of the last reply that had one: stands for the cart's last write as far as this run knows.
  [[nodiscard]] std::string const& last_token() const noexcept { return last_token_; }

 private:
  [[nodiscard]] boost::asio::awaitable<void> create();
  [[nodiscard]] boost::asio::awaitable<void> add(order_line const& line);
  [[nodiscard]] boost::asio::awaitable<void> leave();

  /// Sends and counts. @returns nothing when the server could not be reached any more.
  [[nodiscard]] boost::asio::awaitable<std::optional<command_end>> ask(http_request const& request);
  /// True when the cart is already further than this run: an earlier one got there, and its keys are forgotten.
  [[nodiscard]] bool done_before(command_end const& end) const;
  void differs(std::string const& what);

  invoice const& from_;
  expected_cart& expected_;
  delivery& via_;
  tally& counts_;
  std::uint64_t version_ = 0;  ///< the cart's, as far as this run has come
  bool holds_anything_ = false;
  std::string last_token_;
};

}  // namespace replay
