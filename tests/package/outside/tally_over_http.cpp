#include "tally.hpp"

#include <evoke/http/server.hpp>

#include <iostream>

/// The same aggregate behind evoke's HTTP front end, with a route of its own. Returns 0 when the server started and stopped.
int main() {
  evoke::registry types;
  if (auto added = types.add(evoke::define<tally>()); !added) return 1;
  evoke::runtime_options options;
  options.storage = evoke::storage::in_memory;
  auto runtime = evoke::runtime::start(std::move(types), options);
  if (!runtime) return 1;

  evoke::http::server_options listen;
  listen.port = 0;
  auto const greet = [](evoke::http::request const&, evoke::http::responder answer) { answer({.body = R"({"hello":"tally"})"}); };
  auto server = evoke::http::server::start(**runtime, listen, {{evoke::http::method::get, "/hello", greet, "says hello"}});
  if (!server || (*server)->port() == 0) return 1;
  std::cout << "served on port " << (*server)->port() << '\n';
  (*server)->stop(std::chrono::seconds(5));
  (*runtime)->stop(std::chrono::seconds(5));
  return 0;
}
