#include "bench/load/live_display.hpp"

#include "bench/load/figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace evoke::load {

std::string sparkline(std::vector<double> const& values, std::size_t most) {
  static constexpr std::array<char const*, 8> bars{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  auto const from = values.size() > most ? values.size() - most : 0;
  double highest = 0;
  for (auto i = from; i < values.size(); ++i) highest = std::max(highest, values[i]);
  std::string out;
  for (auto i = from; i < values.size(); ++i) {
    auto const share = highest > 0 ? values[i] / highest : 0;
    out += bars[static_cast<std::size_t>(std::clamp(std::lround(share * 7), 0L, 7L))];
  }
  return out;
}

std::string live_line(tally const& so_far, std::size_t second) {
  second_tally const none;
  auto const& timeline = so_far.timeline();
  auto const& last = second < timeline.size() ? timeline[second] : none;
  std::vector<double> counts;
  for (std::size_t i = 0; i <= second && i < timeline.size(); ++i) counts.push_back(static_cast<double>(timeline[i].count));
  auto const at = [&](double share) { return as_time(static_cast<double>(last.latency_ns.value_at(share))); };
  return std::to_string(second + 1) + " s  " + grouped(static_cast<double>(last.count)) + "/s  p50 " + at(0.5) + "  p99 " + at(0.99) +
         "  errors " + grouped(static_cast<double>(so_far.failed() + so_far.lost())) + "  " + sparkline(counts, 30);
}

void live_display::show(tally const& so_far, steady::time_point now) {
  auto const& times = so_far.times();
  if (to_ == nullptr || now < next_ || now > times.to + std::chrono::milliseconds(200)) return;
  std::string text = "warming up";
  next_ = times.from + std::chrono::seconds(1);
  if (now >= times.from + std::chrono::seconds(1)) {
    auto const whole = static_cast<std::size_t>((now - times.from) / std::chrono::seconds(1));
    text = live_line(so_far, whole - 1);
    next_ = times.from + std::chrono::seconds(whole + 1);
  }
  std::fputs(("\r\033[K" + text).c_str(), to_);
  std::fflush(to_);
  shown_ = true;
}

void live_display::clear() {
  if (!shown_) return;
  std::fputs("\r\033[K", to_);
  std::fflush(to_);
  shown_ = false;
}

}  // namespace evoke::load
