#pragma once

#include <string>
#include <string_view>

namespace replay {

/// Text as UTF-8: what is valid UTF-8 stays as it is, anything else is taken for Windows-1252, in which every byte means something
/// (the five that Microsoft left open are control characters, as in the WHATWG Encoding Standard).
[[nodiscard]] std::string to_utf8(std::string_view bytes);

}  // namespace replay
