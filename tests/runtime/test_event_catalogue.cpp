#include "runtime/event_catalogue.hpp"

#include "persistence/in_memory_journal.hpp"
#include "tests/runtime/runtimes.hpp"
#include "tests/runtime/two_programs.hpp"

using namespace evoke;
using namespace evoke::tests;
using persistence::row_space;

namespace {

/// Variants of one aggregate type, each what another program could say of it.
namespace variants {

struct told {
  std::string text;
};
struct told_optional {
  std::string text;
  std::optional<std::int32_t> loud;
};
struct told_other {
  std::int32_t text = 0;
};
struct say {
  std::string text;
};
BOOST_DESCRIBE_STRUCT(told, (), (text))
BOOST_DESCRIBE_STRUCT(told_optional, (), (text, loud))
BOOST_DESCRIBE_STRUCT(told_other, (), (text))
BOOST_DESCRIBE_STRUCT(say, (), (text))

told_optional upcast(told const& stored) {
  return {stored.text, {}};
}

template <class Event>
struct teller {
  std::int32_t count = 0;
  BOOST_DESCRIBE_CLASS(teller, (), (count), (), ())
};
template <class Event>
void evolve(teller<Event>& state, Event const&) {
  ++state.count;
}
template <class Event>
evoke::decision<Event> decide(teller<Event> const&, say const& command, evoke::context const&) {
  Event made;
  if constexpr (std::same_as<decltype(made.text), std::string>) made.text = command.text;
  return made;
}
template <class Event>
constexpr auto describe(evoke::type<teller<Event>>) {
  return evoke::aggregate<teller<Event>>("teller").template command<say>("say").template event<Event>("told");
}

/// Its second version, with or without the past.
template <bool with_past>
struct new_teller {
  std::int32_t count = 0;
  BOOST_DESCRIBE_CLASS(new_teller, (), (count), (), ())
};
template <bool with_past>
void evolve(new_teller<with_past>& state, told_optional const&) {
  ++state.count;
}
template <bool with_past>
evoke::decision<told_optional> decide(new_teller<with_past> const&, say const& command, evoke::context const&) {
  return told_optional{command.text, 1};
}
constexpr auto describe(evoke::type<new_teller<true>>) {
  return evoke::aggregate<new_teller<true>>("teller").command<say>("say").event<told_optional>("told", 2).former<told>("told", 1);
}
constexpr auto describe(evoke::type<new_teller<false>>) {
  return evoke::aggregate<new_teller<false>>("teller").command<say>("say").event<told_optional>("spoken");
}

}  // namespace variants

template <class State>
registry only() {
  registry made;
  REQUIRE(made.add(define<State>()));
  return made;
}

/// Starts a program on the store; says something when `text` is given. @returns why it did not start
std::string run(temporary_directory const& directory, registry types, std::string text = "") {
  auto rt = runtime::start(std::move(types), on_disk(directory));
  if (!rt) {
    CHECK(rt.error().code == errc::incompatible_store);
    return rt.error().message;
  }
  if (!text.empty()) REQUIRE((*rt)->execute({"teller", "t-1", "say", R"({"text":")" + text + R"("})", {}}).get().accepted());
  return "";
}

std::vector<std::string> rows(persistence::journal const& store) {
  std::vector<std::string> all;
  REQUIRE(store.scan_rows(row_space::catalogue, {}, [&](std::string_view key, std::string_view schema) {
    all.push_back(std::string(key) + " " + std::string(schema));
    return true;
  }));
  return all;
}

using variants::new_teller;
using variants::teller;
using variants::told;
using variants::told_optional;
using variants::told_other;

}  // namespace

TEST_CASE("The catalogue holds the schema of every event and version, former ones too", "[catalogue]") {
  auto const store = persistence::make_in_memory_journal({});
  REQUIRE(detail::keep_catalogue(only<new_teller<true>>(), *store));
  CHECK(rows(*store) ==
        std::vector<std::string>{"teller/told/1 " + json::schema<told>(), "teller/told/2 " + json::schema<told_optional>()});
  auto const again = detail::compare_catalogue(only<new_teller<true>>(), *store);
  REQUIRE(again);
  CHECK(again->changes.empty());
  CHECK(again->unreadable.empty());
}

TEST_CASE("What nothing was stored under goes from the catalogue, or changes as it likes", "[catalogue]") {
  auto const store = persistence::make_in_memory_journal({});
  REQUIRE(detail::keep_catalogue(only<teller<told>>(), *store));
  REQUIRE(detail::keep_catalogue(only<teller<told_other>>(), *store));
  CHECK(rows(*store) == std::vector<std::string>{"teller/told/1 " + json::schema<told_other>()});
  REQUIRE(detail::keep_catalogue(only<new_teller<false>>(), *store));
  CHECK(rows(*store) == std::vector<std::string>{"teller/spoken/1 " + json::schema<told_optional>()});
}

TEST_CASE("A program with upcasters for what is stored starts", "[catalogue]") {
  temporary_directory const directory;
  CHECK(run(directory, only<teller<told>>(), "hello").empty());
  CHECK(run(directory, only<new_teller<true>>(), "again").empty());
  CHECK(run(directory, only<new_teller<true>>()).empty());
}

TEST_CASE("A program that misses an event is refused with the event, where it lies, and the remedy", "[catalogue]") {
  temporary_directory const directory;
  CHECK(run(directory, only<teller<told>>(), "hello").empty());
  CHECK(run(directory, only<new_teller<false>>()) ==
        "this program cannot read what is stored:\n"
        "  event 'told' version 1 of aggregate type 'teller' (first in t-1 version 1, position 1) is unknown to this program. Remedy: list "
        "it "
        "with .former<the_struct>(\"told\", 1) and say what it is today with upcast(), which may answer evoke::dropped");
  CHECK(run(directory, only<teller<told>>()).empty());  // nothing was changed
}

TEST_CASE("An older program does not start on what a newer one stored", "[catalogue]") {
  temporary_directory const directory;
  CHECK(run(directory, only<new_teller<true>>()).empty());
  CHECK(run(directory, only<teller<told>>()).empty());  // nothing stored yet: no harm
  CHECK(run(directory, only<new_teller<true>>(), "hello").empty());
  CHECK_THAT(run(directory, only<teller<told>>()),
             Catch::Contains("event 'told' version 2") && Catch::Contains("Remedy: start the newer program"));
}

TEST_CASE("Fields change under the same version only by optional ones", "[catalogue]") {
  temporary_directory const directory;
  CHECK(run(directory, only<teller<told>>(), "hello").empty());
  CHECK_THAT(run(directory, only<teller<told_other>>()), Catch::Contains("event 'told' version 1") &&
                                                             Catch::Contains("/text: the type is another one") &&
                                                             Catch::Contains("list the old struct with .former<the_struct>(\"told\", 1)"));
  CHECK(run(directory, only<teller<told_optional>>(), "louder").empty());
  CHECK_THAT(run(directory, only<teller<told>>()), Catch::Contains("/loud: the field is gone"));
}

TEST_CASE("Everything missing is listed at once", "[catalogue]") {
  temporary_directory const directory;
  {
    auto const rt = start(on_disk(directory), yesterday::types());
    auto const goods = rt->of<yesterday::goods>("a");
    REQUIRE(goods.execute(yesterday::set_title{"x"}).get().accepted());
    REQUIRE(goods.execute(yesterday::flag{}).get().accepted());
  }
  auto const why = run(directory, only<teller<told>>());
  CHECK_THAT(why, Catch::Contains("'titled'") && Catch::Contains("'flagged'") && Catch::Contains("registry::retire(\"goods\")"));
  CHECK_THAT(why, !Catch::Contains("'priced'"));  // never stored
}

TEST_CASE("A retired type's events stay readable as they are stored, and take no others", "[catalogue]") {
  temporary_directory const directory;
  CHECK(run(directory, only<teller<told>>(), "hello").empty());
  registry without;
  REQUIRE(without.retire("teller"));
  auto const rt = start(on_disk(directory), std::move(without));
  auto const page = rt->read_stream({"teller", "t-1", {}, 10, direction::forward}).get();
  REQUIRE(page);
  CHECK(page->events.at(0).data == R"({"text":"hello"})");
  CHECK(rt->read_log({{}, {}, 10, {}}).get()->events.size() == 1);
  CHECK(rt->state({"teller", "t-1", {}, {}}).get().error().code == errc::not_found);
  CHECK(rt->execute({"teller", "t-1", "say", "{}", {}}).get().failed());
  raw_append_request request;
  request.type = "teller";
  request.id = "t-1";
  request.events.push_back({.type = "told", .data = "{}"});
  CHECK(rt->append(request).get().error().code == errc::not_allowed);
}
