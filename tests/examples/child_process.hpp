#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace tests {

/// A program that a test starts. Its standard output and error go into one pipe. Killed by the destructor when it still runs.
class child_process {
 public:
  /// @param arguments the program's path first. Throws std::runtime_error when it cannot be started.
  explicit child_process(std::vector<std::string> arguments);
  ~child_process();
  child_process(child_process&& from) noexcept;
  child_process& operator=(child_process&&) = delete;

  void send(int signal) const;
  [[nodiscard]] bool running() const;
  /// Reads what it prints until there is a line that contains `text`. @returns that line; throws when the program ends or `within` passes.
  std::string wait_for_line(std::string const& text, std::chrono::seconds within = std::chrono::seconds(60));
  /// Reads to the end of its output and waits. @returns its exit code, 128 + number when a signal ended it; throws when `within` passes.
  int wait(std::chrono::seconds within = std::chrono::seconds(120));
  /// All that it has printed, as far as it was read.
  [[nodiscard]] std::string const& output() const noexcept { return output_; }

 private:
  /// @returns false at the end of the output.
  bool read_some(std::chrono::steady_clock::time_point until);

  ::pid_t pid_ = -1;
  int pipe_ = -1;
  std::string output_;
  std::size_t searched_ = 0;
  std::optional<int> ended_;
};

}  // namespace tests
