#include "tests/http/served_world.hpp"

using namespace evoke;
using namespace evoke::http;
using namespace evoke::http::tests;

namespace {

answer append(served_world const& world, std::string const& body, std::string const& headers = {},
              std::string const& stream = "import/s-1") {
  return world.ask("POST", "/v1/streams/" + stream, headers, body);
}

std::string event(int number, std::string const& type = "seen") {
  return R"({"event_id":"0190c5a2-7e3b-7abc-9def-00000000000)" + std::to_string(number) + R"(","event_type":")" + type +
         R"(","data":{"n":1.10}})";
}

}  // namespace

TEST_CASE("raw events are appended and read back as they were") {
  served_world world;
  auto const got = append(world, "[" + event(1) + R"(,{"event_type":"heard","data":[1, 2],"metadata":{"source":"import"}}])",
                          "Correlation-Id: flow\r\n");
  CHECK(got.status == 201);
  CHECK(got.header("location") == "/v1/streams/import/s-1");
  CHECK(got.header("etag") == "\"2\"");
  CHECK(json_of(got)["events"].size() == 2);
  auto const page = world.get("/v1/streams/import/s-1");
  CHECK(page.body.find(R"("data":{"n":1.10})") != std::string::npos);
  auto const events = json_of(page)["events"];
  CHECK(events[0]["event_id"] == "0190c5a2-7e3b-7abc-9def-000000000001");
  CHECK(events[1]["metadata"]["source"] == "import");
  CHECK(events[1]["metadata"]["correlation_id"] == "flow");
  CHECK(world.get("/v1/events/0190c5a2-7e3b-7abc-9def-000000000001").status == 200);
}

TEST_CASE("a raw append keeps to If-Match") {
  served_world world;
  CHECK(append(world, "[" + event(1) + "]", "If-None-Match: *\r\n").status == 201);
  CHECK(append(world, "[" + event(2) + "]", "If-Match: \"1\"\r\n").status == 200);
  auto const stale = append(world, "[" + event(3) + "]", "If-Match: \"1\"\r\n");
  CHECK(stale.status == 412);
  CHECK(json_of(stale)["current_version"] == 2);
  CHECK(append(world, "[" + event(3) + "]", "If-Match: \"1\"\r\nIf-None-Match: *\r\n").status == 400);
}

TEST_CASE("a batch that is already there is the same answer, checked before If-Match") {
  served_world world;
  auto const body = "[" + event(1) + "," + event(2) + "]";
  auto const first = append(world, body, "If-None-Match: *\r\n");
  auto const again = append(world, body, "If-None-Match: *\r\n");
  CHECK(again.status == first.status);
  CHECK(json_of(again) == json_of(first));
  CHECK(json_of(world.get("/v1/info"))["head"] == 2);
}

TEST_CASE("any other overlap of event ids is a conflict") {
  served_world world;
  append(world, "[" + event(1) + "," + event(2) + "]");
  for (auto const& body :
       {"[" + event(2) + "," + event(3) + "]", "[" + event(2) + "," + event(1) + "]", "[" + event(3) + "," + event(1) + "]"}) {
    auto const got = append(world, body);
    CHECK(got.status == 409);
    CHECK(problem_of(got) == "already-exists");
  }
}

TEST_CASE("nobody appends to a registered type") {
  served_world world;
  auto const got = append(world, "[" + event(1) + "]", {}, "ledger/l");
  CHECK(got.status == 403);
  CHECK(problem_of(got) == "not-allowed");
}

TEST_CASE("a raw append that does not fit says where") {
  served_world world;
  auto const got = append(world, R"([{"event_type":"seen"}])");
  CHECK(got.status == 400);
  CHECK(json_of(got)["errors"][0]["pointer"] == "/0/data");
  CHECK(append(world, "[]").status == 400);
  CHECK(append(world, "{}").status == 400);
}

TEST_CASE("a raw append beyond a limit is too large") {
  served_world world;
  std::string many = "[";
  for (int i = 0; i < 1001; ++i) many += std::string(i == 0 ? "" : ",") + R"({"event_type":"seen","data":1})";
  CHECK(append(world, many + "]").status == 413);
  CHECK(append(world, R"([{"event_type":"seen","data":")" + std::string(300 * 1024, 'x') + "\"}]").status == 413);
  CHECK(json_of(world.get("/v1/info"))["head"] == 0);
}

TEST_CASE("raw appends bring in a limited number of names") {
  auto options = small_runtime();
  options.limits.max_raw_names = 8;
  served_world world(any_port(), options);
  auto const one_named = [&](int number) { return append(world, R"([{"event_type":"name_)" + std::to_string(number) + R"(","data":1}])"); };
  CHECK(one_named(0).status == 201);
  answer refused;
  for (int number = 1; number <= 8 && refused.status != 422; ++number) refused = one_named(number);
  CHECK(refused.status == 422);
  CHECK(problem_of(refused) == "limit-exceeded");
  CHECK(one_named(0).status == 200);
}
