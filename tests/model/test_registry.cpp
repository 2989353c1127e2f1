#include <evoke/aggregate.hpp>
#include <evoke/registry.hpp>

#include <catch2/catch.hpp>

namespace {

/// A definition of which only the names matter.
class named_definition : public evoke::aggregate_definition {
 public:
  named_definition(std::string type, std::vector<std::string> commands, std::vector<std::string> events, void const* tag = nullptr) {
    type_ = evoke::aggregate_type::trusted(std::move(type));
    for (auto& name : commands) commands_.push_back({evoke::command_name::trusted(std::move(name)), "{}", {}});
    for (auto& name : events) events_.push_back({evoke::event_type::trusted(std::move(name)), 1, "{}"});
    state_tag_ = tag;
  }
  [[nodiscard]] std::unique_ptr<evoke::aggregate_state> create() const override { return nullptr; }
  [[nodiscard]] evoke::result<evoke::boxed_command> decode_command(std::size_t, std::string_view) const override {
    return evoke::fail(evoke::errc::malformed, "");
  }
  [[nodiscard]] evoke::result<void> encode_command(evoke::boxed_command const&, std::string&) const override { return {}; }
};

auto make(std::string type, std::vector<std::string> commands = {}, std::vector<std::string> events = {}, void const* tag = nullptr) {
  return std::make_shared<named_definition const>(std::move(type), std::move(commands), std::move(events), tag);
}

}  // namespace

TEST_CASE("A registered type is found by its name and by its state") {
  evoke::registry types;
  int tag = 0;
  auto const cart = make("cart", {}, {}, &tag);
  REQUIRE(types.add(cart));
  REQUIRE(types.add(make("order")));
  CHECK(types.find("cart") == cart.get());
  CHECK(types.find_by_state(&tag) == cart.get());
  CHECK(types.all().size() == 2);
}

TEST_CASE("What was not registered is not found") {
  evoke::registry types;
  REQUIRE(types.add(make("cart")));
  int other = 0;
  CHECK(types.find("car") == nullptr);
  CHECK(types.find("") == nullptr);
  CHECK(types.find_by_state(&other) == nullptr);
  CHECK(types.find_by_state(nullptr) == nullptr);
}

TEST_CASE("A name is registered once") {
  evoke::registry types;
  REQUIRE(types.add(make("cart")));
  CHECK(types.add(make("cart")).error().code == evoke::errc::already_exists);
  CHECK(types.all().size() == 1);
}

TEST_CASE("A C++ state is registered once, else the typed call could not tell which is meant") {
  evoke::registry types;
  int tag = 0;
  REQUIRE(types.add(make("cart", {}, {}, &tag)));
  auto const again = types.add(make("basket", {}, {}, &tag));
  REQUIRE_FALSE(again);
  CHECK(again.error().code == evoke::errc::already_exists);
  CHECK(again.error().message.find("'cart'") != std::string::npos);
}

TEST_CASE("Names that break their rule are refused, and the message says which") {
  evoke::registry types;
  CHECK(types.add(nullptr).error().code == evoke::errc::invalid_argument);
  CHECK(types.add(make("1cart")).error().code == evoke::errc::invalid_argument);
  auto const command = types.add(make("cart", {"add item"}));
  CHECK(command.error().code == evoke::errc::invalid_argument);
  CHECK(command.error().message.find("command 'add item'") != std::string::npos);
  auto const event = types.add(make("cart", {}, {""}));
  CHECK(event.error().code == evoke::errc::invalid_argument);
  CHECK(types.all().empty());
}

TEST_CASE("Two commands or events of one type do not share a name") {
  evoke::registry types;
  CHECK(types.add(make("cart", {"add", "remove", "add"})).error().message.find("twice") != std::string::npos);
  CHECK(types.add(make("cart", {}, {"added", "added"})).error().message.find("twice") != std::string::npos);
  CHECK(types.add(make("cart", {"add"}, {"add"})));
}

TEST_CASE("Commands and events are found by name") {
  auto const cart = make("cart", {"add", "remove"}, {"added"});
  CHECK(cart->find_command("remove") == std::size_t{1});
  CHECK(cart->find_event("added") == std::size_t{0});
  CHECK_FALSE(cart->find_command("added"));
  CHECK_FALSE(cart->find_event(""));
}
