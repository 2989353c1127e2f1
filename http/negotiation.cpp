#include "http/negotiation.hpp"

#include "http/field_text.hpp"

#include <algorithm>

namespace evoke::http {
namespace {

/// Weight in thousandths; nullopt when it is no qvalue.
std::optional<int> parse_weight(std::string_view text) noexcept {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  int value = (text[0] - '0') * 1000;
  if (text.size() == 1) return value;
  if (text[1] != '.') return std::nullopt;
  int unit = 100;
  for (char const digit : text.substr(2)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    value += (digit - '0') * unit;
    unit /= 10;
  }
  return value <= 1000 ? std::optional<int>(value) : std::nullopt;
}

struct media_range {
  std::string_view type;
  int weight = 1000;
};

media_range parse_range(std::string_view text) noexcept {
  media_range made{next_piece(text, ';')};
  while (!text.empty()) {
    auto const parameter = next_piece(text, ';');
    if (parameter.size() >= 2 && ascii_lower(parameter[0]) == 'q' && parameter[1] == '=')
      made.weight = parse_weight(trimmed(parameter.substr(2))).value_or(0);
  }
  return made;
}

/// How exactly a range names an offer: 3 itself, 2 its type, 1 anything, 0 not at all.
int exactness(std::string_view range, std::string_view offer) noexcept {
  if (iequals(range, offer)) return 3;
  if (range == "*/*") return 1;
  if (range.size() > 2 && range.ends_with("/*") && iequals(range.substr(0, range.size() - 1), offer.substr(0, offer.find('/') + 1)))
    return 2;
  return 0;
}

/// The weight the most exact matching range gives.
int weight_of(std::string_view accept, std::string_view offer) noexcept {
  int best = 0;
  int weight = 0;
  while (!accept.empty()) {
    auto const range = parse_range(next_piece(accept, ','));
    int const exact = exactness(range.type, offer);
    if (exact > best || (exact == best && exact > 0 && range.weight > weight)) {
      best = exact;
      weight = range.weight;
    }
  }
  return weight;
}

}  // namespace

std::optional<std::size_t> negotiate(std::string_view accept, std::span<std::string_view const> offers) noexcept {
  accept = trimmed(accept);
  if (accept.empty() || accept == "*/*") return offers.empty() ? std::nullopt : std::optional<std::size_t>(0);
  std::optional<std::size_t> chosen;
  int best = 0;
  for (std::size_t i = 0; i < offers.size(); ++i) {
    int const weight = weight_of(accept, offers[i]);
    if (weight <= best) continue;
    best = weight;
    chosen = i;
  }
  return chosen;
}

bool is_json_type(std::string_view content_type) noexcept {
  content_type = trimmed(content_type);
  if (content_type.empty() || content_type == "application/json") return true;
  auto const type = next_piece(content_type, ';');
  constexpr std::string_view application = "application/";
  bool const json = iequals(type, "application/json") ||
                    (type.size() > application.size() + 5 && iequals(type.substr(0, application.size()), application) &&
                     iequals(type.substr(type.size() - 5), "+json"));
  if (!json) return false;
  while (!content_type.empty()) {
    auto const parameter = next_piece(content_type, ';');
    auto const equals = std::min(parameter.find('='), parameter.size());
    if (!iequals(parameter.substr(0, equals), "charset") || equals == parameter.size()) continue;
    auto charset = trimmed(parameter.substr(equals + 1));
    if (charset.size() >= 2 && charset.front() == '"' && charset.back() == '"') charset = charset.substr(1, charset.size() - 2);
    if (!iequals(charset, "utf-8") && !iequals(charset, "us-ascii")) return false;
  }
  return true;
}

}  // namespace evoke::http
