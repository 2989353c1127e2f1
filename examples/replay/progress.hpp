#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace replay {

/// "replay  [#####.....]  50 %  1,000 of 2,000  500/s  2 s left"; without `bar_width` there is no bar.
[[nodiscard]] std::string progress_line(std::string_view what, std::uint64_t done, std::uint64_t all, std::chrono::milliseconds elapsed,
                                        std::size_t bar_width);

/// Shows how far a long work is: on a terminal one line that is painted over, elsewhere a plain line now and then.
class progress {
 public:
  /// `out` must outlive the object.
  progress(std::FILE* out, std::string what);
  ~progress();
  progress(progress const&) = delete;
  progress& operator=(progress const&) = delete;

  void show(std::uint64_t done, std::uint64_t all);

 private:
  using clock = std::chrono::steady_clock;

  void print(clock::time_point now);

  std::FILE* out_;
  std::string what_;
  bool terminal_;
  clock::time_point began_ = clock::now();
  clock::time_point shown_ = began_;
  std::uint64_t done_ = 0;
  std::uint64_t all_ = 0;
};

}  // namespace replay
