#include "runtime/delivery_rows.hpp"

#include <evoke/json.hpp>

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <utility>

#include "persistence/wire.hpp"

namespace evoke::detail {
namespace {

using persistence::row_change;
using persistence::row_space;
using std::chrono::milliseconds;

constexpr auto space = row_space::subscriptions;

struct settings_row {
  std::vector<std::string> aggregate_types;
  std::vector<std::string> event_types;
  std::string id_prefix;
  std::string correlation_id;
  std::uint64_t after = 0;
  std::int64_t lease_ms = 0;
  std::int64_t retry_delay_ms = 0;
  std::uint32_t max_attempts = 0;
  std::uint32_t max_unacknowledged = 0;
  bool hold_aggregate = false;
  std::optional<bool> raw;  // only where it is
};
BOOST_DESCRIBE_STRUCT(settings_row, (),
                      (aggregate_types, event_types, id_prefix, correlation_id, after, lease_ms, retry_delay_ms, max_attempts,
                       max_unacknowledged, hold_aggregate, raw))

struct parked_row {
  uuid event_id;
  std::string aggregate_type;
  std::string aggregate_id;
  std::string event_type;
  std::uint32_t attempts = 0;
  std::string reason;
  timestamp parked_at{};
};
BOOST_DESCRIBE_STRUCT(parked_row, (), (event_id, aggregate_type, aggregate_id, event_type, attempts, reason, parked_at))

std::string settings_key(std::string_view name) {
  return std::string("c/").append(name);
}
std::string progress_key(std::string_view name) {
  return std::string("p/").append(name);
}
std::string parked_prefix(std::string_view name) {
  return std::string("k/").append(name).append(1, '\0');
}
std::string parked_key(std::string_view name, position at) {
  char number[8];
  persistence::put_big_endian(number, at.value(), sizeof number);
  return parked_prefix(name).append(number, sizeof number);
}
position position_of(std::string_view parked_key) {
  return position{persistence::get_big_endian(parked_key.substr(parked_key.size() - 8))};
}

failure unreadable(std::string_view what, std::string_view name, std::string_view why) {
  return {errc::corrupt,
          std::string(what).append(" of persistent subscription '").append(name).append("' does not read: ").append(why),
          {},
          {},
          {}};
}

result<std::string> encode(persistent_subscription_settings const& from) {
  return json::encode(settings_row{from.filter.types, from.filter.event_types, from.filter.id_prefix, from.filter.correlation_id,
                                   from.after.value(), from.lease.count(), from.retry_delay.count(), from.max_attempts,
                                   from.max_unacknowledged, from.hold_aggregate, from.raw ? std::optional(true) : std::nullopt});
}

result<persistent_subscription_settings> decode_settings(std::string_view name, std::string_view bytes) {
  auto row = json::decode<settings_row>(bytes);
  if (!row) return fail(unreadable("the settings", name, row.error().message));
  return persistent_subscription_settings{
      {std::move(row->aggregate_types), std::move(row->event_types), std::move(row->id_prefix), std::move(row->correlation_id)},
      position{row->after},
      milliseconds(row->lease_ms),
      milliseconds(row->retry_delay_ms),
      row->max_attempts,
      row->max_unacknowledged,
      row->hold_aggregate,
      row->raw.value_or(false)};
}

result<parked_event> decode_parked(std::string_view name, position at, std::string_view bytes) {
  auto row = json::decode<parked_row>(bytes);
  if (!row) return fail(unreadable("a parked event", name, row.error().message));
  return parked_event{row->event_id,  at,   row->aggregate_type, row->aggregate_id, row->event_type, row->attempts, row->reason,
                      row->parked_at, false};
}

/// Reads all of one kind by what stands behind its prefix.
template <class Take>
result<void> scan(persistence::journal const& store, std::string_view prefix, Take take) {
  result<void> end;
  auto scanned = store.scan_rows(space, {prefix}, [&](std::string_view key, std::string_view value) {
    end = take(key, value);
    return end.has_value();
  });
  return scanned ? std::move(end) : std::move(scanned);
}

}  // namespace

std::string encode_progress(delivery_window::progress const& from) {
  persistence::wire_writer out;
  out.ensure((3 + from.settled.size() + 2 * from.attempts.size()) * persistence::kMaxVarintBytes);
  out.put_varint(from.checkpoint.value());
  out.put_varint(from.settled.size());
  auto before = from.checkpoint.value();
  for (auto const at : from.settled) out.put_varint(at.value() - std::exchange(before, at.value()));
  out.put_varint(from.attempts.size());
  before = from.checkpoint.value();
  for (auto const& [at, attempts] : from.attempts) {
    out.put_varint(at.value() - std::exchange(before, at.value()));
    out.put_varint(attempts);
  }
  return std::string(out.view());
}

result<delivery_window::progress> decode_progress(std::string_view bytes) {
  persistence::wire_reader in(bytes);
  delivery_window::progress made;
  made.checkpoint = position{in.get_varint()};
  auto at = made.checkpoint;
  for (auto left = in.get_varint(); left > 0 && in.ok(); --left) made.settled.insert(at = at.plus(in.get_varint()));
  at = made.checkpoint;
  for (auto left = in.get_varint(); left > 0 && in.ok(); --left) {
    at = at.plus(in.get_varint());
    made.attempts.emplace(at, in.get_varint32());
  }
  if (!in.at_end()) return fail(errc::corrupt, "the bytes of a progress do not add up");
  return made;
}

result<std::vector<stored_subscription>> read_subscriptions(persistence::journal& store) {
  std::vector<stored_subscription> all;
  auto end = scan(store, "c/", [&](std::string_view key, std::string_view value) -> result<void> {
    stored_subscription one;
    one.name = key.substr(2);
    auto settings = decode_settings(one.name, value);
    if (!settings) return std::unexpected(std::move(settings.error()));
    one.settings = std::move(*settings);
    all.push_back(std::move(one));
    return {};
  });
  if (!end) return std::unexpected(std::move(end.error()));
  auto const find = [&](std::string_view name) -> stored_subscription* {
    for (auto& each : all)
      if (each.name == name) return &each;
    return nullptr;
  };
  std::vector<row_change> orphans;
  end = scan(store, "p/", [&](std::string_view key, std::string_view value) -> result<void> {
    auto* const one = find(key.substr(2));
    if (one == nullptr) return orphans.push_back({std::string(key), std::nullopt}), result<void>{};
    auto progress = decode_progress(value);
    if (!progress) return fail(unreadable("the progress", one->name, progress.error().message));
    one->progress = std::move(*progress);
    return {};
  });
  if (!end) return std::unexpected(std::move(end.error()));
  end = scan(store, "k/", [&](std::string_view key, std::string_view value) -> result<void> {
    auto* const one = find(key.substr(2, key.find('\0') - 2));
    if (one == nullptr) return orphans.push_back({std::string(key), std::nullopt}), result<void>{};
    auto parked = decode_parked(one->name, position_of(key), value);
    if (!parked) return std::unexpected(std::move(parked.error()));
    one->parked.push_back(std::move(*parked));
    return {};
  });
  if (!end) return std::unexpected(std::move(end.error()));
  if (!orphans.empty())
    if (auto removed = store.write_rows(space, orphans, false); !removed) return std::unexpected(std::move(removed.error()));
  return all;
}

result<void> write_settings(persistence::journal& store, std::string const& name, persistent_subscription_settings const& settings,
                            delivery_window::progress const& progress) {
  auto encoded = encode(settings);
  if (!encoded) return std::unexpected(std::move(encoded.error()));
  std::vector<row_change> const rows{{settings_key(name), std::move(*encoded)}, {progress_key(name), encode_progress(progress)}};
  return store.write_rows(space, rows, true);
}

result<void> write_changes(persistence::journal& store, std::string const& name, delivery_window::changes const& changes,
                           delivery_window::progress const& progress) {
  std::vector<row_change> rows;
  rows.push_back({progress_key(name), encode_progress(progress)});
  for (auto const& each : changes.parked) {
    auto encoded = json::encode(
        parked_row{each.id, each.aggregate_type, each.aggregate_id, each.event_type, each.attempts, each.reason, each.parked_at});
    if (!encoded) return std::unexpected(std::move(encoded.error()));
    rows.push_back({parked_key(name, each.at), std::move(*encoded)});
  }
  for (auto const at : changes.unparked) rows.push_back({parked_key(name, at), std::nullopt});
  return store.write_rows(space, rows, false);
}

result<void> remove_subscription(persistence::journal& store, std::string const& name) {
  // What names it goes first and for good; the rest is swept away at the next start if this does not come so far.
  std::vector<row_change> rows{{settings_key(name), std::nullopt}};
  if (auto gone = store.write_rows(space, rows, true); !gone) return gone;
  rows = {{progress_key(name), std::nullopt}};
  auto end = scan(store, parked_prefix(name), [&](std::string_view key, std::string_view) -> result<void> {
    rows.push_back({std::string(key), std::nullopt});
    return {};
  });
  return end ? store.write_rows(space, rows, false) : end;
}

result<parked_page> read_parked(persistence::journal const& store, std::string const& name, position after, std::size_t limit) {
  parked_page page;
  auto end = scan(store, parked_prefix(name), [&](std::string_view key, std::string_view value) -> result<void> {
    auto const at = position_of(key);
    if (at <= after || page.next) return {};
    if (page.events.size() == limit) {
      page.next = page.events.back().at;
      return {};
    }
    auto parked = decode_parked(name, at, value);
    if (!parked) return std::unexpected(std::move(parked.error()));
    page.events.push_back(std::move(*parked));
    return {};
  });
  if (!end) return std::unexpected(std::move(end.error()));
  return page;
}

}  // namespace evoke::detail
