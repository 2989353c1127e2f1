#include "tests/http/requests.hpp"

#include "http/head_rules.hpp"

using namespace evoke::http;
using namespace evoke::http::tests;

namespace {

using step = request_reader::step;

/// The status with which these bytes are refused; 0 = they are not, -1 = more is waited for.
int refusal(std::string const& bytes, reader_limits limits = roomy()) {
  request_reader reader(limits);
  incoming request;
  feed(reader, bytes);
  switch (reader.advance(request)) {
    case step::complete: return 0;
    case step::need_more: return -1;
    case step::failed: break;
  }
  return reader.why().status;
}

std::string with(std::string const& headers, std::string const& body = {}) {
  return "POST /x HTTP/1.1\r\nHost: test\r\n" + headers + "\r\n" + body;
}

}  // namespace

TEST_CASE("a request is read however its bytes are cut") {
  std::string const bytes = "POST /a?b=c HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhelloGET /next HTTP/1.1\r\nHost: test\r\n\r\n";
  for (std::size_t cut = 1; cut <= bytes.size(); ++cut) {
    INFO(cut);
    request_reader reader(roomy());
    incoming first, second;
    int complete = 0;
    for (std::size_t at = 0; at < bytes.size(); at += cut) {
      feed(reader, std::string_view(bytes).substr(at, cut));
      if (complete == 0 && reader.advance(first) == step::complete) ++complete;
      if (complete == 1 && reader.advance(second) == step::complete) ++complete;
    }
    REQUIRE(complete == 2);
    CHECK(first.method() == method::post);
    CHECK(first.body() == "hello");
    CHECK(second.path() == "/next");
  }
}

TEST_CASE("a chunked body is put together") {
  request_reader reader(roomy());
  incoming request;
  feed(reader, with("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\nA;name=value\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n"));
  REQUIRE(reader.advance(request) == step::complete);
  CHECK(request.body() == "abc0123456789");
}

TEST_CASE("an empty chunked body is read however its bytes are cut") {
  auto const bytes = with("Transfer-Encoding: chunked\r\n", "0\r\n\r\n");
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
    INFO("cut behind byte " << cut);
    request_reader reader(roomy());
    incoming request;
    feed(reader, std::string_view(bytes).substr(0, cut));
    REQUIRE(reader.advance(request) == step::need_more);
    for (auto at = cut; at < bytes.size(); ++at) {
      feed(reader, std::string_view(bytes).substr(at, 1));
      REQUIRE(reader.advance(request) == (at + 1 < bytes.size() ? step::need_more : step::complete));
    }
    CHECK(request.body().empty());
  }
}

TEST_CASE("a trailer is not taken for a header") {
  request_reader reader(roomy());
  incoming request;
  feed(reader, with("Transfer-Encoding: chunked\r\n", "1\r\na\r\n0\r\nIf-Match: \"1\"\r\n\r\n"));
  REQUIRE(reader.advance(request) == step::complete);
  CHECK_FALSE(request.find_header("If-Match"));
}

TEST_CASE("empty lines before a request are read past") {
  CHECK(refusal("\r\n\r\nGET / HTTP/1.1\r\nHost: test\r\n\r\n") == 0);
}

TEST_CASE("heads that RFC 9112 refuses are refused") {
  struct {
    char const* what;
    std::string bytes;
  } const cases[] = {
      {"no Host", "GET / HTTP/1.1\r\n\r\n"},
      {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"},
      {"a Host that is none", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"},
      {"a folded line", with("X: a\r\n b\r\n")},
      {"a folded line with a tab", with("X: a\r\n\tb\r\n")},
      {"a space before the colon", with("X : a\r\n")},
      {"a line without a colon", with("X\r\n")},
      {"a bare LF", "GET / HTTP/1.1\nHost: test\n\n"},
      {"a bare LF in the middle", "GET / HTTP/1.1\r\nHost: test\nX: y\r\n\r\n"},
      {"a bare CR", with("X: a\rb\r\n")},
      {"a NUL", with(std::string("X: a\0b\r\n", 8))},
      {"another coding than chunked", with("Transfer-Encoding: gzip\r\n")},
      {"a coding before chunked", with("Transfer-Encoding: gzip, chunked\r\n")},
      {"a coding behind chunked", with("Transfer-Encoding: chunked, gzip\r\n")},
      {"chunked twice", with("Transfer-Encoding: chunked, chunked\r\n")},
      {"chunked in two lines", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")},
      {"identity", with("Transfer-Encoding: identity\r\n")},
      {"chunked with a length before it", with("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
      {"chunked with a length behind it", with("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n")},
      {"chunked on HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"a list of equal lengths", with("Content-Length: 3, 3\r\n", "abc")},
      {"two equal lengths", with("Content-Length: 3\r\nContent-Length: 3\r\n", "abc")},
      {"two lengths", with("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd")},
      {"a signed length", with("Content-Length: +3\r\n", "abc")},
      {"a negative length", with("Content-Length: -3\r\n", "abc")},
      {"an empty length", with("Content-Length:\r\n")},
      {"a length in hexadecimal", with("Content-Length: 0x3\r\n", "abc")},
      {"a length beyond 64 bits", with("Content-Length: 99999999999999999999\r\n")},
      {"no version", "GET /\r\n\r\n"},
      {"two spaces", "GET  / HTTP/1.1\r\nHost: test\r\n\r\n"},
      {"a method that is no token", "G@T / HTTP/1.1\r\nHost: test\r\n\r\n"},
      {"a TLS greeting", std::string("\x16\x03\x01\x02\x00\x01", 6)},
      {"a target without a slash", "GET x HTTP/1.1\r\nHost: test\r\n\r\n"},
      {"a star for GET", "GET * HTTP/1.1\r\nHost: test\r\n\r\n"},
      {"a target that is not ASCII", "GET /\xC3\xA9 HTTP/1.1\r\nHost: test\r\n\r\n"},
      {"a fragment", "GET /#x HTTP/1.1\r\nHost: test\r\n\r\n"},
      {"a broken escape in the path", "GET /%zz HTTP/1.1\r\nHost: test\r\n\r\n"},
      {"a broken escape in the query", "GET /?a=%f HTTP/1.1\r\nHost: test\r\n\r\n"},
      {"a path that is not UTF-8", "GET /%ff HTTP/1.1\r\nHost: test\r\n\r\n"},
  };
  for (auto const& each : cases) {
    INFO(each.what);
    CHECK(refusal(each.bytes) == 400);
  }
}

TEST_CASE("bodies with broken chunks are refused") {
  for (std::string const body : {"x\r\n", "3\r\nabcdef\r\n", "3\nabc\r\n", "-1\r\n", "3 x\r\nabc\r\n", "11111111111111111\r\n"}) {
    INFO(body);
    CHECK(refusal(with("Transfer-Encoding: chunked\r\n", body)) != 0);
    CHECK(refusal(with("Transfer-Encoding: chunked\r\n", body)) != -1);
  }
}

TEST_CASE("large chunk extensions are refused") {
  auto const chunked = [](std::size_t bytes) {
    return with("Transfer-Encoding: chunked\r\n", "1;e=" + std::string(bytes, 'x') + "\r\na\r\n0\r\n\r\n");
  };
  CHECK(refusal(chunked(max_chunk_extension_bytes - 3)) == 0);
  CHECK(refusal(chunked(max_chunk_extension_bytes)) == 400);
  CHECK(refusal(with("Transfer-Encoding: chunked\r\n", "1;e=" + std::string(6 * 1024, 'x'))) == 400);
}

TEST_CASE("an endless trailer is refused") {
  CHECK(refusal(with("Transfer-Encoding: chunked\r\n", "0\r\nX: " + std::string(8 * 1024, 'x'))) == 400);
}

TEST_CASE("there are at most a hundred header lines") {
  std::string lines;
  for (int i = 0; i < 99; ++i) lines += "X: y\r\n";
  CHECK(refusal(with(lines)) == 0);
  CHECK(refusal(with(lines + "X: y\r\n")) == 431);
}

TEST_CASE("a head beyond its limit is refused before it ends") {
  reader_limits limits = roomy();
  limits.max_header_bytes = 1024;
  CHECK(refusal(with("X: " + std::string(2000, 'y') + "\r\n"), limits) == 431);
  CHECK(refusal("GET / HTTP/1.1\r\nHost: test\r\nX: " + std::string(2000, 'y'), limits) == 431);
}

TEST_CASE("a head of exactly the limit is taken") {
  reader_limits limits = roomy();
  auto const bytes = with("X: " + std::string(500, 'y') + "\r\n");
  limits.max_header_bytes = static_cast<std::uint32_t>(bytes.size());
  CHECK(refusal(bytes, limits) == 0);
  --limits.max_header_bytes;
  CHECK(refusal(bytes, limits) == 431);
}

TEST_CASE("a target beyond its limit is refused") {
  reader_limits limits = roomy();
  limits.max_target_bytes = 100;
  CHECK(refusal("GET /" + std::string(99, 'x') + " HTTP/1.1\r\nHost: test\r\n\r\n", limits) == 0);
  CHECK(refusal("GET /" + std::string(100, 'x') + " HTTP/1.1\r\nHost: test\r\n\r\n", limits) == 414);
  CHECK(refusal("GET /" + std::string(20'000, 'x'), limits) == 414);
}

TEST_CASE("a body beyond its limit is refused by its length alone") {
  reader_limits limits = roomy();
  limits.max_body_bytes = 10;
  CHECK(refusal(with("Content-Length: 10\r\n", "0123456789"), limits) == 0);
  CHECK(refusal(with("Content-Length: 11\r\n"), limits) == 413);
  CHECK(refusal(with("Content-Length: 18446744073709551615\r\n"), limits) == 413);
}

TEST_CASE("a chunked body beyond its limit is refused") {
  reader_limits limits = roomy();
  limits.max_body_bytes = 10;
  CHECK(refusal(with("Transfer-Encoding: chunked\r\n", "6\r\n012345\r\n4\r\n6789\r\n0\r\n\r\n"), limits) == 0);
  CHECK(refusal(with("Transfer-Encoding: chunked\r\n", "6\r\n012345\r\n5\r\n"), limits) == 413);
}

TEST_CASE("only HTTP/1.0 and HTTP/1.1 are spoken") {
  CHECK(refusal("GET / HTTP/2.0\r\nHost: test\r\n\r\n") == 505);
  CHECK(refusal("GET / HTTP/1.2\r\nHost: test\r\n\r\n") == 505);
  CHECK(refusal("GET / HTTP/1.0\r\n\r\n") == 0);
  CHECK(refusal("GET / HTTQ/1.1\r\nHost: test\r\n\r\n") == 400);
}

TEST_CASE("only one expectation is known") {
  CHECK(refusal(with("Expect: miracles\r\n")) == 417);
}

TEST_CASE("after a refusal nothing more is read") {
  request_reader reader(roomy());
  incoming request;
  feed(reader, "GET / HTTP/1.1\r\n\r\n");
  REQUIRE(reader.advance(request) == step::failed);
  feed(reader, "GET / HTTP/1.1\r\nHost: t\r\n\r\n");
  CHECK(reader.advance(request) == step::failed);
}

TEST_CASE("a client that waits for leave to send its body is noticed") {
  request_reader reader(roomy());
  incoming request;
  feed(reader, with("Expect: 100-continue\r\nContent-Length: 2\r\n"));
  REQUIRE(reader.advance(request) == step::need_more);
  CHECK(reader.expects_continue());
  reader.continue_sent();
  CHECK_FALSE(reader.expects_continue());
  feed(reader, "ok");
  REQUIRE(reader.advance(request) == step::complete);
  CHECK(request.body() == "ok");
}

TEST_CASE("a client that does not wait for leave gets none") {
  request_reader reader(roomy());
  incoming request;
  feed(reader, with("Expect: 100-continue\r\nContent-Length: 2\r\n", "o"));
  REQUIRE(reader.advance(request) == step::need_more);
  CHECK_FALSE(reader.expects_continue());
}

TEST_CASE("the connection's end follows from version and Connection header") {
  for (auto const& [bytes, kept] :
       std::initializer_list<std::pair<char const*, bool>>{{"GET / HTTP/1.1\r\nHost: t\r\n\r\n", true},
                                                           {"GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n", false},
                                                           {"GET / HTTP/1.0\r\n\r\n", false},
                                                           {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true}}) {
    INFO(bytes);
    request_reader reader(roomy());
    incoming request;
    feed(reader, bytes);
    REQUIRE(reader.advance(request) == step::complete);
    CHECK(reader.keep_alive() == kept);
  }
}

TEST_CASE("the phase says what is waited for") {
  request_reader reader(roomy());
  incoming request;
  CHECK(reader.at() == request_reader::phase::idle);
  feed(reader, "POST / HTTP/1.1\r\n");
  static_cast<void>(reader.advance(request));
  CHECK(reader.at() == request_reader::phase::head);
  feed(reader, "Host: t\r\nContent-Length: 1\r\n\r\n");
  static_cast<void>(reader.advance(request));
  CHECK(reader.at() == request_reader::phase::body);
  feed(reader, "x");
  REQUIRE(reader.advance(request) == step::complete);
  CHECK(reader.at() == request_reader::phase::idle);
}
