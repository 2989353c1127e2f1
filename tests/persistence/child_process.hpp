#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace evoke::persistence::test {

/// The program journal_child, running; killed when it goes.
class child_process {
 public:
  child_process(std::filesystem::path const& store, std::string const& mode, std::uint64_t seed);
  ~child_process();
  child_process(child_process const&) = delete;
  child_process& operator=(child_process const&) = delete;

  /// The next number it reports; nothing when it has ended. Blocks.
  [[nodiscard]] std::optional<std::uint64_t> read();
  /// SIGKILL, and waits until it is gone. What it had reported can still be read.
  void kill();

 private:
  int pid_ = -1;
  int output_ = -1;
  int input_ = -1;
};

}  // namespace evoke::persistence::test
