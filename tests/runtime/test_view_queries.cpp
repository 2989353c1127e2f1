#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "tests/runtime/view_world.hpp"

using namespace evoke;
using namespace evoke::tests;
using namespace ledgers;
using relation = field_condition::relation;

namespace {

using keys = std::vector<std::string>;

keys keys_of(view_page const& page) {
  keys all;
  for (auto const& each : page.documents) all.push_back(each.key);
  return all;
}

/// Owners and sums: a ann 10, b ann 20, c bob 5, d bob 20, e eve 0 (nothing booked).
std::unique_ptr<runtime> five_ledgers() {
  auto rt = start(in_memory(), types_with_views());
  for (auto const& [id, owner] : std::map<std::string, std::string>{{"a", "ann"}, {"b", "ann"}, {"c", "bob"}, {"d", "bob"}, {"e", "eve"}})
    make_ledger(*rt, id, owner);
  put_in(*rt, "a", 10);
  put_in(*rt, "b", 20);
  put_in(*rt, "c", 5);
  need(rt->wait_for("ledgers", put_in(*rt, "d", 20), kPatience));
  return rt;
}

keys found(runtime& rt, std::vector<field_condition> where, bool backward = false) {
  return keys_of(need(rt.query({.projection = "ledgers", .index = "owner_sum", .where = std::move(where), .backward = backward})));
}

errc refused(runtime& rt, view_query asked) {
  auto const end = rt.query(std::move(asked)).get();
  REQUIRE_FALSE(end);
  return end.error().code;
}

}  // namespace

TEST_CASE("An index answers equality on its first fields and a range on the next, both ways", "[views]") {
  auto const rt = five_ledgers();
  CHECK(found(*rt, {}) == keys{"a", "b", "c", "d", "e"});
  CHECK(found(*rt, {}, true) == keys{"e", "d", "c", "b", "a"});
  CHECK(found(*rt, {{"owner", relation::equal, "bob"}}) == keys{"c", "d"});
  CHECK(found(*rt, {{"owner", relation::equal, "bob"}}, true) == keys{"d", "c"});
  CHECK(found(*rt, {{"owner", relation::equal, "bob"}, {"sum", relation::equal, "20"}}) == keys{"d"});
  CHECK(found(*rt, {{"owner", relation::equal, "ann"}, {"sum", relation::greater, "10"}}) == keys{"b"});
  CHECK(found(*rt, {{"owner", relation::equal, "ann"}, {"sum", relation::at_least, "10"}}) == keys{"a", "b"});
  CHECK(found(*rt, {{"owner", relation::equal, "ann"}, {"sum", relation::less, "20"}}) == keys{"a"});
  CHECK(found(*rt, {{"owner", relation::equal, "ann"}, {"sum", relation::at_most, "20"}, {"sum", relation::greater, "10"}}) == keys{"b"});
  CHECK(found(*rt, {{"owner", relation::equal, "ann"}, {"sum", relation::greater, "20"}, {"sum", relation::less, "5"}}).empty());
  CHECK(found(*rt, {{"owner", relation::at_least, "bob"}}) == keys{"c", "d", "e"});
  CHECK(found(*rt, {{"owner", relation::greater, "ann"}, {"owner", relation::less, "eve"}}, true) == keys{"d", "c"});
  CHECK(found(*rt, {{"owner", relation::equal, "bo"}}).empty());
  CHECK(found(*rt, {{"owner", relation::equal, "bob"}, {"sum", relation::greater, "9223372036854775807"}}).empty());
}

TEST_CASE("Absent values come first, are found as absent, and are in no range", "[views]") {
  auto const rt = five_ledgers();
  auto const ask = [&](std::vector<field_condition> where) {
    return keys_of(need(rt->query({.projection = "ledgers", .index = "last", .where = std::move(where)})));
  };
  CHECK(ask({}) == keys{"e", "a", "b", "c", "d"});
  CHECK(ask({{"last", relation::equal, std::nullopt}}) == keys{"e"});
  CHECK(ask({{"last", relation::less, "2999-01-01T00:00:00Z"}}) == keys{"a", "b", "c", "d"});
  CHECK(ask({{"last", relation::at_least, "2000-01-01T00:00:00Z"}}) == keys{"a", "b", "c", "d"});
  CHECK(refused(*rt, {.projection = "ledgers", .index = "last", .where = {{"last", relation::less, std::nullopt}}}) ==
        errc::invalid_argument);
}

TEST_CASE("By key all documents, or those with a prefix, both ways", "[views]") {
  auto const rt = five_ledgers();
  make_ledger(*rt, "aa");
  auto const at = make_ledger(*rt, "ab");
  auto const ask = [&](std::string prefix, bool backward) {
    return keys_of(
        need(rt->query({.projection = "ledgers", .key_prefix = std::move(prefix), .backward = backward, .after = {at, kPatience}})));
  };
  CHECK(ask("", false) == keys{"a", "aa", "ab", "b", "c", "d", "e"});
  CHECK(ask("a", false) == keys{"a", "aa", "ab"});
  CHECK(ask("a", true) == keys{"ab", "aa", "a"});
  CHECK(ask("x", false).empty());
}

TEST_CASE("What an index cannot answer is refused", "[views]") {
  auto const rt = five_ledgers();
  view_query const base{.projection = "ledgers", .index = "owner_sum"};
  auto const with = [&](std::vector<field_condition> where) {
    auto asked = base;
    asked.where = std::move(where);
    return refused(*rt, asked);
  };
  CHECK(refused(*rt, {.projection = "ledgers", .index = "none"}) == errc::unknown_index);
  CHECK(with({{"bookings", relation::equal, "1"}}) == errc::unknown_index);
  CHECK(with({{"sum", relation::equal, "1"}}) == errc::invalid_argument);  // not a leading field
  CHECK(with({{"owner", relation::less, "b"}, {"sum", relation::equal, "1"}}) == errc::invalid_argument);
  CHECK(with({{"owner", relation::equal, "b"}, {"owner", relation::less, "c"}}) == errc::invalid_argument);
  CHECK(with({{"owner", relation::less, "b"}, {"owner", relation::at_most, "c"}}) == errc::invalid_argument);
  CHECK(with({{"owner", relation::equal, "b"}, {"sum", relation::equal, "many"}}) == errc::invalid_argument);
  CHECK(with({{"owner", relation::equal, std::nullopt}}) == errc::invalid_argument);  // never absent
  CHECK(refused(*rt, {.projection = "ledgers", .where = {{"owner", relation::equal, "b"}}}) == errc::invalid_argument);
  auto prefixed = base;
  prefixed.key_prefix = "a";
  CHECK(refused(*rt, prefixed) == errc::invalid_argument);
}

TEST_CASE("Cursors lead through all pages, belong to their query, and survive a rebuild", "[views]") {
  auto const rt = five_ledgers();
  view_query asked{.projection = "ledgers", .index = "owner_sum", .limit = 2};
  keys all;
  for (;;) {
    auto const page = need(rt->query(asked));
    for (auto const& key : keys_of(page)) all.push_back(key);
    if (!page.next) break;
    asked.cursor = *page.next;
    auto const generation = need(rt->projection("ledgers")).generation;
    need(rt->rebuild_projection("ledgers"));
    wait_until(*rt, "ledgers", [&](projection_status const& now) { return now.generation > generation; });
  }
  CHECK(all == keys{"a", "b", "c", "d", "e"});
  auto other = asked;
  other.backward = true;
  CHECK(refused(*rt, other) == errc::stale_cursor);
  other = asked;
  other.where = {{"owner", relation::equal, "ann"}};
  CHECK(refused(*rt, other) == errc::stale_cursor);
  other = asked;
  other.index = "last";
  CHECK(refused(*rt, other) == errc::stale_cursor);
  other = asked;
  other.cursor = "no cursor!";
  CHECK(refused(*rt, other) == errc::invalid_argument);
  other.cursor.resize(100'000, 'A');
  CHECK(refused(*rt, other) == errc::invalid_argument);
}

TEST_CASE("The typed view finds documents as they are written in C++", "[views]") {
  auto const rt = five_ledgers();
  auto const page = rt->view<ledger_view>().by("owner_sum").where("owner", "bob").at_least("sum", 6).backward().get();
  REQUIRE(page);
  REQUIRE(page->documents.size() == 1);
  CHECK(page->documents[0].key == "d");
  CHECK(page->documents[0].document.sum == 20);
  CHECK(rt->view<ledger_view>().by("last").where_absent("last").get()->documents.at(0).key == "e");
  auto const first = rt->view<ledger_view>().by_key().limit(3).get();
  REQUIRE(first);
  REQUIRE(first->next);
  CHECK(rt->view<ledger_view>().by_key().limit(3).from(*first->next).get()->documents.size() == 2);
}

TEST_CASE("Changes are told once each, as they are now, deletions included, and the cursor goes on", "[views]") {
  auto const rt = five_ledgers();
  auto feed = need(rt->changes({.projection = "ledgers", .wait = 0ms}));
  CHECK(feed.changes.empty());
  auto waiting = rt->changes({.projection = "ledgers", .cursor = feed.cursor, .wait = kPatience});
  auto at = put_in(*rt, "c", 1);
  feed = need(std::move(waiting));
  REQUIRE(feed.changes.size() == 1);
  CHECK(feed.changes[0].key == "c");
  CHECK(feed.changes[0].at == at);
  CHECK(feed.changes[0].json->find("\"sum\":6") != std::string::npos);
  auto const before = feed.cursor;

  put_in(*rt, "a", 1);
  put_in(*rt, "b", 1);
  put_in(*rt, "a", 1);
  at = put_in(*rt, "d", kClosing);
  need(rt->wait_for("ledgers", at, kPatience));
  std::map<std::string, bool> there;
  keys order;
  view_changes_request asked{.projection = "ledgers", .cursor = before, .limit = 2, .wait = 0ms};
  for (;;) {
    feed = need(rt->changes(asked));
    if (feed.changes.empty()) break;
    CHECK(feed.changes.size() <= 2);
    for (auto const& each : feed.changes) {
      order.push_back(each.key);
      there[each.key] = each.json.has_value();
    }
    asked.cursor = feed.cursor;
  }
  CHECK(order == keys{"b", "a", "d"});
  CHECK(there == std::map<std::string, bool>{{"a", true}, {"b", true}, {"d", false}});
}

TEST_CASE("A cursor of changes that are not kept any more, or of a generation that is gone, begins anew", "[views]") {
  auto options = in_memory();
  options.projections.change_events = 10;
  auto const rt = start(options, types_with_views());
  need(rt->wait_for("ledgers", make_ledger(*rt, "a"), kPatience));
  auto const old = need(rt->changes({.projection = "ledgers", .wait = 0ms})).cursor;
  SECTION("too far back") {
    for (int i = 0; i < 10; ++i) need(rt->wait_for("ledgers", put_in(*rt, "a", 1, 10), kPatience));
  }
  SECTION("another generation") {
    auto const generation = need(rt->projection("ledgers")).generation;
    need(rt->rebuild_projection("ledgers"));
    wait_until(*rt, "ledgers", [&](projection_status const& now) { return now.generation > generation; });
  }
  auto const reset = need(rt->changes({.projection = "ledgers", .cursor = old, .wait = kPatience}));
  CHECK(reset.reset);
  CHECK(reset.changes.empty());
  auto const at = put_in(*rt, "a", 1);
  auto const next = need(rt->changes({.projection = "ledgers", .cursor = reset.cursor, .wait = kPatience}));
  CHECK_FALSE(next.reset);
  REQUIRE(next.changes.size() == 1);
  CHECK(next.changes[0].at == at);
  CHECK(rt->changes({.projection = "slow", .cursor = old}).get().error().code == errc::invalid_argument);
  CHECK(rt->changes({.projection = "ledgers", .cursor = "AAAA"}).get().error().code == errc::invalid_argument);
}

TEST_CASE("A retried event is told to followers who have passed its position", "[views]") {
  auto options = in_memory();
  options.projections.first_retry_delay = 1ms;
  auto const rt = start(options, types_with_views());
  no_mischief const clean;
  make_ledger(*rt, "bad");
  doing().poison = 13;
  auto const poison = put_in(*rt, "bad", 13);
  need(rt->wait_for("ledgers", make_ledger(*rt, "good"), kPatience));
  auto const cursor = need(rt->changes({.projection = "ledgers", .wait = 0ms})).cursor;
  doing().poison = 0;
  CHECK(need(rt->retry_dead_letter("ledgers", poison.value(), false)).handled == 1);
  auto const feed = need(rt->changes({.projection = "ledgers", .cursor = cursor, .wait = kPatience}));
  REQUIRE(feed.changes.size() == 1);
  CHECK(feed.changes[0].key == "bad");
  CHECK(feed.changes[0].at == poison);
}

TEST_CASE("Random operations: queries and changes agree with a simple model", "[views]") {
  auto const seed = test_seed();
  INFO("EVOKE_SEED=" << seed);
  std::mt19937_64 random(seed);
  auto const one_of = [&](std::uint64_t n) { return random() % n; };
  auto const rt = start(in_memory(), types_with_views());
  std::vector<std::string> const owners = {"ann", "bob", "eve"};
  std::map<std::string, std::pair<std::string, std::int64_t>> model;
  std::map<std::string, std::string> followed;
  std::string cursor = need(rt->changes({.projection = "ledgers", .wait = 2'000ms})).cursor;
  position at{};
  for (int round = 0; round < 60; ++round) {
    INFO("round " << round);
    for (auto acts = one_of(8); acts > 0; --acts) {
      auto const id = "l-" + std::to_string(one_of(12));
      if (!model.contains(id)) {
        auto const& owner = owners[one_of(3)];
        at = make_ledger(*rt, id, owner);
        model[id] = {owner, 0};
      } else {
        auto const amount = static_cast<std::int64_t>(1 + one_of(5));
        at = put_in(*rt, id, amount);
        model[id].second += amount;
      }
    }
    if (one_of(10) == 0) need(rt->rebuild_projection("ledgers"));

    std::vector<std::pair<std::int64_t, std::string>> wanted;
    auto const& owner = owners[one_of(3)];
    auto const from = static_cast<std::int64_t>(one_of(12));
    bool const backward = one_of(2) == 0;
    for (auto const& [id, each] : model)
      if (each.first == owner && each.second >= from) wanted.emplace_back(each.second, id);
    std::ranges::sort(wanted);
    if (backward) std::ranges::reverse(wanted);
    std::vector<std::pair<std::int64_t, std::string>> got;
    std::string next;
    do {
      auto search =
          rt->view<ledger_view>().by("owner_sum").where("owner", owner).at_least("sum", from).limit(1 + one_of(4)).after({at, kPatience});
      if (backward) search = std::move(search).backward();
      auto const page = std::move(search).from(next).get();
      REQUIRE(page);
      for (auto const& each : page->documents) got.emplace_back(each.document.sum, each.key);
      next = page->next.value_or("");
    } while (!next.empty());
    CHECK(got == wanted);

    for (;;) {
      auto const feed = need(rt->changes({.projection = "ledgers", .cursor = cursor, .limit = 1 + one_of(5), .wait = 0ms}));
      cursor = feed.cursor;
      if (feed.reset) {
        followed.clear();
        for (auto const& each : need(rt->query({.projection = "ledgers"})).documents) followed[each.key] = each.json;
        continue;
      }
      if (feed.changes.empty()) break;
      for (auto const& each : feed.changes) followed[each.key] = each.json.value_or("");
    }
    std::map<std::string, std::string> now;
    for (auto const& each : need(rt->query({.projection = "ledgers"})).documents) now[each.key] = each.json;
    CHECK(followed == now);
  }
}
