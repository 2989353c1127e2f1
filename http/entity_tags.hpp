#pragma once

#include <evoke/expected_version.hpp>
#include <evoke/result.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace evoke::http {

/// One member of `If-Match` or `If-None-Match` (RFC 9110, section 8.8.3).
struct entity_tag {
  std::string_view opaque;  ///< between the quotes
  bool weak = false;
};

/// A whole field: `*`, or a list.
struct entity_tag_list {
  bool any = false;
  std::vector<entity_tag> tags{};  ///< views into the text that was parsed
};

/// @returns invalid_argument when the text is neither `*` nor a list of entity tags.
[[nodiscard]] result<entity_tag_list> parse_entity_tags(std::string_view text);

/// The version an entity tag of ours stands for; version 0 when it is none of ours, so that it never matches.
[[nodiscard]] version version_of(entity_tag const& tag) noexcept;

/// What `If-Match` and `If-None-Match` (nullopt = absent) demand of a command: `If-Match` compares strongly, so a weak tag or one that is
/// not ours never matches; `If-None-Match` may only say `*`. @returns invalid_argument for both at once and for what does not parse.
[[nodiscard]] result<expected_version> parse_precondition(std::optional<std::string_view> if_match,
                                                          std::optional<std::string_view> if_none_match);

/// Whether `If-None-Match` names `current` (weak comparison), so that a GET answers 304.
[[nodiscard]] bool names_version(entity_tag_list const& list, version current) noexcept;

}  // namespace evoke::http
