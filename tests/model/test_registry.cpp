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

/// A projection of which only the names matter.
class named_projection : public evoke::projection_definition {
 public:
  explicit named_projection(std::string name, std::vector<evoke::index_info> indexes = {}, void const* tag = nullptr) {
    name_ = std::move(name);
    indexes_ = std::move(indexes);
    document_tag_ = tag;
  }
  using projection_definition::any_order_;
  using projection_definition::keys_;
  using projection_definition::sources_;
  using projection_definition::version_;

  [[nodiscard]] std::unique_ptr<evoke::document> create() const override { return nullptr; }
  [[nodiscard]] evoke::result<std::unique_ptr<evoke::document>> decode(std::string_view) const override { return nullptr; }
  [[nodiscard]] evoke::result<void> project(evoke::projected_event const&, evoke::document_table&) const override { return {}; }
};

auto make_projection(std::string name, std::vector<evoke::index_info> indexes = {}, void const* tag = nullptr) {
  return std::make_shared<named_projection>(std::move(name), std::move(indexes), tag);
}

evoke::index_field field(std::string name) {
  return {std::move(name), evoke::field_order::text, false};
}

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
  CHECK(types.add(std::shared_ptr<evoke::aggregate_definition const>{}).error().code == evoke::errc::invalid_argument);
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

TEST_CASE("A registered projection is found by its name and by its document") {
  evoke::registry types;
  int tag = 0;
  auto const carts = make_projection("carts", {{"user", {field("user")}}}, &tag);
  REQUIRE(types.add(carts));
  REQUIRE(types.add(make_projection("orders")));
  CHECK(types.find_projection("carts") == carts.get());
  CHECK(types.find_projection_by_document(&tag) == carts.get());
  CHECK(types.projections().size() == 2);
  int other = 0;
  CHECK(types.find_projection("cart") == nullptr);
  CHECK(types.find_projection_by_document(&other) == nullptr);
  CHECK(types.find_projection_by_document(nullptr) == nullptr);
}

TEST_CASE("A projection's name and document are registered once, and a type may have the same name") {
  evoke::registry types;
  int tag = 0;
  REQUIRE(types.add(make("cart")));
  REQUIRE(types.add(make_projection("cart", {}, &tag)));
  CHECK(types.add(make_projection("cart")).error().code == evoke::errc::already_exists);
  auto const again = types.add(make_projection("carts", {}, &tag));
  REQUIRE_FALSE(again);
  CHECK(again.error().code == evoke::errc::already_exists);
  CHECK(again.error().message.find("'cart'") != std::string::npos);
  CHECK(types.projections().size() == 1);
}

TEST_CASE("A projection that breaks a rule is refused, and the message says which") {
  evoke::registry types;
  auto const refused = [&](std::shared_ptr<evoke::projection_definition const> made, std::string const& why) {
    auto const added = types.add(std::move(made));
    REQUIRE_FALSE(added);
    CHECK(added.error().code == evoke::errc::invalid_argument);
    CHECK_THAT(added.error().message, Catch::Contains(why));
  };
  refused(nullptr, "no projection");
  refused(make_projection(""), "must not be empty");
  refused(make_projection("1carts"), "projection '1carts'");
  refused(make_projection("a/b"), "projection 'a/b'");
  refused(make_projection("carts", {{"by user", {field("user")}}}), "index 'by user'");
  refused(make_projection("carts", {{"user", {field("user")}}, {"user", {field("name")}}}), "index 'user': the name is given twice");
  refused(make_projection("carts", {{"user", {}}}), "no fields");
  refused(make_projection("carts", {{"user", {field("user"), field("user")}}}), "field 'user' is given twice");
  auto const unversioned = make_projection("carts");
  unversioned->version_ = 0;
  refused(unversioned, "versions begin at 1");
  auto const unordered = make_projection("carts");
  unordered->any_order_ = true;
  refused(unordered, ".free_keys()");
  CHECK(types.projections().empty());
  unordered->keys_ = evoke::key_rule::free;
  CHECK(types.add(unordered));
}

TEST_CASE("Sources are checked when all is added, whatever came first") {
  evoke::registry types;
  auto const carts = make_projection("carts");
  carts->sources_ = {
      {evoke::aggregate_type::trusted("cart"), {evoke::event_type::trusted("added"), evoke::event_type::trusted("removed")}}};
  REQUIRE(types.add(carts));
  auto const no_type = types.check();
  REQUIRE_FALSE(no_type);
  CHECK(no_type.error().code == evoke::errc::invalid_argument);
  CHECK(no_type.error().message == "projection 'carts' follows aggregate type 'cart', which is not registered");

  auto other = types;
  REQUIRE(other.add(make("cart", {}, {"added"})));
  CHECK(other.check().error().message ==
        "projection 'carts' follows event 'removed', which the registered aggregate type 'cart' does not have");

  REQUIRE(types.add(make("cart", {}, {"removed", "added"})));
  CHECK(types.check());
  CHECK(evoke::registry{}.check());
}
