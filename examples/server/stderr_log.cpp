#include "server/stderr_log.hpp"

#include <unistd.h>

namespace server {
namespace {

std::string_view padded_name(evoke::log_level level) {
  switch (level) {
    case evoke::log_level::debug: return "debug";
    case evoke::log_level::info: return "info ";
    case evoke::log_level::warning: return "warn ";
    case evoke::log_level::error: return "error";
  }
  return "?????";
}

}  // namespace

std::string log_line(evoke::timestamp time, evoke::log_level level, std::string_view text) {
  auto line = evoke::to_rfc3339(time) + " " + std::string(padded_name(level)) + " ";
  for (char const c : text) line.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c);
  line.push_back('\n');
  return line;
}

evoke::log_sink stderr_log(evoke::log_level least) {
  return [least](evoke::log_level level, std::string_view text) {
    if (level < least) return;
    auto const line = log_line(evoke::system_clock().now(), level, text);
    // One write a line: lines of several threads do not mix. What cannot be logged is lost; there is nowhere to say so.
    [[maybe_unused]] auto const written = ::write(STDERR_FILENO, line.data(), line.size());
  };
}

}  // namespace server
