#include "projection_world.hpp"

#include <thread>

using namespace evoke;
using namespace evoke::actors;
using namespace evoke::actors::test;

namespace {

using kind = projection_life::next_step::kind;

/// A whole projection over the log, with a store that outlives it.
struct life_world {
  told_log log;
  std::unique_ptr<tally_definition> definition = std::make_unique<tally_definition>();
  standing_clock time;
  scratch_directory directory;
  step_settings settings = small_steps();
  std::unique_ptr<persistence::read_models> store = must(persistence::read_models::open(store_at(directory.path())));
  std::unique_ptr<projection_life> life;
  std::vector<std::string> lines;

  life_world() { begin(); }
  ~life_world() { end(false); }

  void begin() {
    life = std::make_unique<projection_life>(
        *definition, *store, [this] { return std::make_unique<told_source>(log); }, time, settings,
        [this](log_level, std::string_view line) { lines.emplace_back(line); });
    must(life->start());
  }
  void end(bool flush) {
    if (flush) must(life->flush());
    life.reset();
    if (store) must(store->close(false));
    store.reset();
  }
  /// With a flush it is a restart, without one a crash.
  void restart(bool flush, position head = position{1'000'000}) {
    end(flush);
    store = must(persistence::read_models::open(store_at(directory.path(), head)));
    begin();
  }
  /// Works until there is nothing to do.
  void run() {
    for (int i = 0; i < 10'000; ++i) {
      auto const next = life->work();
      if (next.what == kind::sleep) return;
      if (next.what == kind::wait) time.gone += next.wait;
    }
    FAIL("it does not end");
  }
  void tell(int events) {
    for (int i = 0; i < events; ++i) log.tell("t-" + std::to_string(log.events.size() % 3));
  }
  [[nodiscard]] std::string served() const { return life->served() ? documents_of(*life->served()) : "nothing"; }
  [[nodiscard]] std::string folded() const {
    std::map<std::string, std::vector<std::uint64_t>> all;
    for (std::size_t i = 0; i < log.events.size(); ++i) all[log.events[i].aggregate].push_back(i + 1);
    std::string text;
    for (auto const& [key, seen] : all) text += key + " " + tally::text(seen) + "\n";
    return text;
  }
  [[nodiscard]] std::uint64_t generation() const { return life->status().generation; }
};

}  // namespace

TEST_CASE("A new projection serves nothing until it has been at the head, then everything") {
  life_world world;
  world.tell(10);
  static_cast<void>(world.life->work());
  CHECK(world.served() == "nothing");
  CHECK(world.life->status().phase == projection_phase::catching_up);
  REQUIRE(world.life->status().rebuild);
  CHECK(world.life->status().rebuild->checkpoint == position{3});
  CHECK(world.life->status().rebuild->target == position{10});
  world.run();
  CHECK(world.served() == world.folded());
  CHECK(world.life->status().phase == projection_phase::live);
  CHECK(world.life->status().lag_events == 0);
  CHECK_FALSE(world.life->status().rebuild);
}

TEST_CASE("A rebuild runs beside the living generation and replaces it when it has passed it") {
  life_world world;
  world.tell(10);
  world.run();
  auto const before = world.generation();
  auto const old = world.life->served();
  must(world.life->rebuild());
  world.tell(1);
  static_cast<void>(world.life->work());
  CHECK(world.generation() == before);
  CHECK(world.served() == world.folded());  // the old one goes on
  auto const progress = world.life->status().rebuild;
  REQUIRE(progress);
  CHECK(progress->checkpoint == position{3});
  CHECK(progress->target == position{11});
  world.run();
  CHECK(world.generation() > before);
  CHECK(world.served() == world.folded());
  CHECK(documents_of(*old) == world.folded());  // who still reads the old one can
}

TEST_CASE("Nobody sees a half-built generation, whatever happens meanwhile") {
  life_world world;
  world.tell(12);
  world.run();
  must(world.life->rebuild());
  for (int i = 0; i < 30; ++i) {
    if (i % 4 == 0) world.tell(1);
    auto const before = world.life->checkpoint().at;
    static_cast<void>(world.life->work());
    CHECK(world.life->checkpoint().at >= before);
    CHECK(documents_by_index(*world.life->served()) == world.served());
  }
  world.run();
  CHECK(world.served() == world.folded());
}

TEST_CASE("A rebuild goes on after a restart where it was flushed, and after a crash from there") {
  life_world world;
  world.tell(30);
  world.run();
  must(world.life->rebuild());
  for (int i = 0; i < 3; ++i) static_cast<void>(world.life->work());
  REQUIRE(world.life->status().rebuild->checkpoint == position{9});
  world.restart(true);
  REQUIRE(world.life->status().rebuild);
  CHECK(world.life->status().rebuild->checkpoint == position{9});
  CHECK(world.served() == world.folded());
  static_cast<void>(world.life->work());
  CHECK(world.life->status().rebuild->checkpoint == position{12});
  world.restart(false);
  CHECK(world.life->status().rebuild->checkpoint == position{9});
  world.run();
  CHECK_FALSE(world.life->status().rebuild);
  CHECK(world.served() == world.folded());
}

TEST_CASE("After the swap a crash finds the new generation where the old one was served") {
  life_world world;
  world.tell(10);
  world.run();
  must(world.life->flush());
  must(world.life->rebuild());
  world.run();
  auto const generation = world.generation();
  world.restart(false);
  CHECK(world.generation() == generation);
  CHECK(world.life->checkpoint().at == position{10});
  CHECK(world.served() == world.folded());
}

TEST_CASE("Another declared version rebuilds by itself while the old documents are served") {
  life_world world;
  world.tell(10);
  world.run();
  auto const before = world.generation();
  world.end(true);
  world.definition = std::make_unique<tally_definition>(key_rule::by_aggregate, false, 2);
  world.store = must(persistence::read_models::open(store_at(world.directory.path())));
  world.begin();
  CHECK(world.generation() == before);
  CHECK(world.served() == world.folded());
  CHECK(world.life->status().rebuild);
  world.run();
  CHECK(world.generation() != before);
  CHECK(world.served() == world.folded());
  auto const after = world.generation();
  world.restart(true);
  CHECK(world.generation() == after);
  CHECK_FALSE(world.life->status().rebuild);
}

TEST_CASE("Another shape serves nothing until it is rebuilt, because its old documents cannot be read") {
  life_world world;
  world.tell(10);
  world.run();
  world.end(true);
  world.definition = std::make_unique<tally_definition>(key_rule::by_aggregate, false, 1, 8);
  world.store = must(persistence::read_models::open(store_at(world.directory.path())));
  world.begin();
  CHECK(world.served() == "nothing");
  world.run();
  CHECK(world.served() == world.folded());
}

TEST_CASE("A rebuild for a version that has changed again begins anew") {
  life_world world;
  world.tell(10);
  world.run();
  for (std::uint32_t number : {2U, 3U}) {
    world.end(true);
    world.definition = std::make_unique<tally_definition>(key_rule::by_aggregate, false, number);
    world.store = must(persistence::read_models::open(store_at(world.directory.path())));
    world.begin();
    CHECK(world.life->status().rebuild->checkpoint == position{});
    static_cast<void>(world.life->work());
    CHECK(world.life->status().rebuild->checkpoint == position{3});
  }
  world.run();
  CHECK(world.served() == world.folded());
}

TEST_CASE("A read model beyond the journal's end, or of another journal, is made anew") {
  life_world world;
  world.tell(10);
  world.run();
  world.end(true);
  SECTION("the journal was cut") {
    world.log.events.resize(5);
    world.store = must(persistence::read_models::open(store_at(world.directory.path(), position{5})));
  }
  SECTION("another journal") {
    world.log.events.resize(7);
    auto options = store_at(world.directory.path());
    options.journal = uuid::parse("00112233-4455-4677-8899-aabbccddeeff").value();
    world.store = must(persistence::read_models::open(options));
  }
  world.begin();
  CHECK(world.served() == "nothing");
  world.run();
  CHECK(world.served() == world.folded());
}

TEST_CASE("Paused it stands, also after a restart, until it is resumed") {
  life_world world;
  world.tell(5);
  world.run();
  must(world.life->pause());
  world.tell(5);
  world.run();
  CHECK(world.life->status().phase == projection_phase::paused);
  CHECK(world.life->status().lag_events == 5);
  world.restart(true);
  world.run();
  CHECK(world.life->status().phase == projection_phase::paused);
  CHECK(world.life->checkpoint().at == position{5});
  must(world.life->resume());
  world.run();
  CHECK(world.served() == world.folded());
}

TEST_CASE("What stopped it is said, and it goes on when it is resumed") {
  life_world world;
  world.end(true);
  world.definition = std::make_unique<tally_definition>(key_rule::free);
  world.definition->poison = {4};
  world.store = must(persistence::read_models::open(store_at(world.directory.path())));
  world.begin();
  world.tell(2);
  world.run();
  world.tell(4);
  world.run();
  CHECK(world.life->status().phase == projection_phase::stopped);
  CHECK(world.life->status().reason == "event 4 cannot be handled: poisoned 4");
  CHECK(world.life->checkpoint().at == position{3});
  CHECK(world.lines.back() == "projection tallies stands still: event 4 cannot be handled: poisoned 4");
  world.definition->poison.clear();
  must(world.life->resume());
  world.run();
  CHECK(world.served() == world.folded());
}

TEST_CASE("A rebuild starts without dead letters") {
  life_world world;
  world.tell(6);
  world.definition->poison = {2};
  world.run();
  CHECK(world.life->status().dead_letters == 2);
  CHECK(world.life->status().blocked_aggregates == 1);
  world.definition->poison.clear();
  must(world.life->rebuild());
  world.run();
  CHECK(world.life->status().dead_letters == 0);
  CHECK(world.served() == world.folded());
}

TEST_CASE("Many rebuilds leave one generation, and no number twice") {
  life_world world;
  world.tell(4);
  std::set<std::uint64_t> numbers;
  for (int i = 0; i < 5; ++i) {
    world.run();
    CHECK(numbers.insert(world.generation()).second);
    must(world.life->rebuild());
    if (i % 2 == 0) world.restart(i % 4 == 0);
  }
  world.run();
  CHECK(world.served() == world.folded());
  auto const record = world.store->record_of("tallies");
  REQUIRE(record);
  CHECK_FALSE(record->building);
}

TEST_CASE("What a crash takes back is of the last flush interval") {
  life_world world;
  world.settings.flush_interval = 30s;
  world.restart(true);
  world.tell(10);
  world.run();  // it becomes live, for which it is flushed
  world.tell(5);
  world.run();
  world.restart(false);
  CHECK(world.life->checkpoint().at == position{10});
  auto const tables = [&] {
    return std::ranges::count_if(std::filesystem::recursive_directory_iterator(world.directory.path()),
                                 [](auto const& file) { return file.path().extension() == ".sst"; });
  };
  // The flush runs in the background and may lose the race against the crash; without one, no try would find it.
  bool kept = false;
  for (int tries = 0; tries < 200 && !kept; ++tries) {
    world.run();
    auto const before = tables();
    world.time.gone += 31s;
    world.tell(1);
    world.run();
    auto const until = std::chrono::steady_clock::now() + 50ms;
    while (tables() == before && std::chrono::steady_clock::now() < until) std::this_thread::yield();
    world.restart(false);
    kept = world.life->checkpoint().at == position{world.log.events.size()};
  }
  CHECK(kept);
}
