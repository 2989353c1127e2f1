#include "replay/progress.hpp"

#include "replay/money.hpp"

#include <unistd.h>

#include <algorithm>

namespace replay {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds repaint_interval{100};
constexpr milliseconds plain_interval{5'000};
constexpr std::size_t bar_width = 30;

std::string duration_text(std::uint64_t seconds) {
  if (seconds < 60) return std::to_string(seconds) + " s";
  if (seconds < 3600) return std::to_string(seconds / 60) + " min " + std::to_string(seconds % 60) + " s";
  return std::to_string(seconds / 3600) + " h " + std::to_string(seconds / 60 % 60) + " min";
}

}  // namespace

std::string progress_line(std::string_view what, std::uint64_t done, std::uint64_t all, milliseconds elapsed, std::size_t width) {
  auto const whole = std::max<std::uint64_t>(all, 1);
  auto const percent = all == 0 ? 100 : done * 100 / whole;
  auto const elapsed_ms = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::max<milliseconds::rep>(elapsed.count(), 0)));
  auto const rate = done * 1000 / elapsed_ms;
  std::string line(what);
  if (width > 0) {
    auto const filled = static_cast<std::size_t>(percent * width / 100);
    line += "  [" + std::string(filled, '#') + std::string(width - filled, '.') + "]";
  }
  line += "  " + std::to_string(percent) + " %  " + format_count(done) + " of " + format_count(all) + "  " + format_count(rate) + "/s";
  if (done > 0 && done < all) line += "  " + duration_text((all - done) * elapsed_ms / done / 1000) + " left";
  return line;
}

progress::progress(std::FILE* out, std::string what) : out_(out), what_(std::move(what)), terminal_(::isatty(::fileno(out)) == 1) {}

progress::~progress() {
  if (all_ == 0) return;
  print(clock::now());
  if (terminal_) std::fputc('\n', out_);
}

void progress::show(std::uint64_t done, std::uint64_t all) {
  done_ = done;
  all_ = all;
  auto const now = clock::now();
  if (now - shown_ >= (terminal_ ? repaint_interval : plain_interval)) print(now);
}

void progress::print(clock::time_point now) {
  shown_ = now;
  auto const elapsed = std::chrono::duration_cast<milliseconds>(now - began_);
  auto const line = progress_line(what_, done_, all_, elapsed, terminal_ ? bar_width : 0);
  // \r and "erase to the end of the line": the last line may have been longer.
  std::fprintf(out_, terminal_ ? "\r%s\x1b[K" : "%s\n", line.c_str());
  std::fflush(out_);
}

}  // namespace replay
