#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace evoke::http {

/// Page cursors: opaque to clients, so that what is inside may change. Today base64url of the last key of a page behind a mark of the
/// listing it belongs to.
[[nodiscard]] std::string make_cursor(std::string_view listing, std::string_view last);

/// The `last` that make_cursor was given; nullopt when the text is no cursor of this listing.
[[nodiscard]] std::optional<std::string> read_cursor(std::string_view listing, std::string_view cursor);

}  // namespace evoke::http
