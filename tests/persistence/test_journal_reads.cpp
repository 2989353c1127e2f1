#include "contract.hpp"

#include <atomic>
#include <thread>

BOTH_JOURNALS("A stream is read from any version on") {
  TestType world;
  teller tell(world.store);
  tell.tell("cart", "a", 5);
  tell.tell("cart", "b", 2);
  tell.tell("cart", "a", 5);
  auto const from = GENERATE(0U, 1U, 2U, 6U, 10U, 11U, 99U);
  std::vector<std::string> wanted;
  for (auto const& each : tell.events())
    if (each.id == "a" && each.version.value() >= from) wanted.push_back(each.line);
  CHECK(read_stream(*world, tell.stream("cart", "a"), version{from}) == wanted);
}

BOTH_JOURNALS("A stream is not mixed with those whose ids begin alike") {
  TestType world;
  teller tell(world.store);
  for (auto const* id : {"a", "a1", "a-", "b", "A"}) tell.tell("cart", id, 2);
  tell.tell("carts", "a", 2);
  for (auto const* id : {"a", "a1", "a-"}) CHECK(read_stream(*world, tell.stream("cart", id)).size() == 2);
}

BOTH_JOURNALS("Reading a stream stops when the visitor says so") {
  TestType world;
  teller tell(world.store);
  tell.tell("cart", "a", 1000);
  std::size_t seen = 0;
  need(world->scan_stream(tell.stream("cart", "a"), version{1}, [&](event_view const&) { return ++seen < 300; }));
  CHECK(seen == 300);
}

BOTH_JOURNALS("The head of a stream of 0 to 200 events is right before and after a restart") {
  TestType world;
  teller tell(world.store);
  for (std::uint64_t length = 1; length <= 200; ++length) tell.next("cart", "c-" + std::to_string(length), length);
  need(tell.commit());
  auto const check_all = [&] {
    CHECK(need(world->head_of(tell.stream("cart", "c-0"))).version == version{});
    std::uint64_t at = 0;
    for (std::uint64_t length = 1; length <= 200; ++length) {
      at += length;
      auto const head = need(world->head_of(tell.stream("cart", "c-" + std::to_string(length))));
      REQUIRE(head.version == version{length});
      REQUIRE(head.position == position{at});
      REQUIRE(head.time == tell.time());
    }
  };
  check_all();
  world.reopen();
  check_all();
}

BOTH_JOURNALS("A stream that was never written is surely absent, one that was is not") {
  TestType world;
  teller tell(world.store);
  tell.tell("cart", "a", 3);
  for (int round = 0; round < 2; ++round) {
    CHECK_FALSE(world->surely_absent(tell.stream("cart", "a")));
    CHECK(world->surely_absent(tell.stream("cart", "aa")));
    CHECK(world->surely_absent({99, "a"}));
    world.reopen();
  }
}

BOTH_JOURNALS("A stream that was just written is read from memory, from any version to its end or to where the visitor stops") {
  TestType world;
  teller tell(world.store);
  tell.tell("cart", "a", 30);
  tell.tell("cart", "b", 3);
  auto const seen_from = [&](std::string const& id, std::uint64_t from, std::uint64_t most = 1'000) {
    std::vector<std::uint64_t> seen;
    CHECK(need(world->scan_stream_in_memory(tell.stream("cart", id), version{from}, [&](event_view const& event) {
      seen.push_back(event.version.value());
      return seen.size() < most;
    })));
    return seen;
  };
  for (int round = 0; round < 2; ++round) {  // again, by an iterator that was used before
    CHECK(seen_from("a", 29) == std::vector<std::uint64_t>{29, 30});
    CHECK(seen_from("a", 31).empty());
    CHECK(seen_from("a", 1, 5) == std::vector<std::uint64_t>{1, 2, 3, 4, 5});
    CHECK(seen_from("aa", 1).empty());
    CHECK(seen_from("b", 1).size() == 3);
  }
  tell.tell("cart", "b", 2);
  CHECK(seen_from("b", 1).size() == 5);
}

BOTH_JOURNALS("Streams are listed by type in byte order, page by page") {
  TestType world;
  teller tell(world.store);
  for (auto const* id : {"b", "a", "aa", "z", "\xc3\xa9"}) tell.tell("cart", id);
  tell.tell("order", "o");
  tell.tell("cart", "a", 3);
  auto const type = world->find_name(name_kind::aggregate_type, "cart");
  std::vector<std::string> got;
  list_page page;
  do {
    page = need(world->list_streams(type, got.empty() ? "" : got.back(), 2));
    CHECK(page.ids.size() <= 2);
    got.insert(got.end(), page.ids.begin(), page.ids.end());
  } while (page.more);
  CHECK(got == std::vector<std::string>{"a", "aa", "b", "z", "\xc3\xa9"});
}

BOTH_JOURNALS("A list page that ends exactly at the last stream says there are no more") {
  TestType world;
  teller tell(world.store);
  tell.tell("cart", "a");
  tell.tell("cart", "b");
  auto const page = need(world->list_streams(world->find_name(name_kind::aggregate_type, "cart"), "", 2));
  CHECK(page.ids.size() == 2);
  CHECK_FALSE(page.more);
}

BOTH_JOURNALS("Every event is found by its id, made or given") {
  TestType world;
  teller tell(world.store);
  auto const given = need(uuid::parse("0198c0de-0000-7000-8000-00000000000a"));
  tell.next("cart", "a", 3).events[1].client_id = given;
  tell.next("cart", "b", 3);
  need(tell.commit());
  world.reopen();
  for (auto const& each : tell.events()) {
    std::string got;
    need(world->find_event(each.event_number, [&](event_view const& event) {
      got = line_of(event);
      return true;
    }));
    CHECK(got == each.line);
  }
}

BOTH_JOURNALS("An id that names no event is not found") {
  TestType world;
  teller tell(world.store);
  tell.tell("cart", "a", 3);
  auto const made = tell.events()[1].event_number;
  auto other_time = made.bytes();
  other_time[5] ^= 1U;
  for (auto const& unknown : {uuid{}, event_id{other_time}, made_event_id(world->store_id(), tell.time(), position{4}),
                              made_event_id(uuid{}, tell.time(), position{2})}) {
    auto const end = world->find_event(unknown, [](event_view const&) {
      FAIL("visited");
      return true;
    });
    REQUIRE_FALSE(end);
    CHECK(end.error().code == errc::not_found);
  }
}

BOTH_JOURNALS("An event whose id a client gave is not found by the id it would have had") {
  TestType world;
  teller tell(world.store);
  tell.next("cart", "a").events[0].client_id = need(uuid::parse("0198c0de-0000-7000-8000-00000000000a"));
  need(tell.commit());
  auto const end = world->find_event(made_event_id(world->store_id(), tell.time(), position{1}), [](event_view const&) { return true; });
  REQUIRE_FALSE(end);
  CHECK(end.error().code == errc::not_found);
}

BOTH_JOURNALS("An id that a client gives is looked up within one stream") {
  TestType world;
  teller tell(world.store);
  auto const given = need(uuid::parse("0198c0de-0000-7000-8000-00000000000a"));
  tell.tell("cart", "a", 2);
  tell.next("cart", "a").events[0].client_id = given;
  tell.next("cart", "b").events[0].client_id = given;
  need(tell.commit());
  CHECK(need(world->find_client_id(tell.stream("cart", "a"), given)) == version{3});
  CHECK(need(world->find_client_id(tell.stream("cart", "b"), given)) == version{1});
  CHECK(need(world->find_client_id(tell.stream("cart", "c"), given)) == version{});
  std::string first;
  need(world->find_event(given, [&](event_view const& event) {
    first = line_of(event);
    return true;
  }));
  CHECK(first == tell.events()[2].line);
}

BOTH_JOURNALS("A visitor may call the journal") {
  TestType world;
  teller tell(world.store);
  tell.tell("cart", "a", 3);
  std::size_t seen = 0;
  need(world->scan_log({}, UINT64_MAX, {}, [&](event_view const& event) {
    CHECK(world->name_of(name_kind::event_type, event.type) == "cart_changed");
    CHECK(need(world->head_of({event.stream_type, event.stream_id})).version == version{3});
    ++seen;
    return true;
  }));
  CHECK(seen == 3);
}

BOTH_JOURNALS("Readers see whole groups in order while commits run") {
  TestType world;
  teller tell(world.store);
  constexpr std::size_t kGroups = 400;
  constexpr std::size_t kEvents = 5;
  tell.tell("cart", "c-0", kEvents);
  std::atomic<bool> done{false};
  std::atomic<std::uint64_t> wrong{0};
  std::thread reader([&] {
    position after;
    while (!done.load() || after < world->head()) {
      auto const head = world->head();
      if (head.value() % kEvents != 0) ++wrong;
      auto expected = after.next();
      auto const end = world->scan_log(after, UINT64_MAX, {}, [&](event_view const& event) {
        if (event.position != expected) ++wrong;
        expected = expected.next();
        return true;
      });
      if (!end || end->examined < head || end->examined.next() != expected || end->examined.value() % kEvents != 0) ++wrong;
      if (end) after = end->examined;
    }
  });
  std::thread streams([&] {
    while (!done.load()) {
      auto const stream = tell.stream("cart", "c-0");
      auto const head = world->head_of(stream);
      std::uint64_t count = 0;
      auto const read = world->scan_stream(stream, version{1}, [&](event_view const& event) {
        if (event.version != version{++count}) ++wrong;
        return true;
      });
      if (!head || !read || count < head->version.value() || count % kEvents != 0 || head->version.value() % kEvents != 0) ++wrong;
    }
  });
  for (std::size_t i = 1; i < kGroups; ++i) tell.tell("cart", "c-" + std::to_string(i % 7), kEvents);
  done = true;
  reader.join();
  streams.join();
  CHECK(wrong == 0);
}
