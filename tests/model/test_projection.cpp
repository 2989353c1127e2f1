#include "tests/model/random_source.hpp"
#include "tests/model/sample_projection.hpp"

#include "model/index_key.hpp"
#include "model/test_documents.hpp"

#include <evoke/registry.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

namespace {

using evoke::testing::detail::test_documents;

auto const noon = evoke::timestamp{std::chrono::hours{12}};

template <class Doc>
struct world {
  std::shared_ptr<evoke::projection_definition const> definition = evoke::define_projection<Doc>();
  test_documents::texts texts;
  test_documents documents{*definition, texts, test_documents::between_events::stored};
  std::uint64_t position = 0;

  evoke::projected_event event(std::string_view type, std::string_view id, std::string_view data, std::uint32_t schema = 1) {
    ++position;
    evoke::projected_event made;
    made.type = type;
    made.schema_version = schema;
    made.stream_type = "box";
    made.stream_id = id;
    made.version = evoke::version{position};
    made.position = evoke::position{position};
    made.time = noon;
    made.data = data;
    return made;
  }
  evoke::result<void> project(evoke::projected_event const& event) {
    auto done = definition->project(event, documents);
    if (done) {
      documents.commit();
    } else {
      documents.discard();
    }
    return done;
  }
  [[nodiscard]] std::string text(std::string_view key) const {
    auto const found = texts.find(key);
    return found == texts.end() ? "none" : found->second;
  }
};

using sample::box_view;
using sample::label_view;

}  // namespace

TEST_CASE("A projection's definition holds what describe() says") {
  auto const made = evoke::define_projection<box_view>();
  CHECK(made->name() == "boxes");
  CHECK(made->version() == 7);
  CHECK(made->keys() == evoke::key_rule::by_aggregate);
  CHECK_FALSE(made->any_order());
  CHECK(made->document_schema() == evoke::json::schema<box_view>());
  CHECK(made->document_tag() == evoke::document_tag<box_view>());
  CHECK(made->document_tag() != evoke::document_tag<label_view>());
  auto const labels = evoke::define_projection<label_view>();
  CHECK(labels->keys() == evoke::key_rule::free);
  CHECK(labels->any_order());
}

TEST_CASE("A projection follows the events of its sources but those that it ignores") {
  auto const made = evoke::define_projection<box_view>();
  REQUIRE(made->sources().size() == 1);
  CHECK(made->sources()[0].type.str() == "box");
  std::vector<std::string> names;
  for (auto const& each : made->sources()[0].events) names.push_back(each.str());
  CHECK(names == std::vector<std::string>{"box_opened", "put_into", "box_closed"});
}

TEST_CASE("A description of a projection can be evaluated by the compiler") {
  constexpr auto description = describe(evoke::type<box_view>{});
  static_assert(description.name() == "boxes");
  static_assert(description.index_names()[1] == "state_content");
  CHECK(description.version() == 7);
}

TEST_CASE("Indexes have the members' JSON names, also those of a base, and say how they sort") {
  auto const made = evoke::define_projection<box_view>();
  REQUIRE(made->indexes().size() == 4);
  auto const& by_state = made->indexes()[1];
  CHECK(by_state.name == "state_content");
  REQUIRE(by_state.fields.size() == 2);
  CHECK(by_state.fields[0].name == "state");
  CHECK(by_state.fields[0].order == evoke::field_order::text);
  CHECK(by_state.fields[1].name == "content");
  CHECK(by_state.fields[1].order == evoke::field_order::signed_number);
  CHECK_FALSE(by_state.fields[1].optional);
  auto const& closed = made->indexes()[2];
  CHECK(closed.fields[0].name == "closed_at");
  CHECK(closed.fields[0].order == evoke::field_order::time);
  CHECK(closed.fields[0].optional);
  CHECK(closed.fields[1].order == evoke::field_order::unsigned_number);
  CHECK(made->indexes()[3].fields[0].name == "first_seen_as");
}

TEST_CASE("Events make, change and remove the document of their aggregate") {
  world<box_view> here;
  REQUIRE(here.project(here.event("box_opened", "b-1", R"({"label":"tools"})")));
  CHECK(here.text("b-1") == R"({"first_seen_as":"tools","label":"tools","content":0,"state":"open","last":1})");
  REQUIRE(here.project(here.event("put_into", "b-1", R"({"count":4})", 3)));
  REQUIRE(here.project(here.event("box_closed", "b-2", R"({"seal":"00000000-0000-0000-0000-000000000000","at":"2026-01-01T00:00:00Z"})")));
  CHECK(here.text("b-2") == "none");
  REQUIRE(here.project(here.event("box_closed", "b-1", R"({"seal":"00000000-0000-0000-0000-000000000000","at":"2026-01-01T00:00:00Z"})")));
  CHECK(here.text("b-1") ==
        R"({"first_seen_as":"tools","label":"tools","content":4,"state":"closed","closed_at":"1970-01-01T12:00:00.000000Z","last":2})");
  REQUIRE(here.project(here.event("put_into", "b-1", R"({"count":-1})", 3)));
  CHECK(here.text("b-1") == "none");
}

TEST_CASE("A projection with free keys writes the documents it names") {
  world<label_view> here;
  REQUIRE(here.project(here.event("box_opened", "b-1", R"({"label":"some"})")));
  REQUIRE(here.project(here.event("box_opened", "b-2", R"({"label":"other"})")));
  REQUIRE(here.project(here.event("box_opened", "b-3", R"({"label":"some"})")));
  CHECK(here.text("some") == R"({"boxes":2,"neighbour":"some"})");
  CHECK(here.text("other") == R"({"boxes":1,"neighbour":"some"})");
  REQUIRE(here.project(here.event("box_opened", "b-4", R"({"label":"none"})")));
  CHECK(here.text("some") == "none");
  CHECK(here.texts.size() == 1);
}

TEST_CASE("A free key that is none is refused, and the message says why") {
  world<label_view> here;
  CHECK_THROWS_WITH(here.project(here.event("box_opened", "b-1", R"({"label":"a/b"})")), Catch::Contains("'a/b', which is no key"));
  CHECK_THROWS_AS(here.project(here.event("box_opened", "b-1", R"({"label":""})")), std::invalid_argument);
}

TEST_CASE("A stored event that does not read is corrupt") {
  world<box_view> here;
  auto const newer = here.project(here.event("put_into", "b-1", R"({"count":4})", 4));
  REQUIRE_FALSE(newer);
  CHECK(newer.error().code == evoke::errc::corrupt);
  CHECK_THAT(newer.error().message, Catch::Contains("schema version 4, this program reads version 3"));
  auto const misfit = here.project(here.event("put_into", "b-1", R"({"count":4,"by":"me"})", 3));
  REQUIRE_FALSE(misfit);
  CHECK(misfit.error().code == evoke::errc::corrupt);
  CHECK(misfit.error().errors.at(0).pointer == "/by");
  auto const broken = here.project(here.event("put_into", "b-1", R"({"count":)", 3));
  REQUIRE_FALSE(broken);
  CHECK(broken.error().code == evoke::errc::corrupt);
  CHECK(here.texts.empty());
}

TEST_CASE("An event that the projection does not follow is corrupt, and named") {
  world<box_view> here;
  for (auto const* type : {"exploded", "box_opene", "box_openee", "", "zzzzzzzzzzzzzzzzzzzzz"}) {
    auto const answer = here.project(here.event(type, "b-1", "{}"));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == evoke::errc::corrupt);
    CHECK_THAT(answer.error().message, Catch::Contains("'boxes' does not follow event '" + std::string(type) + "'"));
  }
  auto other = here.event("box_opened", "b-1", R"({"label":"x"})");
  other.stream_type = "bag";
  CHECK_THAT(here.project(other).error().message, Catch::Contains("of aggregate type 'bag'"));
}

TEST_CASE("What project() throws passes through, and the next event is handled as ever") {
  world<box_view> here;
  CHECK_THROWS_WITH(here.project(here.event("put_into", "b-1", R"({"count":13})", 3)), "project went off");
  here.documents.discard();
  REQUIRE(here.project(here.event("put_into", "b-1", R"({"count":1})", 3)));
  CHECK(evoke::json::borrowed_document {} -> parse("1").has_value());
}

TEST_CASE("A document is decoded from what it was encoded as, and a damaged one is corrupt") {
  auto const definition = evoke::define_projection<box_view>();
  auto const text = R"({"first_seen_as":"a","label":"b","content":-3,"state":"closed","last":9})";
  auto const read = definition->decode(text);
  REQUIRE(read);
  std::string out = "x";
  REQUIRE((*read)->encode(out));
  CHECK(out == std::string("x") + text);
  CHECK(definition->decode("{}").error().code == evoke::errc::corrupt);
  CHECK_THAT(definition->decode("").error().message, Catch::Contains("document of 'boxes'"));
}

TEST_CASE("A document that cannot be encoded is malformed, with its pointer") {
  world<box_view> here;
  auto& made = here.documents.change("b-1");
  static_cast<evoke::detail::document_of<box_view>&>(made).value.label = "\xFF";
  std::string out = "before";
  auto const encoded = made.encode(out);
  REQUIRE_FALSE(encoded);
  CHECK(encoded.error().code == evoke::errc::malformed);
  CHECK(encoded.error().errors.at(0).pointer == "/label");
  CHECK(out == "before");
}

TEST_CASE("A document's index keys are what a query for its fields encodes to") {
  auto const definition = evoke::define_projection<box_view>();
  auto const read = definition->decode(R"({"first_seen_as":"","label":"b","content":-3,"state":"closed","last":9})");
  REQUIRE(read);
  auto const keys = (*read)->index_keys();
  REQUIRE(keys.size() == definition->indexes().size());
  auto const key_of = [&](std::size_t index, std::vector<std::optional<std::string_view>> texts) {
    std::string key;
    for (std::size_t i = 0; i < texts.size(); ++i)
      key += evoke::encode_field_text(definition->indexes()[index].fields[i], texts[i]).value();
    return key;
  };
  CHECK(keys[0] == key_of(0, {"b"}));
  CHECK(keys[1] == key_of(1, {"closed", "-3"}));
  CHECK(keys[2] == key_of(2, {std::nullopt, "9"}));
  CHECK(keys[3] == key_of(3, {""}));
}

namespace {
namespace two {

/// Another aggregate, with an event that boxes have too, under another name and version there.
struct bag {
  std::int32_t lids = 0;
};
struct bag_torn {};
BOOST_DESCRIBE_STRUCT(bag, (), (lids))
struct bag_opened_v1 {};
BOOST_DESCRIBE_STRUCT(bag_torn, (), ())
BOOST_DESCRIBE_STRUCT(bag_opened_v1, (), ())
sample::box_opened upcast(bag_opened_v1 const&) {
  return {};
}
void evolve(bag&, sample::box_opened const&) {}
void evolve(bag&, bag_torn const&) {}
constexpr auto describe(evoke::type<bag>) {
  return evoke::aggregate<bag>("bag")
      .event<sample::box_opened>("bag_opened", 2)
      .event<bag_torn>("torn")
      .former<bag_opened_v1>("bag_opened", 1);
}

struct container_view {
  std::string kind;
  bool torn = false;
};
BOOST_DESCRIBE_STRUCT(container_view, (), (kind, torn))
void project(evoke::view<container_view>& view, sample::box_opened const&) {
  view.document().kind = view.event().stream_type;
}
void project(evoke::view<container_view>& view, bag_torn const&) {
  view.document().torn = true;
}
constexpr auto describe(evoke::type<container_view>) {
  return evoke::projection<container_view>("containers", 1)
      .from<bag>()
      .from<sample::box>()
      .ignore<sample::put_into>()
      .ignore<sample::box_closed>()
      .ignore<sample::exploded>();
}

}  // namespace two
}  // namespace

TEST_CASE("A projection follows several aggregate types, each by its own names for its events") {
  world<two::container_view> here;
  REQUIRE(here.definition->sources().size() == 2);
  CHECK(here.definition->sources()[0].type.str() == "bag");
  CHECK(here.definition->sources()[0].events.size() == 2);
  CHECK(here.definition->sources()[1].type.str() == "box");
  CHECK(here.definition->sources()[1].events.size() == 1);
  REQUIRE(here.project(here.event("box_opened", "x-1", R"({"label":""})")));
  CHECK(here.text("x-1") == R"({"kind":"box","torn":false})");
  auto bag = here.event("bag_opened", "x-2", R"({"label":""})", 2);
  bag.stream_type = "bag";
  REQUIRE(here.project(bag));
  CHECK(here.text("x-2") == R"({"kind":"bag","torn":false})");
  bag.type = "torn";
  bag.schema_version = 1;
  bag.data = "{}";
  REQUIRE(here.project(bag));
  CHECK(here.text("x-2") == R"({"kind":"bag","torn":true})");
  bag.type = "box_opened";
  CHECK(here.project(bag).error().code == evoke::errc::corrupt);
}

TEST_CASE("A registry has all that a projection follows, or says what is missing") {
  evoke::registry types;
  REQUIRE(types.add(evoke::define_projection<two::container_view>()));
  REQUIRE(types.add(evoke::define<sample::box>()));
  CHECK_THAT(types.check().error().message, Catch::Contains("aggregate type 'bag', which is not registered"));
  REQUIRE(types.add(evoke::define<two::bag>()));
  CHECK(types.check());
}

TEST_CASE("A handler is found among any others, and nothing else is") {
  random_source random;
  INFO("EVOKE_SEED=" << random.seed);
  auto const name = [&] {
    std::string made;
    for (auto left = random.below(4); left > 0; --left) made += static_cast<char>('a' + random.below(2));
    return made;
  };
  for (int round = 0; round < 200; ++round) {
    std::set<std::pair<std::string, std::string>> names;
    for (auto left = random.below(30); left > 0; --left) names.emplace(name(), name());
    std::vector<evoke::detail::event_handler> all;
    for (auto const& [type, event] : names) all.push_back({type, event, static_cast<std::uint32_t>(all.size()), nullptr});
    std::shuffle(all.begin(), all.end(), random.bits);
    evoke::detail::handler_table const table{all};
    for (auto const& each : all) {
      auto const* found = table.find(each.stream_type, each.event);
      REQUIRE(found != nullptr);
      REQUIRE(found->schema_version == each.schema_version);
    }
    for (int i = 0; i < 30; ++i) {
      auto const type = name();
      auto const event = name();
      REQUIRE((table.find(type, event) != nullptr) == names.contains({type, event}));
    }
  }
  CHECK(evoke::detail::handler_table{}.find("box", "box_opened") == nullptr);
}
