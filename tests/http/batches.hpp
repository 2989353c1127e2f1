#pragma once

#include "tests/http/served_world.hpp"

#include <chrono>
#include <string>
#include <thread>
#include <vector>

/// Sending batches of commands, and reading what became of each.
namespace evoke::http::tests {

using tree = nlohmann::json;
using commands = std::vector<tree>;

inline constexpr char const* batch_target = "/v1/commands:batch";

inline tree entry(std::string const& type, std::string const& id, std::string const& command, tree body, tree more = tree::object()) {
  more["aggregate_type"] = type;
  more["aggregate_id"] = id;
  more["command"] = command;
  more["body"] = std::move(body);
  return more;
}
inline tree opening(std::string const& id, tree more = tree::object()) {
  return entry("ledger", id, "open_ledger", {{"owner", "ann"}}, std::move(more));
}
inline tree booking(std::string const& id, int amount, tree more = tree::object()) {
  return entry("ledger", id, "book", {{"amount", amount}, {"times", 1}}, std::move(more));
}

inline answer batch(served_world const& world, commands const& entries, std::string_view headers = {}, std::string_view query = {}) {
  return world.ask("POST", std::string(batch_target).append(query), headers, tree(entries).dump());
}
/// Of a batch that is answered by 200.
inline tree outcomes(answer const& got) {
  INFO(got.body);
  REQUIRE(got.status == 200);
  return json_of(got).at("outcomes");
}
inline tree outcomes(served_world const& world, commands const& entries, std::string_view headers = {}, std::string_view query = {}) {
  return outcomes(batch(world, entries, headers, query));
}

inline std::vector<int> statuses(tree const& all) {
  std::vector<int> made;
  for (auto const& each : all) made.push_back(each.at("status").get<int>());
  return made;
}
inline std::string slug(tree const& problem) {
  auto const type = problem.at("type").get<std::string>();
  return type.substr(type.rfind('/') + 1);
}
inline tree head(served_world const& world) {
  return json_of(world.get("/v1/info"))["head"];
}

template <class Condition>
void wait_until(Condition holds) {
  auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) FAIL("it did not come to that in time");
    std::this_thread::yield();
  }
}

}  // namespace evoke::http::tests
