#include "tests/model/sample_process.hpp"
#include "tests/runtime/runtimes.hpp"

#include <chrono>
#include <thread>

using namespace evoke;
using namespace evoke::tests;
using namespace journeys;

namespace {

/// Waits for what comes about on other threads.
template <class Condition>
bool soon(Condition condition) {
  auto const until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

template <class T>
result<T> wait(std::function<void(processes::callback<result<T>>)> const& ask) {
  auto promise = std::make_shared<std::promise<result<T>>>();
  auto waiting = promise->get_future();
  ask([promise](result<T> end) { promise->set_value(std::move(end)); });
  return waiting.get();
}

/// A runtime with journeys, and the questions of these tests.
struct world {
  std::unique_ptr<runtime> served;

  explicit world(runtime_options options, registry types = journeys::types()) : served(start(std::move(options), std::move(types))) {}

  template <class State, class Command>
  void does(std::string const& id, Command command) {
    auto const end = served->of<State>(id).execute(std::move(command)).get();
    if (end.failed()) FAIL(end.error().message);
    REQUIRE(end.accepted());
  }
  result<process_instance_reply> look(std::string const& id) {
    return wait<process_instance_reply>([&](auto done) { served->processes().instance("journey", id, std::move(done)); });
  }
  bool becomes(std::string const& id, process_status status) {
    return soon([&] {
      auto const now = look(id);
      return now && now->instance.status == status;
    });
  }
  std::vector<std::string> listed(process_list which) {
    auto page = wait<process_page>([&](auto done) { served->processes().list({"journey", which, {}, 100}, std::move(done)); });
    REQUIRE(page);
    return page->ids;
  }
  process_summary summary() {
    auto now = wait<process_summary>([&](auto done) { served->processes().one("journey", std::move(done)); });
    REQUIRE(now);
    return *now;
  }
  result<void> retry(std::string const& id) {
    return wait<void>([&](auto done) { served->processes().retry("journey", id, std::move(done)); });
  }
  result<void> close(std::string const& id) {
    return wait<void>([&](auto done) { served->processes().close("journey", id, "enough", std::move(done)); });
  }
  std::vector<std::string> history(std::string const& id) {
    stream_request all;
    all.type = "journey";
    all.id = id;
    all.limit = 1'000;
    auto page = served->read_stream(all).get();
    REQUIRE(page);
    std::vector<std::string> names;
    for (auto const& event : page->events) names.push_back(event.type.str());
    return names;
  }
  place at(std::string const& id) {
    auto state = served->of<place>(id).get();
    REQUIRE(state);
    return *state;
  }
};

}  // namespace

TEST_CASE("a process carries out its steps one after another and completes") {
  world all(in_memory());
  all.does<place>("hotel", open_place{2});
  all.does<place>("plane", open_place{2});
  all.does<trip>("t-1", request_trip{"hotel", "plane"});
  REQUIRE(all.becomes("t-1", process_status::completed));
  CHECK(all.at("hotel").holders == std::vector<std::string>{"t-1"});
  CHECK(all.at("plane").holders == std::vector<std::string>{"t-1"});
  CHECK(all.served->of<trip>("t-1").get()->confirmed);
  auto const now = all.look("t-1");
  REQUIRE(now->instance.steps.size() == 3);
  CHECK(now->instance.steps[0].step == "room");
  CHECK(now->instance.steps[2].status == step_status::succeeded);
  CHECK(now->instance.state.json.find("\"end\":\"done\"") != std::string::npos);
  CHECK(all.history("t-1") ==
        std::vector<std::string>{"reacted", "step_ended", "reacted", "step_ended", "reacted", "step_ended", "completed", "reacted"});
  CHECK(all.listed(process_list::open).empty());
  CHECK(all.summary().events_handled == 1);
}

TEST_CASE("a step that is rejected undoes what was done before it") {
  world all(in_memory());
  all.does<place>("hotel", open_place{2});
  all.does<place>("plane", open_place{0});
  all.does<trip>("t-1", request_trip{"hotel", "plane"});
  REQUIRE(all.becomes("t-1", process_status::failed));
  CHECK(all.at("hotel").holders.empty());
  CHECK(all.at("hotel").free == 2);
  auto const now = all.look("t-1");
  CHECK(now->instance.reason == std::optional<std::string>("step seat: Nothing is free"));
  CHECK(now->instance.steps[0].status == step_status::undone);
  CHECK(now->instance.steps[1].status == step_status::rejected);
  CHECK(now->instance.state.json.find("\"end\":\"undone\"") != std::string::npos);
}

TEST_CASE("what cannot be undone waits for a person, who tries again") {
  world all(in_memory());
  all.does<place>("hotel", open_place{1});
  all.does<place>("hotel", jam{true});
  all.does<place>("plane", open_place{0});
  all.does<trip>("t-1", request_trip{"hotel", "plane"});
  REQUIRE(all.becomes("t-1", process_status::compensation_failed));
  CHECK(all.listed(process_list::stuck) == std::vector<std::string>{"t-1"});
  CHECK(all.listed(process_list::open).empty());
  CHECK(all.summary().stuck_instances == 1);
  SECTION("again in vain") {
    REQUIRE(all.retry("t-1"));
    REQUIRE(soon([&] { return std::ranges::count(all.history("t-1"), "compensation_ended") == 2; }));
    CHECK(all.look("t-1")->instance.steps[0].undo_attempts == 1);
    REQUIRE(all.becomes("t-1", process_status::compensation_failed));
    CHECK(all.listed(process_list::stuck) == std::vector<std::string>{"t-1"});
  }
  SECTION("after it was mended") {
    all.does<place>("hotel", jam{false});
    REQUIRE(all.retry("t-1"));
    REQUIRE(all.becomes("t-1", process_status::failed));
    CHECK(all.at("hotel").free == 1);
    CHECK(all.listed(process_list::stuck).empty());
    CHECK_FALSE(all.retry("t-1"));
  }
  SECTION("or it is closed") {
    REQUIRE(all.close("t-1"));
    REQUIRE(all.becomes("t-1", process_status::closed));
    CHECK(all.listed(process_list::stuck).empty());
    CHECK_FALSE(all.close("t-1"));
  }
}

TEST_CASE("an event that an instance cannot handle blocks it alone, also over a restart, and nothing is lost") {
  temporary_directory const directory;
  {
    world all(on_disk(directory));
    all.does<place>("hotel", open_place{9});
    all.does<place>("plane", open_place{9});
    all.does<trip>("t-1", request_trip{"hotel", ""});
    REQUIRE(soon([&] { return all.look("t-1") && all.look("t-1")->instance.steps.front().status == step_status::succeeded; }));
    poisonous = true;
    all.does<trip>("t-1", annotate{"poison"});
    all.does<trip>("t-1", annotate{"seat plane"});
    all.does<trip>("t-2", request_trip{"hotel", "plane"});
    REQUIRE(all.becomes("t-2", process_status::completed));
    REQUIRE(soon([&] { return all.listed(process_list::blocked) == std::vector<std::string>{"t-1"}; }));
    CHECK(all.summary().blocked_instances == 1);
    CHECK(all.look("t-1")->blocked->why.find("cannot stomach this") != std::string::npos);
    CHECK(all.look("t-1")->instance.steps.size() == 1);
  }
  world all(on_disk(directory));
  CHECK(all.listed(process_list::blocked) == std::vector<std::string>{"t-1"});
  all.does<trip>("t-1", annotate{"behind the restart"});
  SECTION("retried in vain it is blocked again") {
    REQUIRE(all.retry("t-1"));
    REQUIRE(soon([&] { return all.listed(process_list::blocked) == std::vector<std::string>{"t-1"}; }));
    CHECK(all.look("t-1")->instance.status == process_status::running);
    poisonous = false;
    REQUIRE(all.retry("t-1"));
  }
  SECTION("retried when it can be handled") {
    poisonous = false;
    REQUIRE(all.retry("t-1"));
  }
  REQUIRE(all.becomes("t-1", process_status::completed));
  CHECK(all.listed(process_list::blocked).empty());
  auto const& state = all.look("t-1")->instance.state.json;
  CHECK(state.find(R"("notes":["poison","seat plane","behind the restart"])") != std::string::npos);
}

TEST_CASE("events that belong to no instance, or to one that does not exist, pass by") {
  world all(in_memory());
  all.does<place>("hotel", open_place{9});
  all.does<place>("plane", open_place{9});
  all.does<trip>("t-1", annotate{"before it began"});
  all.does<trip>("t-1", annotate{"nobody"});
  all.does<trip>("t-1", request_trip{"hotel", "plane"});
  REQUIRE(all.becomes("t-1", process_status::completed));
  all.does<trip>("t-1", annotate{"after its end"});
  all.does<trip>("t-2", request_trip{"hotel", "plane"});
  REQUIRE(all.becomes("t-2", process_status::completed));
  CHECK(all.look("t-1")->instance.state.json.find(R"("notes":[])") != std::string::npos);
}

TEST_CASE("an event without an instance halts the process until a person says how to go on") {
  world all(in_memory());
  all.does<place>("hotel", open_place{9});
  all.does<place>("plane", open_place{9});
  poisonous = true;
  all.does<trip>("t-1", annotate{"lost"});
  all.does<trip>("t-1", request_trip{"hotel", "plane"});
  REQUIRE(soon([&] { return all.summary().halted.has_value(); }));
  CHECK(all.summary().halted->why.find("whose is this") != std::string::npos);
  auto const end = [&](bool skip) {
    return wait<void>([&](auto done) {
      if (skip)
        all.served->processes().skip("journey", std::move(done));
      else
        all.served->processes().resume("journey", std::move(done));
    });
  };
  SECTION("again, in vain") {
    REQUIRE(end(false));
    REQUIRE(soon([&] { return all.summary().halted.has_value(); }));
  }
  SECTION("again, after it was mended") {
    poisonous = false;
    REQUIRE(end(false));
    REQUIRE(all.becomes("t-1", process_status::completed));
    CHECK_FALSE(end(false));
  }
  SECTION("passed over") {
    REQUIRE(end(true));
    REQUIRE(all.becomes("t-1", process_status::completed));
  }
  poisonous = false;
}

TEST_CASE("a process that is new begins with what is stored from then on") {
  temporary_directory const directory;
  auto without = [] {
    registry some;
    static_cast<void>(some.add(define<place>()));
    static_cast<void>(some.add(define<trip>()));
    return some;
  };
  {
    world before(on_disk(directory), without());
    before.does<place>("hotel", open_place{9});
    before.does<place>("plane", open_place{9});
    before.does<trip>("t-1", request_trip{"hotel", "plane"});
  }
  {
    world first(on_disk(directory));
    first.does<trip>("t-2", request_trip{"hotel", "plane"});
    REQUIRE(first.becomes("t-2", process_status::completed));
  }
  world again(on_disk(directory));
  again.does<trip>("t-3", request_trip{"hotel", "plane"});
  REQUIRE(again.becomes("t-3", process_status::completed));
  CHECK_FALSE(again.look("t-1"));
  CHECK(again.look("t-1").error().code == errc::not_found);
}

TEST_CASE("processes and instances that do not exist are not found") {
  world all(in_memory());
  CHECK(wait<process_summary>([&](auto done) { all.served->processes().one("nothing", std::move(done)); }).error().code == errc::not_found);
  CHECK(wait<process_page>([&](auto done) { all.served->processes().list({"nothing"}, std::move(done)); }).error().code == errc::not_found);
  CHECK(wait<process_instance_reply>([&](auto done) { all.served->processes().instance("nothing", "x", std::move(done)); }).error().code ==
        errc::not_found);
  CHECK(all.look("nobody").error().code == errc::not_found);
  CHECK(all.close("nobody").error().code == errc::not_found);
  CHECK_FALSE(all.retry("nobody"));
  CHECK(wait<void>([&](auto done) { all.served->processes().resume("nothing", std::move(done)); }).error().code == errc::not_found);
}

TEST_CASE("nobody from outside can give a process's internal commands") {
  world all(in_memory());
  auto const end = all.served->execute({"journey", "t-1", "timer_due", R"({"name":"x"})", {}}).get();
  REQUIRE(end.failed());
  CHECK(end.error().code == errc::unknown_command);
}

TEST_CASE("a graph says what led to an event and what followed from it") {
  world all(in_memory());
  all.does<place>("hotel", open_place{2});
  all.does<place>("plane", open_place{2});
  all.does<trip>("t-1", request_trip{"hotel", "plane"});
  all.does<trip>("t-2", request_trip{"hotel", "plane"});
  REQUIRE(all.becomes("t-1", process_status::completed));
  REQUIRE(all.becomes("t-2", process_status::completed));
  auto const stream = [&](std::string type, std::string id) {
    stream_request wanted;
    wanted.type = std::move(type);
    wanted.id = std::move(id);
    auto page = all.served->read_stream(wanted).get();
    REQUIRE(page);
    return page->events;
  };
  auto const graph_of = [&](event_id id, causation_direction direction, std::size_t limit = 100) {
    auto graph = all.served->causation({id, direction, limit}).get();
    REQUIRE(graph);
    return *graph;
  };
  auto const requested = stream("trip", "t-1").front();
  auto const confirmed = stream("trip", "t-1").back();
  auto const has = [](causation_graph const& graph, std::string_view type, std::string_view id) {
    return std::ranges::any_of(graph.events, [&](auto const& each) { return each.type.str() == type && each.stream_id.str() == id; });
  };

  // The flow's name is that of its first command, and goes with everything that follows.
  CHECK(confirmed.meta.correlation_id == requested.meta.correlation_id);
  CHECK(stream("journey", "t-1").back().meta.correlation_id == requested.meta.correlation_id);
  CHECK(stream("trip", "t-2").back().meta.correlation_id != requested.meta.correlation_id);

  auto const effects = graph_of(requested.id, causation_direction::effects);
  CHECK(effects.complete);
  CHECK(effects.events.front().id == requested.id);
  CHECK(has(effects, "held", "hotel"));
  CHECK(has(effects, "held", "plane"));
  CHECK(has(effects, "trip_confirmed", "t-1"));
  CHECK(has(effects, "reacted", "t-1"));
  CHECK_FALSE(has(effects, "trip_confirmed", "t-2"));

  auto const causes = graph_of(confirmed.id, causation_direction::causes);
  REQUIRE(causes.events.size() >= 2);
  CHECK(causes.events.front().id == requested.id);
  CHECK(causes.edges.size() == causes.events.size() - 1);
  CHECK(graph_of(requested.id, causation_direction::causes).events.size() == 1);

  auto const cut = graph_of(requested.id, causation_direction::both, 2);
  CHECK(cut.events.size() == 2);
  CHECK_FALSE(cut.complete);
  CHECK(all.served->causation({event_id{}, causation_direction::both, 10}).get().error().code == errc::not_found);
}
