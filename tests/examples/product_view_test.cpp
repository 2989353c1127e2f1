#include "catalog/product_view.hpp"

#include <evoke/registry.hpp>
#include <evoke/testing_projection.hpp>

#include <catch2/catch.hpp>

namespace {

using namespace catalog;
using evoke::testing::projected;

auto const nine = *evoke::parse_rfc3339("2026-01-31T09:00:00Z");
auto const ten = *evoke::parse_rfc3339("2026-01-31T10:00:00Z");

TEST_CASE("product_summaries: a product is shown as it is now, updated when its last event happened") {
  projected<product_summary>()
      .then_absent("p-1")
      .at(nine)
      .from<product>("p-1", product_created{"Teapot", 1250, 10})
      .then("p-1", {"p-1", "Teapot", 1250, 10, nine})
      .at(ten)
      .from<product>("p-1", product_price_updated{999})
      .then("p-1", {"p-1", "Teapot", 999, 10, ten})
      .from<product>("p-1", product_quantity_adjusted{-4, "sold"})
      .then("p-1", {"p-1", "Teapot", 999, 6, ten});
}

TEST_CASE("product_summaries: each product has its own document, with the names that clients know") {
  auto here = projected<product_summary>().at(nine);
  here.from<product>("p-1", product_created{"Teapot", 1250, 10}).from<product>("code with spaces", product_created{"Mug", 350, 1});
  CHECK(here.keys() == std::vector<std::string>{"code with spaces", "p-1"});
  CHECK(*evoke::json::encode(*here.document("p-1")) ==
        R"({"productId":"p-1","name":"Teapot","currentPrice":1250,"quantityOnHand":10,"lastUpdated":"2026-01-31T09:00:00.000000Z"})");
}

TEST_CASE("product_summaries: they are found by name and by price") {
  auto const made = evoke::define_projection<product_summary>();
  REQUIRE(made->indexes().size() == 2);
  CHECK(made->indexes()[0].fields[0].name == "name");
  CHECK(made->indexes()[1].fields[0].name == "currentPrice");
  evoke::registry types;
  REQUIRE(types.add(made));
  REQUIRE(types.add(evoke::define<product>()));
  CHECK(types.check());
}

}  // namespace
