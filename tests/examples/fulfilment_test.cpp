#include "orders/fulfilment.hpp"

#include <evoke/testing.hpp>

#include <catch2/catch.hpp>

namespace {

using namespace orders;
using evoke::rejection_kind;
using evoke::testing::given;

constexpr auto invalid = rejection_kind::invalid;

start_fulfilment two_teapots() {
  return {.customer_id = "c-1",
          .customer_name = "Ann",
          .customer_email = {},
          .items = {{"teapot", 2, 1250}, {"mug", 1, 350}},
          .shipping_address = "1 High Street",
          .currency = {}};
}

TEST_CASE("fulfilment: it starts with all that the order will need") {
  given<fulfilment>()
      .as("o-1")
      .when(two_teapots())
      .then(fulfilment_started{"o-1", "c-1", "Ann", {}, {{"teapot", 2, 1250}, {"mug", 1, 350}}, 2850, "1 High Street", "KRW"});
}

TEST_CASE("fulfilment: it starts once") {
  given<fulfilment>().when(two_teapots()).when(two_teapots()).then_rejected(rejection_kind::conflict, "fulfilment_already_started");
}

TEST_CASE("fulfilment: what an order would be refused for is refused at once") {
  auto const refused = [](auto change, char const* code) {
    auto wanted = two_teapots();
    change(wanted);
    given<fulfilment>().when(wanted).then_rejected(invalid, code);
  };
  refused([](auto& wanted) { wanted.items.clear(); }, "no_items");
  refused([](auto& wanted) { wanted.items[0].quantity = 0; }, "invalid_quantity");
  refused([](auto& wanted) { wanted.items[1].price = -1; }, "invalid_price");
  refused([](auto& wanted) { wanted.items[1].product_id = ""; }, "invalid_product_id");
  refused([](auto& wanted) { wanted.items[0].price = std::numeric_limits<std::int64_t>::max(); }, "amount_too_large");
  refused([](auto& wanted) { wanted.shipping_address = " "; }, "blank_shipping_address");
  refused([](auto& wanted) { wanted.customer_id = ""; }, "invalid_customer_id");
  refused([](auto& wanted) { wanted.currency = "won"; }, "invalid_currency");
  refused([](auto& wanted) { wanted.customer_name = std::string(max_text_bytes + 1, 'x'); }, "text_too_long");
  refused([](auto& wanted) { wanted.customer_email = std::string(max_text_bytes + 1, 'x'); }, "text_too_long");
}

TEST_CASE("fulfilment: an order's id leaves room for the names of its reservations") {
  given<fulfilment>().as(std::string(max_order_id_bytes + 1, 'o')).when(two_teapots()).then_rejected(invalid, "order_id_too_long");
  CHECK(given<fulfilment>().as(std::string(max_order_id_bytes, 'o')).when(two_teapots()).state().started);
}

}  // namespace
