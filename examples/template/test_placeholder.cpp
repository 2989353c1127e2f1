#include "placeholder.hpp"

#include <evoke/testing.hpp>

#include <catch2/catch.hpp>

using evoke::rejection_kind;
using evoke::testing::given;
using namespace placeholder_domain;

TEST_CASE("It is created with a title") {
  given<placeholder>().when(create_placeholder{"first"}).then(placeholder_created{"first"});
}

TEST_CASE("It is created once") {
  given<placeholder>(placeholder_created{"first"})
      .when(create_placeholder{"again"})
      .then_rejected(rejection_kind::conflict, "placeholder_exists");
}

TEST_CASE("Its title is not blank") {
  given<placeholder>().when(create_placeholder{"  "}).then_rejected(rejection_kind::invalid, "blank_title");
  given<placeholder>(placeholder_created{"first"}).when(rename_placeholder{""}).then_rejected(rejection_kind::invalid, "blank_title");
}

TEST_CASE("A new title replaces the old one") {
  auto const state =
      given<placeholder>(placeholder_created{"first"}).when(rename_placeholder{"second"}).then(placeholder_renamed{"second"}).state();
  CHECK(state.title == "second");
}

TEST_CASE("The same title changes nothing") {
  given<placeholder>(placeholder_created{"first"}).when(rename_placeholder{"first"}).then_nothing();
}

TEST_CASE("It is closed once, at the command's time") {
  auto const now = evoke::timestamp{std::chrono::hours{24}};
  given<placeholder>(placeholder_created{"first"})
      .at(now)
      .when(close_placeholder{})
      .then(placeholder_closed{now})
      .when(close_placeholder{})
      .then_nothing();
}

TEST_CASE("What is closed keeps its title") {
  given<placeholder>(placeholder_created{"first"}, placeholder_closed{})
      .when(rename_placeholder{"second"})
      .then_rejected(rejection_kind::conflict, "placeholder_closed");
}

TEST_CASE("What was never created is not found") {
  given<placeholder>().when(rename_placeholder{"first"}).then_rejected(rejection_kind::not_found, "no_placeholder");
  given<placeholder>().when(close_placeholder{}).then_rejected(rejection_kind::not_found, "no_placeholder");
}
