#include "tests/http/view_world.hpp"

using namespace evoke;
using namespace evoke::http;
using namespace evoke::http::tests;
using tree = nlohmann::json;

namespace {

std::vector<std::string> keys_of(answer const& page) {
  std::vector<std::string> keys;
  auto const body = json_of(page);
  for (auto const& each : body["documents"]) keys.push_back(each["key"]);
  return keys;
}

using keys = std::vector<std::string>;

/// Ann has a (5), b (9) and c (12), Bob has d (7); e was opened and never booked.
struct four_holdings : view_world {
  using view_world::view_world;
  four_holdings() {
    hold_amount("a", "ann", 5);
    hold_amount("b", "ann", 9);
    hold_amount("c", "ann", 12);
    hold_amount("d", "bob", 7);
    last = open("e", "eve");
  }
  [[nodiscard]] keys find(std::string_view query) const { return keys_of(get(std::string("/v1/views/holdings").append(query), last)); }
  std::string last;
};

}  // namespace

TEST_CASE("a document is read with the position it is of") {
  view_world const world;
  auto const token = world.hold_amount("a", "ann", 5);
  auto const got = world.get("/v1/views/holdings/a", token);
  CHECK(got.status == 200);
  CHECK(got.header("content-type") == "application/json");
  CHECK("Consistency-Token: " + got.header("consistency-token") + "\r\n" == token);
  CHECK(json_of(got) ==
        tree::parse(
            R"({"projection":"holdings","key":"a","changed":2,"document":{"owner":"ann","sum":5,"last":5,"limit":100},"checkpoint":2})"));
}

TEST_CASE("a document that has not changed is not sent again") {
  view_world const world;
  auto const tag = world.get("/v1/views/holdings/a", world.hold_amount("a", "ann", 5)).header("etag");
  CHECK(tag.starts_with("W/\"2-"));
  // Another ledger's event: the read model has come further, the document is the same.
  auto const later = world.open("b", "bob");
  auto const same = world.get("/v1/views/holdings/a", later + "If-None-Match: \"x\", " + tag + "\r\n");
  CHECK(same.status == 304);
  CHECK(same.header("etag") == tag);
  CHECK_FALSE(same.header("consistency-token").empty());
  CHECK(world.get("/v1/views/holdings/a", "If-None-Match: *\r\n").status == 304);
  CHECK(world.get("/v1/views/holdings/a", "If-None-Match: nonsense\r\n").status == 400);
  CHECK(world.get("/v1/views/holdings/a", world.book("a", 1) + "If-None-Match: " + tag + "\r\n").status == 200);
}

TEST_CASE("what is not there is told apart") {
  four_holdings const world;
  CHECK(problem_of(world.get("/v1/views/none/a")) == "unknown-projection");
  CHECK(problem_of(world.get("/v1/views/none")) == "unknown-projection");
  CHECK(problem_of(world.get("/v1/views/holdings/none", world.last)) == "not-found");
  CHECK(world.get("/v1/views/holdings/a?limit=1").status == 400);
  CHECK(world.get("/v1/views/holdings/a", "Accept: text/html\r\n").status == 406);
  CHECK(world.connect().ask("HEAD", "/v1/views/holdings/a", world.last).status == 200);
}

TEST_CASE("documents are read by key, both ways and by prefix") {
  four_holdings const world;
  CHECK(world.find("") == keys{"a", "b", "c", "d", "e"});
  CHECK(world.find("?direction=backward&limit=2") == keys{"e", "d"});
  CHECK(world.find("?prefix=c") == keys{"c"});
  CHECK(world.find("?prefix=x").empty());
}

TEST_CASE("documents are read by what they hold") {
  four_holdings const world;
  CHECK(world.find("?index=owner&owner=ann") == keys{"a", "b", "c"});
  CHECK(world.find("?owner=ann&sum=9") == keys{"b"});
  CHECK(world.find("?owner=ann&sum.gte=9") == keys{"b", "c"});
  CHECK(world.find("?owner=ann&sum.gt=9") == keys{"c"});
  CHECK(world.find("?owner=ann&sum.gt=5&sum.lt=12") == keys{"b"});
  CHECK(world.find("?owner=ann&sum.lte=5") == keys{"a"});
  CHECK(world.find("?last.absent") == keys{"e"});
  CHECK(world.find("?last.lt=9") == keys{"a", "d"});
  CHECK(world.find("?index=owner_sum&direction=backward") == keys{"e", "d", "c", "b", "a"});
}

TEST_CASE("pages lead to the next one until there is none") {
  four_holdings const world;
  keys seen;
  std::string target = "/v1/views/holdings?index=owner_sum&owner.gte=ann&limit=2";
  for (int pages = 0; !target.empty() && pages < 10; ++pages) {
    auto const got = world.get(target, world.last);
    REQUIRE(got.status == 200);
    for (auto& each : keys_of(got)) seen.push_back(each);
    auto const link = got.header("link");
    CHECK(json_of(got).contains("next_cursor") == !link.empty());
    target = link.empty() ? std::string() : link.substr(1, link.find('>') - 1);
  }
  CHECK(seen == keys{"a", "b", "c", "d", "e"});
}

TEST_CASE("a query that cannot be answered says why") {
  four_holdings const world;
  auto const problem = [&](std::string_view query) { return problem_of(world.get(std::string("/v1/views/holdings?").append(query))); };
  CHECK(problem("colour=red") == "unknown-index");
  CHECK(problem("owner=ann") == "unknown-index");
  CHECK(json_of(world.get("/v1/views/holdings?owner=ann"))["detail"].get<std::string>().find("owner_sum") != std::string::npos);
  CHECK(problem("index=none") == "unknown-index");
  CHECK(problem("index=owner&sum=1") == "unknown-index");
  CHECK(problem("owner=ann&sum=many") == "invalid-argument");
  CHECK(problem("owner=ann&sum.like=1") == "invalid-argument");
  CHECK(problem("cursor=nonsense!") == "invalid-argument");
  auto const cursor = json_of(world.get("/v1/views/holdings?limit=1", world.last))["next_cursor"].get<std::string>();
  CHECK(problem("index=owner&cursor=" + cursor) == "stale-cursor");
}

TEST_CASE("all documents are read as lines, page after page") {
  view_world const world;
  std::string token;
  constexpr int many = 520;  // more than one page of them
  for (int i = 0; i < many; ++i) token = world.open("l-" + std::to_string(10'000 + i), "ann");
  auto const got = world.get("/v1/views/holdings", token + "Accept: application/x-ndjson\r\n");
  CHECK(got.header("content-type") == "application/x-ndjson");
  CHECK_FALSE(got.header("consistency-token").empty());
  std::size_t lines = 0;
  for (std::size_t at = 0; at < got.body.size(); ++lines) {
    auto const end = got.body.find('\n', at);
    REQUIRE(end != std::string::npos);
    CHECK(tree::parse(got.body.substr(at, end - at))["key"] == "l-" + std::to_string(10'000 + lines));
    at = end + 1;
  }
  CHECK(lines == many);
  auto const page = world.get("/v1/views/holdings?limit=2", "Accept: application/x-ndjson\r\n");
  CHECK(std::ranges::count(page.body, '\n') == 2);
  CHECK_FALSE(page.header("link").empty());
}

TEST_CASE("who sends its token never reads a state before its own write") {
  view_world const world;
  world.open("a", "ann");
  for (int sum = 1; sum <= 200; ++sum) {
    auto const got = world.get("/v1/views/holdings/a", world.book("a", 1));
    REQUIRE(json_of(got)["document"]["sum"] == sum);
  }
}

TEST_CASE("a read model that does not come so far in time says where it is, or answers as it is") {
  view_world const world;
  auto const opened = world.open("a", "ann");
  CHECK(world.get("/v1/views/slow/a", opened).status == 200);
  view_world::hold();
  auto const token = world.book("a", 5);
  auto const late = world.get("/v1/views/slow/a", token + "Prefer: wait=0\r\n");
  CHECK(problem_of(late) == "projection-lagging");
  CHECK(late.status == 503);
  CHECK_FALSE(late.header("retry-after").empty());
  CHECK(json_of(late)["checkpoint"] == 1);
  CHECK(json_of(late)["wanted"] == 2);
  CHECK(problem_of(world.get("/v1/views/slow", token + "Prefer: wait=0\r\n")) == "projection-lagging");

  auto const stale = world.get("/v1/views/slow/a", token + "Prefer: wait=0, handling=lenient\r\n");
  CHECK(stale.status == 200);
  CHECK(stale.header("preference-applied") == "wait=0, handling=lenient");
  CHECK(json_of(stale)["stale"] == true);
  CHECK(json_of(stale)["checkpoint"] == 1);
  CHECK(json_of(world.get("/v1/views/slow", token + "Prefer: wait=0, handling=lenient\r\n"))["stale"] == true);
  // Others are held up by none of it.
  CHECK(world.get("/v1/views/holdings/a", token).status == 200);

  view_world::let_go();
  auto const there = world.get("/v1/views/slow/a", token + "Prefer: wait=9\r\n");
  CHECK(there.status == 200);
  CHECK(there.header("preference-applied") == "wait=9");
  CHECK_FALSE(json_of(there).contains("stale"));
}

TEST_CASE("a token without a preference waits two seconds") {
  view_world const world;
  world.open("a", "ann");
  view_world::hold();
  auto const token = world.book("a", 5);
  auto const begun = std::chrono::steady_clock::now();
  CHECK(problem_of(world.get("/v1/views/slow/a", token)) == "projection-lagging");
  CHECK(std::chrono::steady_clock::now() - begun >= std::chrono::milliseconds(1'900));
}

TEST_CASE("tokens that this store did not give are refused") {
  view_world const world;
  world.open("a", "ann");
  auto const other = view_world().open("b", "bob");
  for (std::string const& line : {std::string("Consistency-Token: x\r\n"), std::string("Consistency-Token: \r\n"),
                                  std::string("Consistency-Token: 12345678-1\r\n"), other}) {
    INFO(line);
    CHECK(problem_of(world.get("/v1/views/holdings/a", line)) == "invalid-argument");
    CHECK(world.get("/v1/views/holdings", line).status == 400);
  }
}

TEST_CASE("an aggregate whose row is blocked is not shown as fresh") {
  view_world const world;
  world.open("a", "ann");
  world.open("b", "bob");
  ledgers::doing().poison = 13;
  auto const blocked = world.book("a", 13);
  world.book("a", 1);
  auto const other = world.book("b", 1);
  CHECK(json_of(world.get("/v1/views/ledgers/b", other))["document"]["sum"] == 1);
  auto const got = world.get("/v1/views/ledgers/a", blocked);
  CHECK(problem_of(got) == "projection-blocked");
  CHECK_FALSE(got.header("retry-after").empty());
  CHECK(json_of(world.get("/v1/views/ledgers/a", blocked + "Prefer: handling=lenient\r\n"))["stale"] == true);
}
