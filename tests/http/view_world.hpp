#pragma once

#include "tests/http/feed_client.hpp"
#include "tests/http/holdings.hpp"
#include "tests/http/served_world.hpp"
#include "tests/runtime/ledger_views.hpp"

namespace evoke::http::tests {

inline registry types_with_views() {
  auto made = ledgers::types_with_views();
  if (!made.add(define_projection<holdings::holding>())) throw std::runtime_error("a projection was refused");
  return made;
}

inline runtime_options impatient_runtime() {
  auto options = small_runtime();
  options.projections.first_retry_delay = std::chrono::milliseconds(1);
  options.projections.max_retry_delay = std::chrono::milliseconds(1);
  return options;
}

/// Ledgers with read models: `holdings` and `ledgers` by ledger, `slow` that can be held up, `owners` with free keys. What a test lets
/// projections do is undone behind it.
struct view_world : served_world {
  explicit view_world(server_options options = any_port(), runtime_options with = impatient_runtime())
      : served_world(std::move(options), std::move(with), {}, types_with_views()) {}
  ~view_world() {
    let_go();
    ledgers::doing().poison = 0;
  }
  view_world(view_world const&) = delete;
  view_world& operator=(view_world const&) = delete;

  static void hold() { ledgers::doing().hold = true; }
  static void let_go() {
    ledgers::doing().hold = false;
    ledgers::doing().hold.notify_all();
  }

  /// @returns the write's consistency token, as a header line.
  std::string open(std::string const& id, std::string const& owner) const {
    return token_line(command("ledger/" + id + "/open_ledger", R"({"owner":")" + owner + R"("})"));
  }
  std::string book(std::string const& id, int amount) const {
    return token_line(command("ledger/" + id + "/book", R"({"amount":)" + std::to_string(amount) + R"(,"times":1})"));
  }
  /// Both, so that holding `id` is `owner`'s with `amount`.
  std::string hold_amount(std::string const& id, std::string const& owner, int amount) const {
    open(id, owner);
    return book(id, amount);
  }
  static std::string token_line(answer const& got) {
    if (got.status >= 300) throw std::runtime_error("a command failed: " + got.body);
    return "Consistency-Token: " + got.header("consistency-token") + "\r\n";
  }
  [[nodiscard]] feed_client follow(std::string_view target, std::string_view headers = {}) const {
    return feed_client(http->port(), target, headers);
  }
  /// Asks until `good` says so: for what comes by itself, a moment later.
  template <class Good>
  nlohmann::json ask_until(std::string_view target, Good good) const {
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    for (;;) {
      auto body = json_of(get(target));
      if (good(body)) return body;
      if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("it did not come to that: " + body.dump());
    }
  }
};

}  // namespace evoke::http::tests
