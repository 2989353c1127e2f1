#include "replay/cart_api.hpp"
#include "replay/url.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace {

using kind = replay::command_end::kind;

std::string header(replay::http_request const& request, std::string const& name) {
  auto const found = std::ranges::find(request.headers, name, [](auto const& each) { return each.first; });
  return found == request.headers.end() ? "" : found->second;
}

replay::http_reply reply(unsigned status, std::string body, std::string etag = {}) {
  replay::http_reply made;
  made.status = status;
  made.body = std::move(body);
  made.etag = std::move(etag);
  return made;
}

TEST_CASE("a cart is created under a key and only if there is none") {
  auto const request = replay::create_cart({"536 365", "", 7, {}});
  CHECK(request.method == "POST");
  CHECK(request.target == "/v1/aggregates/cart/536%20365/commands/create_cart");
  CHECK(request.body == R"({"user_account_id":"guest"})");
  CHECK(header(request, "Idempotency-Key") == "\"create-7\"");
  CHECK(header(request, "If-None-Match") == "*");
  CHECK(header(request, "If-Match").empty());
}

TEST_CASE("a line is added under the key of its ordinal and at the version it follows") {
  auto const request = replay::add_cart_item("c", {12, "p", "", -2, 5}, 41);
  CHECK(request.body == R"({"product_id":"p","quantity":-2,"unit_price":5})");
  CHECK(header(request, "Idempotency-Key") == "\"line-12\"");
  CHECK(header(request, "If-Match") == "\"41\"");
  CHECK(header(replay::add_cart_item("c", {12, "p", "n", 1, 5}, 0), "If-Match").empty());
  CHECK_THAT(replay::add_cart_item("c", {12, "p", "\"n\"", 1, 5}, 0).body, Catch::Contains(R"("name":"\"n\"")"));
}

TEST_CASE("an accepted command says the version in its ETag") {
  auto const end = replay::read_command_end(reply(201, "{}", "\"3\""));
  CHECK(end.end == kind::accepted);
  CHECK(end.version == 3);
  CHECK(replay::read_command_end(reply(200, "{}")).end == kind::unexpected);
  CHECK(replay::read_command_end(reply(200, "{}", "W/\"3\"")).end == kind::unexpected);
}

TEST_CASE("a rejection is counted by its code") {
  auto const end = replay::read_command_end(
      reply(422, R"({"type":"https://e/problems/rejection#invalid_quantity","title":"t","detail":"d","code":"invalid_quantity"})"));
  CHECK(end.end == kind::rejected);
  CHECK(end.reason == "invalid_quantity");
  CHECK(end.text == "422 t: d");
}

TEST_CASE("what the API itself refuses is counted by the name of its problem") {
  CHECK(replay::read_command_end(reply(400, R"({"type":"https://e/problems/malformed"})")).reason == "malformed");
  CHECK(replay::read_command_end(reply(404, "<html>")).reason == "http_404");
}

TEST_CASE("a precondition that does not hold says the cart's version") {
  auto const end = replay::read_command_end(reply(412, R"({"type":"https://e/problems/version-mismatch","current_version":9})"));
  CHECK(end.end == kind::version_differs);
  CHECK(end.version == 9);
  CHECK(replay::read_command_end(reply(412, "{}")).end == kind::unexpected);
}

TEST_CASE("an answer that commands do not have is unexpected") {
  CHECK(replay::read_command_end(reply(500, "{}")).end == kind::unexpected);
  CHECK(replay::read_command_end(reply(301, "")).end == kind::unexpected);
}

TEST_CASE("a cart is read from its state") {
  auto const cart =
      replay::read_cart_reply(reply(200, R"({"aggregate_id":"c","version":3,"state":{"user_account_id":"u","status":"checked_out",
      "lines":[{"product_id":"p","quantity":2,"unit_price":5,"name":"n"},{"product_id":"q","quantity":1,"unit_price":1}],
      "item_count":3,"total":11}})"));
  REQUIRE(cart);
  CHECK(cart->customer == "u");
  CHECK(cart->checked_out);
  CHECK(cart->version == 3);
  CHECK(cart->total == 11);
  CHECK(cart->item_count == 3);
  CHECK(cart->lines == std::vector<replay::cart_view::line>{{"p", 2, 5, "n"}, {"q", 1, 1, std::nullopt}});
}

TEST_CASE("a cart that is not there has version 0, and what is no cart is no cart") {
  CHECK(replay::read_cart_reply(reply(404, "{}")).value().version == 0);
  CHECK_FALSE(replay::read_cart_reply(reply(200, "{}")));
  CHECK_FALSE(replay::read_cart_reply(reply(200, "no json")));
  CHECK_FALSE(replay::read_cart_reply(reply(500, "{}")));
}

TEST_CASE("the server's head is read from its information") {
  CHECK(replay::read_info_reply(reply(200, R"({"head":42})")).value().head == 42);
  CHECK_FALSE(replay::read_info_reply(reply(200, "<html>")));
  CHECK_FALSE(replay::read_info_reply(reply(404, R"({"head":42})")));
}

TEST_CASE("a URL names host, port and base") {
  auto const plain = replay::parse_url("http://127.0.0.1:8080").value();
  CHECK(plain.host == "127.0.0.1");
  CHECK(plain.port == "8080");
  CHECK(plain.authority == "127.0.0.1:8080");
  CHECK(plain.base_path.empty());
  auto const v6 = replay::parse_url("http://[::1]:81/base/").value();
  CHECK(v6.host == "::1");
  CHECK(v6.port == "81");
  CHECK(v6.base_path == "/base");
  CHECK(replay::parse_url("http://localhost").value().port == "80");
  CHECK(replay::parse_url("http://[::1]").value().port == "80");
}

TEST_CASE("what is no such URL is refused") {
  for (auto const* url : {"", "localhost:8080", "https://localhost", "http://", "http://:80", "http://h:0", "http://h:65536", "http://h:x",
                          "http://h:", "http://h:+80", "http://[::1", "http://h/?q", "http://u@h"}) {
    INFO(url);
    CHECK_FALSE(replay::parse_url(url));
  }
}

TEST_CASE("a path segment is percent-encoded") {
  CHECK(replay::as_path_segment("a b/\xC3\xA9?~") == "a%20b%2F%C3%A9%3F~");
}

TEST_CASE("a document is read as of a write, and waited for") {
  auto const request = replay::read_cart_document("536 365", "abc-1f");
  CHECK(request.method == "GET");
  CHECK(request.target == "/v1/views/carts/536%20365");
  CHECK(header(request, "Consistency-Token") == "abc-1f");
  CHECK(header(request, "Prefer") == "wait=10");
  CHECK(replay::read_cart_document("c", "").headers.empty());
}

TEST_CASE("a document reads as the cart it shows") {
  auto const document = [](std::string const& line_total) {
    return reply(200,
                 R"({"key":"c","document":{"cartId":"c","userAccountId":"u","items":[{"product":"p","name":"n","quantity":2,"unitPrice":5,)"
                 R"("lineTotal":)" +
                     line_total + R"(}],"itemCount":2,"total":10,"status":"checked_out","lastSequenceNumber":3}})");
  };
  auto const cart = replay::read_document_reply(document("10"));
  REQUIRE(cart);
  CHECK(cart->customer == "u");
  CHECK(cart->checked_out);
  CHECK(cart->version == 3);
  CHECK(cart->item_count == 2);
  CHECK(cart->total == 10);
  REQUIRE(cart->lines.size() == 1);
  CHECK(cart->lines[0] == replay::cart_view::line{"p", 2, 5, "n"});
  // A line's total that is none makes the line another one.
  CHECK_FALSE(replay::read_document_reply(document("11"))->lines[0] == cart->lines[0]);
  CHECK(replay::read_document_reply(reply(404, R"({"type":"https://e/problems/not-found"})"))->version == 0);
  CHECK_FALSE(replay::read_document_reply(reply(404, R"({"type":"https://e/problems/unknown-projection"})")));
  CHECK_FALSE(replay::read_document_reply(reply(503, R"({"type":"https://e/problems/projection-lagging"})")));
  CHECK_FALSE(replay::read_document_reply(reply(200, "{}")));
}

}  // namespace
