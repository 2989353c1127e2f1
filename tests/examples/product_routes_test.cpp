#include "catalog/product_routes.hpp"

#include "catalog/product.hpp"
#include "catalog/product_view.hpp"
#include "served_domain.hpp"

namespace {

class catalog_service : public tests::served_domain {
 public:
  catalog_service() : served_domain(types(), [](evoke::runtime& served) { return catalog::product_routes(served); }) {}

  replay::http_reply create(std::string const& id, std::string const& price = "12.50", std::string const& quantity = "10") {
    return post("/api/products", R"({"productId":")" + id + R"(","name":"Teapot","price":)" + price + R"(,"quantity":)" + quantity + "}");
  }

 private:
  static evoke::registry types() {
    evoke::registry made;
    REQUIRE(made.add(evoke::define<catalog::product>()));
    REQUIRE(made.add(evoke::define_projection<catalog::product_summary>()));
    return made;
  }
};

/// A product's JSON up to its time.
std::string shown(std::string const& id, std::string const& price, std::string const& quantity) {
  return R"({"productId":")" + id + R"(","name":"Teapot","currentPrice":)" + price + R"(,"quantityOnHand":)" + quantity +
         R"(,"lastUpdated":"20)";
}

TEST_CASE("catalog: creating a product answers 201 with its id, and it is shown at once") {
  catalog_service service;
  auto const reply = service.create("p-1");
  CHECK(reply.status == 201);
  CHECK(reply.body == R"({"productId":"p-1"})");
  auto const read = service.get("/api/products/p-1");
  CHECK(read.status == 200);
  CHECK_THAT(read.body, Catch::StartsWith(shown("p-1", "12.50", "10")));
}

TEST_CASE("catalog: creating a product twice is 409 and leaves the first") {
  catalog_service service;
  CHECK(service.create("p-1").status == 201);
  auto const again = service.create("p-1", "1.00");
  CHECK(again.status == 409);
  CHECK_THAT(again.body, Catch::Contains("rejection#product_already_exists"));
  CHECK_THAT(service.get("/api/products/p-1").body, Catch::StartsWith(shown("p-1", "12.50", "10")));
}

TEST_CASE("catalog: whoever has just changed a price sees it") {
  catalog_service service;
  REQUIRE(service.create("p-1").status == 201);
  for (auto const* price : {"9.99", "10.00", "10.50", "0.01"}) {
    auto const reply = service.put("/api/products/p-1/price", R"({"newPrice":)" + std::string(price) + "}");
    CHECK(reply.status == 200);
    CHECK(reply.body == R"({"productId":"p-1"})");
    CHECK_THAT(service.get("/api/products/p-1").body, Catch::StartsWith(shown("p-1", price, "10")));
  }
}

TEST_CASE("catalog: money is exact inside") {
  catalog_service service;
  REQUIRE(service.create("p-1", "1.15").status == 201);
  CHECK_THAT(service.get("/v1/aggregates/product/p-1").body, Catch::Contains(R"("price":115)"));
  REQUIRE(service.put("/api/products/p-1/price", R"({"newPrice":4.35})").status == 200);
  CHECK_THAT(service.get("/v1/aggregates/product/p-1").body, Catch::Contains(R"("price":435)"));
  REQUIRE(service.put("/api/products/p-1/price", R"({"newPrice":7})").status == 200);
  CHECK_THAT(service.get("/v1/aggregates/product/p-1").body, Catch::Contains(R"("price":700)"));
}

TEST_CASE("catalog: three decimals or more, and what cannot be an amount, are 400") {
  catalog_service service;
  REQUIRE(service.create("p-1").status == 201);
  for (auto const* price : {"1.000", "1.005", "1e2", "\"1.00\"", "null", "100000000000000000"}) {
    INFO(price);
    CHECK(service.create("p-2", price).status == 400);
    CHECK(service.put("/api/products/p-1/price", R"({"newPrice":)" + std::string(price) + "}").status == 400);
  }
  CHECK_THAT(service.create("p-2", "1.000").body, Catch::Contains(R"("pointer":"/price")"));
  CHECK(service.get("/api/products/p-2").status == 404);
}

TEST_CASE("catalog: a broken rule is 422 and says which") {
  catalog_service service;
  REQUIRE(service.create("p-1").status == 201);
  for (auto const* price : {"0", "0.00", "-1.50"}) {
    INFO(price);
    auto const created = service.create("p-2", price);
    CHECK(created.status == 422);
    CHECK_THAT(created.body, Catch::Contains("price must be greater than zero") && Catch::Contains("rejection#invalid_price"));
    CHECK(service.put("/api/products/p-1/price", R"({"newPrice":)" + std::string(price) + "}").status == 422);
  }
  CHECK(service.create("p-2", "1", "-1").status == 422);
  CHECK(service.post("/api/products", R"({"productId":"p-2","name":" ","price":1,"quantity":0})").status == 422);
}

TEST_CASE("catalog: what is not the documented body, or no identifier, is 400") {
  catalog_service service;
  for (auto const* body :
       {"", "{", "[]", "{}", R"({"productId":"p-1","name":"Teapot","price":1})",
        R"({"productId":"p-1","name":"x","price":1,"quantity":1.5})",
        R"({"productId":"p-1","name":"x","price":1,"quantity":1,"colour":"red"})", R"({"productId":"","name":"x","price":1,"quantity":1})",
        R"({"productId":"a/b","name":"x","price":1,"quantity":1})", R"({"productId":" p","name":"x","price":1,"quantity":1})"}) {
    INFO(body);
    CHECK(service.post("/api/products", body).status == 400);
  }
  CHECK(service.put("/api/products/%20x/price", R"({"newPrice":1})").status == 400);
}

TEST_CASE("catalog: an unknown product is 404") {
  catalog_service service;
  CHECK(service.get("/api/products/none").status == 404);
  CHECK(service.put("/api/products/none/price", R"({"newPrice":1})").status == 404);
  CHECK(service.put("/api/products/none/price", R"({"newPrice":-1})").status == 404);
}

TEST_CASE("catalog: a code with spaces and accents is an identifier like any other") {
  catalog_service service;
  REQUIRE(service.create("47566B caf\u00e9").status == 201);
  CHECK_THAT(service.get("/api/products/47566B%20caf%C3%A9").body, Catch::StartsWith(shown("47566B caf\u00e9", "12.50", "10")));
  CHECK(service.put("/api/products/47566B%20caf%C3%A9/price", R"({"newPrice":1})").status == 200);
}

TEST_CASE("catalog: the list holds what was just created, page by page") {
  catalog_service service;
  CHECK(service.get("/api/products").body == "[]");
  for (auto const* id : {"p-3", "p-1", "p-2"}) REQUIRE(service.create(id).status == 201);
  auto const first = service.get("/api/products?limit=2");
  CHECK(first.status == 200);
  CHECK_THAT(first.body, Catch::StartsWith("[" + shown("p-1", "12.50", "10")) && Catch::Contains(shown("p-2", "12.50", "10")));
  CHECK_THAT(first.body, !Catch::Contains("p-3"));
  REQUIRE_THAT(first.link, Catch::EndsWith("&limit=2>; rel=\"next\""));
  auto const second = service.get(first.link.substr(1, first.link.find('>') - 1));
  CHECK_THAT(second.body, Catch::StartsWith("[" + shown("p-3", "12.50", "10")));
  CHECK(second.link.empty());
  CHECK(service.get("/api/products?limit=0").status == 400);
  CHECK(service.get("/api/products?limit=x").status == 400);
  CHECK(service.get("/api/products?cursor=x").status == 400);
}

}  // namespace
