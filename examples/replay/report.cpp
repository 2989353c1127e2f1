#include "replay/report.hpp"

#include "replay/money.hpp"

#include <algorithm>
#include <cstdio>

namespace replay {
namespace {

constexpr std::size_t most_differences_shown = 20;

std::string seconds(std::chrono::nanoseconds time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f s", std::chrono::duration<double>(time).count());
  return text;
}

std::string rate(std::uint64_t count, std::chrono::nanoseconds time) {
  auto const per = std::chrono::duration<double>(time).count();
  return format_count(per > 0 ? static_cast<std::uint64_t>(static_cast<double>(count) / per) : 0);
}

/// "     1,234  accepted    (0 replayed)"
std::string row(std::uint64_t count, std::string_view what, std::string_view remark = {}) {
  constexpr std::size_t number_width = 12;
  auto const number = format_count(count);
  auto line = std::string(number_width - std::min(number_width, number.size()), ' ') + number + "  " + std::string(what);
  if (!remark.empty()) line += "  (" + std::string(remark) + ")";
  return line + "\n";
}

std::string differences_text(std::vector<std::string> const& all) {
  auto const shown = std::min(all.size(), most_differences_shown);
  std::string text = format_count(all.size()) + (all.size() == 1 ? " DIFFERENCE\n" : " DIFFERENCES\n");
  for (std::size_t i = 0; i < shown; ++i) text += "  " + all[i] + "\n";
  if (shown < all.size()) text += "  and " + format_count(all.size() - shown) + " more\n";
  return text;
}

}  // namespace

std::string describe(replay_report const& report, order_file const& orders, std::string_view file_name) {
  auto const& counts = report.counts;
  auto text = format_count(orders.line_count) + " order lines of " + format_count(orders.invoices.size()) + " invoices in " +
              std::string(file_name) + "\n";
  text += row(counts.accepted, "accepted", format_count(counts.accepted_before) + " of them replayed");
  text += row(counts.rejected_lines(), "rejected", format_count(counts.rejected_before) + " of them replayed");
  for (auto const& [reason, count] : counts.rejected) text += row(count, "  " + reason);
  if (counts.undelivered > 0) text += row(counts.undelivered, "not delivered");
  text += row(counts.commands, "commands answered",
              format_count(counts.replayed) + " of them replayed, " + format_count(report.repeats) + " requests repeated");
  text += row(counts.carts_read, "carts read back",
              format_count(counts.carts_checked_out) + " checked out, in " + seconds(report.read_back_time));
  text += row(counts.documents_read, "documents of the view carts compared",
              "each as of its cart's last write, in " + seconds(report.documents_time));
  text += "revenue " + format_minor_units(counts.revenue) + "\n";
  text += "events written " + format_count(counts.events_written) + " in " + seconds(report.replay_time) + ": " +
          rate(counts.events_written, report.replay_time) + " events/s, " + rate(counts.commands, report.replay_time) + " commands/s\n";
  text += "log head " + std::to_string(report.head_before) + " -> " + std::to_string(report.head_after) + "\n";
  return text + (counts.differences.empty() ? "OK: every line is accounted for, every cart and its document are as the file says\n"
                                            : differences_text(counts.differences));
}

}  // namespace replay
