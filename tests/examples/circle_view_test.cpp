#include "circles/circle_view.hpp"

#include <evoke/registry.hpp>
#include <evoke/testing_projection.hpp>

#include <catch2/catch.hpp>

namespace {

using namespace circles;
using evoke::testing::projected;

TEST_CASE("circles: a circle's document is what it is now, and its version") {
  projected<circle_view>()
      .then_absent("k-1")
      .from<circle>("k-1", circle_created{"football", 20})
      .then("k-1", {"k-1", "football", 20, evoke::version{1}})
      .from<circle>("k-1", circle_updated{{}, 30})
      .then("k-1", {"k-1", "football", 30, evoke::version{2}})
      .from<circle>("k-1", circle_updated{"baseball", 40})
      .then("k-1", {"k-1", "baseball", 40, evoke::version{3}})
      .from<circle>("k-1", circle_updated{"tennis", {}})
      .then("k-1", {"k-1", "tennis", 40, evoke::version{4}});
}

TEST_CASE("circles: each circle has its own document") {
  auto here = projected<circle_view>();
  here.from<circle>("k-1", circle_created{"football", 20}).from<circle>("k-2", circle_created{"tea", 3});
  CHECK(here.keys() == std::vector<std::string>{"k-1", "k-2"});
  CHECK(*evoke::json::encode(*here.document("k-2")) == R"({"id":"k-2","name":"tea","capacity":3,"version":1})");
}

TEST_CASE("circles: they are found by name and by capacity") {
  auto const made = evoke::define_projection<circle_view>();
  REQUIRE(made->indexes().size() == 2);
  CHECK(made->indexes()[0].fields[0].name == "name");
  CHECK(made->indexes()[1].fields[0].name == "capacity");
  CHECK(made->indexes()[1].fields[0].order == evoke::field_order::signed_number);
  evoke::registry types;
  REQUIRE(types.add(made));
  REQUIRE(types.add(evoke::define<circle>()));
  CHECK(types.check());
}

}  // namespace
