#include "actors/event_reader.hpp"
#include "actors/fold.hpp"
#include "actors/journal_events.hpp"
#include "persistence/in_memory_journal.hpp"
#include "tests/actors/life_world.hpp"
#include "tests/actors/projection_world.hpp"
#include "tests/model/sample_formers.hpp"

using namespace evoke;
using namespace evoke::actors;
using test::must;

namespace {

/// A journal in memory that holds products as older programs stored them, and what reads them.
struct aged_journal {
  aged_journal() {
    REQUIRE(types.add(definition));
    bound = must(bind(*definition, *store, {}));
    reader.open(types);
  }

  void store_event(std::string id, std::string_view name, std::uint32_t version, std::string data, std::string_view type = "product") {
    persistence::append one;
    one.type = must(store->intern(persistence::name_kind::aggregate_type, type));
    one.id = aggregate_id::trusted(std::move(id));
    one.first_version = must(store->head_of({one.type, one.id.str()})).version.next();
    one.time = time.now();
    one.events.push_back({must(store->intern(persistence::name_kind::event_type, name)), version, std::move(data), {}, {}});
    persistence::append* const group[] = {&one};
    must(store->commit(group, time.now()));
  }

  /// What is read of the whole log: "position.part/parts name data", one behind another.
  [[nodiscard]] std::string read(reading const& how = {}, persistence::resolved_filter const& filter = {}) const {
    std::string all;
    must(store->scan_log({}, 1'000, filter, [&](persistence::event_view const& event) {
      must(reader.read(event, how, [&](recorded_event made) { append(all, made); }));
      return true;
    }));
    return all;
  }
  static void append(std::string& all, recorded_event const& made) {
    all += std::to_string(made.position.value()) + "." + std::to_string(made.part) + "/" + std::to_string(made.parts) + " " +
           made.type.str() + " " + made.data + ";";
  }
  [[nodiscard]] persistence::resolved_filter wanting(std::string_view event) const {
    persistence::resolved_filter filter;
    filter.event_types = {store->find_name(persistence::name_kind::event_type, event)};
    return filter;
  }

  evoke::tests::manual_clock time;
  std::unique_ptr<persistence::journal> store = persistence::make_in_memory_journal({.clock = &time});
  std::shared_ptr<aggregate_definition const> definition = define<aged::product>();
  registry types;
  bound_type bound;
  event_reader reader{*store};
  evoke::tests::manual_writer writer;
  evoke::tests::manual_background pool;
  evoke::tests::inline_answers answers;
  evoke::tests::seeded_entropy random;
  services use{*store, writer, pool, answers, time, random, {}, {}};
};

}  // namespace

TEST_CASE("a fold reads former events, and names the one that it cannot read") {
  aged_journal here;
  here.store_event("p", "title_set", 1, R"({"title":"pen"})");
  here.store_event("p", "price_set", 1, R"({"amount":5})");
  here.store_event("p", "product_edited", 1, R"({"name":"cup","amount":6})");
  here.store_event("p", "product_flagged", 1, "{}");
  auto const folded = must(fold(here.use, here.bound, aggregate_id::trusted("p")));
  std::string text;
  must(folded.state->encode(text));
  CHECK(text == R"({"name":"cup","amount":6,"currency":"KRW","taxed":true,"events":4})");
  CHECK(folded.version == version{4});  // dropped events keep their version

  here.store_event("p", "product_cursed", 1, R"({"why":"the old magic"})");
  auto const failed = fold(here.use, here.bound, aggregate_id::trusted("p"));
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == errc::user_code_failed);
  CHECK(failed.error().message == "product/p version 5: upcast() of event 'product_cursed' version 1 threw: the old magic");
  here.store_event("q", "price_set", 1, R"({"amount":"five"})");
  auto const corrupt = fold(here.use, here.bound, aggregate_id::trusted("q"));
  CHECK(corrupt.error().code == errc::corrupt);
  CHECK_THAT(corrupt.error().message, Catch::StartsWith("product/q version 1: "));
}

TEST_CASE("a fold may be told to look at no snapshot") {
  aged_journal here;
  here.store_event("p", "title_set", 1, R"({"title":"pen"})");
  persistence::snapshot wrong{version{1}, position{1}, here.time.now(), here.definition->state_shape(), {}};
  wrong.state = R"({"name":"other","amount":0,"currency":"","taxed":false,"events":1})";
  must(here.store->write_snapshot({here.bound.number, "p"}, wrong));
  auto const name_of = [&](fold_limits const& until) {
    auto const folded = must(fold(here.use, here.bound, aggregate_id::trusted("p"), until));
    std::string text;
    must(folded.state->encode(text));
    return must(decode_state<aged::product>(text)).name;
  };
  CHECK(name_of({}) == "other");
  CHECK(name_of({.from_snapshot = false}) == "pen");
}

TEST_CASE("stored events are read as they are today, or raw") {
  aged_journal here;
  here.store_event("p", "product_edited", 1, R"({"name":"cup","amount":6})");
  here.store_event("p", "product_flagged", 1, "{}");
  here.store_event("p", "product_named", 1, R"({"name":"mug"})");
  CHECK(here.read() == R"(1.1/2 product_named {"name":"cup"};1.2/2 price_set {"amount":6,"currency":"KRW","taxed":true};)"
                       R"(3.1/1 product_named {"name":"mug"};)");
  CHECK(here.read({.raw = true}) ==
        R"(1.1/1 product_edited {"name":"cup","amount":6};2.1/1 product_flagged {};3.1/1 product_named {"name":"mug"};)");
}

TEST_CASE("a filter is widened by what can become the wanted event, and by nothing else") {
  aged_journal here;
  here.store_event("p", "product_edited", 1, R"({"name":"cup","amount":6})");
  here.store_event("p", "price_set", 2, R"({"amount":7,"currency":"EUR"})");
  here.store_event("p", "title_set", 1, R"({"title":"pen"})");
  here.store_event("x", "product_edited", 1, R"({"of":"nobody"})", "raw_things");
  auto filter = here.wanting("price_set");
  auto const how = here.reader.widen(filter);
  CHECK(here.read(how, filter) ==
        R"(1.2/2 price_set {"amount":6,"currency":"KRW","taxed":true};2.1/1 price_set {"amount":7,"currency":"EUR","taxed":true};)");
  auto named = here.wanting("product_edited");
  auto const stored_only = here.reader.widen(named);
  CHECK(here.read(stored_only, named) == R"(4.1/1 product_edited {"of":"nobody"};)");
  persistence::resolved_filter all;
  CHECK(here.reader.widen(all).event_types.empty());
  CHECK(all.event_types.empty());
}

TEST_CASE("an event that was read as stored is read as it is today, as far as it is wanted") {
  aged_journal here;
  recorded_event stored;
  stored.type = event_type::trusted("product_edited");
  stored.stream_type = aggregate_type::trusted("product");
  stored.stream_id = aggregate_id::trusted("p");
  stored.position = position{4};
  stored.data = R"({"name":"cup","amount":6})";
  auto const texts = [&](std::vector<std::string> const& wanted) {
    std::string all;
    for (auto const& each : must(here.reader.read(stored, wanted))) aged_journal::append(all, each);
    return all;
  };
  CHECK(texts({}) == R"(4.1/2 product_named {"name":"cup"};4.2/2 price_set {"amount":6,"currency":"KRW","taxed":true};)");
  CHECK(texts({"price_set"}) == R"(4.2/2 price_set {"amount":6,"currency":"KRW","taxed":true};)");
  CHECK(texts({"product_edited"}).empty());
  stored.type = event_type::trusted("product_cursed");
  stored.data = R"({"why":"no"})";
  CHECK(here.reader.read(stored, {}).error().code == errc::user_code_failed);
}

TEST_CASE("a projection takes all parts of an event or puts the event aside, and passes dropped ones") {
  aged_journal here;
  here.store_event("p", "title_set", 1, R"({"title":"pen"})");
  here.store_event("p", "product_edited", 1, R"({"name":"cup","amount":-6})");  // its second part cannot be projected
  here.store_event("p", "product_named", 1, R"({"name":"mug"})");
  here.store_event("q", "product_edited", 1, R"({"name":"jug","amount":1})");
  here.store_event("q", "product_flagged", 1, "{}");
  here.store_event("r", "product_cursed", 1, R"({"why":"no"})");
  here.store_event("r", "product_flagged", 1, "{}");

  auto const projection = define_projection<aged::diary>();
  test::scratch_directory directory;
  auto models = must(persistence::read_models::open(test::store_at(directory.path())));
  {
    journal_events events(*here.store, nullptr, projection->sources(), [] {});
    auto settings = test::small_steps();
    settings.attempts = 1;
    projection_step step(*projection, must(models->create(1, projection->shape())), events, here.time, settings);
    must(step.load());
    for (int i = 0; i < 100 && step.advance().what != projection_step::end::at_end; ++i) {
    }
    CHECK(test::documents_of(*step.store()) == "p {\"entries\":[\"pen\"]}\nq {\"entries\":[\"jug\",\"1 KRW\"]}\n");
    CHECK(step.checkpoint().at == position{7});
    CHECK(step.checkpoint().letters == 3);  // 2 and what waits behind it, 6; the one behind 6 says nothing and is not followed
    CHECK(must(step.skip(2)).handled == 1);
    CHECK(must(step.retry(3, false)).handled == 1);
    CHECK(test::documents_of(*step.store()) == "p {\"entries\":[\"pen\",\"mug\"]}\nq {\"entries\":[\"jug\",\"1 KRW\"]}\n");
    auto const again = must(step.retry(6, true));
    CHECK(again.handled == 0);
    CHECK_THAT(again.error, Catch::Contains("upcast() of event 'product_cursed' version 1 threw: no"));
  }
  must(models->close(false));
}
