#include "replay/cart_api.hpp"

#include "replay/money.hpp"

#include <nlohmann/json.hpp>

namespace replay {
namespace {

using nlohmann::json;

std::string cart_path(std::string_view cart_id) {
  return "/v1/aggregates/cart/" + as_path_segment(cart_id);
}

/// A structured-field string; the keys are of our own making and need no escape.
std::string quoted(std::string const& text) {
  return '"' + text + '"';
}

http_request command(std::string_view cart_id, std::string const& name, std::string const& key, std::uint64_t version, json const& body) {
  http_request made;
  made.method = "POST";
  made.target = cart_path(cart_id) + "/commands/" + name;
  made.headers.emplace_back("Idempotency-Key", quoted(key));
  if (version > 0) made.headers.emplace_back("If-Match", quoted(std::to_string(version)));
  made.body = body.dump();
  return made;
}

http_request get(std::string target) {
  http_request made;
  made.method = "GET";
  made.target = std::move(target);
  return made;
}

std::uint64_t version_of(std::string_view etag) {
  if (etag.size() < 2 || !etag.starts_with('"') || !etag.ends_with('"')) return 0;
  auto const number = parse_integer(etag.substr(1, etag.size() - 2));
  return number && *number > 0 ? static_cast<std::uint64_t>(*number) : 0;
}

std::string text_member(json const& object, char const* name) {
  auto const found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Throws what nlohmann throws when something is not as it should be; read_cart_reply catches it.
cart_view to_cart(json const& reply) {
  auto const& state = reply.at("state");
  cart_view made;
  made.version = reply.at("version").get<std::uint64_t>();
  made.customer = state.at("user_account_id").get<std::string>();
  made.checked_out = state.at("status").get<std::string>() == "checked_out";
  made.item_count = state.at("item_count").get<std::int64_t>();
  made.total = state.at("total").get<std::int64_t>();
  for (auto const& line : state.at("lines")) {
    auto& added = made.lines.emplace_back();
    added.product_id = line.at("product_id").get<std::string>();
    added.quantity = line.at("quantity").get<std::int64_t>();
    added.unit_price = line.at("unit_price").get<std::int64_t>();
    if (auto const name = line.find("name"); name != line.end() && !name->is_null()) added.name = name->get<std::string>();
  }
  return made;
}

/// Throws likewise. Lines of which the total is not quantity times price are none.
cart_view to_document(json const& reply) {
  auto const& document = reply.at("document");
  cart_view made;
  made.version = document.at("lastSequenceNumber").get<std::uint64_t>();
  made.customer = document.at("userAccountId").get<std::string>();
  made.checked_out = document.at("status").get<std::string>() == "checked_out";
  made.item_count = document.at("itemCount").get<std::int64_t>();
  made.total = document.at("total").get<std::int64_t>();
  for (auto const& item : document.at("items")) {
    auto& added = made.lines.emplace_back();
    added.product_id = item.at("product").get<std::string>();
    added.quantity = item.at("quantity").get<std::int64_t>();
    added.unit_price = item.at("unitPrice").get<std::int64_t>();
    if (auto const name = item.find("name"); name != item.end() && !name->is_null()) added.name = name->get<std::string>();
    std::int64_t line_total = 0;
    bool const too_large = __builtin_mul_overflow(added.quantity, added.unit_price, &line_total);
    if (too_large || item.at("lineTotal").get<std::int64_t>() != line_total) added.product_id += " (its lineTotal is wrong)";
  }
  return made;
}

template <class Read>
evoke::result<cart_view> read_reply(http_reply const& reply, std::string_view what, Read read) {
  try {
    return read(json::parse(reply.body));
  } catch (json::exception const& why) {
    return evoke::fail(evoke::errc::malformed, "the reply is no " + std::string(what) + ": " + why.what());
  }
}

}  // namespace

http_request create_cart(invoice const& from) {
  auto const& owner = from.customer.empty() ? std::string(guest) : from.customer;
  auto made = command(from.number, "create_cart", "create-" + std::to_string(from.first_ordinal), 0, {{"user_account_id", owner}});
  made.headers.emplace_back("If-None-Match", "*");
  return made;
}

http_request add_cart_item(std::string_view cart_id, order_line const& line, std::uint64_t version) {
  json body = {{"product_id", line.product_id}, {"quantity", line.quantity}, {"unit_price", line.unit_price}};
  if (!line.name.empty()) body["name"] = line.name;
  return command(cart_id, "add_cart_item", "line-" + std::to_string(line.ordinal), version, body);
}

http_request check_out(invoice const& from, std::uint64_t version) {
  return command(from.number, "check_out", "check-out-" + std::to_string(from.first_ordinal), version, json::object());
}

http_request read_cart(std::string_view cart_id) {
  return get(cart_path(cart_id));
}

http_request read_cart_document(std::string_view cart_id, std::string_view token) {
  auto made = get("/v1/views/carts/" + as_path_segment(cart_id));
  if (token.empty()) return made;
  made.headers.emplace_back("Consistency-Token", token);
  made.headers.emplace_back("Prefer", "wait=10");
  return made;
}

http_request read_info() {
  return get("/v1/info");
}

problem read_problem(http_reply const& reply) {
  problem made;
  auto const body = json::parse(reply.body, nullptr, false);
  if (!body.is_object()) return made;
  auto const type = text_member(body, "type");
  made.reason = type.substr(type.find_last_of("/#:") + 1);
  made.text = text_member(body, "title");
  if (auto const detail = text_member(body, "detail"); !detail.empty()) made.text += (made.text.empty() ? "" : ": ") + detail;
  if (auto const found = body.find("current_version"); found != body.end() && found->is_number_unsigned()) {
    made.current_version = found->get<std::uint64_t>();
  }
  return made;
}

command_end read_command_end(http_reply const& reply) {
  command_end made;
  made.replayed = reply.replayed;
  if (reply.status >= 200 && reply.status < 300) {
    made.version = version_of(reply.etag);
    if (made.version > 0) made.end = command_end::kind::accepted;
    if (made.version == 0) made.text = "accepted, but without an ETag that says the version";
    return made;
  }
  auto const why = read_problem(reply);
  made.reason = why.reason.empty() ? "http_" + std::to_string(reply.status) : why.reason;
  made.text = std::to_string(reply.status) + " " + (why.text.empty() ? reply.body.substr(0, 200) : why.text);
  switch (reply.status) {
    case 400:
    case 403:
    case 404:
    case 409:
    case 413:
    case 414:
    case 422: made.end = command_end::kind::rejected; break;
    case 412:
      if (!why.current_version) break;
      made.end = command_end::kind::version_differs;
      made.version = *why.current_version;
      break;
    default: break;
  }
  return made;
}

evoke::result<cart_view> read_cart_reply(http_reply const& reply) {
  if (reply.status == 404 || reply.status == 400) return cart_view{};
  if (reply.status != 200) return evoke::fail(evoke::errc::malformed, "the server answers " + std::to_string(reply.status));
  return read_reply(reply, "cart", to_cart);
}

evoke::result<cart_view> read_document_reply(http_reply const& reply) {
  if (reply.status == 200) return read_reply(reply, "document of a cart", to_document);
  auto const why = read_problem(reply);
  // An id that can be none has no document either.
  if ((reply.status == 404 && why.reason == "not-found") || reply.status == 400) return cart_view{};
  return evoke::fail(evoke::errc::malformed, "the server answers " + std::to_string(reply.status) + " " + why.text);
}

evoke::result<server_info> read_info_reply(http_reply const& reply) {
  auto const body = json::parse(reply.body, nullptr, false);
  if (reply.status == 200 && body.is_object()) {
    if (auto const head = body.find("head"); head != body.end() && head->is_number_unsigned())
      return server_info{head->get<std::uint64_t>()};
  }
  return evoke::fail(evoke::errc::malformed, "the server does not answer /v1/info as evoke does: is the address right?");
}

}  // namespace replay
