#pragma once

#include <evoke/http/server.hpp>
#include <evoke/json.hpp>
#include <evoke/read_model.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

/// What custom routes often answer.
namespace evoke::http {

/// `body`, described, as JSON.
template <class Body>
[[nodiscard]] response json_response(std::uint16_t status, Body const& body) {
  auto text = json::encode(body);
  if (!text) return problem(text.error());
  return {.status = status, .body = std::move(*text)};
}

/// How many a client wants in one page by `?limit=N`. @returns as many as the server allows (limits.max_page_events cuts) where nothing is
/// said; invalid_argument for what is not a number from 1.
[[nodiscard]] result<std::size_t> page_limit(request const& of);

/// A page of a view as a JSON array; a Link header (RFC 8288) leads to the next one. @param path of the route. @param limit as the client
/// sent it, empty = it did not: goes into the link. @param shown a document's JSON as the route shows it: result<std::string>(std::string
/// const&).
template <class Shown>
[[nodiscard]] response array_response(result<view_page> const& page, std::string_view path, std::string_view limit, Shown shown) {
  if (!page) return problem(page.error());
  response made{.body = "["};
  for (auto const& each : page->documents) {
    result<std::string> const text = shown(each.json);
    if (!text) return problem(text.error());
    made.body.append(made.body.size() > 1 ? "," : "").append(*text);
  }
  made.body.append("]");
  if (!page->next) return made;
  auto link = std::string("<").append(path).append("?cursor=").append(*page->next);
  if (!limit.empty()) link.append("&limit=").append(limit);
  made.headers.emplace_back("Link", link.append(">; rel=\"next\""));
  return made;
}

}  // namespace evoke::http
