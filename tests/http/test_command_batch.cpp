#include "http/command_batch.hpp"

#include <catch2/catch.hpp>

using namespace evoke;
using namespace evoke::http;

namespace {

constexpr batch_limits roomy{100, 64};

std::vector<batched_command> parsed(std::string_view body, command_wish const& all = {}) {
  auto commands = parse_batch(body, all, roomy);
  if (!commands) FAIL(commands.error().message);
  return *std::move(commands);
}

/// The only entry of a batch, with these members beside the three that there must be.
batched_command entry(std::string const& members, command_wish const& all = {}) {
  auto const rest = members.empty() ? std::string() : "," + members;
  return parsed(R"([{"aggregate_type":"t","aggregate_id":"i","command":"c")" + rest + "}]", all).at(0);
}

failure refusal(std::string_view body, batch_limits const& most = roomy) {
  auto const commands = parse_batch(body, {}, most);
  REQUIRE_FALSE(commands);
  return commands.error();
}

}  // namespace

TEST_CASE("an entry says what path, body and headers of a single command say") {
  auto const all = parsed(R"([{"aggregate_type":"cart","aggregate_id":"c 1/é","command":"add","body":{"n":1},"expected_version":7,
    "idempotency_key":"k 1","correlation_id":"flow","causation_id":"cause",
    "traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01","tracestate":"a=1","prefer":"return=minimal","dry_run":false}])");
  REQUIRE(all.size() == 1);
  auto const& one = all[0];
  CHECK_FALSE(one.refused);
  CHECK(one.type == "cart");
  CHECK(one.id == "c 1/é");
  CHECK(one.command == "add");
  CHECK(one.body == R"({"n":1})");
  CHECK(one.expected == "7");
  CHECK(one.wish.reply == preferences::reply::minimal);
  auto const& options = one.wish.options;
  CHECK(options.expected.matches(version{7}));
  CHECK_FALSE(options.expected.matches(version{8}));
  CHECK(options.idempotency_key == "k 1");
  CHECK(options.meta.correlation_id == "flow");
  CHECK(options.meta.causation_id == "cause");
  CHECK(options.meta.traceparent == "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  CHECK(options.meta.tracestate == "a=1");
  CHECK_FALSE(options.dry_run);
  CHECK_FALSE(options.return_state);
}

TEST_CASE("three members are enough") {
  auto const one = entry("");
  CHECK_FALSE(one.refused);
  CHECK(one.body == "{}");
  CHECK(one.wish.options.expected.is_any());
  CHECK_FALSE(one.wish.options.idempotency_key);
  CHECK(one.wish.reply == preferences::reply::standard);
}

TEST_CASE("a body is taken byte for byte: its fingerprint is that of a request of its own") {
  CHECK(entry(R"("body": { "a" : "\u00e9\/}", "b":[1.0, 1e2] } )").body == R"({ "a" : "\u00e9\/}", "b":[1.0, 1e2] })");
}

TEST_CASE("a version is demanded in every form that headers have") {
  struct {
    std::string written;
    bool absent, one, two;
  } const cases[] = {{"0", true, false, false}, {"1", false, true, false}, {"[1,2]", false, true, true}, {"\"exists\"", false, true, true}};
  for (auto const& each : cases) {
    INFO(each.written);
    auto const one = entry("\"expected_version\":" + each.written);
    CHECK_FALSE(one.refused);
    CHECK(one.expected == each.written);
    CHECK(one.wish.options.expected.matches(version{}) == each.absent);
    CHECK(one.wish.options.expected.matches(version{1}) == each.one);
    CHECK(one.wish.options.expected.matches(version{2}) == each.two);
  }
  for (std::string const written : {"-1", "1.0", "\"1\"", "\"any\"", "[]", "[0]", "[1,\"2\"]", "{}", "true", "18446744073709551616"}) {
    INFO(written);
    auto const one = entry("\"expected_version\":" + written);
    REQUIRE(one.refused);
    CHECK(one.refused->errors.at(0).pointer == "/0/expected_version");
  }
}

TEST_CASE("what is said for all holds unless an entry says otherwise") {
  command_wish all;
  all.reply = preferences::reply::representation;
  all.options.return_state = true;
  all.options.meta.correlation_id = "flow";
  all.options.meta.causation_id = "cause";
  all.options.meta.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  all.options.meta.tracestate = "a=1";
  CHECK(entry("", all).wish.options.meta == all.options.meta);
  CHECK(entry("", all).wish.options.return_state);
  CHECK(entry(R"("correlation_id":"mine")", all).wish.options.meta.correlation_id == "mine");
  CHECK(entry(R"("correlation_id":"mine")", all).wish.options.meta.causation_id == "cause");
  CHECK(entry(R"("prefer":"return=minimal")", all).wish.reply == preferences::reply::minimal);
  CHECK_FALSE(entry(R"("prefer":"")", all).wish.options.return_state);
  CHECK(entry(R"("prefer":"","dry_run":true)", all).wish.options.return_state);
  // The state belongs to the parent that was sent with it.
  CHECK(entry(R"("traceparent":"00-aaf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")", all).wish.options.meta.tracestate.empty());
  CHECK(entry(R"("traceparent":"nonsense")", all).wish.options.meta.traceparent.empty());
}

TEST_CASE("an entry that does not fit is refused by itself, and its place is named") {
  struct {
    std::string entry;
    std::string pointer;
  } const cases[] = {{"7", "/1"},
                     {"[]", "/1"},
                     {"{}", "/1/aggregate_type"},
                     {R"({"aggregate_type":"t","aggregate_id":1,"command":"c"})", "/1/aggregate_id"},
                     {R"({"aggregate_type":"t","aggregate_id":"i","command":"c","body":[]})", "/1/body"},
                     {R"({"aggregate_type":"t","aggregate_id":"i","command":"c","if_match":"1"})", "/1/if_match"},
                     {R"({"aggregate_type":"t","aggregate_id":"i","command":"c","dry_run":"yes"})", "/1/dry_run"}};
  std::string const good = R"({"aggregate_type":"t","aggregate_id":"i","command":"c"})";
  for (auto const& each : cases) {
    INFO(each.entry);
    auto const all = parsed("[" + good + "," + each.entry + "," + good + "]");
    REQUIRE(all.size() == 3);
    CHECK_FALSE(all[0].refused);
    CHECK_FALSE(all[2].refused);
    REQUIRE(all[1].refused);
    CHECK(all[1].refused->code == errc::malformed);
    CHECK(all[1].refused->errors.at(0).pointer == each.pointer);
  }
}

TEST_CASE("keys and ids keep the rules of their headers") {
  for (std::string const members :
       {R"("idempotency_key":"")", R"("idempotency_key":"é")", R"("correlation_id":"")", R"("causation_id":"")"}) {
    INFO(members);
    REQUIRE(entry(members).refused);
    CHECK(entry(members).refused->code == errc::invalid_argument);
  }
  CHECK(entry(R"("idempotency_key":")" + std::string(129, 'k') + "\"").refused);
  CHECK_FALSE(entry(R"("idempotency_key":")" + std::string(128, 'k') + "\"").refused);
}

TEST_CASE("what is no array of commands is refused as a whole") {
  for (std::string_view const body : {"", "[", "{}", "7", "[]", "[{}", "[{},]", "[{}] x", R"([{"a":1,"a":2}])", "[\"\xFF\"]"}) {
    INFO(body);
    CHECK(refusal(body).code == errc::malformed);
  }
}

TEST_CASE("a batch has so many commands and no more") {
  CHECK(parse_batch("[1,2,3]", {}, {3, 64}));
  CHECK(refusal("[1,2,3,4]", {3, 64}).code == errc::limit_exceeded);
}

TEST_CASE("a body in a batch may be nested as deeply as alone") {
  auto const nested = [](std::size_t levels) {  // the body itself is the first
    return R"([{"aggregate_type":"t","aggregate_id":"i","command":"c","body":{"a":)" + std::string(levels - 1, '[') +
           std::string(levels - 1, ']') + "}}]";
  };
  CHECK(parse_batch(nested(5), {}, {1, 5}));
  CHECK(refusal(nested(6), {1, 5}).code == errc::malformed);
}
