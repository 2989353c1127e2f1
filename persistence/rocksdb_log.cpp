#include "persistence/log_scan.hpp"
#include "persistence/rocksdb_store.hpp"

#include <algorithm>

namespace evoke::persistence {
namespace {

/// How long after its command's id was made an event is looked for without a link, and in how many records at most.
constexpr std::chrono::seconds kRootWindow{60};
constexpr std::uint64_t kMaxRootRecords = 100'000;

/// The millisecond inside a UUIDv7 (RFC 9562 5.7); nothing where the text is none.
std::optional<timestamp> time_in(uuid const& id) {
  if (id.version_field() != 7) return std::nullopt;
  std::uint64_t ms = 0;
  for (std::size_t i = 0; i < 6; ++i) ms = (ms << 8U) | id.bytes()[i];
  return timestamp(std::chrono::milliseconds(static_cast<std::int64_t>(ms)));
}

}  // namespace

result<log_scan_end> rocksdb_journal::scan_log(position after, std::uint64_t max_examined, resolved_filter const& filter,
                                               event_visitor const& visit) const {
  auto const end = head();
  if (filter.never || after >= end) return log_scan_end{std::max(after, end), true};
  if (filter.not_before) {
    auto const begin = position_before(*filter.not_before);
    if (!begin) return fail(begin.error());
    after = std::min(std::max(after, *begin), end);
  }
  log_scan scan(db_, store_id_, filter, visit, after, end, max_examined);
  result<void> done;
  if (!filter.correlation_id.empty()) {
    auto const root = events_of_command(filter.correlation_id, end);
    if (!root) return fail(root.error());
    done = scan.by_links(link_kind::correlation, filter.correlation_id, *root);
  } else if (!filter.causation_id.empty()) {
    done = scan.by_links(link_kind::causation, filter.causation_id, {});
  } else if (!filter.types.empty() || !filter.event_types.empty()) {
    done = scan.by_postings();
  } else {
    done = scan.everything();
  }
  if (!done) return fail(done.error());
  return scan.end();
}

/// Where none was given, a command's own id is the correlation of its events, and no link names it. Its id says when it was made: its
/// group was committed soon after.
result<position_range> rocksdb_journal::events_of_command(std::string_view id, position end) const {
  auto const wanted = uuid::parse(id);
  auto const made = wanted ? time_in(*wanted) : std::nullopt;
  if (!made) return position_range{};
  auto const before = position_before(*made);
  if (!before) return fail(before.error());
  if (*before >= end) return position_range{};
  log_cursor log(db_);
  auto moved = log.seek(before->next());
  for (std::uint64_t seen = 0; moved && log.group().commit_time() <= *made + kRootWindow && seen < kMaxRootRecords;) {
    auto left = log.group().records();
    position_range found;
    for (std::uint32_t i = 0; i < log.group().count(); ++i, ++seen) {
      event_view event;
      auto const at = log.group().first().plus(i);
      if (auto const problem = decode_record(group_view::take(left), store_id_, verify::nothing, event); problem != codec_problem::none)
        return fail(corrupt_group(at, describe(problem)));
      if (event.command_id != *wanted) continue;
      if (found.count++ == 0) found.first = at;
    }
    if (found.count != 0) return found;
    if (log.group().last() >= end) return position_range{};
    moved = log.next();
  }
  if (!moved) return fail(moved.error());
  return position_range{};
}

result<position> rocksdb_journal::position_before(timestamp time) const {
  // Commit times never decrease along the log. Invariant: what lies up to `low` was committed before `time`, what lies after `high` not.
  auto low = position{};
  auto high = head();
  log_cursor log(db_, verify::nothing);
  while (low < high) {
    if (auto moved = log.seek(position{low.value() + (high.value() - low.value() + 1) / 2}); !moved) return fail(moved.error());
    if (log.group().commit_time() < time) {
      low = log.group().last();
    } else {
      high = position{log.group().first().value() - 1};
    }
  }
  return low;
}

}  // namespace evoke::persistence
