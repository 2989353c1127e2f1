#include "projection_world.hpp"

using namespace evoke;
using namespace evoke::actors;
using namespace evoke::actors::test;

using end = projection_step::end;

TEST_CASE("Documents and their index are what a fold of the log makes, in many batches") {
  step_world world;
  for (int i = 0; i < 20; ++i) world.log.tell("t-" + std::to_string(i % 4));
  world.log.tell("t-2", "gone");
  world.log.tell("t-1");
  CHECK(world.run().what == end::at_end);
  CHECK(world.documents() == world.folded());
  CHECK(documents_by_index(*world.step->store()) == world.folded());
  CHECK(world.step->checkpoint().at == position{22});
  world.log.tell("t-2");
  CHECK(world.run().what == end::at_end);
  CHECK(world.documents() == world.folded());
  CHECK(documents_by_index(*world.step->store()) == world.folded());
}

TEST_CASE("A crash takes documents and checkpoint back together, and each event has its effect once") {
  step_world world;
  for (int i = 0; i < 7; ++i) world.log.tell("t-" + std::to_string(i % 2));
  world.run();
  must(world.step->store()->flush());
  for (int i = 0; i < 8; ++i) world.log.tell("t-" + std::to_string(i % 3));
  world.run();
  CHECK(world.step->checkpoint().at == position{15});
  world.crash();
  CHECK(world.step->checkpoint().at == position{7});
  CHECK(world.documents() == "t-0 [1,3,5,7]\nt-1 [2,4,6]\n");
  world.run();
  CHECK(world.documents() == world.folded());
  CHECK(documents_by_index(*world.step->store()) == world.folded());
}

TEST_CASE("A crash after the first flush of nothing begins at the beginning") {
  step_world world;
  world.log.tell("t");
  world.run();
  world.crash();
  CHECK(world.step->checkpoint().at == position{0});
  world.run();
  CHECK(world.documents() == "t [1]\n");
}

TEST_CASE("An event that fails is tried again with growing delays, then put aside; all others go on") {
  step_world world;
  for (auto const* id : {"a", "b", "a", "b", "a"}) world.log.tell(id);
  world.definition->poison = {2};
  auto outcome = world.step->advance();
  CHECK(outcome.what == end::retry);
  CHECK(outcome.wait == 10ms);
  CHECK(world.documents() == "a [1]\n");  // what lies before it is written
  CHECK(world.step->checkpoint().at == position{1});
  outcome = world.step->advance();
  CHECK(outcome.what == end::retry);
  CHECK(outcome.wait == 40ms);
  CHECK(world.step->advance().what == end::more);
  CHECK(world.letters() == "2:3");
  CHECK(world.run().what == end::at_end);
  CHECK(world.documents() == "a [1,3,5]\n");
  CHECK(world.letters() == "2:3 4:0");
  CHECK(world.step->checkpoint().letters == 2);
  CHECK(world.step->checkpoint().blocked == 1);
  CHECK(world.step->last_error() == "event 2: poisoned 2");
  auto const row = must(world.step->store()->look()->blocked("thing", "b"));
  REQUIRE(row);
  CHECK(*row == persistence::blocked_row{position{2}, 2});
}

TEST_CASE("An event that succeeds at its second attempt leaves no letter") {
  step_world world;
  world.log.tell("a");
  world.log.tell("a");
  world.definition->poison = {2};
  CHECK(world.step->advance().what == end::retry);
  world.definition->poison.clear();
  CHECK(world.run().what == end::at_end);
  CHECK(world.documents() == world.folded());
  CHECK(world.letters().empty());
}

TEST_CASE("Events that do not read and documents that cannot be stored are letters too") {
  step_world world;
  world.log.tell("a");
  world.log.tell("b", "bad");
  world.log.tell("a");
  world.log.tell("c", "broken");
  world.log.tell("a");
  CHECK(world.run().what == end::at_end);
  CHECK(world.documents() == "a [1,3,5]\n");
  CHECK(world.letters() == "2:3 4:3");
}

TEST_CASE("Retrying takes the row in order: one at a time from its head, or all") {
  step_world world;
  for (auto const* id : {"a", "a", "a", "b", "a"}) world.log.tell(id);
  world.definition->poison = {2};
  world.run();
  REQUIRE(world.letters() == "2:3 3:0 5:0");

  auto const waiting = world.step->retry(3, false);
  REQUIRE_FALSE(waiting);
  CHECK(waiting.error().code == errc::invalid_argument);
  CHECK(waiting.error().message.find("waits behind 2") != std::string::npos);
  CHECK(world.step->retry(4, false).error().code == errc::not_found);

  auto again = must(world.step->retry(2, false));
  CHECK(again.handled == 0);
  CHECK(again.left == 3);
  CHECK(again.error == "poisoned 2");
  CHECK(world.letters() == "2:4 3:0 5:0");

  world.definition->poison.clear();
  auto const one = must(world.step->retry(2, false));
  CHECK(one.handled == 1);
  CHECK(one.left == 2);
  CHECK(world.documents() == "a [1,2]\nb [4]\n");
  world.crash();  // what was acknowledged is durable
  CHECK(world.letters() == "3:0 5:0");
  CHECK(world.documents() == "a [1,2]\nb [4]\n");
  world.log.tell("a");  // still goes behind
  world.run();
  CHECK(world.letters() == "3:0 5:0 6:0");
  auto const all = must(world.step->retry(6, true));
  CHECK(all.handled == 3);
  CHECK(all.left == 0);
  CHECK(world.documents() == world.folded());
  CHECK(world.step->checkpoint().blocked == 0);
  world.log.tell("a");
  world.run();
  CHECK(world.documents() == world.folded());
  CHECK(documents_by_index(*world.step->store()) == world.folded());
}

TEST_CASE("Retrying a whole row ends at the first that fails, which is then its head") {
  step_world world;
  for (int i = 0; i < 4; ++i) world.log.tell("a");
  world.definition->poison = {1};
  world.run();
  world.definition->poison = {3};
  auto const some = must(world.step->retry(1, true));
  CHECK(some.handled == 2);
  CHECK(some.left == 2);
  CHECK(some.error == "poisoned 3");
  CHECK(world.letters() == "3:1 4:0");
  CHECK(world.documents() == "a [1,2]\n");
}

TEST_CASE("Skipping gives the head of a row up, durably") {
  step_world world;
  for (int i = 0; i < 3; ++i) world.log.tell("a");
  world.definition->poison = {1};
  world.run();
  CHECK(world.step->skip(2).error().code == errc::invalid_argument);
  CHECK(must(world.step->skip(1)).left == 2);
  world.crash();
  CHECK(world.letters() == "2:0 3:0");
  CHECK(must(world.step->retry(3, true)).handled == 2);
  CHECK(world.documents() == "a [2,3]\n");
}

TEST_CASE("With free keys an event that fails stops the projection, until it is taken up again") {
  step_world world(std::make_unique<tally_definition>(key_rule::free));
  for (auto const* data : {"x>m", "x>n", "x>m"}) world.log.tell("a", data);
  world.definition->poison = {2};
  auto const stopped = world.run();
  CHECK(stopped.what == end::stopped);
  CHECK(stopped.why.message == "event 2 cannot be handled: poisoned 2");
  CHECK(world.documents() == "a [1]\nm [1]\n");
  CHECK(world.run().what == end::stopped);
  world.crash();
  CHECK(world.run().what == end::stopped);
  world.definition->poison.clear();
  world.step->take_up();
  CHECK(world.run().what == end::at_end);
  CHECK(world.documents() == world.folded());
  CHECK(world.letters().empty());
}

TEST_CASE("With free keys and any order only the event itself is put aside") {
  step_world world(std::make_unique<tally_definition>(key_rule::free, true));
  for (int i = 0; i < 4; ++i) world.log.tell("a");
  world.definition->poison = {2};
  CHECK(world.run().what == end::at_end);
  CHECK(world.letters() == "2:3");
  CHECK(world.documents() == "a [1,3,4]\n");
  CHECK(world.step->checkpoint().blocked == 0);
  world.definition->poison.clear();
  CHECK(must(world.step->retry(2, false)).handled == 1);
  CHECK(world.documents() == "a [1,3,4,2]\n");
  CHECK(world.letters().empty());
}

TEST_CASE("As many dead letters as may be stop it, with nothing lost, until there is room") {
  auto settings = small_steps();
  settings.max_letters = 2;
  step_world world(std::make_unique<tally_definition>(), settings);
  for (auto const* id : {"a", "a", "a", "b"}) world.log.tell(id);
  world.definition->poison = {1};
  auto const stopped = world.run();
  CHECK(stopped.what == end::stopped);
  CHECK(stopped.why.message == "there are 2 dead letters, as many as may be");
  CHECK(world.letters() == "1:3 2:0");
  CHECK(world.step->checkpoint().at == position{2});
  world.definition->poison.clear();
  must(world.step->retry(1, true));
  CHECK(world.run().what == end::at_end);
  CHECK(world.documents() == world.folded());
}

TEST_CASE("A first letter beyond the limit stops it as well, and is put aside when there is room") {
  auto settings = small_steps();
  settings.max_letters = 1;
  step_world world(std::make_unique<tally_definition>(), settings);
  world.log.tell("a");
  world.log.tell("b");
  world.definition->poison = {1, 2};
  auto const stopped = world.run();
  CHECK(stopped.what == end::stopped);
  CHECK(stopped.why.message == "there are 1 dead letters, as many as may be; event 2 would be another: poisoned 2");
  must(world.step->skip(1));
  CHECK(world.run().what == end::at_end);
  CHECK(world.letters() == "2:3");
}

TEST_CASE("Documents that do not fit the memory for them are read again") {
  auto settings = small_steps();
  settings.cache_bytes = 1;
  step_world world(std::make_unique<tally_definition>(), settings);
  for (int i = 0; i < 30; ++i) world.log.tell("t-" + std::to_string(i % 5));
  CHECK(world.run().what == end::at_end);
  CHECK(world.documents() == world.folded());
}

TEST_CASE("A key that is none makes a letter of its event") {
  step_world world(std::make_unique<tally_definition>(key_rule::free, true));
  world.log.tell("a", "x>");
  world.log.tell("b");
  CHECK(world.run().what == end::at_end);
  CHECK(world.letters() == "1:3");
  CHECK(world.documents() == "b [2]\n");
}

TEST_CASE("The change index tells of each document where it changed last, and forgets what is far behind") {
  auto settings = small_steps();
  settings.change_events = 10;
  step_world world(std::make_unique<tally_definition>(), settings);
  auto const changes = [&] {
    std::string all;
    must(world.step->store()->look()->changes({}, std::nullopt, [&](persistence::change_row&& row) {
      all += (all.empty() ? "" : " ") + std::to_string(row.noted.at.value()) + row.key + (row.deleted ? "-" : "");
      return true;
    }));
    return all;
  };
  world.log.tell("a");
  world.log.tell("b");
  world.log.tell("a", "gone");
  world.run();
  CHECK(changes() == "2b");  // came and went within a batch: nobody knew of it
  world.log.tell("b", "gone");
  world.run();
  CHECK(changes() == "2b 4b-");
  for (int i = 0; i < 30; ++i) world.log.tell("c");
  world.run();
  auto const after = world.step->checkpoint().changes_after;
  CHECK(after.value() >= 34 - 11);
  CHECK(after.value() <= 24);
  must(world.step->store()->look()->changes({}, std::nullopt, [&](persistence::change_row&& row) {
    CHECK(row.noted.at > after);
    return true;
  }));
}

TEST_CASE("Whatever crashes, fails, is retried or skipped: at the end each document has each of its events once, in order") {
  auto const seed = test_seed();
  INFO("EVOKE_SEED=" << seed);
  std::mt19937_64 random(seed);
  auto const one_of = [&](std::uint64_t n) { return random() % n; };
  for (int round = 0; round < 8; ++round) {
    INFO("round " << round);
    step_world world;
    std::set<std::uint64_t> skipped;
    for (int act = 0; act < 120; ++act) {
      switch (one_of(12)) {
        case 0:
        case 1:
        case 2:
          for (auto more = one_of(8); more > 0; --more) {
            if (one_of(15) == 0) world.definition->poison.insert(world.log.events.size() + 1);
            world.log.tell("t-" + std::to_string(one_of(5)));
          }
          break;
        case 3: world.crash(); break;
        case 4: must(world.step->store()->flush()); break;
        case 5:
          if (!world.definition->poison.empty() && one_of(2) == 0) world.definition->poison.erase(world.definition->poison.begin());
          break;
        case 6:
        case 7: {
          // Any letter, whether it is the first of its row or not.
          std::vector<persistence::letter_row> all;
          must(world.step->store()->look()->letters({}, [&](persistence::letter_row&& row) {
            all.push_back(std::move(row));
            return true;
          }));
          if (all.empty()) break;
          auto const& letter = all[one_of(all.size())];
          if (one_of(4) == 0) {
            if (world.step->skip(letter.at.value())) skipped.insert(letter.at.value());
          } else {
            static_cast<void>(world.step->retry(letter.at.value(), one_of(2) == 0));
          }
          break;
        }
        default: static_cast<void>(world.step->advance()); break;
      }
    }
    world.definition->poison.clear();
    CHECK(world.run().what == end::at_end);
    for (std::string first; !(first = world.letters()).empty();)
      must(world.step->retry(std::stoull(first.substr(0, first.find(':'))), true));
    CHECK(world.documents() == world.folded(skipped));
    CHECK(documents_by_index(*world.step->store()) == world.folded(skipped));
    CHECK(world.step->checkpoint().letters == 0);
    CHECK(world.step->checkpoint().blocked == 0);
  }
}
