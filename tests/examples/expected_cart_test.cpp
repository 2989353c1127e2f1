#include "replay/expected_cart.hpp"

#include <catch2/catch.hpp>

#include <limits>

namespace {

using replay::cart_view;
using replay::expected_cart;
using replay::is_identifier;

constexpr auto most = std::numeric_limits<std::int64_t>::max();

replay::invoice an_invoice(std::string customer = "17850") {
  return {"536365", std::move(customer), 1, {}};
}

replay::order_line a_line(std::string product, std::int64_t quantity, std::int64_t price, std::string name = {}) {
  return {1, std::move(product), std::move(name), quantity, price};
}

TEST_CASE("an invoice without a customer is the guest's") {
  CHECK(expected_cart(an_invoice("")).view().customer == "guest");
}

TEST_CASE("lines of one product at one price are one line, at another price another") {
  expected_cart cart(an_invoice());
  CHECK(cart.add(a_line("p", 2, 255, "old")));
  CHECK(cart.add(a_line("q", 1, 100)));
  CHECK(cart.add(a_line("p", 3, 255, "new")));
  CHECK(cart.add(a_line("p", 1, 199)));
  auto const& view = cart.view();
  CHECK(view.lines == std::vector<cart_view::line>{{"p", 5, 255, "new"}, {"q", 1, 100, std::nullopt}, {"p", 1, 199, std::nullopt}});
  CHECK(view.total == 5 * 255 + 100 + 199);
  CHECK(view.item_count == 7);
  CHECK(view.version == 5);
}

TEST_CASE("a line without a name keeps the one before") {
  expected_cart cart(an_invoice());
  cart.add(a_line("p", 1, 1, "name"));
  cart.add(a_line("p", 1, 1));
  CHECK(cart.view().lines.at(0).name == "name");
}

TEST_CASE("what breaks a rule is expected to change nothing") {
  expected_cart cart(an_invoice());
  CHECK_FALSE(cart.add(a_line("p", 0, 1)));
  CHECK_FALSE(cart.add(a_line("p", -1, 1)));
  CHECK_FALSE(cart.add(a_line("p", 1, -1)));
  CHECK_FALSE(cart.add(a_line("p ", 1, 1)));
  CHECK_FALSE(cart.add(a_line("p", 1, 1, std::string(1001, 'n'))));
  CHECK(cart.add(a_line("p", 1, 1, std::string(1000, 'n'))));
  CHECK(cart.view().version == 2);
}

TEST_CASE("sums beyond 64 bits are expected to be refused") {
  expected_cart cart(an_invoice());
  CHECK_FALSE(cart.add(a_line("p", most, 2)));
  CHECK(cart.add(a_line("p", 1, most)));
  CHECK_FALSE(cart.add(a_line("q", 1, 1)));
  CHECK(cart.add(a_line("r", most - 1, 0)));
  CHECK_FALSE(cart.add(a_line("r", 1, 0)));
}

TEST_CASE("the thousand-and-first line is expected to be refused, more of a known one is not") {
  expected_cart cart(an_invoice());
  for (int i = 0; i < 1000; ++i) REQUIRE(cart.add(a_line("p" + std::to_string(i), 1, 1)));
  CHECK_FALSE(cart.add(a_line("q", 1, 1)));
  CHECK(cart.add(a_line("p0", 1, 1)));
}

TEST_CASE("only a cart that holds something is checked out") {
  expected_cart cart(an_invoice());
  CHECK_FALSE(cart.check_out());
  cart.add(a_line("p", 1, 1));
  CHECK(cart.check_out());
  CHECK(cart.view().checked_out);
  CHECK(cart.view().version == 3);
}

TEST_CASE("an invoice whose number or customer is no identifier has no cart") {
  expected_cart cart(an_invoice(" x"));
  CHECK_FALSE(cart.exists());
  CHECK_FALSE(cart.add(a_line("p", 1, 1)));
  CHECK_FALSE(expected_cart({"a/b", "1", 1, {}}).exists());
}

TEST_CASE("identifiers are 1 to 128 bytes without control characters, slashes and white space at the ends") {
  for (auto const* good : {"a", "BANK CHARGES", "gift_0001_40", "\xC3\xA9", "...",
                           "a\xC2\xA0"
                           "b",
                           "%2F"}) {
    INFO(good);
    CHECK(is_identifier(good));
  }
  for (auto const* bad : {"", " a", "a ", "a/b", ".", "..", "a\tb", "a\x7F", "\xC2\x85x",
                          "\xC2\xA0"
                          "a",
                          "a\xE3\x80\x80", "\xFF"}) {
    INFO(bad);
    CHECK_FALSE(is_identifier(bad));
  }
  CHECK(is_identifier(std::string(128, 'a')));
  CHECK_FALSE(is_identifier(std::string(129, 'a')));
  CHECK_FALSE(is_identifier(std::string("a\0b", 3)));
}

TEST_CASE("whatever differs between two carts is named") {
  cart_view const expected{"u", true, {{"p", 2, 100, "n"}}, 2, 200, 3};
  CHECK(differences(expected, expected).empty());
  auto const finds = [&](auto change, std::string const& what) {
    auto found = expected;
    change(found);
    auto const all = differences(expected, found);
    INFO(what);
    REQUIRE_FALSE(all.empty());
    CHECK_THAT(all.front(), Catch::Contains(what));
  };
  finds([](auto& cart) { cart.customer = "v"; }, "customer v instead of u");
  finds([](auto& cart) { cart.checked_out = false; }, "status");
  finds([](auto& cart) { cart.total = 201; }, "total 2.01 instead of 2.00");
  finds([](auto& cart) { cart.item_count = 3; }, "items 3 instead of 2");
  finds([](auto& cart) { cart.version = 4; }, "version 4 instead of 3");
  finds([](auto& cart) { cart.lines.clear(); }, "number of lines 0 instead of 1");
  finds([](auto& cart) { cart.lines[0].product_id = "q"; }, "line");
  finds([](auto& cart) { cart.lines[0].quantity = 1; }, "line");
  finds([](auto& cart) { cart.lines[0].unit_price = 1; }, "line");
  finds([](auto& cart) { cart.lines[0].name = std::nullopt; }, "line");
  finds([](auto& cart) { cart = {}; }, "no such cart");
  CHECK(replay::differences({}, {}).empty());
  CHECK_FALSE(replay::differences({}, expected).empty());
}

}  // namespace
