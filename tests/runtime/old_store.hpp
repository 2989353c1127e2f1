#pragma once

#include <algorithm>
#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "tests/runtime/following.hpp"
#include "tests/runtime/two_programs.hpp"

/// A store that an older program wrote, and what is read from it.
namespace evoke::tests {

using namespace std::chrono_literals;

template <class Command>
void tell(runtime& rt, std::string id, Command command) {
  auto const end = rt.of<yesterday::goods>(std::move(id)).execute(std::move(command)).get();
  REQUIRE(end.accepted());
}

/// A store in which yesterday's program left goods "a" (versions 1 to 5: titled, priced, edited in both, flagged, edited in nothing) and
/// "b" (edited in price, titled), positions 1 to 7.
class old_store {
 public:
  old_store() {
    auto const rt = start(on_disk(directory), yesterday::types());
    tell(*rt, "a", yesterday::set_title{"pen"});
    tell(*rt, "a", yesterday::set_price{5});
    tell(*rt, "a", yesterday::edit{"cup", 6});
    tell(*rt, "a", yesterday::flag{});
    tell(*rt, "a", yesterday::edit{});
    tell(*rt, "b", yesterday::edit{std::nullopt, 7});
    tell(*rt, "b", yesterday::set_title{"mug"});
  }
  ~old_store() { today::curse_holds = false; }
  old_store(old_store const&) = delete;
  old_store& operator=(old_store const&) = delete;

  /// One more, in stream "c", that today cannot be upcast while the curse holds.
  void curse() {
    auto const rt = start(on_disk(directory), yesterday::types());
    tell(*rt, "c", yesterday::set_price{1});
    tell(*rt, "c", yesterday::curse{"frog"});
    tell(*rt, "c", yesterday::set_price{2});
  }

  [[nodiscard]] std::unique_ptr<runtime> open() { return start(options(), today::types()); }
  [[nodiscard]] runtime_options options() {
    auto chosen = on_disk(directory);
    chosen.projections.attempts = 1;
    chosen.recovery_backoff = 10ms;
    chosen.log = [this](log_level, std::string_view line) {
      std::lock_guard const lock(guard);
      log.emplace_back(line);
    };
    return chosen;
  }
  [[nodiscard]] bool logged(std::string_view text) {
    std::lock_guard const lock(guard);
    return std::ranges::any_of(log, [&](auto const& line) { return line.find(text) != std::string::npos; });
  }

  temporary_directory directory;
  std::mutex guard;
  std::vector<std::string> log;
};

inline std::string text(recorded_event const& event) {
  return std::to_string(event.position.value()) + "." + std::to_string(event.part) + "/" + std::to_string(event.parts) + " " +
         event.type.str() + " " + std::to_string(event.schema_version) + " " + event.data;
}
inline std::vector<std::string> texts(std::vector<recorded_event> const& events) {
  std::vector<std::string> made;
  for (auto const& each : events) made.push_back(text(each));
  return made;
}

using lines = std::vector<std::string>;
inline lines const all_today{
    R"(1.1/1 named 1 {"name":"pen"})",
    R"(2.1/1 priced 2 {"amount":5,"currency":"KRW"})",
    R"(3.1/2 named 1 {"name":"cup"})",
    R"(3.2/2 priced 2 {"amount":6,"currency":"KRW"})",
    R"(6.1/1 priced 2 {"amount":7,"currency":"KRW"})",
    R"(7.1/1 named 1 {"name":"mug"})",
};
inline lines const all_stored{
    R"(1.1/1 titled 1 {"title":"pen"})",
    R"(2.1/1 priced 1 {"amount":5})",
    R"(3.1/1 edited 1 {"title":"cup","amount":6})",
    R"(4.1/1 flagged 1 {})",
    R"(5.1/1 edited 1 {})",
    R"(6.1/1 edited 1 {"amount":7})",
    R"(7.1/1 titled 1 {"title":"mug"})",
};
inline lines some(lines const& of, std::initializer_list<std::size_t> which) {
  lines made;
  for (auto const each : which) made.push_back(of.at(each));
  return made;
}

/// The whole log by pages.
inline lines log_of(runtime& rt, log_filter filter, bool raw, std::size_t limit = 100) {
  lines seen;
  log_request asked;
  asked.filter = std::move(filter);
  asked.raw = raw;
  asked.limit = limit;
  for (;;) {
    auto const page = rt.read_log(asked).get();
    REQUIRE(page);
    for (auto const& each : page->events) seen.push_back(text(each));
    if (page->at_end) return seen;
    REQUIRE(page->next_after > asked.after);
    asked.after = page->next_after;
  }
}

}  // namespace evoke::tests
