#pragma once

#include "persistence/keys.hpp"
#include "persistence/log_cursor.hpp"
#include "persistence/log_match.hpp"

#include <cstdint>
#include <vector>

namespace evoke::persistence {

struct position_range {
  position first{};
  std::uint64_t count = 0;
};

/// One scan of the log on its way: what is wanted, how far it has come, and what it may still cost. The three ways of scanning (all of it,
/// by postings, by links) differ in which records they hand to `offer`.
class log_scan {
 public:
  log_scan(database const& db, uuid const& store, resolved_filter const& filter, event_visitor const& visit, position after, position end,
           std::uint64_t max_examined)
      : db_(db), log_(db), store_(store), filter_(filter), visit_(visit), at_(after), end_(end), budget_(max_examined) {}

  /// Reads every record.
  [[nodiscard]] result<void> everything();
  /// Reads the records that have one of the wanted types.
  [[nodiscard]] result<void> by_postings();
  /// Reads the records that a correlation or causation id leads to. @param root the events of the command that has this id, which no link
  /// names.
  [[nodiscard]] result<void> by_links(link_kind kind, std::string_view id, position_range root);

  /// How far it came.
  [[nodiscard]] log_scan_end end() const noexcept { return {at_, at_ == end_}; }

 private:
  /// Everything up to `to` was visited or does not match.
  void pass(position to) noexcept { at_ = std::max(at_, std::min(to, end_)); }
  [[nodiscard]] bool stopped() const noexcept { return stopped_ || budget_ == 0 || at_ >= end_; }
  [[nodiscard]] result<void> offer(std::string_view record, position at);
  /// Offers those records of the current group that lie behind `at_` and are in `indexes` (ascending); all of them where it is nullptr.
  [[nodiscard]] result<void> offer_group(std::vector<std::uint32_t> const* indexes);
  [[nodiscard]] result<void> offer_range(position_range range);

  database const& db_;
  log_cursor log_;
  uuid const& store_;
  resolved_filter const& filter_;
  event_visitor const& visit_;
  position at_;
  position end_;
  std::uint64_t budget_;
  bool stopped_ = false;
};

}  // namespace evoke::persistence
