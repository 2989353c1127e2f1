#include "tests/http/view_world.hpp"

using namespace evoke;
using namespace evoke::http;
using namespace evoke::http::tests;
using tree = nlohmann::json;

namespace {

/// Ledger `a` has a poisoned booking (position 3) and two behind it (4 and 6), `b` a poisoned one (5).
struct poisoned : view_world {
  poisoned() {
    open("a", "ann");
    open("b", "bob");
    ledgers::doing().poison = 13;
    book("a", 13);
    book("a", 1);
    book("b", 13);
    book("a", 2);
    ask_until("/v1/projections/ledgers", [](tree const& status) { return status["dead_letters"] == 4; });
  }
  [[nodiscard]] answer post(std::string_view behind) const { return ask("POST", std::string("/v1/projections/ledgers").append(behind)); }
};

}  // namespace

TEST_CASE("projections are listed with how they are doing") {
  view_world const world;
  world.hold_amount("a", "ann", 5);
  auto const all = world.ask_until("/v1/projections", [](tree const& body) {
    return std::ranges::all_of(body["projections"], [](tree const& each) { return each["checkpoint"] == 2 && each["phase"] == "live"; });
  });
  std::vector<std::string> names;
  for (auto const& each : all["projections"]) names.push_back(each["projection"]);
  std::ranges::sort(names);
  CHECK(names == std::vector<std::string>{"holdings", "ledgers", "owners", "slow"});
  auto const one = json_of(world.get("/v1/projections/holdings"));
  CHECK(one["projection"] == "holdings");
  CHECK(one["version"] == 1);
  CHECK(one["head"] == 2);
  CHECK(one["lag_events"] == 0);
  CHECK(one["lag_seconds"] == 0.0);
  CHECK(one["dead_letters"] == 0);
  CHECK(problem_of(world.get("/v1/projections/none")) == "unknown-projection");
  CHECK(world.get("/v1/projections?limit=1").status == 400);
}

TEST_CASE("a projection is paused and goes on") {
  view_world const world;
  world.open("a", "ann");
  auto const paused = world.ask("POST", "/v1/projections/holdings:pause");
  CHECK(paused.status == 200);
  CHECK(json_of(paused)["phase"] == "paused");
  auto const token = world.book("a", 5);
  CHECK(problem_of(world.get("/v1/views/holdings/a", token)) == "projection-blocked");
  CHECK(world.ask("POST", "/v1/projections/holdings:resume").status == 200);
  CHECK(json_of(world.get("/v1/views/holdings/a", token))["document"]["sum"] == 5);
}

TEST_CASE("a projection is rebuilt beside the one that answers") {
  view_world const world;
  auto const token = world.hold_amount("a", "ann", 5);
  auto const before = json_of(world.get("/v1/views/holdings/a", token));
  auto const generation = json_of(world.get("/v1/projections/holdings"))["generation"].get<int>();
  CHECK(world.ask("POST", "/v1/projections/holdings:rebuild").status == 200);
  world.ask_until("/v1/projections/holdings",
                  [&](tree const& status) { return status["generation"] > generation && !status.contains("rebuild"); });
  CHECK(json_of(world.get("/v1/views/holdings/a", token)) == before);
}

TEST_CASE("verbs are for projections that there are, and for POST") {
  view_world const world;
  for (std::string_view const verb : {":pause", ":resume", ":rebuild"}) {
    INFO(verb);
    CHECK(problem_of(world.ask("POST", std::string("/v1/projections/none").append(verb))) == "unknown-projection");
    auto const got = world.get(std::string("/v1/projections/holdings").append(verb));
    CHECK(got.status == 405);
    CHECK(got.header("allow") == "POST, OPTIONS");
    CHECK(world.ask("POST", std::string("/v1/projections/holdings").append(verb).append("?now=1")).status == 400);
  }
  CHECK(world.ask("POST", "/v1/projections/holdings:dance").status == 405);
}

TEST_CASE("dead letters are listed in order, page by page") {
  poisoned const world;
  auto const all = json_of(world.get("/v1/projections/ledgers/dead-letters"));
  CHECK(all["projection"] == "ledgers");
  REQUIRE(all["dead_letters"].size() == 4);
  auto const& first = all["dead_letters"][0];
  CHECK(first["number"] == 3);
  CHECK(first["aggregate_type"] == "ledger");
  CHECK(first["aggregate_id"] == "a");
  CHECK(first["event_type"] == "booked");
  CHECK(first["version"] == 2);
  CHECK(first["position"] == 3);
  CHECK(first["first"] == true);
  CHECK(first["error"].get<std::string>().find("poisoned") != std::string::npos);
  CHECK(all["dead_letters"][1]["first"] == false);

  std::vector<int> seen;
  std::string target = "/v1/projections/ledgers/dead-letters?limit=3";
  while (!target.empty()) {
    auto const got = world.get(target);
    auto const body = json_of(got);
    for (auto const& each : body["dead_letters"]) seen.push_back(each["number"]);
    auto const link = got.header("link");
    target = link.empty() ? std::string() : link.substr(1, link.find('>') - 1);
  }
  CHECK(seen == std::vector<int>{3, 4, 5, 6});
  CHECK(world.get("/v1/projections/ledgers/dead-letters?cursor=x").status == 400);
  CHECK(problem_of(world.get("/v1/projections/none/dead-letters")) == "unknown-projection");
}

TEST_CASE("a dead letter is tried again, alone or with its row") {
  poisoned const world;
  auto const again = json_of(world.post("/dead-letters/3:retry"));
  CHECK(again["handled"] == 0);
  CHECK(again["left"] == 3);
  CHECK(again["error"].get<std::string>().find("poisoned") != std::string::npos);
  ledgers::doing().poison = 0;
  CHECK(json_of(world.post("/dead-letters/3:retry")) == tree::parse(R"({"handled":1,"left":2})"));
  CHECK(json_of(world.post("/dead-letters/4:retry?row=true")) == tree::parse(R"({"handled":2,"left":0})"));
  CHECK(json_of(world.get("/v1/views/ledgers/a"))["document"]["sum"] == 16);
  CHECK(json_of(world.get("/v1/projections/ledgers"))["dead_letters"] == 1);
}

TEST_CASE("a dead letter is given up") {
  poisoned const world;
  // The row goes on behind it: nothing of it is left.
  CHECK(json_of(world.post("/dead-letters/3:skip"))["handled"] >= 1);
  ledgers::doing().poison = 0;
  CHECK(json_of(world.post("/dead-letters/5:skip"))["left"] == 0);
}

TEST_CASE("dead letters that cannot be handled are told apart") {
  poisoned const world;
  for (std::string_view const verb : {":retry", ":skip"}) {
    INFO(verb);
    auto const of = [&](std::string_view number) { return world.post(std::string("/dead-letters/").append(number).append(verb)); };
    CHECK(problem_of(of("1")) == "not-found");
    CHECK(problem_of(of("99999")) == "not-found");
    CHECK(problem_of(of("x")) == "not-found");
    CHECK(problem_of(of("4")) == "invalid-argument");  // it waits behind another
  }
  CHECK(world.post("/dead-letters/3:retry?row=maybe").status == 400);
  CHECK(world.post("/dead-letters/3:skip?row=true").status == 400);
}

TEST_CASE("the catalogue, the start page and the document know of read models") {
  view_world const world;
  auto const types = json_of(world.get("/v1/types"));
  auto const found = std::ranges::find_if(types["projections"], [](tree const& each) { return each["projection"] == "holdings"; });
  REQUIRE(found != types["projections"].end());
  CHECK((*found)["version"] == 1);
  CHECK((*found)["keys"] == "by_aggregate");
  CHECK((*found)["sources"][0]["aggregate_type"] == "ledger");
  CHECK((*found)["indexes"][1] == tree::parse(R"({"index":"owner_sum","fields":[{"field":"owner","order":"text","optional":false},)"
                                              R"({"field":"sum","order":"signed_number","optional":false}]})"));
  CHECK((*found)["document_schema"]["properties"].contains("owner"));

  auto const links = json_of(world.get("/"))["links"];
  CHECK(links["projections"] == "/v1/projections");
  CHECK(links["views"]["holdings"] == "/v1/views/holdings");

  auto const paths = json_of(world.get("/openapi.json"))["paths"];
  CHECK(paths.contains("/v1/views/{projection}/{key}"));
  CHECK(paths["/v1/views/holdings"]["get"]["operationId"] == "read_view.holdings");
  CHECK(paths["/v1/views/holdings/{key}"].contains("get"));
  CHECK(paths["/v1/projections/{projection}:pause"].contains("post"));
}
