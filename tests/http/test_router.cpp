#include "http/router.hpp"

#include "tests/http/requests.hpp"

using namespace evoke;
using namespace evoke::http;
using namespace evoke::http::tests;

namespace {

using end = router::match::end;

struct routes {
  router table;
  incoming request;

  routes(std::initializer_list<std::pair<method, std::string_view>> list) {
    std::uint32_t number = 0;
    for (auto const& [which, pattern] : list) REQUIRE(table.add(which, pattern, number++));
  }
  router::match find(std::string_view name, std::string_view target) {
    parse_request(request, target, {}, name);
    return table.find(request);
  }
};

}  // namespace

TEST_CASE("a path is found by its pattern and gives its captures") {
  routes all{
      {method::get, "/"}, {method::get, "/v1/aggregates/{type}/{id}"}, {method::post, "/v1/aggregates/{type}/{id}/commands/{command}"}};
  CHECK(all.find("GET", "/").endpoint == 0);
  CHECK(all.find("GET", "/v1/aggregates/cart/c%201").endpoint == 1);
  CHECK(all.request.param("type") == "cart");
  CHECK(all.request.param("id") == "c 1");
  CHECK(all.request.param("other") == "");
  CHECK(all.find("POST", "/v1/aggregates/cart/c-1/commands/check_out").endpoint == 2);
  CHECK(all.request.param("command") == "check_out");
}

TEST_CASE("paths that no pattern fits lead nowhere") {
  routes all{{method::get, "/a/{x}"}, {method::get, "/a/{x}/b"}};
  for (std::string_view const path : {"/", "/a", "/a/", "/a/1/", "/a/1/c", "/a//b", "/A/1", "//a/1", "/a/1/b/2"}) {
    INFO(path);
    CHECK(all.find("GET", path).what == end::no_route);
  }
}

TEST_CASE("a literal goes before a capture") {
  routes all{{method::get, "/a/{x}"}, {method::get, "/a/list"}};
  CHECK(all.find("GET", "/a/list").endpoint == 1);
  CHECK(all.find("GET", "/a/lis").endpoint == 0);
  CHECK(all.find("GET", "/a/%6Cist").endpoint == 1);
}

TEST_CASE("a verb stands behind what is captured") {
  routes all{{method::get, "/p/{name}"},
             {method::post, "/p/{name}:pause"},
             {method::post, "/p/{name}/letters/{number}:skip"},
             {method::get, "/p/{name}/letters/{number}"}};
  CHECK(all.find("GET", "/p/carts").endpoint == 0);
  CHECK(all.find("POST", "/p/carts:pause").endpoint == 1);
  CHECK(all.request.param("name") == "carts");
  CHECK(all.find("POST", "/p/carts/letters/17:skip").endpoint == 2);
  CHECK(all.request.param("name") == "carts");
  CHECK(all.request.param("number") == "17");
  CHECK(all.find("GET", "/p/carts/letters/17").endpoint == 3);
  CHECK(all.request.param("number") == "17");
}

TEST_CASE("a verb takes the last colon, and needs something before it") {
  routes all{{method::post, "/p/{name}:pause"}, {method::get, "/p/{name}"}};
  CHECK(all.find("POST", "/p/a:b:pause").endpoint == 0);
  CHECK(all.request.param("name") == "a:b");
  CHECK(all.find("GET", "/p/:pause").endpoint == 1);
  CHECK(all.request.param("name") == ":pause");
  CHECK(all.find("GET", "/p/carts:resume").endpoint == 1);
  CHECK(all.request.param("name") == "carts:resume");
  CHECK(all.find("GET", "/p/carts:").endpoint == 1);
}

TEST_CASE("a verb knows its own methods") {
  routes all{{method::post, "/p/{name}:pause"}, {method::get, "/p/{name}"}};
  CHECK(all.find("GET", "/p/carts:pause").what == end::no_method);
  CHECK(all.table.allowed(all.request) == "POST, OPTIONS");
}

TEST_CASE("a literal that leads nowhere gives way to the capture") {
  routes all{{method::get, "/a/list/all"}, {method::get, "/a/{x}/one"}};
  CHECK(all.find("GET", "/a/list/one").endpoint == 1);
  CHECK(all.request.param("x") == "list");
}

TEST_CASE("an escaped slash does not part segments") {
  routes all{{method::get, "/a/{x}"}};
  CHECK(all.find("GET", "/a/b%2Fc").endpoint == 0);
  CHECK(all.request.param("x") == "b/c");
}

TEST_CASE("a known path without the method says so") {
  routes all{{method::get, "/a"}, {method::put, "/a"}, {method::post, "/b"}};
  CHECK(all.find("DELETE", "/a").what == end::no_method);
  CHECK(all.table.allowed(all.request) == "GET, HEAD, PUT, OPTIONS");
  CHECK(all.find("GET", "/b").what == end::no_method);
  CHECK(all.table.allowed(all.request) == "POST, OPTIONS");
  CHECK(all.find("GET", "/c").what == end::no_route);
  CHECK(all.table.allowed(all.request) == "");
}

TEST_CASE("HEAD is answered by GET where it has no route of its own") {
  routes all{{method::get, "/a"}, {method::get, "/b"}, {method::head, "/b"}};
  CHECK(all.find("HEAD", "/a").endpoint == 0);
  CHECK(all.find("HEAD", "/b").endpoint == 2);
}

TEST_CASE("a method that nobody knows fits no route") {
  routes all{{method::get, "/a"}};
  CHECK(all.find("BREW", "/a").what == end::no_method);
}

TEST_CASE("two routes of one shape and method collide") {
  router table;
  REQUIRE(table.add(method::get, "/a/{x}", 0));
  CHECK(table.add(method::get, "/a/{y}", 1).error().code == errc::already_exists);
  CHECK(table.add(method::put, "/a/{y}", 2));
  CHECK(table.add(method::get, "/a/b", 3));
}

TEST_CASE("what is no pattern is refused") {
  router table;
  for (std::string_view const pattern : {"", "a", "/a/", "//a", "/a//b", "/{}", "/{x", "/x}", "/a{x}", "/{x}/{x}", "/a?b", "/a%20b"}) {
    INFO(pattern);
    CHECK(table.add(method::get, pattern, 0).error().code == errc::invalid_argument);
  }
  CHECK(table.add(method::other, "/a", 0).error().code == errc::invalid_argument);
}
