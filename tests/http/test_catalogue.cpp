#include "http/catalogue.hpp"
#include "http/generic_routes.hpp"
#include "http/openapi.hpp"
#include "http/openapi_parameters.hpp"

#include "tests/runtime/ledger.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

using namespace evoke;
using namespace evoke::http;
using tree = nlohmann::json;

namespace {

tree rendered(std::vector<route> const& custom = {}, server_options const& options = {}) {
  return tree::parse(render_openapi(ledgers::types(), custom, options));
}

/// Every local reference in a document.
void collect_references(tree const& at, std::set<std::string>& into) {
  if (at.is_object() && at.contains("$ref") && at["$ref"].is_string()) into.insert(at["$ref"].get<std::string>());
  if (at.is_structured())
    for (auto const& each : at) collect_references(each, into);
}

}  // namespace

TEST_CASE("the catalogue names every command and event with its schema") {
  auto const read = tree::parse(render_catalogue(ledgers::types()));
  auto const& type = read["aggregate_types"].at(0);
  CHECK(type["aggregate_type"] == "ledger");
  CHECK(type["requires_precondition"] == false);
  CHECK(type["state_schema"]["properties"].contains("sum"));
  REQUIRE(type["commands"].size() == 3);
  CHECK(type["commands"][0]["command"] == "open_ledger");
  CHECK(type["commands"][0]["event_types"] == tree{"ledger_opened"});
  CHECK(type["commands"][0]["schema"]["properties"].contains("owner"));
  REQUIRE(type["events"].size() == 2);
  CHECK(type["events"][1]["event_type"] == "booked");
  CHECK(type["events"][1]["schema_version"] == 1);
}

TEST_CASE("the catalogue of no types is empty") {
  CHECK(render_catalogue(registry{}) == R"({"aggregate_types":[],"projections":[]})");
}

TEST_CASE("the OpenAPI document holds every generic route") {
  auto const read = rendered();
  CHECK(read["openapi"] == "3.1.0");
  for (auto const& each : generic_routes()) {
    INFO(each.pattern);
    CHECK(read["paths"].contains(std::string(each.pattern)));
  }
}

TEST_CASE("the OpenAPI document holds every command with its schema") {
  auto const read = rendered();
  for (std::string const command : {"open_ledger", "book", "misbehave"}) {
    auto const& ask = read["paths"]["/v1/aggregates/ledger/{id}/commands/" + command]["post"];
    CHECK(ask["requestBody"]["content"]["application/json"]["schema"]["$ref"] == "#/components/schemas/ledger.command." + command);
    CHECK(read["components"]["schemas"].contains("ledger.command." + command));
  }
}

TEST_CASE("every reference in the OpenAPI document leads somewhere") {
  auto const read = rendered();
  std::set<std::string> references;
  collect_references(read, references);
  CHECK(references.size() > 20);
  for (auto const& each : references) {
    INFO(each);
    CHECK(read.contains(tree::json_pointer(each.substr(1))));
  }
}

TEST_CASE("every parameter of a generic route is described") {
  std::set<std::string_view> known;
  for (auto const& each : openapi_parameters()) known.insert(each.name);
  for (auto const& each : generic_routes()) {
    for (auto rest = each.parameters; !rest.empty();) {
      auto const space = std::min(rest.find(' '), rest.size());
      INFO(rest.substr(0, space));
      CHECK(known.contains(rest.substr(0, space)));
      rest.remove_prefix(std::min(space + 1, rest.size()));
    }
  }
}

TEST_CASE("operation ids are unique") {
  auto const read = rendered({{method::get, "/circle/{id}", [](request const&, responder) {}, ""},
                              {method::put, "/circle/{id}", [](request const&, responder) {}, ""}});
  std::set<std::string> ids;
  for (auto const& path : read["paths"])
    for (auto const& operation : path) CHECK(ids.insert(operation["operationId"].get<std::string>()).second);
}

TEST_CASE("custom routes of one shape are one path") {
  auto const nothing = [](request const&, responder) {};
  auto const read = rendered({{method::get, "/circle/{id}", nothing, "One"}, {method::put, "/circle/{circle_id}", nothing, ""}});
  REQUIRE(read["paths"].contains("/circle/{id}"));
  CHECK(read["paths"]["/circle/{id}"].contains("get"));
  CHECK(read["paths"]["/circle/{id}"].contains("put"));
  CHECK(read["paths"]["/circle/{id}"]["get"]["summary"] == "One");
  CHECK_FALSE(read["paths"].contains("/circle/{circle_id}"));
}

TEST_CASE("the server's public address stands in the OpenAPI document") {
  server_options options;
  options.public_url = "https://shop.example";
  CHECK(rendered({}, options)["servers"][0]["url"] == "https://shop.example");
  CHECK(rendered()["servers"][0]["url"] == "/");
}
