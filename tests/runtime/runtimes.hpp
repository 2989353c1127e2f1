#pragma once

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>

#include "tests/runtime/ledger.hpp"

namespace evoke::tests {

/// A directory that goes with the test.
class temporary_directory {
 public:
  temporary_directory() {
    std::random_device random;
    path_ = std::filesystem::temp_directory_path() / ("evoke-test-" + std::to_string(random()) + std::to_string(random()));
    std::filesystem::create_directories(path_);
  }
  ~temporary_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  temporary_directory(temporary_directory const&) = delete;
  temporary_directory& operator=(temporary_directory const&) = delete;
  [[nodiscard]] std::filesystem::path const& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

inline runtime_options in_memory() {
  runtime_options options;
  options.storage = storage::in_memory;
  options.workers = 2;
  return options;
}

inline runtime_options on_disk(temporary_directory const& directory) {
  runtime_options options;
  options.data = directory.path() / "store";
  options.durability = durability::os;
  options.workers = 2;
  options.memtable_bytes = 16ULL * 1024 * 1024;
  options.block_cache_bytes = 16ULL * 1024 * 1024;
  return options;
}

inline std::unique_ptr<runtime> start(runtime_options options, registry types = ledgers::types()) {
  auto started = runtime::start(std::move(types), std::move(options));
  if (!started) FAIL(started.error().message);
  return std::move(*started);
}

inline command_request request(std::string id, std::string command, std::string body) {
  return {"ledger", std::move(id), std::move(command), std::move(body), {}};
}

}  // namespace evoke::tests
