#include "carts/cart.hpp"

#include <evoke/testing.hpp>

#include <catch2/catch.hpp>

#include <limits>

namespace {

using namespace carts;
using evoke::rejection_kind;
using evoke::testing::given;

constexpr auto most = std::numeric_limits<std::int64_t>::max();
constexpr auto invalid = rejection_kind::invalid;

auto an_open_cart() {
  return given<cart>(cart_created{"u-1"});
}
auto a_cart_with_two_teapots() {
  return given<cart>(cart_created{"u-1"}, cart_item_added{"teapot", 2, 255, "Teapot"});
}

TEST_CASE("cart: creating it names its owner") {
  given<cart>().when(create_cart{"u-1"}).then(cart_created{"u-1"});
  CHECK(an_open_cart().state().user_account_id == "u-1");
  CHECK(an_open_cart().state().status == cart_status::open);
}

TEST_CASE("cart: creating it twice is a conflict, also once it is closed") {
  an_open_cart().when(create_cart{"u-2"}).then_rejected(rejection_kind::conflict, "cart_already_exists");
  given<cart>(cart_created{"u-1"}, cart_abandoned{})
      .when(create_cart{"u-1"})
      .then_rejected(rejection_kind::conflict, "cart_already_exists");
}

TEST_CASE("cart: its owner must be an identifier") {
  for (auto const* bad : {"", " u", "u ", "a/b", "a\nb"}) {
    INFO(bad);
    given<cart>().when(create_cart{bad}).then_rejected(invalid, "invalid_user_account_id");
  }
  given<cart>().when(create_cart{std::string(129, 'u')}).then_rejected(invalid, "invalid_user_account_id");
}

TEST_CASE("cart: every command but the first needs a created cart") {
  auto const needs_cart = [](auto command) { given<cart>().when(command).then_rejected(rejection_kind::not_found, "cart_not_found"); };
  needs_cart(add_cart_item{"teapot", 1, 1, {}});
  needs_cart(remove_cart_item{"teapot", 1, {}});
  needs_cart(check_out{});
  needs_cart(abandon_cart{});
  needs_cart(add_cart_item{"teapot", 0, -1, {}});  // and says so first
}

TEST_CASE("cart: nothing is done after check-out or abandonment") {
  auto const refuses = [](auto command) {
    given<cart>(cart_created{"u"}, cart_item_added{"teapot", 1, 1, {}}, cart_checked_out{1, 1})
        .when(command)
        .then_rejected(invalid, "cart_already_checked_out");
    given<cart>(cart_created{"u"}, cart_abandoned{}).when(command).then_rejected(invalid, "cart_already_abandoned");
  };
  refuses(add_cart_item{"teapot", 1, 1, {}});
  refuses(remove_cart_item{"teapot", 1, {}});
  refuses(check_out{});
  refuses(abandon_cart{});
}

TEST_CASE("cart: adding an item says what was added, with or without a name") {
  an_open_cart().when(add_cart_item{"BANK CHARGES", 2, 255, "Charges"}).then(cart_item_added{"BANK CHARGES", 2, 255, "Charges"});
  an_open_cart().when(add_cart_item{"teapot", 1, 0, {}}).then(cart_item_added{"teapot", 1, 0, {}});
}

TEST_CASE("cart: an item needs a product code that is an identifier") {
  for (auto const* bad : {"", "teapot ", " teapot", "tea/pot", "tea\tpot", "."}) {
    INFO(bad);
    an_open_cart().when(add_cart_item{bad, 1, 1, {}}).then_rejected(invalid, "invalid_product_id");
    an_open_cart().when(remove_cart_item{bad, 1, {}}).then_rejected(invalid, "invalid_product_id");
  }
}

TEST_CASE("cart: a quantity is 1 or more, a price 0 or more") {
  an_open_cart().when(add_cart_item{"teapot", 0, 1, {}}).then_rejected(invalid, "invalid_quantity");
  an_open_cart().when(add_cart_item{"teapot", -1, 1, {}}).then_rejected(invalid, "invalid_quantity");
  an_open_cart().when(add_cart_item{"teapot", 1, -1, {}}).then_rejected(invalid, "invalid_unit_price");
  a_cart_with_two_teapots().when(remove_cart_item{"teapot", 0, {}}).then_rejected(invalid, "invalid_quantity");
  a_cart_with_two_teapots().when(remove_cart_item{"teapot", -1, {}}).then_rejected(invalid, "invalid_quantity");
  a_cart_with_two_teapots().when(remove_cart_item{"teapot", 1, -255}).then_rejected(invalid, "invalid_unit_price");
}

TEST_CASE("cart: a name has 1,000 bytes at most") {
  an_open_cart().when(add_cart_item{"teapot", 1, 1, std::string(1001, 'n')}).then_rejected(invalid, "name_too_long");
  an_open_cart().when(add_cart_item{"teapot", 1, 1, std::string(1000, 'n')}).then(cart_item_added{"teapot", 1, 1, std::string(1000, 'n')});
}

TEST_CASE("cart: a total beyond 64 bits is refused") {
  an_open_cart().when(add_cart_item{"teapot", 2, most, {}}).then_rejected(invalid, "amount_too_large");
  an_open_cart().when(add_cart_item{"teapot", most, 2, {}}).then_rejected(invalid, "amount_too_large");
  an_open_cart().when(add_cart_item{"teapot", 1, most, {}}).then(cart_item_added{"teapot", 1, most, {}});
  given<cart>(cart_created{"u"}, cart_item_added{"teapot", 1, most, {}})
      .when(add_cart_item{"mug", 1, 1, {}})
      .then_rejected(invalid, "amount_too_large");
}

TEST_CASE("cart: a number of items beyond 64 bits is refused, even when they cost nothing") {
  given<cart>(cart_created{"u"}, cart_item_added{"teapot", most, 0, {}})
      .when(add_cart_item{"mug", 1, 0, {}})
      .then_rejected(invalid, "amount_too_large");
}

TEST_CASE("cart: the same product at the same price is one line, at another price another") {
  auto const state = given<cart>(cart_created{"u"}, cart_item_added{"teapot", 2, 255, "Teapot"}, cart_item_added{"mug", 1, 100, {}},
                                 cart_item_added{"teapot", 3, 255, {}}, cart_item_added{"teapot", 1, 199, {}})
                         .state();
  REQUIRE(state.lines.size() == 3);
  CHECK(state.lines[0].product_id == "teapot");
  CHECK(state.lines[0].quantity == 5);
  CHECK(state.lines[0].name == "Teapot");
  CHECK(state.lines[2].unit_price == 199);
  CHECK(state.item_count == 7);
  CHECK(state.total == 5 * 255 + 100 + 199);
}

TEST_CASE("cart: a name that is given later replaces the one before") {
  auto const state = given<cart>(cart_created{"u"}, cart_item_added{"teapot", 1, 1, "Old"}, cart_item_added{"teapot", 1, 1, "New"}).state();
  CHECK(state.lines.at(0).name == "New");
}

TEST_CASE("cart: a thousand lines are the limit, more of a line that is there is fine") {
  auto cart_of = [](int lines) {
    cart state;
    state.user_account_id = "u";
    for (int i = 0; i < lines; ++i) evolve(state, cart_item_added{"p-" + std::to_string(i), 1, 1, {}});
    return state;
  };
  auto const id = evoke::aggregate_id::trusted("c-1");
  evoke::metadata const meta;
  evoke::context const context(id, evoke::version(1001), {}, meta, 1);
  CHECK(decide(cart_of(999), add_cart_item{"new", 1, 1, {}}, context).events().size() == 1);
  CHECK(decide(cart_of(1000), add_cart_item{"new", 1, 1, {}}, context).why().code == "too_many_lines");
  CHECK(decide(cart_of(1000), add_cart_item{"p-0", 1, 2, {}}, context).why().code == "too_many_lines");
  CHECK(decide(cart_of(1000), add_cart_item{"p-0", 1, 1, {}}, context).events().size() == 1);
}

TEST_CASE("cart: removing names the price of the line it takes from") {
  a_cart_with_two_teapots().when(remove_cart_item{"teapot", 1, {}}).then(cart_item_removed{"teapot", 1, 255});
  a_cart_with_two_teapots().when(remove_cart_item{"teapot", 2, 255}).then(cart_item_removed{"teapot", 2, 255});
}

TEST_CASE("cart: not more is removed than is there") {
  a_cart_with_two_teapots().when(remove_cart_item{"teapot", 3, {}}).then_rejected(invalid, "quantity_exceeds_line");
  a_cart_with_two_teapots().when(remove_cart_item{"mug", 1, {}}).then_rejected(invalid, "item_not_in_cart");
  a_cart_with_two_teapots().when(remove_cart_item{"teapot", 1, 254}).then_rejected(invalid, "item_not_in_cart");
}

auto a_cart_with_teapots_at_two_prices() {
  return given<cart>(cart_created{"u"}, cart_item_added{"teapot", 2, 255, {}}, cart_item_added{"teapot", 2, 199, {}});
}

TEST_CASE("cart: removing without a price is ambiguous when the product is there at several") {
  a_cart_with_teapots_at_two_prices().when(remove_cart_item{"teapot", 1, {}}).then_rejected(invalid, "ambiguous_line");
  a_cart_with_teapots_at_two_prices().when(remove_cart_item{"teapot", 1, 199}).then(cart_item_removed{"teapot", 1, 199});
}

TEST_CASE("cart: an ambiguous removal says the prices there are") {
  auto const why = a_cart_with_teapots_at_two_prices().when(remove_cart_item{"teapot", 1, {}}).why();
  CHECK(why.details == R"({"unit_prices":[255,199]})");
}

TEST_CASE("cart: a line of which all is removed is gone") {
  auto const state = given<cart>(cart_created{"u"}, cart_item_added{"teapot", 2, 255, {}}, cart_item_added{"mug", 1, 100, {}},
                                 cart_item_removed{"teapot", 2, 255})
                         .state();
  REQUIRE(state.lines.size() == 1);
  CHECK(state.lines[0].product_id == "mug");
  CHECK(state.item_count == 1);
  CHECK(state.total == 100);
}

TEST_CASE("cart: checking out says the total and the number of items") {
  given<cart>(cart_created{"u"}, cart_item_added{"teapot", 2, 255, {}}, cart_item_added{"mug", 3, 100, {}})
      .when(check_out{})
      .then(cart_checked_out{810, 5});
  CHECK(given<cart>(cart_created{"u"}, cart_item_added{"teapot", 1, 1, {}}, cart_checked_out{1, 1}).state().status ==
        cart_status::checked_out);
}

TEST_CASE("cart: an empty cart cannot be checked out") {
  an_open_cart().when(check_out{}).then_rejected(invalid, "cart_is_empty");
  given<cart>(cart_created{"u"}, cart_item_added{"teapot", 1, 1, {}}, cart_item_removed{"teapot", 1, 1})
      .when(check_out{})
      .then_rejected(invalid, "cart_is_empty");
}

TEST_CASE("cart: any open cart can be abandoned") {
  an_open_cart().when(abandon_cart{}).then(cart_abandoned{});
  a_cart_with_two_teapots().when(abandon_cart{}).then(cart_abandoned{});
  CHECK(given<cart>(cart_created{"u"}, cart_abandoned{}).state().status == cart_status::abandoned);
}

}  // namespace
