#include "http/entity_tags.hpp"

#include "http/field_text.hpp"

#include <algorithm>
#include <charconv>

namespace evoke::http {
namespace {

/// etagc = %x21 / %x23-7E / obs-text
bool tag_char(char c) noexcept {
  auto const byte = static_cast<unsigned char>(c);
  return byte == 0x21 || (byte >= 0x23 && byte != 0x7F);
}

result<entity_tag> parse_tag(std::string_view text) {
  entity_tag made;
  if (text.starts_with("W/")) {
    made.weak = true;
    text.remove_prefix(2);
  }
  if (text.size() < 2 || text.front() != '"' || text.back() != '"')
    return fail(errc::invalid_argument, "an entity tag is written in double quotes, e.g. \"41\"");
  made.opaque = text.substr(1, text.size() - 2);
  if (!std::ranges::all_of(made.opaque, tag_char))
    return fail(errc::invalid_argument, "an entity tag holds a character that may not be there");
  return made;
}

}  // namespace

result<entity_tag_list> parse_entity_tags(std::string_view text) {
  entity_tag_list made;
  text = trimmed(text);
  if (text == "*") {
    made.any = true;
    return made;
  }
  while (!text.empty()) {
    // Not next_piece: within an entity tag a backslash is an ordinary character.
    auto const open = text.find('"');
    auto const close = open == std::string_view::npos ? open : text.find('"', open + 1);
    auto const comma = text.find(',');
    auto end = comma;
    if (open < comma) end = close == std::string_view::npos ? close : text.find(',', close);
    auto const piece = trimmed(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (piece.empty()) continue;
    auto tag = parse_tag(piece);
    if (!tag) return std::unexpected(std::move(tag.error()));
    made.tags.push_back(*tag);
  }
  if (made.tags.empty()) return fail(errc::invalid_argument, "an entity tag or * is expected");
  return made;
}

version version_of(entity_tag const& tag) noexcept {
  std::uint64_t value = 0;
  auto const* end = tag.opaque.data() + tag.opaque.size();
  auto const [stopped, error] = std::from_chars(tag.opaque.data(), end, value);
  // Tags compare byte by byte: "041" is another tag than "41".
  if (error != std::errc{} || stopped != end || tag.opaque.front() == '0') return {};
  return version{value};
}

result<expected_version> parse_precondition(std::optional<std::string_view> if_match, std::optional<std::string_view> if_none_match) {
  if (if_match && if_none_match) return fail(errc::invalid_argument, "If-Match and If-None-Match may not be sent together");
  if (if_none_match) {
    auto list = parse_entity_tags(*if_none_match);
    if (!list) return fail(errc::invalid_argument, "If-None-Match: " + list.error().message);
    if (!list->any) return fail(errc::invalid_argument, "If-None-Match: only * (the aggregate must not exist) has a meaning for a command");
    return expected_version::no_stream();
  }
  if (!if_match) return expected_version::any();
  auto list = parse_entity_tags(*if_match);
  if (!list) return fail(errc::invalid_argument, "If-Match: " + list.error().message);
  if (list->any) return expected_version::stream_exists();
  std::vector<version> wanted;
  for (auto const& tag : list->tags)
    if (!tag.weak && version_of(tag) != version{}) wanted.push_back(version_of(tag));
  return expected_version::one_of(std::move(wanted));
}

bool names_version(entity_tag_list const& list, version current) noexcept {
  if (list.any) return true;
  return std::ranges::any_of(list.tags, [&](entity_tag const& tag) { return version_of(tag) == current && current != version{}; });
}

}  // namespace evoke::http
