#include "tally.hpp"

#include <filesystem>
#include <iostream>

/// Starts a runtime on a directory of its own, changes a tally, restarts and finds it again. Returns 0 when all was as promised.
int main() {
  auto const data = std::filesystem::temp_directory_path() / "evoke-outside-tally";
  std::filesystem::remove_all(data);
  auto const run = [&](auto&& use) {
    evoke::registry types;
    if (auto added = types.add(evoke::define<tally>()); !added) return false;
    evoke::runtime_options options;
    options.data = data;
    auto runtime = evoke::runtime::start(std::move(types), options);
    if (!runtime) {
      std::cerr << runtime.error().message << '\n';
      return false;
    }
    return use(**runtime);
  };
  bool const changed = run([](evoke::runtime& live) {
    auto const up = live.of<tally>("t-1").execute(change_tally{5}).get();
    auto const down = live.of<tally>("t-1").execute(change_tally{-6}).get();
    return up.accepted() && up.reply().created && down.rejected() && down.why().code == "below_zero";
  });
  bool const kept = run([](evoke::runtime& live) {
    auto const now = live.of<tally>("t-1").get();
    return now && now->count == 5;
  });
  std::filesystem::remove_all(data);
  std::cout << (changed ? "changed" : "NOT CHANGED") << ", " << (kept ? "kept" : "NOT KEPT") << '\n';
  return changed && kept ? 0 : 1;
}
