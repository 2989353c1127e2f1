#include "http/pages.hpp"

#include "http/percent.hpp"

#include <algorithm>

namespace evoke::http {

void append_next_link(api_context const& api, incoming const& request, std::vector<std::pair<std::string_view, std::string>> const& changed,
                      reply& out) {
  out.headers.append("Link: <");
  api.append_link(out.headers, request.path());
  char separator = '?';
  auto const add = [&](std::string_view name, std::string_view value) {
    out.headers.push_back(std::exchange(separator, '&'));
    percent_encode(name, out.headers);
    out.headers.push_back('=');
    percent_encode(value, out.headers);
  };
  request.for_each_query([&](std::string_view name, std::string_view value) {
    if (std::ranges::none_of(changed, [&](auto const& each) { return each.first == name; })) add(name, value);
  });
  for (auto const& [name, value] : changed) add(name, value);
  out.headers.append(">; rel=\"next\"\r\n");
}

}  // namespace evoke::http
