#pragma once

#include "replay/orders.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace replay {

/// A cart as the tool sees it: what it expects from the file, and what it reads back from the server.
struct cart_view {
  struct line {
    std::string product_id;
    std::int64_t quantity = 0;
    std::int64_t unit_price = 0;
    std::optional<std::string> name;

    friend bool operator==(line const&, line const&) = default;
  };

  std::string customer;
  bool checked_out = false;
  std::vector<line> lines;
  std::int64_t item_count = 0;
  std::int64_t total = 0;
  std::uint64_t version = 0;  ///< of the aggregate: the number of its events; 0 = there is no such cart
};

/// What an invoice must lead to by the rules of the carts domain, written down a second time and in another way, so that the comparison
/// says something: no line of examples/carts is used here.
class expected_cart {
 public:
  explicit expected_cart(invoice const& from);

  /// Takes the invoice's next line in. @returns whether the server must accept it.
  bool add(order_line const& line);
  /// @returns whether the server must accept it.
  bool check_out();

  [[nodiscard]] bool exists() const noexcept { return cart_.version > 0; }
  [[nodiscard]] cart_view const& view() const noexcept { return cart_; }

 private:
  cart_view cart_;
  std::map<std::pair<std::string, std::int64_t>, std::size_t> where_;  ///< (product, price) -> index into cart_.lines
};

/// Who a cart without a customer belongs to.
inline constexpr std::string_view guest = "guest";

/// 1-128 bytes of UTF-8 without control characters, '/', or white space at either end; neither "." nor "..".
[[nodiscard]] bool is_identifier(std::string_view text);

/// What differs, for people: "total 1,200 instead of 1,300"; empty when nothing does.
[[nodiscard]] std::vector<std::string> differences(cart_view const& expected, cart_view const& found);

}  // namespace replay
