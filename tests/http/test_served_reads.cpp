#include "tests/http/served_world.hpp"

using namespace evoke;
using namespace evoke::http;
using namespace evoke::http::tests;
using tree = nlohmann::json;

namespace {

/// A ledger `l` at version 6 (sum 15), and one `m` at version 1.
struct history : served_world {
  using served_world::served_world;
  history() {
    command("ledger/l/open_ledger", R"({"owner":"ann"})");
    for (int i = 1; i <= 5; ++i) command("ledger/l/book", R"({"amount":)" + std::to_string(i) + R"(,"times":1})");
    command("ledger/m/open_ledger", R"({"owner":"bob"})", "Correlation-Id: flow-m\r\n");
  }
  tree event_at(int version) const {
    return json_of(get("/v1/streams/ledger/l?limit=1&from_version=" + std::to_string(version)))["events"][0];
  }
};

std::string next_of(answer const& got) {
  auto const link = got.header("link");
  if (!link.ends_with(">; rel=\"next\"")) return {};
  return link.substr(1, link.find('>') - 1);
}

}  // namespace

TEST_CASE("state is read with its version") {
  history world;
  auto const got = world.get("/v1/aggregates/ledger/l");
  CHECK(got.status == 200);
  CHECK(got.header("etag") == "\"6\"");
  CHECK(got.header("content-type") == "application/json");
  auto const body = json_of(got);
  CHECK(body["version"] == 6);
  CHECK(body["position"] == 6);
  CHECK(body["state"] == tree::parse(R"({"owner":"ann","sum":15})"));
  // The same that its last write was answered with: a command that changes nothing says it again.
  CHECK(got.header("consistency-token") == world.command("ledger/l/book", R"({"amount":0,"times":1})").header("consistency-token"));
}

TEST_CASE("an unchanged state is not sent again") {
  history world;
  auto const got = world.get("/v1/aggregates/ledger/l", "If-None-Match: \"6\"\r\n");
  CHECK(got.status == 304);
  CHECK(got.header("etag") == "\"6\"");
  CHECK(world.get("/v1/aggregates/ledger/l", "If-None-Match: W/\"6\"\r\n").status == 304);
  CHECK(world.get("/v1/aggregates/ledger/l", "If-None-Match: \"5\"\r\n").status == 200);
  CHECK(world.get("/v1/aggregates/ledger/l", "If-None-Match: nonsense\r\n").status == 400);
}

TEST_CASE("a read may demand a version too") {
  history world;
  CHECK(world.get("/v1/aggregates/ledger/l", "If-Match: \"6\"\r\n").status == 200);
  auto const got = world.get("/v1/aggregates/ledger/l", "If-Match: \"5\"\r\n");
  CHECK(got.status == 412);
  CHECK(json_of(got)["current_version"] == 6);
}

TEST_CASE("state is read as it was at a version") {
  history world;
  auto const got = world.get("/v1/aggregates/ledger/l?version=3");
  CHECK(got.header("etag") == "\"3\"");
  CHECK(json_of(got)["state"]["sum"] == 3);
  CHECK_FALSE(got.header("memento-datetime").empty());
  CHECK(world.get("/v1/aggregates/ledger/l?version=7").status == 404);
  CHECK(world.get("/v1/aggregates/ledger/l?version=x").status == 400);
  CHECK(world.get("/v1/aggregates/ledger/l?version=0").status == 404);
}

TEST_CASE("state is read as it was at a time") {
  history world;
  auto const third = world.event_at(3);
  auto const got = world.get("/v1/aggregates/ledger/l?at=" + third["time"].get<std::string>());
  CHECK(got.status == 200);
  CHECK(json_of(got)["version"] >= 3);
  CHECK(json_of(got)["time"] == third["time"]);
  CHECK(world.get("/v1/aggregates/ledger/l?at=2000-01-01T00:00:00Z").status == 404);
  CHECK(world.get("/v1/aggregates/ledger/l?at=2100-01-01T00:00:00%2B01:00").header("etag") == "\"6\"");
  CHECK(world.get("/v1/aggregates/ledger/l?at=yesterday").status == 400);
  CHECK(world.get("/v1/aggregates/ledger/l?at=2100-01-01T00:00:00Z&version=1").status == 400);
}

TEST_CASE("Accept-Datetime reads the state of that second") {
  history world;
  auto const got = world.get("/v1/aggregates/ledger/l", "Accept-Datetime: Fri, 01 Jan 2100 00:00:00 GMT\r\n");
  CHECK(got.status == 200);
  CHECK(got.header("etag") == "\"6\"");
  CHECK(got.header("vary").find("Accept-Datetime") != std::string::npos);
  auto const memento = got.header("memento-datetime");
  CHECK(memento.ends_with(" GMT"));
  CHECK(world.get(got.header("content-location")).header("etag") == "\"6\"");
  CHECK(world.get("/v1/aggregates/ledger/l", "Accept-Datetime: " + memento + "\r\n").header("etag") == "\"6\"");
  CHECK(world.get("/v1/aggregates/ledger/l", "Accept-Datetime: Sat, 01 Jan 2000 00:00:00 GMT\r\n").status == 404);
  CHECK(world.get("/v1/aggregates/ledger/l", "Accept-Datetime: soon\r\n").status == 400);
}

TEST_CASE("too long a history is refused") {
  auto options = small_runtime();
  options.limits.max_history_events = 3;
  served_world world(any_port(), options);
  world.command("ledger/l/open_ledger", R"({"owner":"ann"})");
  world.command("ledger/l/book", R"({"amount":1,"times":5})");
  auto const got = world.get("/v1/aggregates/ledger/l?version=5");
  CHECK(got.status == 422);
  CHECK(problem_of(got) == "history-too-long");
}

TEST_CASE("what is not there is 404") {
  history world;
  CHECK(problem_of(world.get("/v1/aggregates/ledger/none")) == "not-found");
  CHECK(problem_of(world.get("/v1/aggregates/nothing/l")) == "unknown-type");
  CHECK(problem_of(world.get("/v1/aggregates/nothing")) == "unknown-type");
  CHECK(problem_of(world.get("/v1/streams/ledger/none")) == "not-found");
  CHECK(problem_of(world.get("/v1/streams/nothing/l")) == "unknown-type");
  CHECK(problem_of(world.get("/v1/events/0190c5a2-7e3b-7abc-9def-1234567890ab")) == "not-found");
  CHECK(problem_of(world.get("/v1/nothing")) == "no-such-route");
}

TEST_CASE("ids are listed page by page") {
  served_world world;
  std::vector<std::string> const ids{"a", "b b", "c\xC3\xA9", "d", "e"};
  for (auto const& id : {"a", "b%20b", "c%C3%A9", "d", "e"})
    world.command("ledger/" + std::string(id) + "/open_ledger", R"({"owner":"x"})");
  std::vector<std::string> listed;
  int pages = 0;
  for (std::string link = "/v1/aggregates/ledger?limit=2"; !link.empty(); ++pages) {
    auto const got = world.get(link);
    REQUIRE(got.status == 200);
    auto const page = json_of(got);
    for (auto const& id : page["aggregate_ids"]) listed.push_back(id);
    link = next_of(got);
  }
  CHECK(listed == ids);
  CHECK(pages == 3);
}

TEST_CASE("a cursor of another listing is refused") {
  served_world world;
  for (auto const& id : {"a", "b"}) {
    world.command("ledger/" + std::string(id) + "/open_ledger", R"({"owner":"x"})");
    world.command("door/" + std::string(id) + "/build", R"({"color":"x"})", "If-None-Match: *\r\n");
  }
  auto const cursor = json_of(world.get("/v1/aggregates/ledger?limit=1"))["next_cursor"].get<std::string>();
  CHECK(world.get("/v1/aggregates/ledger?cursor=" + cursor).status == 200);
  CHECK(world.get("/v1/aggregates/door?cursor=" + cursor).status == 400);
  CHECK(world.get("/v1/aggregates/ledger?cursor=made-up").status == 400);
}

TEST_CASE("a stream is read forward page by page") {
  history world;
  std::vector<int> versions;
  for (std::string link = "/v1/streams/ledger/l?limit=4"; !link.empty();) {
    auto const got = world.get(link);
    REQUIRE(got.status == 200);
    CHECK(got.header("etag") == "\"6\"");
    CHECK(json_of(got)["version"] == 6);
    auto const page = json_of(got);
    for (auto const& event : page["events"]) versions.push_back(event["version"]);
    link = next_of(got);
  }
  CHECK(versions == std::vector<int>{1, 2, 3, 4, 5, 6});
}

TEST_CASE("a stream is read backward page by page") {
  history world;
  std::vector<int> versions;
  for (std::string link = "/v1/streams/ledger/l?limit=4&direction=backward"; !link.empty();) {
    auto const got = world.get(link);
    REQUIRE(got.status == 200);
    auto const page = json_of(got);
    for (auto const& event : page["events"]) versions.push_back(event["version"]);
    link = next_of(got);
  }
  CHECK(versions == std::vector<int>{6, 5, 4, 3, 2, 1});
}

TEST_CASE("an unchanged stream is not sent again") {
  history world;
  CHECK(world.get("/v1/streams/ledger/l", "If-None-Match: \"6\"\r\n").status == 304);
  CHECK(world.get("/v1/streams/ledger/l", "If-None-Match: \"5\"\r\n").status == 200);
}

TEST_CASE("an event has one shape wherever it is read") {
  history world;
  auto const in_stream = world.event_at(2);
  auto const in_log = json_of(world.get("/v1/events?after=1&limit=1"))["events"][0];
  auto const alone = json_of(world.get("/v1/events/" + in_stream["event_id"].get<std::string>()));
  CHECK(in_stream == in_log);
  CHECK(in_stream == alone);
  CHECK(in_stream["event_type"] == "booked");
  CHECK(in_stream["schema_version"] == 1);
  CHECK(in_stream["aggregate_type"] == "ledger");
  CHECK(in_stream["aggregate_id"] == "l");
  CHECK(in_stream["version"] == 2);
  CHECK(in_stream["position"] == 2);
  CHECK(in_stream["data"] == tree::parse(R"({"amount":1})"));
  CHECK(in_stream.size() == 10);
}

TEST_CASE("the log is read page by page") {
  history world;
  std::vector<int> positions;
  for (std::string link = "/v1/events?limit=3"; !link.empty();) {
    auto const got = world.get(link);
    REQUIRE(got.status == 200);
    auto const page = json_of(got);
    for (auto const& event : page["events"]) positions.push_back(event["position"]);
    link = next_of(got);
    CHECK(page["at_end"] == link.empty());
  }
  CHECK(positions == std::vector<int>{1, 2, 3, 4, 5, 6, 7});
}

TEST_CASE("the log is filtered") {
  history world;
  world.command("door/lock/build", R"({"color":"red"})", "If-None-Match: *\r\n");
  auto const count = [&](std::string const& query) {
    auto const got = world.get("/v1/events?" + query);
    INFO(query << " " << got.body);
    REQUIRE(got.status == 200);
    return json_of(got)["events"].size();
  };
  CHECK(count("") == 8);
  CHECK(count("aggregate_type=ledger") == 7);
  CHECK(count("aggregate_type=ledger,door") == 8);
  CHECK(count("aggregate_type=ledger&aggregate_type=door") == 8);
  CHECK(count("event_type=booked") == 5);
  CHECK(count("event_type=booked&aggregate_type=door") == 0);
  CHECK(count("event_type=never_heard_of") == 0);
  CHECK(count("correlation_id=flow-m") == 1);
  CHECK(count("id_prefix=l") == 7);
  CHECK(count("id_prefix=lo") == 1);
  CHECK(count("since=2000-01-01T00:00:00Z") == 8);
  CHECK(count("since=2100-01-01T00:00:00Z") == 0);
  CHECK(count("after=6") == 2);
}

TEST_CASE("cursors beyond the head and malformed filters are refused") {
  history world;
  for (std::string const query : {"after=8", "after=x", "after=-1", "after=", "since=now", "limit=0", "limit=x", "aggregate_type=no%20name",
                                  "event_type=7x", "color=red", "after=1&after=2"}) {
    INFO(query);
    CHECK(world.get("/v1/events?" + query).status == 400);
  }
  CHECK(world.get("/v1/events?after=7").status == 200);
}

TEST_CASE("events are read as lines") {
  history world;
  auto const got = world.get("/v1/streams/ledger/l", "Accept: application/x-ndjson\r\n");
  CHECK(got.header("content-type") == "application/x-ndjson");
  std::vector<tree> lines;
  for (std::size_t at = 0; at < got.body.size();) {
    auto const end = got.body.find('\n', at);
    REQUIRE(end != std::string::npos);
    lines.push_back(tree::parse(got.body.substr(at, end - at)));
    at = end + 1;
  }
  REQUIRE(lines.size() == 6);
  CHECK(lines[2] == world.event_at(3));
}

TEST_CASE("lines without a limit are all there is, with one a page") {
  served_world world;
  world.command("ledger/l/open_ledger", R"({"owner":"ann"})");
  world.command("ledger/l/book", R"({"amount":1,"times":999})");
  world.command("ledger/l/book", R"({"amount":1,"times":600})");
  auto const lines = [](answer const& got) { return std::ranges::count(got.body, '\n'); };
  for (std::string const target : {"/v1/streams/ledger/l", "/v1/events"}) {
    INFO(target);
    auto const all = world.get(target, "Accept: application/x-ndjson\r\n");
    CHECK(all.header("transfer-encoding") == "chunked");
    CHECK(lines(all) == 1600);
    auto const page = world.get(target + "?limit=700", "Accept: application/x-ndjson\r\n");
    CHECK(lines(page) == 700);
    CHECK_FALSE(next_of(page).empty());
  }
}

TEST_CASE("events are read as a batch of CloudEvents") {
  history world;
  auto const got = world.get("/v1/events?limit=2", "Accept: application/cloudevents-batch+json\r\n");
  CHECK(got.header("content-type") == "application/cloudevents-batch+json");
  auto const batch = json_of(got);
  REQUIRE(batch.size() == 2);
  CHECK(batch[1]["specversion"] == "1.0");
  CHECK(batch[1]["type"] == "booked");
  CHECK(batch[1]["subject"] == "l");
  CHECK(batch[1]["sequence"] == "00000000000000000002");
  CHECK_FALSE(next_of(got).empty());
}

TEST_CASE("what cannot be had as asked is not acceptable") {
  history world;
  for (std::string const target : {"/v1/streams/ledger/l", "/v1/events"})
    CHECK(problem_of(world.get(target, "Accept: text/html\r\n")) == "not-acceptable");
  for (std::string const target : {"/v1/aggregates/ledger/l", "/v1/info", "/"})
    CHECK(world.get(target, "Accept: text/html\r\n").status == 406);
  CHECK(world.get("/v1/aggregates/ledger/l", "Accept: text/html, */*;q=0.1\r\n").status == 200);
}

TEST_CASE("HEAD answers as GET without the body") {
  history world;
  auto client = world.connect();
  auto const got = client.ask("HEAD", "/v1/aggregates/ledger/l");
  CHECK(got.status == 200);
  CHECK(got.header("etag") == "\"6\"");
  CHECK(got.header("content-length") == world.get("/v1/aggregates/ledger/l").header("content-length"));
  CHECK(client.ask("GET", "/v1/aggregates/ledger/m").status == 200);
}
