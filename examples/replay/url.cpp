#include "replay/url.hpp"

#include "replay/money.hpp"

#include <algorithm>

namespace replay {

evoke::result<server_address> parse_url(std::string_view url) {
  auto const refuse = [&](std::string_view why) {
    return evoke::fail(evoke::errc::invalid_argument, std::string("'").append(url).append("' ").append(why));
  };
  constexpr std::string_view scheme = "http://";
  if (!url.starts_with(scheme)) return refuse("does not begin with http://");
  auto rest = url.substr(scheme.size());
  if (rest.find_first_of("?#@ ") != std::string_view::npos) return refuse("is not of the form http://HOST[:PORT][/BASE]");
  auto const slash = std::min(rest.find('/'), rest.size());

  server_address made;
  made.base_path = rest.substr(slash);
  while (made.base_path.ends_with('/')) made.base_path.pop_back();
  auto const authority = rest.substr(0, slash);
  made.authority = authority;

  auto const bracket = authority.starts_with('[') ? authority.find(']') : 0;
  if (bracket == std::string_view::npos) return refuse("has no ']' behind its address");
  auto const colon = authority.find(':', bracket);
  made.host = authority.starts_with('[') ? authority.substr(1, bracket - 1) : authority.substr(0, colon);
  if (made.host.empty()) return refuse("names no host");
  made.port = colon == std::string_view::npos ? "80" : authority.substr(colon + 1);
  auto const number = parse_integer(made.port);
  if (!number || *number < 1 || *number > 65535 || made.port.front() == '+') return refuse("has no port from 1 to 65535");
  return made;
}

std::string as_path_segment(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  constexpr std::string_view unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string out;
  for (char const c : text) {
    if (unreserved.find(c) != std::string_view::npos) {
      out.push_back(c);
      continue;
    }
    auto const byte = static_cast<unsigned char>(c);
    out += {'%', hex[byte >> 4U], hex[byte & 0x0FU]};
  }
  return out;
}

}  // namespace replay
