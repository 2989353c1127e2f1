#include "tests/model/sample_formers.hpp"

#include <evoke/registry.hpp>
#include <evoke/testing.hpp>
#include <evoke/testing_projection.hpp>

#include <catch2/catch.hpp>

#include <set>

namespace {

using evoke::errc;

struct world {
  std::shared_ptr<evoke::aggregate_definition const> definition = evoke::define<aged::product>();
  std::unique_ptr<evoke::aggregate_state> state = definition->create();

  [[nodiscard]] evoke::result<void> apply(std::string_view event, std::uint32_t version, std::string_view data) {
    return state->apply(event, version, data);
  }
  [[nodiscard]] std::string text() const {
    std::string out;
    REQUIRE(state->encode(out));
    return out;
  }
  [[nodiscard]] evoke::result<std::vector<evoke::upcast_part>> upcast(std::string_view event, std::uint32_t version,
                                                                      std::string_view data) const {
    auto const former = definition->find_former(event, version);
    REQUIRE(former);
    return definition->upcast(*former, data);
  }
};

}  // namespace

TEST_CASE("A former event changes the state as what it is today") {
  world here;
  REQUIRE(here.apply("title_set", 1, R"({"title":"pen"})"));
  CHECK(here.text() == R"({"name":"pen","amount":0,"currency":"","taxed":false,"events":1})");
  REQUIRE(here.apply("price_set", 1, R"({"amount":5})"));  // over version 2
  CHECK(here.text() == R"({"name":"pen","amount":5,"currency":"KRW","taxed":true,"events":2})");
  REQUIRE(here.apply("price_set", 2, R"({"amount":6,"currency":"EUR"})"));
  CHECK(here.text() == R"({"name":"pen","amount":6,"currency":"EUR","taxed":true,"events":3})");
  REQUIRE(here.apply("price_set", 3, R"({"amount":7,"currency":"USD","taxed":false})"));
  CHECK(here.text() == R"({"name":"pen","amount":7,"currency":"USD","taxed":false,"events":4})");
}

TEST_CASE("A former event may be several events today, or none") {
  world here;
  REQUIRE(here.apply("product_edited", 1, R"({"name":"cup","amount":9})"));
  CHECK(here.text() == R"({"name":"cup","amount":9,"currency":"KRW","taxed":true,"events":2})");
  REQUIRE(here.apply("product_edited", 1, R"({"amount":8})"));
  REQUIRE(here.apply("product_edited", 1, "{}"));
  REQUIRE(here.apply("product_flagged", 1, "{}"));
  CHECK(here.text() == R"({"name":"cup","amount":8,"currency":"KRW","taxed":true,"events":3})");
}

TEST_CASE("An upcaster that throws is a failure that names the event; what evolve throws passes through") {
  world here;
  auto const thrown = here.apply("product_cursed", 1, R"({"why":"the old magic"})");
  REQUIRE_FALSE(thrown);
  CHECK(thrown.error().code == errc::user_code_failed);
  CHECK(thrown.error().message == "upcast() of event 'product_cursed' version 1 threw: the old magic");
  CHECK(here.apply("product_cursed", 1, R"({"why":"odd"})").error().code == errc::user_code_failed);
  CHECK(here.apply("product_cursed", 1, R"({"why":""})"));
  CHECK_THROWS_WITH(here.apply("title_set", 1, R"({"title":"unspeakable"})"), "evolve went off");
}

TEST_CASE("A former event is read as strictly as any other, and versions that nobody listed do not read") {
  world here;
  auto const misfit = here.apply("price_set", 1, R"({"amount":5,"currency":"EUR"})");
  REQUIRE_FALSE(misfit);
  CHECK(misfit.error().code == errc::corrupt);
  CHECK(misfit.error().errors.at(0).pointer == "/currency");
  CHECK(here.apply("price_set", 1, "{").error().code == errc::corrupt);
  CHECK_THAT(here.apply("price_set", 4, "{}").error().message, Catch::Contains("schema version 4, this program reads version 3"));
  CHECK_THAT(here.apply("title_set", 2, "{}").error().message, Catch::Contains("has no event 'title_set'"));
  CHECK(here.text() == world{}.text());
}

TEST_CASE("What a former event is today can be had as JSON") {
  world const here;
  auto const parts = here.upcast("product_edited", 1, R"({"name":"cup","amount":9})");
  REQUIRE(parts);
  REQUIRE(parts->size() == 2);
  CHECK(here.definition->events()[(*parts)[0].event_index].name.str() == "product_named");
  CHECK((*parts)[0].data == R"({"name":"cup"})");
  CHECK(here.definition->events()[(*parts)[1].event_index].name.str() == "price_set");
  CHECK((*parts)[1].data == R"({"amount":9,"currency":"KRW","taxed":true})");
  CHECK(here.upcast("product_flagged", 1, "{}")->empty());
  CHECK(here.upcast("product_cursed", 1, R"({"why":"x"})").error().code == errc::user_code_failed);
  CHECK(here.upcast("price_set", 2, "{}").error().code == errc::corrupt);
}

TEST_CASE("It is known which former events can become an event, also by others") {
  auto const definition = evoke::define<aged::product>();
  auto const can = [&](std::string_view former, std::uint32_t version, std::string_view event) {
    return definition->can_become(*definition->find_former(former, version), *definition->find_event(event));
  };
  CHECK(can("price_set", 1, "price_set"));
  CHECK(can("price_set", 2, "price_set"));
  CHECK(can("product_edited", 1, "price_set"));
  CHECK(can("product_edited", 1, "product_named"));
  CHECK(can("title_set", 1, "product_named"));
  CHECK_FALSE(can("title_set", 1, "price_set"));
  CHECK_FALSE(can("product_flagged", 1, "product_named"));
}

// -- what the registry says

namespace {

/// A definition of which only names, versions and targets matter.
class listed final : public evoke::aggregate_definition {
 public:
  using one = std::pair<std::string, std::uint32_t>;
  listed(std::vector<one> const& events, std::vector<std::pair<one, std::vector<std::size_t>>> const& formers) {
    type_ = evoke::aggregate_type::trusted("thing");
    for (auto const& [name, version] : events) events_.push_back({evoke::event_type::trusted(name), version, "{}"});
    for (auto const& [who, becomes] : formers) formers_.push_back({evoke::event_type::trusted(who.first), who.second, "{}", becomes});
  }
  [[nodiscard]] std::unique_ptr<evoke::aggregate_state> create() const override { return nullptr; }
  [[nodiscard]] evoke::result<evoke::boxed_command> decode_command(std::size_t, std::string_view) const override {
    return evoke::fail(errc::malformed, "");
  }
  [[nodiscard]] evoke::result<void> encode_command(evoke::boxed_command const&, std::string&) const override { return {}; }
};

std::string refusal(std::vector<listed::one> events, std::vector<std::pair<listed::one, std::vector<std::size_t>>> formers) {
  evoke::registry types;
  auto const added = types.add(std::make_shared<listed const>(std::move(events), std::move(formers)));
  if (added) return "";
  CHECK(added.error().code == errc::invalid_argument);
  return added.error().message;
}

}  // namespace

TEST_CASE("The registry refuses a version that nothing reads, and says how to mend it") {
  CHECK(refusal({{"placed", 2}}, {{{"placed", 1}, {0}}}).empty());
  CHECK(refusal({{"placed", 2}}, {}) ==
        "aggregate type 'thing', event 'placed' version 1 may be stored, and nothing says how it reads. Remedy: add "
        ".former<the_struct>(\"placed\", 1) and its upcast(), which may answer evoke::dropped");
  CHECK_THAT(refusal({{"placed", 4}}, {{{"placed", 1}, {0}}, {{"placed", 3}, {0}}}), Catch::Contains("'placed' version 2 may be stored"));
  CHECK_THAT(refusal({{"placed", 1}}, {{{"older", 2}, {0}}}), Catch::Contains("'older' version 1 may be stored"));
}

TEST_CASE("The registry refuses former events that are none") {
  CHECK_THAT(refusal({{"placed", 1}}, {{{"placed", 1}, {0}}}), Catch::Contains("the version of today is 1"));
  CHECK_THAT(refusal({{"placed", 1}}, {{{"placed", 2}, {0}}}), Catch::Contains("the version of today is 1"));
  CHECK_THAT(refusal({{"placed", 1}}, {{{"older", 1}, {0}}, {{"older", 1}, {0}}}), Catch::Contains("is given twice"));
  CHECK_THAT(refusal({{"placed", 1}}, {{{"older", 0}, {0}}}), Catch::Contains("versions begin at 1"));
  CHECK_THAT(refusal({{"placed", 0}}, {}), Catch::Contains("versions begin at 1"));
  CHECK_THAT(refusal({{"placed", 1}}, {{{"old er", 1}, {0}}}), Catch::Contains("old er"));
}

TEST_CASE("The registry refuses upcasters that go in a circle") {
  CHECK_THAT(refusal({{"placed", 1}}, {{{"a", 1}, {1}}}), Catch::Contains("'a' version 1 is upcast in a circle"));
  CHECK_THAT(refusal({{"placed", 1}}, {{{"a", 1}, {2}}, {{"b", 1}, {0, 3}}, {{"c", 1}, {1}}}), Catch::Contains("in a circle"));
  CHECK(refusal({{"placed", 1}}, {{{"a", 1}, {2, 3}}, {{"b", 1}, {0, 3}}, {{"c", 1}, {0}}, {{"d", 1}, {}}}).empty());
}

TEST_CASE("A type is registered or retired, not both") {
  evoke::registry types;
  CHECK(types.retire("no name").error().code == errc::invalid_argument);
  REQUIRE(types.retire("thing"));
  REQUIRE(types.retire("thing"));
  CHECK(types.retired() == std::vector<std::string>{"thing"});
  CHECK(types.check());
  REQUIRE(types.add(
      std::make_shared<listed const>(std::vector<listed::one>{}, std::vector<std::pair<listed::one, std::vector<std::size_t>>>{})));
  CHECK_THAT(types.check().error().message, Catch::Contains("registered and retired"));
}

// -- shapes

namespace {
namespace shapes {

struct told {
  std::int32_t count = 0;
};
struct told_v1 {};
struct told_v1_other {
  bool loud = false;
};
BOOST_DESCRIBE_STRUCT(told, (), (count))
BOOST_DESCRIBE_STRUCT(told_v1, (), ())
BOOST_DESCRIBE_STRUCT(told_v1_other, (), (loud))
told upcast(told_v1 const&) {
  return {1};
}
told upcast(told_v1_other const&) {
  return {2};
}

/// The same state under another type for each way in which its history can be read.
template <int way>
struct teller {
  std::int32_t count = 0;
  BOOST_DESCRIBE_CLASS(teller, (), (count), (), ())
};
template <int way>
void evolve(teller<way>& state, told const& event) {
  state.count += event.count;
}
constexpr auto describe(evoke::type<teller<0>>) {
  return evoke::aggregate<teller<0>>("teller").event<told>("told");
}
constexpr auto describe(evoke::type<teller<1>>) {
  return evoke::aggregate<teller<1>>("teller").event<told>("told", 2).former<told_v1>("told", 1);
}
constexpr auto describe(evoke::type<teller<2>>) {
  return evoke::aggregate<teller<2>>("teller").event<told>("told", 2).former<told_v1_other>("told", 1);
}
constexpr auto describe(evoke::type<teller<3>>) {
  return evoke::aggregate<teller<3>>("teller").event<told>("told").fold_version(2);
}

template <int way>
struct retold {
  std::int32_t count = 0;
  BOOST_DESCRIBE_CLASS(retold, (), (count), (), ())
};
template <int way>
void project(evoke::view<retold<way>>& view, told const& event) {
  view.document().count += event.count;
}
template <int way>
constexpr auto describe(evoke::type<retold<way>>) {
  return evoke::projection<retold<way>>("retold", 1).template from<teller<way>>();
}

}  // namespace shapes
}  // namespace

TEST_CASE("A snapshot of another past is told by its shape: former events, their fields, the fold's version") {
  using namespace shapes;
  auto const first = evoke::define<teller<0>>()->state_shape();
  auto const second = evoke::define<teller<1>>()->state_shape();
  auto const third = evoke::define<teller<2>>()->state_shape();
  auto const fourth = evoke::define<teller<3>>()->state_shape();
  CHECK(std::set<std::uint64_t>{first, second, third, fourth}.size() == 4);
  CHECK(first == evoke::json::shape_hash(evoke::define<teller<0>>()->state_schema()));
}

TEST_CASE("A read model is rebuilt when what it follows has another past") {
  using namespace shapes;
  std::set<std::uint64_t> const all{evoke::define_projection<retold<0>>()->shape(), evoke::define_projection<retold<1>>()->shape(),
                                    evoke::define_projection<retold<2>>()->shape()};
  CHECK(all.size() == 3);
}

// -- projections

TEST_CASE("A projection follows the stored names of all that becomes what it follows") {
  auto const definition = evoke::define_projection<aged::price_tag>();
  REQUIRE(definition->sources().size() == 1);
  std::set<std::string> names;
  for (auto const& each : definition->sources()[0].events) names.insert(each.str());
  CHECK(names == std::set<std::string>{"price_set", "product_edited"});
  evoke::registry types;
  REQUIRE(types.add(definition));
  REQUIRE(types.add(evoke::define<aged::product>()));
  CHECK(types.check());
}

TEST_CASE("A projection is shown former events as they are today, with the id, version and position they were stored with") {
  using evoke::testing::projected;
  projected<aged::price_tag>()
      .from<aged::product>("p-1", aged::title_set{"pen"}, aged::price_set_v1{5}, aged::product_edited{"cup", 6}, aged::product_flagged{})
      .then(
          "p-1",
          {6, R"(price_set 3 {"amount":5,"currency":"KRW","taxed":true} 2.1;price_set 3 {"amount":6,"currency":"KRW","taxed":true} 3.2;)"});
  projected<aged::diary>()
      .from<aged::product>("p-1", aged::title_set{"pen"}, aged::product_edited{"cup", 6}, aged::product_flagged{},
                           aged::product_named{"mug"})
      .then("p-1", {{"pen", "cup", "6 KRW", "mug"}});
}

TEST_CASE("The parts of an event are projected together or not at all") {
  auto scenario = evoke::testing::projected<aged::diary>();
  scenario.from<aged::product>("p-1", aged::title_set{"pen"});
  CHECK_THROWS_WITH(scenario.from<aged::product>("p-1", aged::product_edited{"cup", -1}), "a price below nothing");
  scenario.then("p-1", {{"pen"}});
}

TEST_CASE("A projection hears of an upcaster that throws as a failure of the event") {
  auto scenario = evoke::testing::projected<aged::diary>();
  CHECK_THROWS_WITH(scenario.from<aged::product>("p-1", aged::product_cursed{"no"}),
                    Catch::Contains("upcast() of event 'product_cursed' version 1 threw: no"));
}

namespace {
namespace moved {

/// Version 1 of "noted" is what is called "said" today; version 2 is another event, which the projection ignores.
struct said {
  std::string text;
};
struct noted {
  std::int32_t page = 0;
};
struct noted_v1 {
  std::string text;
};
struct book {
  std::int32_t pages = 0;
};
struct quote {
  std::string text;
};
BOOST_DESCRIBE_STRUCT(said, (), (text))
BOOST_DESCRIBE_STRUCT(noted, (), (page))
BOOST_DESCRIBE_STRUCT(noted_v1, (), (text))
BOOST_DESCRIBE_STRUCT(book, (), (pages))
BOOST_DESCRIBE_STRUCT(quote, (), (text))

said upcast(noted_v1 const& stored) {
  return {stored.text};
}
void evolve(book&, said const&) {}
void evolve(book& state, noted const&) {
  ++state.pages;
}
void project(evoke::view<quote>& view, said const& event) {
  view.document().text += event.text;
}
constexpr auto describe(evoke::type<book>) {
  return evoke::aggregate<book>("book").event<said>("said").event<noted>("noted", 2).former<noted_v1>("noted", 1);
}
constexpr auto describe(evoke::type<quote>) {
  return evoke::projection<quote>("quotes", 1).from<book>().ignore<noted>();
}

}  // namespace moved
}  // namespace

TEST_CASE("An ignored event is nothing to a projection that follows a former one of the same name") {
  using namespace moved;
  evoke::testing::projected<quote>().from<book>("b-1", noted_v1{"a"}, noted{3}, said{"b"}).then("b-1", {"ab"});
  evoke::registry types;
  REQUIRE(types.add(evoke::define<book>()));
  REQUIRE(types.add(evoke::define_projection<quote>()));
  CHECK(types.check());
}

// -- the test kit

TEST_CASE("A scenario may begin with former events") {
  using evoke::testing::given;
  auto scenario = given<aged::product>(aged::title_set{"pen"}, aged::product_edited{"cup", 4});
  CHECK(scenario.state().name == "cup");
  CHECK(scenario.state().amount == 4);
  scenario.when(aged::rename{"mug"}).then(aged::product_named{"mug"});
  CHECK_THROWS_WITH(given<aged::product>(aged::product_cursed{"no"}), Catch::Contains("does not read"));
}
