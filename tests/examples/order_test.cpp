#include "orders/order.hpp"

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
auto const noon = *evoke::parse_rfc3339("2026-01-31T12:00:00Z");

place_order two_teapots() {
  return {.customer_id = "c-1",
          .customer_name = "Ann",
          .customer_email = "ann@shop.example",
          .items = {{"teapot", 2, 1250}},
          .shipping_address = "1 High Street",
          .currency = "EUR"};
}
order_placed two_teapots_placed() {
  return {"c-1", "Ann", "ann@shop.example", {{"teapot", 2, 1250}}, 2500, "1 High Street", "EUR", "STANDARD"};
}

/// The same as older programs stored it.
order_placed_v1 two_teapots_placed_v1() {
  return {"c-1", "Ann", "ann@shop.example", {{"teapot", 2, 1250}}, 2500, "1 High Street"};
}

auto placed() {
  return given<order>(two_teapots_placed()).at(noon);
}
auto confirmed() {
  return given<order>(two_teapots_placed(), order_confirmed{noon}).at(noon);
}
auto shipped() {
  return given<order>(two_teapots_placed(), order_confirmed{noon}, order_shipped{"post", "T-1", noon}).at(noon);
}
auto cancelled() {
  return given<order>(two_teapots_placed(), order_cancelled{"changed my mind"}).at(noon);
}

TEST_CASE("order: it is placed with its total, and is then PLACED") {
  auto const state = given<order>().when(two_teapots()).then(two_teapots_placed()).state();
  CHECK(state.status == order_status::PLACED);
  CHECK(order{}.status == order_status::DRAFT);
}

TEST_CASE("order: its total is the sum of price times quantity") {
  auto wanted = two_teapots();
  wanted.items = {{"teapot", 2, 1250}, {"mug", 3, 350}, {"teapot", 1, 0}};
  CHECK(given<order>().when(wanted).state().total_amount == 3550);
}

TEST_CASE("order: without a currency it is in KRW, name and e-mail may be left out") {
  given<order>()
      .when(place_order{.customer_id = "c-1",
                        .customer_name = {},
                        .customer_email = {},
                        .items = {{"mug", 1, 5000}},
                        .shipping_address = "Seoul",
                        .currency = {}})
      .then(order_placed{"c-1", {}, {}, {{"mug", 1, 5000}}, 5000, "Seoul", "KRW", "STANDARD"});
}

TEST_CASE("order: a currency is three capital letters") {
  for (auto const* bad : {"", "EU", "eur", "EURO", "E R"}) {
    auto wanted = two_teapots();
    wanted.currency = bad;
    given<order>().when(wanted).then_rejected(invalid, "invalid_currency");
  }
}

TEST_CASE("order: it has at least one item, and not too many") {
  auto wanted = two_teapots();
  wanted.items.clear();
  given<order>().when(wanted).then_rejected(invalid, "no_items");
  wanted.items.assign(max_items, {"mug", 1, 1});
  CHECK(given<order>().when(wanted).state().total_amount == static_cast<std::int64_t>(max_items));
  wanted.items.push_back({"mug", 1, 1});
  given<order>().when(wanted).then_rejected(invalid, "too_many_items");
}

TEST_CASE("order: each item is there at least once, for no less than nothing") {
  auto const refused = [](order_item const& item, char const* code) {
    auto wanted = two_teapots();
    wanted.items.push_back(item);
    given<order>().when(wanted).then_rejected(invalid, code);
  };
  refused({"mug", 0, 1}, "invalid_quantity");
  refused({"mug", -1, 1}, "invalid_quantity");
  refused({"mug", 1, -1}, "invalid_price");
  refused({"", 1, 1}, "invalid_product_id");
  refused({"a/b", 1, 1}, "invalid_product_id");
}

TEST_CASE("order: amounts stay within 64 bits") {
  auto const with = [](std::vector<order_item> items) {
    auto wanted = two_teapots();
    wanted.items = std::move(items);
    return given<order>().when(wanted);
  };
  CHECK(with({{"gold", 1, most}}).state().total_amount == most);
  CHECK(with({{"gold", 1, most - 1}, {"mug", 1, 1}}).state().total_amount == most);
  with({{"gold", 2, most}}).then_rejected(invalid, "amount_too_large");
  with({{"gold", most, 2}}).then_rejected(invalid, "amount_too_large");
  with({{"gold", 1, most}, {"mug", 1, 1}}).then_rejected(invalid, "amount_too_large");
  with({{"air", most, 0}, {"air", 1, 0}}).then_rejected(invalid, "amount_too_large");  // so many could not be counted
}

TEST_CASE("order: its address must not be blank, its customer an identifier") {
  for (auto const* blank : {"", " ", "\t\n"}) {
    auto wanted = two_teapots();
    wanted.shipping_address = blank;
    given<order>().when(wanted).then_rejected(invalid, "blank_shipping_address");
  }
  auto wanted = two_teapots();
  wanted.customer_id = " c";
  given<order>().when(wanted).then_rejected(invalid, "invalid_customer_id");
}

TEST_CASE("order: texts have an end") {
  std::string const endless(max_text_bytes + 1, 'x');
  auto wanted = two_teapots();
  wanted.shipping_address = endless;
  given<order>().when(wanted).then_rejected(invalid, "text_too_long");
  wanted = two_teapots();
  wanted.customer_name = endless;
  given<order>().when(wanted).then_rejected(invalid, "text_too_long");
  wanted = two_teapots();
  wanted.customer_email = endless;
  given<order>().when(wanted).then_rejected(invalid, "text_too_long");
  placed().when(cancel_order{endless}).then_rejected(invalid, "text_too_long");
  placed().when(withdraw_order{endless}).then_rejected(invalid, "text_too_long");
  confirmed().when(ship_order{endless, "T-1"}).then_rejected(invalid, "text_too_long");
  confirmed().when(ship_order{"post", endless}).then_rejected(invalid, "text_too_long");
}

TEST_CASE("order: it is placed once") {
  for (auto here : {placed(), confirmed(), shipped(), cancelled()}) {
    here.when(two_teapots()).then_rejected(conflict, "order_already_exists", "Order can only be placed when in DRAFT status");
  }
}

TEST_CASE("order: from PLACED it is confirmed, from CONFIRMED it is shipped") {
  auto const state = placed()
                         .when(confirm_order{})
                         .then(order_confirmed{noon})
                         .when(ship_order{"post", "T-1"})
                         .then(order_shipped{"post", "T-1", noon})
                         .state();
  CHECK(state.status == order_status::SHIPPED);
}

TEST_CASE("order: it can only be confirmed when in PLACED status") {
  for (auto here : {confirmed(), shipped(), cancelled()}) {
    here.when(confirm_order{}).then_rejected(invalid, "wrong_order_status", "Order can only be confirmed when in PLACED status");
  }
  CHECK(shipped().when(confirm_order{}).why().details == R"({"status":"SHIPPED"})");
}

TEST_CASE("order: it can only be shipped when in CONFIRMED status") {
  for (auto here : {placed(), shipped(), cancelled()}) {
    here.when(ship_order{"post", "T-1"}).then_rejected(invalid, "wrong_order_status", "Order can only be shipped when in CONFIRMED status");
  }
}

TEST_CASE("order: it can only be cancelled when in PLACED or CONFIRMED status") {
  for (auto here : {placed(), confirmed()}) {
    CHECK(here.when(cancel_order{"late"}).then(order_cancelled{"late"}).state().status == order_status::CANCELLED);
  }
  for (auto here : {shipped(), cancelled()}) {
    here.when(cancel_order{"late"})
        .then_rejected(invalid, "wrong_order_status", "Order can only be cancelled when in PLACED or CONFIRMED status");
  }
}

TEST_CASE("order: an order that is not there is neither confirmed nor shipped nor cancelled") {
  given<order>().when(confirm_order{}).then_rejected(rejection_kind::not_found, "order_not_found");
  given<order>().when(ship_order{"post", "T-1"}).then_rejected(rejection_kind::not_found, "order_not_found");
  given<order>().when(cancel_order{"late"}).then_rejected(rejection_kind::not_found, "order_not_found");
}

TEST_CASE("order: it is shipped by somebody, under a number") {
  confirmed().when(ship_order{" ", "T-1"}).then_rejected(invalid, "blank_carrier");
  confirmed().when(ship_order{"post", ""}).then_rejected(invalid, "blank_tracking_number");
}

TEST_CASE("order: withdrawing takes it back whether or not it was placed, and bars it from then on") {
  for (auto here : {placed(), confirmed()}) here.when(withdraw_order{"Saga compensation"}).then(order_cancelled{"Saga compensation"});
  given<order>()
      .when(withdraw_order{"Saga compensation"})
      .then(order_cancelled{"Saga compensation"})
      .when(two_teapots())
      .then_rejected(conflict, "order_already_exists")
      .when(withdraw_order{"again"})
      .then_nothing();
  cancelled().when(withdraw_order{"Saga compensation"}).then_nothing();
  shipped().when(withdraw_order{"Saga compensation"}).then_rejected(invalid, "wrong_order_status");
}

TEST_CASE("order: it is stored in schema version 2") {
  auto const made = evoke::define<order>();
  CHECK(made->events()[0].name.str() == "order_placed");
  CHECK(made->events()[0].schema_version == 2);
}

TEST_CASE("order: one that was placed before there were currencies is in won, and goes on like any other") {
  auto old = given<order>(two_teapots_placed_v1()).at(noon);
  CHECK(old.state().currency == "KRW");
  CHECK(old.state().total_amount == 2500);
  old.when(confirm_order{}).then(order_confirmed{noon});
  CHECK(upcast(two_teapots_placed_v1()).shipping_method == "STANDARD");
}

}  // namespace
