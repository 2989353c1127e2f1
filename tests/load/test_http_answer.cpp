#include "bench/load/http_answer.hpp"
#include "bench/load/verdict.hpp"

#include <catch2/catch.hpp>

using namespace evoke::load;

namespace {

struct read_end {
  std::size_t bytes;
  http_answer answer;
};
read_end read(std::string_view text, std::string& scratch) {
  http_answer answer;
  auto const bytes = read_answer(text, answer, scratch);
  return {bytes, answer};
}

std::string problem(std::string const& kind) {
  return R"({"type":"https://evoke.example/problems/)" + kind + R"(","title":"x"})";
}
outcome judged(int status, std::string const& body) {
  return judge(http_answer{status, false, body}).how;
}

}  // namespace

TEST_CASE("an answer with a length is read whole, and what is behind it is left") {
  std::string scratch;
  std::string const text = "HTTP/1.1 201 Created\r\nDate: now\r\ncontent-LENGTH:  5\r\n\r\nhelloHTTP/1.1 200";
  auto const got = read(text, scratch);
  CHECK(got.bytes == text.size() - 12);
  CHECK(got.answer.status == 201);
  CHECK(got.answer.body == "hello");
  CHECK_FALSE(got.answer.closes);
}

TEST_CASE("an answer that is not whole yet is none, at any length") {
  std::string scratch;
  for (std::string const& text : {std::string("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"),
                                  std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")}) {
    for (std::size_t length = 0; length < text.size(); ++length) REQUIRE(read(text.substr(0, length), scratch).bytes == not_whole);
    auto const got = read(text, scratch);
    CHECK(got.bytes == text.size());
    CHECK(got.answer.body == "abc");
  }
}

TEST_CASE("answers without a body have none, and a last one is told") {
  std::string scratch;
  std::string const text = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
  auto const got = read(text, scratch);
  CHECK(got.bytes == text.size());
  CHECK(got.answer.body.empty());
  CHECK(got.answer.closes);
  CHECK(read("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", scratch).bytes == 48);
}

TEST_CASE("what is not HTTP is told as such") {
  std::string scratch;
  CHECK(read("SSH-2.0", scratch).bytes == not_http);
  CHECK(read("HTTP/1.1 abc\r\n\r\n", scratch).bytes == not_http);
  CHECK(read("HTTP/1.1 999 No\r\n\r\n", scratch).bytes == not_http);
  CHECK(read("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", scratch).bytes == not_http);
  CHECK(read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", scratch).bytes == not_http);
}

TEST_CASE("a no of the domain is a rejection, any other error a failure") {
  CHECK(judged(200, "") == outcome::accepted);
  CHECK(judged(204, "") == outcome::accepted);
  CHECK(judged(304, "") == outcome::accepted);
  CHECK(judged(422, problem("rejection#empty_cart")) == outcome::rejected);
  CHECK(judged(409, problem("rejection#exists")) == outcome::rejected);
  CHECK(judged(404, problem("not-found")) == outcome::rejected);
  CHECK(judged(412, problem("version-mismatch")) == outcome::rejected);
  CHECK(judged(404, problem("unknown-type")) == outcome::failed);
  CHECK(judged(400, problem("malformed")) == outcome::failed);
  CHECK(judged(503, problem("overloaded")) == outcome::failed);
  CHECK(judged(302, "") == outcome::failed);
}

TEST_CASE("the library's ends are judged as HTTP's are") {
  using evoke::errc;
  using evoke::failure;
  auto const how = [](errc code) { return judge(failure{code, {}, {}, {}, {}, {}}).how; };
  CHECK(judge(evoke::command_result(evoke::command_reply{})).how == outcome::accepted);
  CHECK(judge(evoke::command_result(evoke::rejection::invalid("a", "b"))).how == outcome::rejected);
  CHECK(how(errc::not_found) == outcome::rejected);
  CHECK(how(errc::version_mismatch) == outcome::rejected);
  CHECK(how(errc::overloaded) == outcome::failed);
  CHECK(name_of_code(judge(failure{errc::overloaded, {}, {}, {}, {}, {}}).code) == "overloaded");
  CHECK(name_of_code(404) == "404");
  CHECK(name_of_code(judge_read().code) == "read");
}
