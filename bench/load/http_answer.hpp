#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace evoke::load {

/// An answer, as far as a client that measures looks at it.
struct http_answer {
  int status = 0;
  bool closes = false;    ///< the server ends the connection behind it
  std::string_view body;  ///< valid as long as the text and the scratch it was read with
};

inline constexpr std::size_t not_whole = 0;
inline constexpr std::size_t not_http = static_cast<std::size_t>(-1);

/// Reads the answer that `text` begins with. @param scratch takes a chunked body. @returns how many bytes it is, not_whole, or not_http.
[[nodiscard]] std::size_t read_answer(std::string_view text, http_answer& into, std::string& scratch);

}  // namespace evoke::load
