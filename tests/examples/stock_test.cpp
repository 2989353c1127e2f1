#include "orders/stock.hpp"

#include <evoke/testing.hpp>

#include <catch2/catch.hpp>

#include <limits>

namespace {

using namespace orders;
using evoke::rejection_kind;
using evoke::testing::given;

constexpr auto invalid = rejection_kind::invalid;
constexpr auto conflict = rejection_kind::conflict;
constexpr auto most = std::numeric_limits<std::int64_t>::max();

auto ten_there() {
  return given<stock>(stock_received{10});
}
auto six_held() {
  return given<stock>(stock_received{10}, stock_reserved{"r-1", 6});
}

TEST_CASE("stock: what is received is there") {
  CHECK(given<stock>().when(receive_stock{10}).then(stock_received{10}).when(receive_stock{5}).state().on_hand == 15);
}

TEST_CASE("stock: at least one is received, and not more than can be counted") {
  given<stock>().when(receive_stock{0}).then_rejected(invalid, "invalid_quantity");
  given<stock>().when(receive_stock{-1}).then_rejected(invalid, "invalid_quantity");
  ten_there().when(receive_stock{most - 10}).then(stock_received{most - 10});
  ten_there().when(receive_stock{most - 9}).then_rejected(invalid, "quantity_too_large");
}

TEST_CASE("stock: it is reserved down to the last one") {
  CHECK(ten_there().when(reserve_stock{"r-1", 10}).then(stock_reserved{"r-1", 10}).state().reserved == 10);
  six_held().when(reserve_stock{"r-2", 4}).then(stock_reserved{"r-2", 4});
}

TEST_CASE("stock: when it is short, nothing is reserved") {
  six_held().when(reserve_stock{"r-2", 5}).then_rejected(invalid, "insufficient_stock", "Not enough in stock: 4 left");
  CHECK(six_held().when(reserve_stock{"r-2", most}).why().details == R"({"available":4})");
  given<stock>().when(reserve_stock{"r-1", 1}).then_rejected(invalid, "insufficient_stock");
}

TEST_CASE("stock: a reservation that was refused may be tried again") {
  six_held()
      .when(reserve_stock{"r-2", 5})
      .then_rejected(invalid, "insufficient_stock")
      .and_given(stock_received{1})
      .when(reserve_stock{"r-2", 5})
      .then(stock_reserved{"r-2", 5});
}

TEST_CASE("stock: at least one is reserved, under an identifier") {
  ten_there().when(reserve_stock{"r-1", 0}).then_rejected(invalid, "invalid_quantity");
  ten_there().when(reserve_stock{"r-1", -3}).then_rejected(invalid, "invalid_quantity");
  ten_there().when(reserve_stock{"", 1}).then_rejected(invalid, "invalid_reservation_id");
  ten_there().when(release_stock{"a/b"}).then_rejected(invalid, "invalid_reservation_id");
}

TEST_CASE("stock: a reservation holds its quantity once, however often it is asked") {
  six_held().when(reserve_stock{"r-1", 6}).then_nothing();
  CHECK(six_held().when(reserve_stock{"r-1", 6}).state().reserved == 6);
  six_held().when(reserve_stock{"r-1", 5}).then_rejected(conflict, "quantity_differs");
}

TEST_CASE("stock: a release gives the quantity back, once") {
  auto const state = six_held().when(release_stock{"r-1"}).then(stock_released{"r-1", 6}).when(release_stock{"r-1"}).then_nothing().state();
  CHECK(state.reserved == 0);
  CHECK(state.on_hand == 10);
}

TEST_CASE("stock: what was released cannot be reserved any more") {
  six_held().and_given(stock_released{"r-1", 6}).when(reserve_stock{"r-1", 6}).then_rejected(conflict, "reservation_already_released");
}

TEST_CASE("stock: a release of an unknown reservation is recorded, and bars a later one") {
  for (auto here : {given<stock>(), ten_there()}) {
    here.when(release_stock{"r-9"})
        .then(stock_released{"r-9", 0})
        .when(reserve_stock{"r-9", 1})
        .then_rejected(conflict, "reservation_already_released")
        .when(release_stock{"r-9"})
        .then_nothing();
  }
}

TEST_CASE("stock: what one reservation does leaves the others alone") {
  auto const state = six_held().when(reserve_stock{"r-2", 3}).when(release_stock{"r-1"}).state();
  CHECK(state.reserved == 3);
  CHECK_FALSE(state.reservations.at("r-2").released);
}

}  // namespace
