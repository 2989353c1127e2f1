#include "http/reply.hpp"

#include "http/json_text.hpp"

#include <catch2/catch.hpp>

using namespace evoke::http;

namespace {

std::string head_of(reply const& answer, bool http_1_0 = false, bool keep_alive = true) {
  std::string out;
  append_head(answer, {http_1_0, keep_alive, "Date: now\r\n"}, out);
  return out;
}

}  // namespace

TEST_CASE("a head has status, date, type, own headers and length") {
  reply answer;
  answer.status = 201;
  answer.content_type = media::json;
  answer.header("ETag", "\"1\"");
  answer.body = "{}";
  CHECK(head_of(answer) ==
        "HTTP/1.1 201 Created\r\nDate: now\r\nContent-Type: application/json\r\nETag: \"1\"\r\nContent-Length: 2\r\n\r\n");
}

TEST_CASE("answers without a body have no length") {
  reply answer;
  answer.status = 204;
  CHECK(head_of(answer) == "HTTP/1.1 204 No Content\r\nDate: now\r\n\r\n");
  answer.status = 304;
  CHECK(head_of(answer) == "HTTP/1.1 304 Not Modified\r\nDate: now\r\n\r\n");
}

TEST_CASE("the connection header says what the client cannot take for granted") {
  reply const answer;
  CHECK(head_of(answer, false, true).find("Connection") == std::string::npos);
  CHECK(head_of(answer, false, false).find("Connection: close\r\n") != std::string::npos);
  CHECK(head_of(answer, true, true).find("Connection: keep-alive\r\n") != std::string::npos);
}

TEST_CASE("a header value cannot begin another header") {
  reply answer;
  answer.header("Location", "/x\r\nSet-Cookie: a=b");
  CHECK(answer.headers == "Location: /x  Set-Cookie: a=b\r\n");
}

TEST_CASE("a custom answer keeps its own headers and not the connection's") {
  reply answer;
  answer.assign({202,
                 "ok",
                 "text/plain",
                 {{"Location", "/y"}, {"Content-Length", "99"}, {"connection", "close"}, {"Bad Name", "x"}, {"Transfer-Encoding", "x"}}});
  CHECK(head_of(answer) == "HTTP/1.1 202 Accepted\r\nDate: now\r\nContent-Type: text/plain\r\nLocation: /y\r\nContent-Length: 2\r\n\r\n");
  CHECK(answer.body == "ok");
}

TEST_CASE("a custom status that is none becomes 500") {
  reply answer;
  for (auto const odd : std::initializer_list<std::uint16_t>{0, 100, 199, 600, 999}) {
    answer.assign({odd, "", "", {}});
    CHECK(answer.status == 500);
  }
}

TEST_CASE("chunks are framed by their size in hexadecimal") {
  std::string before, behind;
  append_chunk_framing(255, false, before, behind);
  CHECK(before == "ff\r\n");
  CHECK(behind == "\r\n");
}

TEST_CASE("the last chunk ends the answer, and an empty part sends no chunk") {
  std::string before, behind;
  append_chunk_framing(0, true, before, behind);
  CHECK(before == "");
  CHECK(behind == "0\r\n\r\n");
  behind.clear();
  append_chunk_framing(0, false, before, behind);
  CHECK(before + behind == "");
}

TEST_CASE("strings are written as JSON, whatever is in them") {
  std::string out;
  append_string(out, std::string_view("a\"b\\c\n\r\t\x01\x1f\0\xC3\xA9", 13));
  CHECK(out == "\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u001f\\u0000\xC3\xA9\"");
  out.clear();
  append_string(out,
                "a\xFF"
                "b\xC3");
  CHECK(out ==
        "\"a\xEF\xBF\xBD"
        "b\xEF\xBF\xBD\"");
}
