#include "orders/order_routes.hpp"

#include "orders/fulfilment.hpp"
#include "orders/order_view.hpp"
#include "served_domain.hpp"

namespace {

class order_service : public tests::served_domain {
 public:
  order_service() : served_domain(types(), [](evoke::runtime& served) { return orders::order_routes(served); }) {}

  replay::http_reply order(std::string const& items, std::string const& more = "") {
    return post("/orders", R"({"customerId":"c-1","shippingAddress":"1 High Street","items":[)" + items + "]" + more + "}");
  }

 private:
  static evoke::registry types() {
    evoke::registry made;
    REQUIRE(made.add(evoke::define<orders::fulfilment>()));
    REQUIRE(made.add(evoke::define<orders::order>()));
    REQUIRE(made.add(evoke::define_projection<orders::order_summary>()));
    return made;
  }
};

std::string id_in(replay::http_reply const& reply) {
  std::string const before = R"({"orderId":")";
  REQUIRE_THAT(reply.body, Catch::StartsWith(before));
  return reply.body.substr(before.size(), 36);
}

TEST_CASE("orders: ordering answers 202 with an id, and the fulfilment has started") {
  order_service service;
  auto const reply = service.order(R"({"productId":"teapot","quantity":2,"price":12.50},{"productId":"mug","quantity":1,"price":3})");
  CHECK(reply.status == 202);
  auto const id = id_in(reply);
  CHECK(reply.location == "/v1/processes/order_fulfilment/" + id);
  auto const events = service.get("/v1/events?event_type=fulfilment_started").body;
  CHECK_THAT(events, Catch::Contains(R"("order_id":")" + id +
                                     R"(","customer_id":"c-1","items":[)"
                                     R"({"product_id":"teapot","quantity":2,"price":1250},{"product_id":"mug","quantity":1,"price":300}],)"
                                     R"("total_amount":2800,"shipping_address":"1 High Street","currency":"KRW")"));
}

TEST_CASE("orders: every order has an id of its own") {
  order_service service;
  auto const mug = R"({"productId":"mug","quantity":1,"price":3})";
  CHECK(id_in(service.order(mug)) != id_in(service.order(mug)));
}

TEST_CASE("orders: currency, name and e-mail may be given") {
  order_service service;
  REQUIRE(service
              .order(R"({"productId":"mug","quantity":1,"price":3})",
                     R"(,"currency":"EUR","customerName":"Ann","customerEmail":"ann@shop.example")")
              .status == 202);
  CHECK_THAT(service.get("/v1/events").body, Catch::Contains(R"("currency":"EUR")") && Catch::Contains(R"("customer_name":"Ann")"));
}

TEST_CASE("orders: a broken rule is 422, says which, and nothing has started") {
  order_service service;
  CHECK_THAT(service.order("").body, Catch::Contains("rejection#no_items"));
  CHECK(service.order("").status == 422);
  CHECK(service.order(R"({"productId":"mug","quantity":0,"price":3})").status == 422);
  CHECK(service.order(R"({"productId":"mug","quantity":1,"price":-0.01})").status == 422);
  CHECK(service.order(R"({"productId":"mug","quantity":1,"price":3})", R"(,"currency":"won")").status == 422);
  CHECK(service.post("/orders", R"({"customerId":"c","items":[{"productId":"m","quantity":1,"price":1}],"shippingAddress":" "})").status ==
        422);
  CHECK(service.runtime().info().head == evoke::position{});
}

TEST_CASE("orders: what cannot be represented is 400") {
  order_service service;
  for (auto const* item : {R"({"productId":"mug","quantity":1,"price":3.001})", R"({"productId":"mug","quantity":1.5,"price":3})",
                           R"({"productId":"mug","quantity":1,"price":"3"})", R"({"productId":"mug","quantity":1})",
                           R"({"productId":"mug","quantity":1,"price":3,"gift":true})"}) {
    INFO(item);
    CHECK(service.order(item).status == 400);
  }
  CHECK_THAT(service.order(R"({"productId":"mug","quantity":1,"price":3.001})").body, Catch::Contains(R"("pointer":"/items/0/price")"));
  for (auto const* body : {"", "{", "[]", "{}", R"({"customerId":"c-1","items":[]})"}) {
    INFO(body);
    CHECK(service.post("/orders", body).status == 400);
  }
}

TEST_CASE("orders: the events of a type are read in the order of the log, page by page") {
  order_service service;
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    ids.push_back(id_in(service.order(R"({"productId":"mug","quantity":1,"price":3})")));
    auto const order = "/v1/aggregates/order/" + ids.back();
    auto const items = R"({"customer_id":"c-1","items":[{"product_id":"mug","quantity":1,"price":300}],"shipping_address":"x"})";
    REQUIRE(service.post(order + "/commands/place_order", items).status == 201);
  }
  std::string next = "/v1/events?event_type=fulfilment_started&limit=2";
  std::string told;
  while (!next.empty()) {
    auto const page = service.get(next);
    REQUIRE(page.status == 200);
    CHECK_THAT(page.body, !Catch::Contains("order_placed"));
    told += page.body;
    next = page.link.empty() ? "" : page.link.substr(1, page.link.find('>') - 1);
  }
  std::size_t at = 0;
  for (auto const& id : ids) {
    at = told.find(R"("order_id":")" + id, at);
    REQUIRE(at != std::string::npos);
  }
}

TEST_CASE("orders: summaries are read by customer and by status") {
  order_service service;
  auto const place = [&](std::string const& id, std::string const& customer) {
    auto const body =
        R"({"customer_id":")" + customer + R"(","items":[{"product_id":"mug","quantity":2,"price":300}],"shipping_address":"x"})";
    REQUIRE(service.post("/v1/aggregates/order/" + id + "/commands/place_order", body).status == 201);
  };
  place("o-1", "ann");
  place("o-2", "bob");
  place("o-3", "ann");
  REQUIRE(service.post("/v1/aggregates/order/o-3/commands/confirm_order", "{}").status == 200);
  REQUIRE(service.runtime().wait_for("order_summaries", service.runtime().info().head, std::chrono::seconds(60)).get());
  auto const of_ann = service.get("/v1/views/order_summaries?customer=ann").body;
  CHECK_THAT(of_ann, Catch::Contains("o-1") && Catch::Contains("o-3") && !Catch::Contains("o-2"));
  auto const confirmed = service.get("/v1/views/order_summaries?status=CONFIRMED").body;
  CHECK_THAT(confirmed, Catch::Contains("o-3") && !Catch::Contains("o-1") && !Catch::Contains("o-2"));
}

}  // namespace
