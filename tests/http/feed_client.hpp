#pragma once

#include "tests/http/raw_client.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace evoke::http::tests {

/// What lies between two empty lines of a text/event-stream.
struct feed_block {
  std::optional<std::string> id;
  std::string event;
  std::string data;
  std::string retry;
  bool comment = false;
};

/// Reads a live feed the way a browser does, but sees comments and bare ids too. Every wait ends after ten seconds with an exception.
class feed_client {
 public:
  feed_client(std::uint16_t port, std::string_view target, std::string_view headers = {}) : connection_(port) {
    std::string text("GET ");
    text.append(target).append(" HTTP/1.1\r\nHost: test\r\nAccept: text/event-stream\r\n").append(headers);
    connection_.send(text.append("\r\n"));
    head_ = connection_.read_head();
  }

  [[nodiscard]] answer const& head() const noexcept { return head_; }
  [[nodiscard]] raw_client& connection() noexcept { return connection_; }

  /// The next block; nullopt when the feed has ended in order.
  [[nodiscard]] std::optional<feed_block> next_block() {
    auto end = received_.find("\n\n");
    for (; end == std::string::npos; end = received_.find("\n\n")) {
      auto const chunk = connection_.read_chunk();
      if (chunk.empty()) return std::nullopt;
      received_.append(chunk);
    }
    auto const made = parse(std::string_view(received_).substr(0, end + 1));
    received_.erase(0, end + 2);
    return made;
  }

  /// The next block with data; remembers its id. nullopt when the feed has ended in order.
  [[nodiscard]] std::optional<feed_block> next() {
    for (auto block = next_block(); block; block = next_block()) {
      if (block->id) last_id = *block->id;
      if (!block->data.empty()) return block;
    }
    return std::nullopt;
  }

  std::string last_id;  ///< what a browser would send as Last-Event-ID

 private:
  static feed_block parse(std::string_view text) {
    feed_block made;
    while (!text.empty()) {
      auto const line = text.substr(0, text.find('\n'));
      text.remove_prefix(line.size() + 1);
      auto const take = [&](std::string_view name, auto& into) {
        if (line.starts_with(name) && line.substr(name.size()).starts_with(": ")) into = std::string(line.substr(name.size() + 2));
      };
      made.comment = made.comment || line.starts_with(':');
      take("id", made.id);
      take("event", made.event);
      take("data", made.data);
      take("retry", made.retry);
    }
    return made;
  }

  raw_client connection_;
  answer head_;
  std::string received_;
};

}  // namespace evoke::http::tests
