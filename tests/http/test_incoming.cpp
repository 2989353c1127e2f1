#include "tests/http/requests.hpp"

using namespace evoke::http;
using namespace evoke::http::tests;

TEST_CASE("a path is split at slashes and then decoded") {
  incoming request;
  parse_request(request, "/v1/a%2Fb/%C3%A9/");
  REQUIRE(request.segment_count() == 4);
  CHECK(request.segment(0) == "v1");
  CHECK(request.segment(1) == "a/b");
  CHECK(request.segment(2) == "\xC3\xA9");
  CHECK(request.segment(3) == "");
  CHECK(request.path() == "/v1/a%2Fb/%C3%A9/");
}

TEST_CASE("the root path has no segments") {
  incoming request;
  parse_request(request, "/");
  CHECK(request.segment_count() == 0);
}

TEST_CASE("a query is split and decoded") {
  incoming request;
  parse_request(request, "/x?a=1&b=two+words&&c&d=%26%3D&a=2&e=");
  CHECK(request.path() == "/x");
  CHECK(request.query("a") == "1");
  CHECK(request.query("b") == "two words");
  CHECK(request.has_query("c"));
  CHECK(request.query("c") == "");
  CHECK(request.query("d") == "&=");
  CHECK(request.has_query("e"));
  CHECK_FALSE(request.has_query("f"));
  CHECK(request.query_values("a") == std::vector<std::string_view>{"1", "2"});
  CHECK(request.query_count("a") == 2);
}

TEST_CASE("the first parameter that is not known is found") {
  incoming request;
  parse_request(request, "/x?limit=1&color=red");
  CHECK(request.unknown_query({"limit"}) == "color");
  CHECK(request.unknown_query({"limit", "color"}).data() == nullptr);
}

TEST_CASE("the absolute form of a target is understood") {
  incoming request;
  parse_request(request, "http://example.com:8080/v1/info?x=1");
  CHECK(request.path() == "/v1/info");
  CHECK(request.query("x") == "1");
  parse_request(request, "http://example.com");
  CHECK(request.path() == "/");
  parse_request(request, "http://example.com?x=2");
  CHECK(request.query("x") == "2");
}

TEST_CASE("header names are found in any case and repeated headers are joined") {
  incoming request;
  parse_request(request, "/", "X-One: 1\r\nIf-Match: \"1\"\r\nif-match: \"2\"\r\n");
  CHECK(request.header("x-one") == "1");
  CHECK(request.header("IF-MATCH") == "\"1\", \"2\"");
  CHECK(request.header_count("If-Match") == 2);
  CHECK(request.header("absent") == "");
  CHECK_FALSE(request.find_header("absent"));
}

TEST_CASE("a header that is there but empty is found") {
  incoming request;
  parse_request(request, "/", "If-Match:\r\n");
  CHECK(request.find_header("If-Match") == "");
}

TEST_CASE("nothing of a request is left when the next one is read into the same place") {
  incoming request;
  parse_request(request, "/a/b?c=d", "One: 1\r\n");
  parse_request(request, "/");
  CHECK(request.segment_count() == 0);
  CHECK_FALSE(request.has_query("c"));
  CHECK_FALSE(request.find_header("One"));
}
