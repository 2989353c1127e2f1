#include <future>
#include <thread>

#include "tests/runtime/old_store.hpp"

using namespace evoke;
using namespace evoke::tests;

namespace {
namespace labelling {

/// Follows names; the next one prices, too.
struct labels {
  std::vector<std::string> told;
};
BOOST_DESCRIBE_STRUCT(labels, (), (told))
reaction react(labels& state, today::named const& event, context const&, projected_event const& seen) {
  state.told.push_back(event.name + "@" + std::to_string(seen.position.value()) + " " + std::string(seen.type));
  return {};
}
constexpr auto describe(type<labels>) {
  return process<labels>("labelling").starts_on<today::goods, today::named>().from_the_beginning();
}

struct tags {
  std::vector<std::string> told;
};
BOOST_DESCRIBE_STRUCT(tags, (), (told))
reaction react(tags& state, today::named const& event, context const&) {
  state.told.push_back(event.name);
  return {};
}
reaction react(tags& state, today::priced const& event, context const&) {
  state.told.push_back(event.currency);
  return {};
}
constexpr auto describe(type<tags>) {
  return process<tags>("tagging").starts_on<today::goods, today::named, today::priced>().from_the_beginning();
}

}  // namespace labelling

template <class State>
registry with_process() {
  auto made = today::types();
  REQUIRE(made.add(define_process<State>()));
  return made;
}

template <class T, class Call>
result<T> wait(Call call) {
  std::promise<result<T>> promise;
  auto waiting = promise.get_future();
  call([&promise](result<T> end) { promise.set_value(std::move(end)); });
  return waiting.get();
}

process_summary summary(runtime& rt, std::string name) {
  auto now = wait<process_summary>([&](auto done) { rt.processes().one(std::move(name), std::move(done)); });
  REQUIRE(now);
  return std::move(*now);
}
std::string state_of(runtime& rt, std::string name, std::string id) {
  auto now = wait<process_instance_reply>([&](auto done) { rt.processes().instance(std::move(name), std::move(id), std::move(done)); });
  REQUIRE(now);
  return now->instance.state.json;
}
template <class Condition>
void until(Condition condition) {
  auto const end = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) FAIL("it does not come about");
    std::this_thread::yield();
  }
}

}  // namespace

TEST_CASE("A process reacts to former events as they are today", "[changed]") {
  old_store store;
  auto const rt = start(store.options(), with_process<labelling::labels>());
  until([&] { return summary(*rt, "labelling").checkpoint >= position{7}; });
  CHECK(state_of(*rt, "labelling", "a") == R"({"told":["pen@1 named","cup@3 named"]})");
  CHECK(state_of(*rt, "labelling", "b") == R"({"told":["mug@7 named"]})");
}

TEST_CASE("A process halts before an event whose upcaster throws, and goes on when it is mended", "[changed]") {
  old_store store;
  store.curse();
  today::curse_holds = true;
  auto const rt = start(store.options(), with_process<labelling::labels>());
  until([&] { return summary(*rt, "labelling").halted.has_value(); });
  auto const halted = *summary(*rt, "labelling").halted;
  CHECK(halted.at == position{9});
  CHECK_THAT(halted.why, Catch::Contains("the curse holds"));
  CHECK(store.logged("halts before position 9"));
  today::curse_holds = false;
  REQUIRE(wait<void>([&](auto done) { rt->processes().resume("labelling", std::move(done)); }));
  until([&] { return summary(*rt, "labelling").checkpoint >= position{9}; });
  CHECK(state_of(*rt, "labelling", "c") == R"({"told":["frog@9 named"]})");
}

TEST_CASE("A process takes all parts of an event that it follows, in order", "[changed]") {
  old_store store;
  auto const rt = start(store.options(), with_process<labelling::tags>());
  until([&] { return summary(*rt, "tagging").checkpoint >= position{7}; });
  CHECK(state_of(*rt, "tagging", "a") == R"({"told":["pen","KRW","cup","KRW"]})");
  CHECK(state_of(*rt, "tagging", "b") == R"({"told":["KRW","mug"]})");
}
