#pragma once

#include "http_client.hpp"

#include <evoke/http/server.hpp>

#include <catch2/catch.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tests {

/// A domain's types and routes on a port of their own, in memory.
class served_domain {
 public:
  using routes = std::function<std::vector<evoke::http::route>(evoke::runtime&)>;

  served_domain(evoke::registry types, routes const& make_routes) {
    evoke::runtime_options options;
    options.storage = evoke::storage::in_memory;
    options.workers = 1;
    runtime_ = std::move(evoke::runtime::start(std::move(types), std::move(options)).value());
    evoke::http::server_options on;
    on.port = 0;
    http_ = std::move(evoke::http::server::start(*runtime_, on, make_routes(*runtime_)).value());
  }
  ~served_domain() {
    http_->stop(std::chrono::seconds(10));
    runtime_->stop(std::chrono::seconds(10));
  }
  served_domain(served_domain const&) = delete;
  served_domain& operator=(served_domain const&) = delete;

  replay::http_reply get(std::string const& target) const { return tests::get(url(), target); }
  replay::http_reply post(std::string const& target, std::string const& json) const { return send(url(), "POST", target, json); }
  replay::http_reply put(std::string const& target, std::string const& json) const { return send(url(), "PUT", target, json); }

  [[nodiscard]] evoke::runtime& runtime() const { return *runtime_; }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(http_->port()); }

 private:
  std::unique_ptr<evoke::runtime> runtime_;
  std::unique_ptr<evoke::http::server> http_;
};

}  // namespace tests
