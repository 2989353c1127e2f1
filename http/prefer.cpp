#include "http/prefer.hpp"

#include "http/field_text.hpp"

#include <algorithm>
#include <charconv>

namespace evoke::http {
namespace {

std::string_view unquoted(std::string_view text) noexcept {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') return text.substr(1, text.size() - 2);
  return text;
}

void take_wait(std::string_view value, preferences& into) noexcept {
  std::uint32_t seconds = 0;
  auto const* end = value.data() + value.size();
  auto const [stopped, error] = std::from_chars(value.data(), end, seconds);
  if (error == std::errc{} && stopped == end && !into.wait) into.wait = std::chrono::seconds(seconds);
}

void take(std::string_view name, std::string_view value, preferences& into) noexcept {
  if (iequals(name, "return")) {
    if (into.wanted != preferences::reply::standard) return;
    if (iequals(value, "minimal")) into.wanted = preferences::reply::minimal;
    if (iequals(value, "representation")) into.wanted = preferences::reply::representation;
  } else if (iequals(name, "handling")) {
    if (into.lenient) return;
    if (iequals(value, "lenient")) into.lenient = true;
    if (iequals(value, "strict")) into.lenient = false;
  } else if (iequals(name, "wait")) {
    take_wait(value, into);
  }
}

}  // namespace

preferences parse_prefer(std::string_view field) noexcept {
  preferences made;
  while (!field.empty()) {
    auto preference = next_piece(field, ',');
    if (preference.empty()) continue;
    auto const first = next_piece(preference, ';');  // what follows are parameters, and none is known
    auto const equals = std::min(first.find('='), first.size());
    auto const value = equals < first.size() ? first.substr(equals + 1) : std::string_view{};
    take(trimmed(first.substr(0, equals)), unquoted(trimmed(value)), made);
  }
  return made;
}

}  // namespace evoke::http
