#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace evoke::load {

/// What the command line says; docs/load.md lists it.
struct settings {
  std::string url;
  bool embedded = false;
  std::string directory;  ///< of the embedded store
  bool in_memory = false;
  bool durable = true;  ///< embedded: `disk`, else `os`
  std::string workload = "adds";
  std::size_t connections = 64;
  double rate = 0;              ///< operations a second; 0 = closed loop
  std::size_t patience_ms = 0;  ///< open loop over HTTP: how long an operation waits for a free connection; 0 = as long as it takes
  double seconds = 5;
  double warmup = 1;
  std::optional<std::uint64_t> keys{};
  std::optional<std::string> distribution{};
  std::optional<std::uint64_t> payload_bytes{};
  std::size_t pipeline = 1;
  std::size_t batch = 1;
  std::size_t followers = 0;
  std::size_t log_followers = 0;
  std::uint64_t seed = 1;
  std::string json;  ///< file, "-" = standard output, empty = none
  bool quiet = false;
  bool prepare = true;
  std::optional<int> processor{};
  std::optional<int> server_process{};
};

}  // namespace evoke::load
