#pragma once

#include "child_process.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace tests {

/// An empty directory that goes with the object.
class scratch_directory {
 public:
  scratch_directory() : path_(std::filesystem::temp_directory_path() / "evoke-test-XXXXXX") {
    auto name = path_.string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no scratch directory");
    path_ = name;
  }
  ~scratch_directory() {
    std::error_code ignored;  // what cannot be removed stays in the temporary directory
    std::filesystem::remove_all(path_, ignored);
  }
  scratch_directory(scratch_directory const&) = delete;
  scratch_directory& operator=(scratch_directory const&) = delete;

  [[nodiscard]] std::filesystem::path const& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

/// An evoke-server that has said where it listens.
class server_process {
 public:
  /// @param listen port 0 takes any.
  explicit server_process(std::vector<std::string> arguments, std::string const& listen = "127.0.0.1:0")
      : process_(command_line(std::move(arguments), listen)) {
    constexpr std::string_view said = "listening on ";
    authority_ = process_.wait_for_line(std::string(said)).substr(said.size());
  }

  [[nodiscard]] std::string const& authority() const noexcept { return authority_; }
  [[nodiscard]] std::string url() const { return "http://" + authority_; }
  [[nodiscard]] child_process& process() noexcept { return process_; }

  [[nodiscard]] static std::vector<std::string> command_line(std::vector<std::string> arguments, std::string const& listen) {
    std::vector<std::string> all{EVOKE_SERVER_PROGRAM, "--listen", listen, "--quiet", "--max-connections", "100"};
    // What a test looks for among the lines is easier found when there are few.
    if (std::ranges::find(arguments, "--log-level") == arguments.end()) all.insert(all.end(), {"--log-level", "warn"});
    all.insert(all.end(), arguments.begin(), arguments.end());
    return all;
  }

 private:
  child_process process_;
  std::string authority_;
};

}  // namespace tests
