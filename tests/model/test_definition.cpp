#include "tests/model/sample_aggregate.hpp"

#include <evoke/registry.hpp>

#include <catch2/catch.hpp>

namespace {

struct world {
  std::shared_ptr<evoke::aggregate_definition const> definition = evoke::define<sample::box>();
  evoke::aggregate_id id = evoke::aggregate_id::trusted("b-1");
  evoke::metadata meta{};
  std::unique_ptr<evoke::aggregate_state> state = definition->create();

  [[nodiscard]] evoke::decide_outcome decide(evoke::boxed_command const& command, std::uint64_t version = 1) const {
    return state->decide(command, {id, evoke::version{version}, evoke::timestamp{}, meta, 1});
  }
  [[nodiscard]] std::string text() const {
    std::string out;
    REQUIRE(state->encode(out));
    return out;
  }
};

}  // namespace

TEST_CASE("A definition holds what describe() says") {
  world here;
  auto const& definition = *here.definition;
  CHECK(definition.type().str() == "box");
  REQUIRE(definition.commands().size() == 5);
  CHECK(definition.commands()[1].name.str() == "put_in");
  REQUIRE(definition.events().size() == 4);
  CHECK(definition.events()[1].name.str() == "put_into");
  CHECK(definition.events()[1].schema_version == 3);
  CHECK(definition.events()[0].schema_version == 1);
  CHECK(definition.state_tag() == evoke::state_tag<sample::box>());
  CHECK(definition.state_schema() == evoke::json::schema<sample::box>());
  CHECK(definition.commands()[0].schema == evoke::json::schema<sample::open_box>());
  CHECK(definition.events()[2].schema == evoke::json::schema<sample::box_closed>());
}

TEST_CASE("A definition holds the settings") {
  auto const definition = evoke::define<sample::box>();
  auto const& settings = definition->settings();
  CHECK(settings.snapshot_interval_events == 100);
  CHECK(settings.passivate_after == std::chrono::minutes(5));
  CHECK(settings.max_events_per_command == 10);
  CHECK(settings.max_payload_bytes == 1000);
  CHECK(settings.max_waiting_commands == 50);
  CHECK(settings.requires_precondition);
}

TEST_CASE("A command's events are those its decide() can answer with") {
  world here;
  CHECK(here.definition->commands()[0].event_names == std::vector<std::string>{"box_opened"});
  CHECK(here.definition->commands()[1].event_names == std::vector<std::string>{"put_into", "box_closed"});
}

TEST_CASE("A description can be evaluated by the compiler") {
  constexpr auto description = describe(evoke::type<sample::box>{});
  static_assert(description.name() == "box");
  static_assert(description.command_names()[3] == "explode");
  CHECK(description.event_names()[1].schema_version == 3);
}

TEST_CASE("States of different types have different tags") {
  CHECK(evoke::state_tag<sample::box>() != evoke::state_tag<sample::open_box>());
  CHECK(evoke::state_tag<sample::box>() == evoke::state_tag<sample::box>());
}

TEST_CASE("A command by name is decoded, decided, encoded and evolved") {
  world here;
  auto const index = here.definition->find_command("open_box");
  REQUIRE(index);
  auto const command = here.definition->decode_command(*index, R"({"label":"tools"})");
  REQUIRE(command);
  auto const outcome = here.decide(*command, 0);
  auto const& made = *std::get<std::unique_ptr<evoke::decided>>(outcome);
  REQUIRE(made.size() == 1);
  CHECK(made.event_index(0) == 0);
  std::string event;
  REQUIRE(made.encode(0, event));
  CHECK(event == R"({"label":"tools"})");
  made.evolve(0, *here.state);
  CHECK(here.text() == R"({"label":"tools","content":0,"closed":false})");
}

TEST_CASE("A boxed command is the same as a decoded one") {
  world here;
  auto const command = evoke::box_command<sample::box>(sample::put_in{3});
  CHECK(command.index == 1);
  std::string text = "x";
  REQUIRE(here.definition->encode_command(command, text));
  CHECK(text == R"(x{"count":3})");
}

TEST_CASE("A decision with several events says for each which it is") {
  world here;
  auto const outcome = here.decide(evoke::box_command<sample::box>(sample::put_in{10}));
  auto const& made = *std::get<std::unique_ptr<evoke::decided>>(outcome);
  REQUIRE(made.size() == 11);
  CHECK(made.event_index(9) == 1);
  CHECK(made.event_index(10) == 2);
  REQUIRE(made.timers().size() == 1);
  CHECK(made.timers()[0].command == "close_box");
}

TEST_CASE("A rejection comes with all it says, and nothing with no event") {
  world here;
  auto const refused = here.decide(evoke::box_command<sample::box>(sample::put_in{-1}));
  CHECK(std::get<evoke::rejection>(refused) == evoke::rejection::invalid("negative", "nothing is taken out", R"({"least":0})"));
  auto const nothing = here.decide(evoke::box_command<sample::box>(sample::put_in{0}));
  CHECK(std::get<std::unique_ptr<evoke::decided>>(nothing)->size() == 0);
}

TEST_CASE("A command may be one that never leads to an event") {
  world here;
  CHECK(here.definition->commands()[4].event_names.empty());
  auto const command = evoke::box_command<sample::box>(sample::look_later{});
  auto const made = here.decide(command);
  CHECK(std::get<std::unique_ptr<evoke::decided>>(made)->size() == 0);
  CHECK(std::get<std::unique_ptr<evoke::decided>>(made)->timers().empty());
  auto const refused = here.decide(command, 0);
  CHECK(std::get<evoke::rejection>(refused).code == "no_box");
}

TEST_CASE("A command that does not fit is malformed and names its fields") {
  world here;
  auto const bad = here.definition->decode_command(1, R"({"count":"3","colour":1})");
  REQUIRE_FALSE(bad);
  CHECK(bad.error().code == evoke::errc::malformed);
  CHECK(bad.error().errors.size() == 2);
  CHECK(here.definition->decode_command(1, "{").error().code == evoke::errc::malformed);
  CHECK(here.definition->decode_command(1, "").error().code == evoke::errc::malformed);
}

TEST_CASE("Stored events are applied") {
  world here;
  REQUIRE(here.state->apply("box_opened", 1, R"({"label":"x"})"));
  REQUIRE(here.state->apply("put_into", 3, R"({"count":4})"));
  CHECK(here.text() == R"({"label":"x","content":4,"closed":false})");
}

TEST_CASE("A stored event that does not read is corrupt and leaves the state as it was") {
  world here;
  auto const before = here.text();
  auto const unknown = here.state->apply("box_painted", 1, "{}");
  CHECK(unknown.error().code == evoke::errc::corrupt);
  CHECK_THAT(unknown.error().message, Catch::Contains("has no event 'box_painted'"));
  auto const newer = here.state->apply("put_into", 4, R"({"count":4})");
  CHECK(newer.error().code == evoke::errc::corrupt);
  CHECK_THAT(newer.error().message, Catch::Contains("schema version 4, this program reads version 3"));
  auto const misfit = here.state->apply("put_into", 3, R"({"count":4,"by":"me"})");
  CHECK(misfit.error().code == evoke::errc::corrupt);
  CHECK(misfit.error().errors.at(0).pointer == "/by");
  auto const broken = here.state->apply("put_into", 3, R"({"count":)");
  CHECK(broken.error().code == evoke::errc::corrupt);
  CHECK(here.text() == before);
}

TEST_CASE("A state is restored from what it was encoded as") {
  world here;
  REQUIRE(here.state->apply("put_into", 3, R"({"count":4})"));
  auto const copy = here.definition->create();
  REQUIRE(copy->restore(here.text()));
  std::string text;
  REQUIRE(copy->encode(text));
  CHECK(text == here.text());
  CHECK(evoke::decode_state<sample::box>(text)->content == 4);
  CHECK(copy->restore("{}").error().code == evoke::errc::corrupt);
  CHECK(copy->restore("").error().code == evoke::errc::corrupt);
}

TEST_CASE("A clone goes its own way") {
  world here;
  auto const clone = here.state->clone();
  REQUIRE(clone->apply("put_into", 3, R"({"count":4})"));
  CHECK(here.text() == R"({"label":"","content":0,"closed":false})");
}

TEST_CASE("An event that cannot be encoded is malformed, with its pointer") {
  world here;
  auto const outcome = here.decide(evoke::box_command<sample::box>(sample::open_box{"\xFF"}), 0);
  std::string out = "before";
  auto const encoded = std::get<std::unique_ptr<evoke::decided>>(outcome)->encode(0, out);
  REQUIRE_FALSE(encoded);
  CHECK(encoded.error().code == evoke::errc::malformed);
  CHECK(encoded.error().errors.at(0).pointer == "/label");
  CHECK(out == "before");
}

TEST_CASE("What the user's code throws passes through") {
  world here;
  auto const outcome = here.decide(evoke::box_command<sample::box>(sample::explode{}));
  CHECK_THROWS_WITH(std::get<std::unique_ptr<evoke::decided>>(outcome)->evolve(0, *here.state), "evolve went off");
  CHECK_THROWS_WITH(here.state->apply("exploded", 1, "{}"), "evolve went off");
  REQUIRE(here.state->apply("box_closed", 1, R"({"seal":"00000000-0000-0000-0000-000000000000","at":"2026-01-01T00:00:00Z"})"));
  CHECK_THROWS_WITH(here.decide(evoke::box_command<sample::box>(sample::explode{})), "decide went off");
  // and the decoder is as good as before
  CHECK(here.state->apply("put_into", 3, R"({"count":1})"));
}
