#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace evoke::http {

enum class method : std::uint8_t { get, head, post, put, delete_, patch, options, other };

/// A parsed request as a custom route sees it: limits are already enforced, percent-encoding in path and query is undone and is valid
/// UTF-8. The views live until the handler returns; what outlives it must be copied.
class request {
 public:
  virtual ~request() = default;
  [[nodiscard]] virtual http::method method() const noexcept = 0;
  [[nodiscard]] virtual std::string_view path() const noexcept = 0;  ///< as sent, without query
  [[nodiscard]] virtual std::string_view param(
      std::string_view name) const noexcept = 0;  ///< a `{name}` of the route's pattern, "" when none
  [[nodiscard]] virtual bool has_query(std::string_view name) const noexcept = 0;
  [[nodiscard]] virtual std::string_view query(std::string_view name) const noexcept = 0;  ///< first value, "" when absent
  [[nodiscard]] virtual std::string_view header(
      std::string_view name) const noexcept = 0;  ///< "" when absent; repeated ones are joined by ", "
  [[nodiscard]] virtual std::string_view body() const noexcept = 0;
};

struct response {
  std::uint16_t status = 200;
  std::string body{};
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers{};
};

/// Answers a request: exactly once, from any thread. Dropped unanswered it answers 500.
using responder = std::move_only_function<void(response)>;

/// Runs on a worker thread: start work and return; never block.
using handler = std::function<void(request const&, responder)>;

}  // namespace evoke::http
