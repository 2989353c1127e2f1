#include "tests/model/sample_aggregate.hpp"

#include <evoke/testing.hpp>

#include <catch2/catch.hpp>

using evoke::rejection_kind;
using evoke::testing::given;
using evoke::testing::mismatch;
using namespace sample;

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

}  // namespace

TEST_CASE("A scenario that goes as told passes") {
  given<box>().when(open_box{"tools"}).then(box_opened{"tools"});
  given<box>(box_opened{"tools"}).when(put_in{2}).then(put_into{1}, put_into{1});
  given<box>(box_opened{"tools"}).when(put_in{0}).then_nothing();
  given<box>().when(put_in{1}).then_rejected(rejection_kind::not_found, "no_box");
  given<box>().when(put_in{1}).then_rejected(rejection_kind::not_found, "no_box", "there is no box");
}

TEST_CASE("A scenario goes on with what was decided") {
  auto here = given<box>(box_opened{"tools"});
  here.when(put_in{3}).then(put_into{1}, put_into{1}, put_into{1}).when(put_in{1}).then(put_into{1});
  CHECK(here.state().content == 4);
  auto other = here;
  other.when(put_in{1});
  CHECK(other.state().content == 5);
  CHECK(here.state().content == 4);
}

TEST_CASE("Time, id and randomness are the test's") {
  auto const again = given<box>(box_opened{"x"}).at(noon).with_seed(7).when(close_box{});
  auto const id = evoke::aggregate_id::trusted("test-1");
  evoke::metadata const meta;
  auto const seal = evoke::context{id, {}, {}, meta, 7}.new_id();
  auto repeated = given<box>(box_opened{"x"}).at(noon).with_seed(7).when(close_box{});
  repeated.then(box_closed{seal, noon});
  CHECK_THAT(mismatch_of([&] {
               auto copy = again;
               copy.then(box_closed{seal, noon + std::chrono::hours{1}});
             }),
             Catch::Contains("/at: expected \"1970-01-01T13:00:00.000000Z\", is \"1970-01-01T12:00:00.000000Z\""));
  CHECK_THROWS_AS(given<box>().as("a/b"), mismatch);
  CHECK_NOTHROW(given<box>().as("b-7"));
}

TEST_CASE("Timers are compared") {
  evoke::timer_change const look{evoke::timer_change::action::set, "look", noon + std::chrono::hours{1}, "close_box", "{}"};
  given<box>(box_opened{"x"}).at(noon).when(put_in{1}).then_timers({look});
  given<box>(box_opened{"x"}).when(close_box{}).then_timers({{evoke::timer_change::action::cancel, "look", {}, {}, {}}});
  CHECK_THAT(mismatch_of([&] { given<box>(box_opened{"x"}).at(noon).when(put_in{1}).then_timers({}); }),
             Catch::Contains("expected:\n  no timers\nactual:\n  set 'look' for 1970-01-01T13:00:00.000000Z: close_box {}"));
  given<box>(box_opened{"x"}).when(look_later{}).then_nothing();
  CHECK_THROWS_AS(given<box>(box_opened{"x"}).at(noon).when(put_in{1}).then_nothing(), mismatch);
  CHECK_THAT(mismatch_of([&] { given<box>().when(put_in{1}).then_timers({look}); }), Catch::Contains("rejected as not_found"));
}

TEST_CASE("What differs is shown with both sides and the first place") {
  auto const text = mismatch_of([] { given<box>().when(open_box{"tools"}).then(box_opened{"toys"}); });
  CHECK(text ==
        "the events are not as expected\nexpected:\n  box_opened {\"label\":\"toys\"}\nactual:\n  box_opened {\"label\":\"tools\"}\n"
        "first difference:\n  event 1, /label: expected \"toys\", is \"tools\"");
}

TEST_CASE("Every way to differ is a mismatch") {
  auto const open = given<box>(box_opened{"x"});
  auto const from = [&] { return open; };
  CHECK_THAT(mismatch_of([&] { from().when(put_in{2}).then(put_into{1}); }), Catch::Contains("expected 1 events, got 2"));
  CHECK_THAT(mismatch_of([&] { from().when(put_in{1}).then(put_into{1}, put_into{1}); }), Catch::Contains("expected 2 events, got 1"));
  CHECK_THAT(mismatch_of([&] { from().when(put_in{1}).then(box_opened{"x"}); }), Catch::Contains("event 1, its type"));
  CHECK_THAT(mismatch_of([&] { from().when(put_in{0}).then(put_into{1}); }), Catch::Contains("actual:\n  no event"));
  CHECK_THAT(mismatch_of([&] { from().when(put_in{-1}).then(put_into{1}); }), Catch::Contains("rejected as invalid, code 'negative'"));
  CHECK_THAT(mismatch_of([&] { from().when(put_in{1}).then_nothing(); }), Catch::Contains("expected:\n  no event"));
  CHECK_THAT(mismatch_of([&] { from().when(put_in{-1}).then_nothing(); }), Catch::Contains("rejected"));
  CHECK_THAT(mismatch_of([&] { from().when(put_in{1}).then_rejected(rejection_kind::invalid, "negative"); }), Catch::Contains("put_into"));
  CHECK_THAT(mismatch_of([&] { from().when(put_in{-1}).then_rejected(rejection_kind::conflict, "negative"); }),
             Catch::Contains("rejected as conflict"));
  CHECK_THAT(mismatch_of([&] { from().when(put_in{-1}).then_rejected(rejection_kind::invalid, "positive"); }),
             Catch::Contains("'positive'"));
  CHECK_THAT(mismatch_of([&] { from().when(put_in{-1}).then_rejected(rejection_kind::invalid, "negative", "no"); }),
             Catch::Contains("nothing is taken out"));
}

TEST_CASE("An outcome without a command is a mismatch, not a pass") {
  CHECK_THROWS_AS(given<box>().then(box_opened{"x"}), mismatch);
  CHECK_THROWS_AS(given<box>().then_nothing(), mismatch);
  CHECK_THROWS_AS(given<box>().then_rejected(rejection_kind::invalid, "x"), mismatch);
  CHECK_THROWS_AS(given<box>().then_timers({}), mismatch);
}

TEST_CASE("Why a command was rejected can be looked at") {
  CHECK(given<box>(box_opened{"x"}).when(put_in{-1}).why().details == R"({"least":0})");
  CHECK_THROWS_AS(given<box>(box_opened{"x"}).when(put_in{1}).why(), mismatch);
  CHECK_THROWS_AS(given<box>().why(), mismatch);
}

TEST_CASE("What the user's code throws is not hidden") {
  CHECK_THROWS_WITH(given<box>(exploded{}), "evolve went off");
}

// ---- domains with a defect that only the kit sees

namespace faulty {

int calls = 0;

struct tick {
  bool broken_text = false;
};
struct ticked {
  std::string text;
  int not_stored = 0;
};
struct counter {
  int ticks = 0;
  int not_stored = 0;
};
struct count {};
struct wait {};
BOOST_DESCRIBE_STRUCT(tick, (), (broken_text))
BOOST_DESCRIBE_STRUCT(count, (), ())
BOOST_DESCRIBE_STRUCT(wait, (), ())
BOOST_DESCRIBE_STRUCT(ticked, (), (text))
BOOST_DESCRIBE_STRUCT(counter, (), (ticks))

evoke::decision<ticked> decide(counter const&, tick const& command, evoke::context const&) {
  return ticked{command.broken_text ? "\xFF" : "", 1};
}
evoke::decision<ticked> decide(counter const&, count const&, evoke::context const&) {
  return ticked{std::to_string(++calls), 0};
}
evoke::decision<ticked> decide(counter const&, wait const&, evoke::context const& given) {
  evoke::decision<ticked> made;
  made.set_timer("later", given.now(), "tick");
  return made;
}
void evolve(counter& state, ticked const& event) {
  state.ticks += event.not_stored;
}

constexpr auto describe(evoke::type<counter>) {
  return evoke::aggregate<counter>("counter").command<tick>("tick").command<count>("count").command<wait>("wait").event<ticked>("ticked");
}

struct named_badly {};
BOOST_DESCRIBE_STRUCT(named_badly, (), ())
constexpr auto describe(evoke::type<named_badly>) {
  return evoke::aggregate<named_badly>("named badly");
}

}  // namespace faulty

TEST_CASE("A state that uses what is not stored is noticed") {
  CHECK_THAT(mismatch_of([] { given<faulty::counter>().when(faulty::tick{}); }), Catch::Contains("evolve() uses what is not stored"));
}

TEST_CASE("An event that cannot be stored is noticed") {
  CHECK_THAT(mismatch_of([] { given<faulty::counter>().when(faulty::tick{true}); }),
             Catch::Contains("event 'ticked' cannot be stored: /text: is not valid UTF-8"));
}

TEST_CASE("A timer without an event is noticed") {
  CHECK_THAT(mismatch_of([] { given<faulty::counter>().when(faulty::wait{}); }),
             Catch::Contains("without an event, which the runtime refuses") && Catch::Contains("set 'later'"));
}

TEST_CASE("A decision that is not pure is noticed") {
  CHECK_THAT(mismatch_of([] { given<faulty::counter>().when(faulty::count{}); }),
             Catch::Contains("decide() answers otherwise when asked again"));
}

TEST_CASE("A name that breaks its rule is noticed before the runtime sees it") {
  CHECK_THAT(mismatch_of([] { static_cast<void>(given<faulty::named_badly>()); }), Catch::Contains("aggregate type 'named badly'"));
}
