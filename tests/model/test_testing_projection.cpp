#include "tests/model/sample_projection.hpp"

#include <evoke/testing_projection.hpp>

#include <catch2/catch.hpp>

using evoke::testing::mismatch;
using evoke::testing::projected;
using namespace sample;

namespace {

/// Read back it is another number.
struct drifting {
  std::int32_t number = 0;
};

}  // namespace

template <>
struct evoke::json::codec<drifting> {
  static void read(value in, drifting& out, field_errors& errors) {
    codec<std::int32_t>::read(in, out.number, errors);
    ++out.number;
  }
  static bool write(drifting const& from, writer& out) { return codec<std::int32_t>::write(from.number, out); }
  static void describe(schema_builder& out) { out.type("integer"); }
};

namespace {

template <class Step>
std::string mismatch_of(Step step) {
  try {
    step();
  } catch (mismatch const& thrown) {
    return thrown.what();
  }
  return "nothing differs";
}

auto const noon = evoke::timestamp{std::chrono::hours{12}};

box_view row(std::string label, std::int64_t content, std::uint64_t last) {
  box_view made;
  made.first_seen_as = label;
  made.label = std::move(label);
  made.content = content;
  made.last = evoke::version{last};
  return made;
}

/// What a projection can see of an event, as it sees it.
struct seen_view {
  std::string all;
  evoke::uuid id;
};
BOOST_DESCRIBE_STRUCT(seen_view, (), (all, id))
void project(evoke::view<seen_view>& view, box_opened const& opened) {
  auto const& event = view.event();
  for (auto const text : {view.key(), event.type, event.stream_type, event.stream_id, event.correlation_id, event.causation_id, event.user})
    view.document().all.append(text).append(" ");
  view.document().all += std::to_string(event.version.value()) + " " + std::to_string(event.position.value()) + " " +
                         std::to_string(event.schema_version) + " " + evoke::to_rfc3339(event.time) + " " + opened.label + "; ";
  view.document().id = event.id;
}
constexpr auto describe(evoke::type<seen_view>) {
  return evoke::projection<seen_view>("seen", 1).from<box>().ignore<put_into>().ignore<box_closed>().ignore<exploded>();
}

/// Mistakes: a counter outside the documents, a field that is not described, a key that is another aggregate's, a name that breaks its
/// rule.
int calls = 0;
struct impure_view {
  std::int32_t call = 0;
};
BOOST_DESCRIBE_STRUCT(impure_view, (), (call))
void project(evoke::view<impure_view>& view, box_opened const&) {
  view.document().call = ++calls;
}
struct leaky_view {
  std::int32_t told = 0;
  std::int32_t untold = 0;
};
BOOST_DESCRIBE_STRUCT(leaky_view, (), (told))
void project(evoke::view<leaky_view>& view, box_opened const&) {
  auto& row = view.document();
  row.told = ++row.untold;
}
struct thief_view {
  bool taken = false;
};
BOOST_DESCRIBE_STRUCT(thief_view, (), (taken))
void project(evoke::view<thief_view>& view, box_opened const& event) {
  view.put(view.key()).taken = true;
  if (event.label == "erase") view.erase("another");
  if (event.label == "put") view.put("another").taken = true;
}
struct broken_view {
  std::string text;
  std::optional<drifting> drift;
};
BOOST_DESCRIBE_STRUCT(broken_view, (), (text, drift))
void project(evoke::view<broken_view>& view, box_opened const& event) {
  if (event.label == "drift") {
    view.document().drift = drifting{7};
  } else {
    view.document().text = "\xFF";
  }
}
struct nameless_view {
  bool taken = false;
};
BOOST_DESCRIBE_STRUCT(nameless_view, (), (taken))
template <class Doc>
constexpr auto plain(std::string_view name) {
  return evoke::projection<Doc>(name, 1)
      .template from<box>()
      .template ignore<put_into>()
      .template ignore<box_closed>()
      .template ignore<exploded>();
}
constexpr auto describe(evoke::type<impure_view>) {
  return plain<impure_view>("impure");
}
constexpr auto describe(evoke::type<leaky_view>) {
  return plain<leaky_view>("leaky");
}
constexpr auto describe(evoke::type<thief_view>) {
  return plain<thief_view>("thief");
}
constexpr auto describe(evoke::type<broken_view>) {
  return plain<broken_view>("broken");
}
constexpr auto describe(evoke::type<nameless_view>) {
  return plain<nameless_view>("no name").ignore<box_opened>();
}

}  // namespace

TEST_CASE("A projection that goes as told passes") {
  projected<box_view>()
      .then_absent("b-1")
      .from<box>("b-1", box_opened{"tools"}, put_into{3})
      .from<box>("b-2", box_opened{"toys"})
      .then("b-1", row("tools", 3, 2))
      .then("b-2", row("toys", 0, 1))
      .from<box>("b-1", put_into{-1})
      .then_absent("b-1");
}

TEST_CASE("A document and the keys are there to be looked at") {
  auto here = projected<box_view>();
  here.at(noon).from<box>("b-1", box_opened{"tools"}, box_closed{{}, noon});
  REQUIRE(here.document("b-1"));
  CHECK(here.document("b-1")->state == lid::closed);
  CHECK(here.document("b-1")->closed_at == noon);
  CHECK_FALSE(here.document("b-2"));
  CHECK(here.keys() == std::vector<std::string>{"b-1"});
}

TEST_CASE("A projection's scenario is copied, and both go on from there") {
  auto here = projected<box_view>();
  here.from<box>("b-1", box_opened{"tools"});
  auto other = here;
  other.from<box>("b-1", put_into{1});
  CHECK(other.document("b-1")->content == 1);
  CHECK(here.document("b-1")->content == 0);
  here.from<box>("b-1", put_into{2}).then("b-1", row("tools", 2, 2));
}

TEST_CASE("Events are numbered as in a journal, those that are ignored too, and carry the time and metadata of the test") {
  auto here = projected<seen_view>();
  here.from<box>("b-1", box_opened{"x"}).at(noon).with_metadata({.correlation_id = "flow", .causation_id = "cause", .user = "me"});
  auto const first = here.document("b-1")->id;
  here.from<box>("b-2", exploded{}).from<box>("b-1", put_into{1}, box_opened{"y"});
  CHECK(here.document("b-1")->all ==
        "b-1 box_opened box b-1    1 1 1 2026-01-01T00:00:00.000000Z x; "
        "b-1 box_opened box b-1 flow cause me 3 4 1 1970-01-01T12:00:00.000000Z y; ");
  CHECK(here.document("b-1")->id != first);
  CHECK_FALSE(here.document("b-2"));
}

TEST_CASE("Documents with free keys come from many aggregates") {
  auto here = projected<label_view>();
  here.from<box>("b-1", box_opened{"tools"}).from<box>("b-2", box_opened{"some"}).from<box>("b-3", box_opened{"tools"});
  here.then("tools", {2, "some"}).then("some", {1, "some"});
  CHECK(here.keys() == std::vector<std::string>{"some", "tools"});
  here.from<box>("b-4", box_opened{"none"}).then_absent("some");
}

TEST_CASE("What a projection throws passes through a test, and is as if it had been put aside") {
  auto here = projected<box_view>();
  here.from<box>("b-1", box_opened{"tools"});
  CHECK_THROWS_WITH(here.from<box>("b-1", put_into{13}), "project went off");
  here.from<box>("b-1", put_into{1}).then("b-1", row("tools", 1, 3));
}

TEST_CASE("What differs in a document is shown with both sides and the first place") {
  auto const text = mismatch_of([] { projected<box_view>().from<box>("b-1", box_opened{"tools"}).then("b-1", row("tools", 1, 1)); });
  CHECK(text ==
        "document 'b-1' is not as expected\nexpected:\n  "
        R"({"first_seen_as":"tools","label":"tools","content":1,"state":"open","last":1})"
        "\nactual:\n  "
        R"({"first_seen_as":"tools","label":"tools","content":0,"state":"open","last":1})"
        "\nfirst difference:\n  /content: expected 1, is 0");
  CHECK_THAT(mismatch_of([] { projected<box_view>().then("b-1", {}); }), Catch::Contains("document 'b-1' is not there"));
  CHECK_THAT(mismatch_of([] { projected<box_view>().from<box>("b-1", box_opened{"x"}).then_absent("b-1"); }),
             Catch::Contains("document 'b-1' is there"));
}

TEST_CASE("A projection that uses what the events do not say is found out") {
  auto here = projected<impure_view>();
  here.from<box>("b-1", box_opened{"x"});
  CHECK_THAT(mismatch_of([&] { static_cast<void>(here.document("b-1")); }), Catch::Contains("leads to other documents"));
  CHECK_THROWS_AS(here.keys(), mismatch);
}

TEST_CASE("A document with a field that is not described is found out") {
  auto here = projected<leaky_view>();
  here.from<box>("b-1", box_opened{"x"});
  CHECK(here.document("b-1")->told == 1);
  here.from<box>("b-1", box_opened{"x"});
  CHECK_THAT(mismatch_of([&] { here.then_absent("b-2"); }), Catch::Contains("what is not in the documents' JSON"));
}

TEST_CASE("Writing another's document needs free keys, and the message says so") {
  auto here = projected<thief_view>();
  for (auto const* way : {"put", "erase"}) {
    try {
      here.from<box>("b-1", box_opened{way});
      FAIL("nothing was thrown");
    } catch (std::invalid_argument const&) {
      FAIL("it is a key, only not this event's");
    } catch (std::logic_error const& thrown) {
      CHECK_THAT(thrown.what(), Catch::Contains("'another'") && Catch::Contains("'b-1'") && Catch::Contains(".free_keys()"));
    }
  }
  CHECK(here.keys().empty());
  here.from<box>("b-1", box_opened{"own"}).then("b-1", {true});
}

TEST_CASE("What cannot be stored is a mismatch") {
  CHECK_THAT(mismatch_of([] { projected<box_view>().from<box>("b-1", box_opened{"\xFF"}); }),
             Catch::Contains("'box_opened' cannot be stored"));
  CHECK_THAT(mismatch_of([] { projected<box_view>().from<box>("b/1", box_opened{"x"}); }), Catch::Contains("'/'"));
  CHECK_THAT(mismatch_of([] { projected<broken_view>().from<box>("b-1", box_opened{"x"}); }),
             Catch::Contains("document 'b-1' of projection 'broken' cannot be stored: /text"));
  CHECK_THAT(mismatch_of([] { projected<broken_view>().from<box>("b-1", box_opened{"drift"}); }),
             Catch::Contains("does not survive its codec") && Catch::Contains("/drift: expected 7, is 8"));
  CHECK_THAT(mismatch_of([] { static_cast<void>(projected<nameless_view>()); }), Catch::Contains("projection 'no name'"));
  CHECK_THAT(mismatch_of([] {
               auto bad = row("\xFF", 0, 1);
               projected<box_view>().then("b-1", bad);
             }),
             Catch::Contains("the expected document 'b-1' cannot be encoded"));
}
