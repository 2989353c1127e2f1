#include "circles/circle.hpp"

#include <evoke/testing.hpp>

#include <catch2/catch.hpp>

namespace {

using namespace circles;
using evoke::rejection_kind;
using evoke::testing::given;

constexpr auto invalid = rejection_kind::invalid;

auto football() {
  return given<circle>(circle_created{"football", 20});
}

TEST_CASE("circle: it is created with a name and room for its members") {
  given<circle>().when(create_circle{"football", 20}).then(circle_created{"football", 20});
  given<circle>().when(create_circle{"tea", 3}).then(circle_created{"tea", 3});
  given<circle>().when(create_circle{"crowd", 32767}).then(circle_created{"crowd", 32767});
}

TEST_CASE("circle: creating it twice is a conflict") {
  football().when(create_circle{"football", 20}).then_rejected(rejection_kind::conflict, "circle_already_exists");
}

TEST_CASE("circle: capacity must be 3 or more") {
  given<circle>().when(create_circle{"tea", 2}).then_rejected(invalid, "capacity_too_small");
  given<circle>().when(create_circle{"tea", -1}).then_rejected(invalid, "capacity_too_small");
  football().when(update_circle{{}, 2}).then_rejected(invalid, "capacity_too_small");
}

TEST_CASE("circle: its name must not be blank") {
  for (auto const* blank : {"", " ", "\t \n"}) {
    given<circle>().when(create_circle{blank, 3}).then_rejected(invalid, "blank_circle_name");
    football().when(update_circle{blank, {}}).then_rejected(invalid, "blank_circle_name");
  }
}

TEST_CASE("circle: what is not there cannot be updated") {
  given<circle>().when(update_circle{"tea", 5}).then_rejected(rejection_kind::not_found, "circle_not_found");
  given<circle>().when(update_circle{}).then_rejected(rejection_kind::not_found, "circle_not_found");
}

TEST_CASE("circle: an update holds what changes and nothing else") {
  football().when(update_circle{"baseball", {}}).then(circle_updated{"baseball", {}});
  football().when(update_circle{{}, 30}).then(circle_updated{{}, 30});
  football().when(update_circle{"football", 30}).then(circle_updated{{}, 30});
  football().when(update_circle{"baseball", 40}).then(circle_updated{"baseball", 40});
}

TEST_CASE("circle: an update without fields, or that changes nothing, writes nothing") {
  football().when(update_circle{}).then_nothing();
  football().when(update_circle{"football", {}}).then_nothing();
  football().when(update_circle{"football", 20}).then_nothing();
}

TEST_CASE("circle: what an update does not name stays as it is") {
  auto const state =
      given<circle>(circle_created{"football", 20}, circle_updated{{}, 30}, circle_updated{"baseball", 40}, circle_updated{"tennis", {}})
          .state();
  CHECK(state.name == "tennis");
  CHECK(state.capacity == 40);
}

TEST_CASE("circle: it is snapshotted every five events") {
  CHECK(evoke::define<circle>()->settings().snapshot_interval_events == 5);
}

}  // namespace
