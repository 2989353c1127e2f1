#include "catalog/product.hpp"

#include <evoke/testing.hpp>

#include <catch2/catch.hpp>

#include <limits>

namespace {

using namespace catalog;
using evoke::rejection_kind;
using evoke::testing::given;

constexpr auto invalid = rejection_kind::invalid;
constexpr auto most = std::numeric_limits<std::int64_t>::max();
constexpr auto least = std::numeric_limits<std::int64_t>::min();

auto ten_teapots() {
  return given<product>(product_created{"Teapot", 1250, 10});
}

TEST_CASE("product: it is created with a name, a price and a quantity") {
  given<product>().when(create_product{"Teapot", 1250, 10}).then(product_created{"Teapot", 1250, 10});
  given<product>().when(create_product{"Mug", 1, 0}).then(product_created{"Mug", 1, 0});
}

TEST_CASE("product: creating it twice is a conflict") {
  ten_teapots().when(create_product{"Teapot", 1250, 10}).then_rejected(rejection_kind::conflict, "product_already_exists");
  ten_teapots().when(create_product{"", 0, -1}).then_rejected(rejection_kind::conflict, "product_already_exists");  // and says so first
}

TEST_CASE("product: its name must not be blank, nor endless") {
  for (auto const* blank : {"", " ", "\t \n"})
    given<product>().when(create_product{blank, 1, 0}).then_rejected(invalid, "blank_product_name");
  given<product>().when(create_product{std::string(max_text_bytes + 1, 'x'), 1, 0}).then_rejected(invalid, "name_too_long");
  given<product>()
      .when(create_product{std::string(max_text_bytes, 'x'), 1, 0})
      .then(product_created{std::string(max_text_bytes, 'x'), 1, 0});
}

TEST_CASE("product: its price must be greater than zero") {
  for (auto const bad : {std::int64_t{0}, std::int64_t{-1}, least}) {
    given<product>().when(create_product{"Teapot", bad, 1}).then_rejected(invalid, "invalid_price", "price must be greater than zero");
    ten_teapots().when(update_product_price{bad}).then_rejected(invalid, "invalid_price", "price must be greater than zero");
  }
}

TEST_CASE("product: its quantity must not be negative") {
  given<product>().when(create_product{"Teapot", 1, -1}).then_rejected(invalid, "invalid_quantity");
}

TEST_CASE("product: what is not there cannot be changed") {
  given<product>().when(update_product_price{1}).then_rejected(rejection_kind::not_found, "product_not_found");
  given<product>().when(update_product_price{-1}).then_rejected(rejection_kind::not_found, "product_not_found");
  given<product>().when(adjust_product_quantity{1, "found"}).then_rejected(rejection_kind::not_found, "product_not_found");
}

TEST_CASE("product: a new price replaces the old one") {
  CHECK(ten_teapots().when(update_product_price{999}).then(product_price_updated{999}).state().price == 999);
}

TEST_CASE("product: the same price again writes nothing") {
  ten_teapots().when(update_product_price{1250}).then_nothing();
  ten_teapots().and_given(product_price_updated{999}).when(update_product_price{999}).then_nothing();
}

TEST_CASE("product: its quantity is adjusted up and down, with a reason") {
  auto const state = ten_teapots()
                         .when(adjust_product_quantity{5, "delivery"})
                         .then(product_quantity_adjusted{5, "delivery"})
                         .when(adjust_product_quantity{-15, "sold"})
                         .then(product_quantity_adjusted{-15, "sold"})
                         .state();
  CHECK(state.quantity == 0);
}

TEST_CASE("product: its quantity is never driven below zero") {
  ten_teapots().when(adjust_product_quantity{-11, "sold"}).then_rejected(invalid, "insufficient_quantity", "There are only 10 of it");
  ten_teapots().when(adjust_product_quantity{least, "sold"}).then_rejected(invalid, "insufficient_quantity");
  CHECK(ten_teapots().when(adjust_product_quantity{-11, "sold"}).why().details == R"({"quantity":10})");
}

TEST_CASE("product: its quantity stays within 64 bits") {
  ten_teapots().when(adjust_product_quantity{most - 10, "delivery"}).then(product_quantity_adjusted{most - 10, "delivery"});
  ten_teapots().when(adjust_product_quantity{most - 9, "delivery"}).then_rejected(invalid, "quantity_too_large");
}

TEST_CASE("product: an adjustment by nothing writes nothing, an endless reason is refused") {
  ten_teapots().when(adjust_product_quantity{0, "counted"}).then_nothing();
  ten_teapots().when(adjust_product_quantity{1, std::string(max_text_bytes + 1, 'x')}).then_rejected(invalid, "reason_too_long");
}

}  // namespace
