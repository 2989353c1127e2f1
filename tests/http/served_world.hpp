#pragma once

#include "tests/http/doors.hpp"
#include "tests/http/raw_client.hpp"
#include "tests/runtime/ledger.hpp"

#include <evoke/evoke.hpp>
#include <evoke/http/server.hpp>

#include <catch2/catch.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace evoke::http::tests {

inline runtime_options small_runtime() {
  runtime_options options;
  options.storage = storage::in_memory;
  options.workers = 2;
  return options;
}

inline server_options any_port() {
  server_options options;
  options.port = 0;
  return options;
}

/// A runtime with ledgers and doors, served on a free port.
class served_world {
 public:
  explicit served_world(server_options options = any_port(), runtime_options with = small_runtime(), std::vector<route> routes = {},
                        registry types = ledgers::types()) {
    REQUIRE(types.add(define<doors::door>()));
    auto running = runtime::start(std::move(types), std::move(with));
    if (!running) FAIL(running.error().message);
    rt = *std::move(running);
    auto serving = server::start(*rt, std::move(options), std::move(routes));
    if (!serving) FAIL(serving.error().message);
    http = *std::move(serving);
  }

  [[nodiscard]] raw_client connect() const { return raw_client(http->port()); }
  /// One request on a connection of its own.
  answer ask(std::string_view method, std::string_view target, std::string_view headers = {}, std::string_view body = {}) const {
    return connect().ask(method, target, headers, body);
  }
  answer get(std::string_view target, std::string_view headers = {}) const { return ask("GET", target, headers); }
  answer command(std::string_view path, std::string_view body, std::string_view headers = {}) const {
    auto const slash = path.rfind('/');
    std::string target = "/v1/aggregates/";
    target.append(path.substr(0, slash)).append("/commands").append(path.substr(slash));
    return ask("POST", target, headers, body);
  }

  std::unique_ptr<runtime> rt;
  std::unique_ptr<server> http;  ///< after rt: it must go first
};

inline nlohmann::json json_of(answer const& got) {
  INFO(got.body);
  REQUIRE(nlohmann::json::accept(got.body));
  return nlohmann::json::parse(got.body);
}

/// The last part of a problem's type: its slug.
inline std::string problem_of(answer const& got) {
  CHECK(got.header("content-type") == "application/problem+json");
  auto const document = json_of(got);
  CHECK(document["status"] == got.status);
  auto const type = document["type"].get<std::string>();
  return type.substr(type.rfind('/') + 1);
}

}  // namespace evoke::http::tests
