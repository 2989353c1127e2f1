#pragma once

#include "http/request_reader.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <string_view>

namespace evoke::http::tests {

inline reader_limits roomy() {
  return {16 * 1024, 8 * 1024, 64 * 1024};
}

/// Puts all of `bytes` into the reader's buffer.
inline void feed(request_reader& reader, std::string_view bytes) {
  while (!bytes.empty()) {
    auto const room = reader.prepare();
    auto const taken = std::min(room.size(), bytes.size());
    std::copy_n(bytes.data(), taken, room.data());
    reader.commit(taken);
    bytes.remove_prefix(taken);
  }
}

/// A request with this target and these header lines ("A: b\r\n"), parsed.
inline void parse_request(incoming& into, std::string_view target, std::string_view headers = {}, std::string_view method = "GET") {
  request_reader reader(roomy());
  feed(reader, std::string(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: test\r\n").append(headers).append("\r\n"));
  REQUIRE(reader.advance(into) == request_reader::step::complete);
}

}  // namespace evoke::http::tests
