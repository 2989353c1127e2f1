#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

#include "bench/measure/measure.hpp"

/// The floor under everything durable: append some bytes to a file and fdatasync, one after the other. Like a write-ahead log the file has
/// its space reserved and its size grows with each write.
namespace {

using namespace evoke::bench;

void must(bool good, char const* doing) {
  if (!good) throw std::system_error(errno, std::generic_category(), doing);
}

nlohmann::json probe(std::string const& path, std::size_t bytes, double warm_up, double seconds) {
  int const file = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  must(file >= 0, "open");
  constexpr off_t reserved = 64 << 20;
  static_cast<void>(fallocate(file, FALLOC_FL_KEEP_SIZE, 0, reserved));  // not every file system can
  std::string const text(bytes, 'e');
  latencies took;
  window const measured(warm_up, seconds);
  off_t at = 0;
  for (auto now = steady::now(); !measured.over(now); now = steady::now()) {
    must(pwrite(file, text.data(), text.size(), at) == static_cast<ssize_t>(text.size()), "write");
    must(fdatasync(file) == 0, "fdatasync");
    if (measured.open(now)) took.add(steady::now() - now);
    at += static_cast<off_t>(bytes);
  }
  close(file);
  std::filesystem::remove(path);
  auto const count = took.count();
  return {{"tool", "evoke-bench-disk"},
          {"settings", {{"bytes", bytes}, {"seconds", seconds}}},
          {"per_second", static_cast<double>(count) / measured.seconds()},
          {"latency_us", took.summary()}};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"write and fdatasync, one after the other"};
  std::string path = (std::filesystem::temp_directory_path() / "evoke-bench-disk").string();
  std::size_t bytes = 512;
  double seconds = 2;
  double warm_up = 0.2;
  int processor = -1;
  bool json = false;
  app.add_option("--file", path, "to write; removed afterwards");
  app.add_option("--bytes", bytes, "of each write")->check(CLI::Range(1, 1 << 20));
  app.add_option("--seconds", seconds, "measured time")->check(CLI::Range(0.1, 600.0));
  app.add_option("--warmup", warm_up, "seconds before it");
  app.add_option("--processor", processor, "to run on");
  app.add_flag("--json", json, "accepted for evenness: there is no other output");
  CLI11_PARSE(app, argc, argv);
  try {
    run_on(processor);
    print(probe(path, bytes, warm_up, seconds));
  } catch (std::exception const& failed) {
    std::fprintf(stderr, "evoke-bench-disk: %s\n", failed.what());
    return 1;
  }
  return 0;
}
