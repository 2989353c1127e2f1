#pragma once

#include "http/incoming.hpp"

#include <evoke/http/message.hpp>
#include <evoke/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evoke::http {

[[nodiscard]] std::string_view name_of(method which) noexcept;

/// Finds what answers a path. A pattern is a chain of literal segments, `{name}` captures, and captures with a verb behind them
/// (`{name}:pause`, which takes what stands before `:pause`). At each segment a literal goes before a verb, a verb before a bare capture,
/// and what one of them leads to is final: there is one best pattern for a path, whatever its methods. Built once, then read by all
/// threads.
class router {
 public:
  static constexpr std::size_t method_count = 7;  ///< without method::other
  static constexpr std::uint32_t none = 0xFFFFFFFF;

  router();
  ~router();
  router(router&&) noexcept;
  router& operator=(router&&) noexcept;

  /// @param endpoint what find() is to answer with
  /// @returns already_exists when another pattern of the same shape has this method, invalid_argument when the pattern is none.
  result<void> add(method which, std::string_view pattern, std::uint32_t endpoint);

  struct match {
    enum class end : std::uint8_t { found, no_route, no_method } what = end::no_route;
    std::uint32_t endpoint = none;
  };
  /// Looks up `request` and, when found, gives it its captures. GET answers HEAD where HEAD itself is not added.
  [[nodiscard]] match find(incoming& request) const;

  /// The `Allow` list for the path: what was added, HEAD beside GET, and OPTIONS. "" when the path leads nowhere.
  [[nodiscard]] std::string allowed(incoming const& request) const;

 private:
  struct node;
  [[nodiscard]] node const* walk(incoming const& request) const;

  std::unique_ptr<node> root_;
};

}  // namespace evoke::http
