#include "orders/order_view.hpp"

#include <evoke/registry.hpp>
#include <evoke/testing_projection.hpp>

#include <catch2/catch.hpp>

namespace {

using namespace orders;
using evoke::testing::projected;

auto const nine = *evoke::parse_rfc3339("2026-01-31T09:00:00Z");
auto const ten = *evoke::parse_rfc3339("2026-01-31T10:00:00Z");

order_placed order_of_ann() {
  return {"c-1", "Ann", "ann@shop.example", {{"teapot", 2, 1250}, {"mug", 1, 350}}, 2850, "1 High Street", "EUR", "STANDARD"};
}
auto placed() {
  return projected<order_summary>().at(nine).from<order>("o-1", order_of_ann()).at(ten);
}
order_summary summary(order_status status, evoke::timestamp updated) {
  return {.orderId = "o-1",
          .customerId = "c-1",
          .customerName = "Ann",
          .customerEmail = "ann@shop.example",
          .orderDate = nine,
          .status = status,
          .totalAmount = 2850,
          .itemCount = 3,
          .lastUpdated = updated};
}

TEST_CASE("order_summaries: an order is shown when it is placed") {
  placed().then("o-1", summary(order_status::PLACED, nine));
}

TEST_CASE("order_summaries: an order's status and time follow all its events") {
  placed()
      .from<order>("o-1", order_confirmed{nine})
      .then("o-1", summary(order_status::CONFIRMED, ten))
      .from<order>("o-1", order_shipped{"post", "T-1", nine})
      .then("o-1", summary(order_status::SHIPPED, ten));
  placed().from<order>("o-1", order_cancelled{"late"}).then("o-1", summary(order_status::CANCELLED, ten));
}

TEST_CASE("order_summaries: an order that was withdrawn before it was placed is not shown") {
  projected<order_summary>().from<order>("o-1", order_cancelled{"Saga compensation"}).then_absent("o-1");
}

TEST_CASE("order_summaries: they have the names that clients know") {
  CHECK(*evoke::json::encode(*placed().document("o-1")) ==
        R"({"orderId":"o-1","customerId":"c-1","customerName":"Ann","customerEmail":"ann@shop.example",)"
        R"("orderDate":"2026-01-31T09:00:00.000000Z","status":"PLACED","totalAmount":2850,"itemCount":3,)"
        R"("lastUpdated":"2026-01-31T09:00:00.000000Z"})");
}

TEST_CASE("order_summaries: they are found by customer and by status, each in the order of their dates") {
  auto const made = evoke::define_projection<order_summary>();
  REQUIRE(made->indexes().size() == 2);
  CHECK(made->indexes()[0].fields[0].name == "customerId");
  CHECK(made->indexes()[0].fields[1].name == "orderDate");
  CHECK(made->indexes()[1].fields[0].name == "status");
  evoke::registry types;
  REQUIRE(types.add(made));
  REQUIRE(types.add(evoke::define<order>()));
  CHECK(types.check());
}

TEST_CASE("order_summaries: an order of schema version 1 is shown like any other") {
  projected<order_summary>()
      .at(nine)
      .from<order>("o-1", order_placed_v1{"c-1", "Ann", "ann@shop.example", {{"teapot", 2, 1250}, {"mug", 1, 350}}, 2850, "1 High Street"})
      .then("o-1", summary(order_status::PLACED, nine));
}

}  // namespace
