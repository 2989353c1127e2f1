#include "persistence/in_memory_journal.hpp"

#include "persistence/expiry_clock.hpp"
#include "persistence/in_memory_rows.hpp"
#include "persistence/log_match.hpp"
#include "persistence/name_table.hpp"
#include "persistence/store_identity.hpp"
#include "persistence/timer_table.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <utility>

namespace evoke::persistence {
namespace {

/// What a visitor gets through at once: pointers are gathered under the lock, visited without it.
constexpr std::size_t kBatchEvents = 256;

class in_memory_journal final : public journal {
 public:
  explicit in_memory_journal(in_memory_options options)
      : store_id_(options.store_id.is_nil() ? new_store_id() : options.store_id),
        expiry_(options.idempotency_expiry),
        clock_(options.clock != nullptr ? *options.clock : system_clock()) {
    clock_.start();
  }

  result<name_id> intern(name_kind kind, std::string_view name) override { return names_.intern(kind, name); }
  [[nodiscard]] name_id find_name(name_kind kind, std::string_view name) const override { return names_.find(kind, name); }
  [[nodiscard]] std::string_view name_of(name_kind kind, name_id id) const override { return names_.name_of(kind, id); }
  [[nodiscard]] std::vector<std::string> names(name_kind kind) const override { return names_.names(kind); }

  result<void> commit(std::span<append* const> group, timestamp now) override;
  result<void> sync_mark() override { return {}; }
  [[nodiscard]] position head() const noexcept override {
    std::shared_lock const lock(guard_);
    return position{events_.size()};
  }

  result<void> scan_stream(stream_ref stream, version from, event_visitor const& visit) const override;
  result<bool> scan_stream_in_memory(stream_ref stream, version from, event_visitor const& visit) const override {
    return scan_stream(stream, from, visit).has_value();  // who reads on meets the failure again
  }
  result<stream_head> head_of(stream_ref stream) const override;
  [[nodiscard]] bool surely_absent(stream_ref stream) const override {
    std::shared_lock const lock(guard_);
    return find(stream) == nullptr;
  }
  result<log_scan_end> scan_log(position after, std::uint64_t max_examined, resolved_filter const& filter,
                                event_visitor const& visit) const override;
  result<position> position_before(timestamp time) const override;
  result<void> find_event(event_id id, event_visitor const& visit) const override;
  result<version> find_client_id(stream_ref stream, event_id id) const override;
  result<list_page> list_streams(name_id type, std::string_view after, std::size_t limit) const override;
  result<command_lookup> find_command(stream_ref stream, std::string_view key, tier how_far) const override;
  result<std::vector<timer_change>> timers_of(stream_ref stream) const override;
  result<std::optional<stored_timer>> find_timer(stream_ref stream, std::string_view name) const override;
  result<void> scan_timers(timer_place const& after, timestamp until, timer_visitor const& visit,
                           std::function<void(std::string_view)> const& problem) const override;
  [[nodiscard]] std::uint64_t timers_pending() const noexcept override {
    std::shared_lock const lock(guard_);
    return timers_.size();
  }
  result<std::optional<snapshot>> read_snapshot(stream_ref stream, version at_most, std::uint64_t shape,
                                                std::function<void(std::string_view)> const& problem) const override;
  [[nodiscard]] bool surely_no_snapshot(stream_ref stream) const override {
    std::shared_lock const lock(guard_);
    auto const* known = find(stream);
    return known == nullptr || known->snapshots.empty();
  }
  result<void> write_snapshot(stream_ref stream, snapshot const& state) override;
  result<void> write_rows(row_space space, std::span<row_change const> rows, bool synced) override;
  result<void> scan_rows(row_space space, row_range const& rows, row_visitor const& visit) const override;

  [[nodiscard]] uuid store_id() const noexcept override { return store_id_; }
  [[nodiscard]] std::uint32_t format_version() const noexcept override { return 1; }
  [[nodiscard]] std::string failed_reason() const override { return {}; }
  result<void> close() override { return {}; }

 private:
  [[nodiscard]] stored_stream const* find(stream_ref stream) const {
    auto const found = streams_.find(stream);
    return found == streams_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] event_view view_of(stored_event const& event) const;
  [[nodiscard]] result<void> check(std::span<append* const> group) const;
  void store(append& one);
  void store_rows(row_space space, std::span<row_change const> rows);
  void store_events(append& one, stored_stream& into);

  uuid store_id_;
  std::chrono::microseconds expiry_;
  expiry_clock clock_;
  name_table names_;
  mutable std::shared_mutex guard_;  ///< of all below; never held while a visitor runs
  std::deque<stored_append> appends_;
  std::deque<stored_event> events_;  ///< [position - 1]
  std::map<stream_key, stored_stream, stream_order> streams_;
  std::map<event_id, stored_event const*> client_ids_;  ///< the first event with that id in any stream
  timer_table timers_;
  std::vector<commit_mark> commits_;
  std::map<row_space, std::map<std::string, std::string, std::less<>>> rows_;
};

event_view in_memory_journal::view_of(stored_event const& event) const {
  auto const& from = *event.from;
  event_view view;
  view.id = event.draft.client_id ? *event.draft.client_id : made_event_id(store_id_, from.time, event.position);
  view.type = event.draft.type;
  view.schema_version = event.draft.schema_version;
  view.stream_type = from.type;
  view.stream_id = from.id;
  view.version = event.version;
  view.position = event.position;
  view.time = from.time;
  view.data = event.draft.data;
  view.correlation_id = from.meta.correlation_id;
  view.causation_id = from.meta.causation_id;
  view.command_id = from.command_id;
  view.user = from.meta.user;
  view.traceparent = from.meta.traceparent;
  view.tracestate = from.meta.tracestate;
  view.extra = event.draft.extra.empty() ? from.meta.extra : event.draft.extra;
  return view;
}

result<void> in_memory_journal::check(std::span<append* const> group) const {
  std::map<stream_ref, version, stream_order> heads;
  for (auto const* one : group) {
    if (one->events.empty()) continue;
    stream_ref const stream{one->type, one->id.str()};
    auto const* known = find(stream);
    auto const [head, fresh] = heads.try_emplace(stream, known == nullptr ? 0 : known->events.size());
    if (one->first_version != head->second.next()) {
      failure why{errc::version_mismatch, "an append to '" + one->id.str() + "' does not continue its stream", {}, {}, {}};
      why.current_version = head->second.value();
      return fail(std::move(why));
    }
    head->second = head->second.plus(one->events.size());
  }
  return {};
}

void in_memory_journal::store_events(append& one, stored_stream& into) {
  appends_.push_back({one.type, one.id.str(), one.time, one.command_id, one.meta});
  one.first_position = position{events_.size() + 1};
  for (auto const& draft : one.events) {
    auto const number = version{into.events.size() + 1};
    events_.push_back({&appends_.back(), draft, number, position{events_.size() + 1}});
    into.events.push_back(&events_.back());
    if (draft.client_id) {
      into.client_ids.try_emplace(*draft.client_id, number);
      client_ids_.try_emplace(*draft.client_id, &events_.back());
    }
  }
  if (one.record) one.record->position = position{events_.size()};
}

void in_memory_journal::store(append& one) {
  for (auto const& each : one.forget)
    if (auto const of = streams_.find(stream_ref{each.type, each.id}); of != streams_.end()) of->second.commands.erase(each.key);
  auto& stream = streams_[{one.type, one.id.str()}];
  if (!one.events.empty()) store_events(one, stream);
  if (one.record) stream.commands[one.key] = *one.record;
  store_rows(row_space::processes, one.process_rows);
  if (one.timers.empty()) return;
  auto const set_by = one.events.empty() ? event_id{} : view_of(*stream.events[stream.events.size() - one.events.size()]).id;
  auto const correlation = one.meta.correlation_id.empty() ? one.command_id.str() : one.meta.correlation_id;
  for (auto const& each : one.timers) timers_.change({one.type, one.id.str()}, each, set_by, correlation);
}

result<void> in_memory_journal::commit(std::span<append* const> group, timestamp now) {
  std::unique_lock const lock(guard_);
  if (auto checked = check(group); !checked) return checked;
  auto const before = events_.size();
  for (auto* one : group) {
    if (!one->events.empty()) now = std::max(now, one->time);
    store(*one);
  }
  if (events_.size() == before) return {};
  if (!commits_.empty()) now = std::max(now, commits_.back().time);
  commits_.push_back({now, position{events_.size()}});
  return {};
}

result<void> in_memory_journal::scan_stream(stream_ref stream, version from, event_visitor const& visit) const {
  std::size_t next = from.value() == 0 ? 0 : from.value() - 1;
  std::vector<stored_event const*> batch;
  do {
    batch.clear();
    {
      std::shared_lock const lock(guard_);
      auto const* known = find(stream);
      if (known == nullptr || next >= known->events.size()) return {};
      auto const count = std::min(kBatchEvents, known->events.size() - next);
      batch.assign(known->events.begin() + static_cast<std::ptrdiff_t>(next),
                   known->events.begin() + static_cast<std::ptrdiff_t>(next + count));
    }
    for (auto const* event : batch)
      if (!visit(view_of(*event))) return {};
    next += batch.size();
  } while (batch.size() == kBatchEvents);
  return {};
}

result<stream_head> in_memory_journal::head_of(stream_ref stream) const {
  std::shared_lock const lock(guard_);
  auto const* known = find(stream);
  if (known == nullptr || known->events.empty()) return stream_head{};
  auto const& last = *known->events.back();
  return stream_head{last.version, last.position, last.from->time};
}

result<log_scan_end> in_memory_journal::scan_log(position after, std::uint64_t max_examined, resolved_filter const& filter,
                                                 event_visitor const& visit) const {
  auto const end = head();
  if (filter.never || after >= end) return log_scan_end{std::max(after, end), true};
  auto next = after.value();
  auto const stop = next + std::min(end.value() - next, max_examined);
  std::vector<stored_event const*> batch;
  while (next < stop) {
    batch.clear();
    {
      std::shared_lock const lock(guard_);
      auto const count = std::min<std::uint64_t>(kBatchEvents, stop - next);
      for (std::uint64_t i = 0; i < count; ++i) batch.push_back(&events_[next + i]);
    }
    for (auto const* event : batch) {
      ++next;
      auto const view = view_of(*event);
      if (matches(filter, view) && !visit(view)) return log_scan_end{position{next}, next == end.value()};
    }
  }
  return log_scan_end{position{next}, next == end.value()};
}

result<position> in_memory_journal::position_before(timestamp time) const {
  std::shared_lock const lock(guard_);
  auto const first = std::partition_point(commits_.begin(), commits_.end(), [time](auto const& mark) { return mark.time < time; });
  return first == commits_.begin() ? position{} : std::prev(first)->last;
}

result<void> in_memory_journal::find_event(event_id id, event_visitor const& visit) const {
  stored_event const* found = nullptr;
  {
    std::shared_lock const lock(guard_);
    auto const at = position_in(id, store_id_).value();
    if (at != 0 && at <= events_.size() && view_of(events_[at - 1]).id == id) found = &events_[at - 1];
    if (auto const given = client_ids_.find(id); found == nullptr && given != client_ids_.end()) found = given->second;
  }
  if (found == nullptr) return fail(errc::not_found, "no event has the id " + id.str());
  visit(view_of(*found));
  return {};
}

result<version> in_memory_journal::find_client_id(stream_ref stream, event_id id) const {
  std::shared_lock const lock(guard_);
  auto const* known = find(stream);
  if (known == nullptr) return version{};
  auto const found = known->client_ids.find(id);
  return found == known->client_ids.end() ? version{} : found->second;
}

result<list_page> in_memory_journal::list_streams(name_id type, std::string_view after, std::size_t limit) const {
  list_page page;
  std::shared_lock const lock(guard_);
  for (auto at = streams_.upper_bound(stream_ref{type, after}); at != streams_.end() && at->first.first == type; ++at) {
    if (at->second.events.empty()) continue;  // only a command record lies here
    page.more = page.ids.size() == limit;
    if (page.more) break;
    page.ids.push_back(at->first.second);
  }
  return page;
}

result<command_lookup> in_memory_journal::find_command(stream_ref stream, std::string_view key, tier) const {
  auto const oldest = clock_.now() - expiry_;
  std::shared_lock const lock(guard_);
  auto const* known = find(stream);
  if (known == nullptr) return command_lookup{};
  auto const found = known->commands.find(key);
  if (found == known->commands.end()) return command_lookup{};
  if (!is_internal_key(key) && found->second.time < oldest) return command_lookup{};
  return command_lookup{lookup_end::found, found->second};
}

result<std::vector<timer_change>> in_memory_journal::timers_of(stream_ref stream) const {
  std::shared_lock const lock(guard_);
  return timers_.of(stream);
}

result<std::optional<stored_timer>> in_memory_journal::find_timer(stream_ref stream, std::string_view name) const {
  std::shared_lock const lock(guard_);
  auto const* found = timers_.find(stream.type, stream.id, name);
  return found == nullptr ? std::nullopt : std::optional(*found);
}

result<void> in_memory_journal::scan_timers(timer_place const& after, timestamp until, timer_visitor const& visit,
                                            std::function<void(std::string_view)> const&) const {
  auto const batch_behind = [&](timer_place const& from) {
    std::shared_lock const lock(guard_);
    return timers_.behind(from, until, kBatchEvents);
  };
  for (auto batch = batch_behind(after); !batch.empty(); batch = batch_behind(batch.back().at))
    for (auto const& each : batch)
      if (!visit(each)) return {};
  return {};
}

result<std::optional<snapshot>> in_memory_journal::read_snapshot(stream_ref stream, version at_most, std::uint64_t shape,
                                                                 std::function<void(std::string_view)> const&) const {
  std::shared_lock const lock(guard_);
  auto const* known = find(stream);
  if (known == nullptr) return std::nullopt;
  auto const limit = std::min(at_most, version{known->events.size()});
  for (auto at = known->snapshots.rbegin(); at != known->snapshots.rend(); ++at)
    if (at->version <= limit && at->shape == shape) return *at;
  return std::nullopt;
}

result<void> in_memory_journal::write_snapshot(stream_ref stream, snapshot const& state) {
  std::unique_lock const lock(guard_);
  auto& kept = streams_[{stream.type, std::string(stream.id)}].snapshots;
  std::erase_if(kept, [&](auto const& old) { return old.version == state.version; });
  auto const at = std::find_if(kept.begin(), kept.end(), [&](auto const& old) { return old.version > state.version; });
  kept.insert(at, state);
  if (kept.size() > 2) kept.erase(kept.begin());
  return {};
}

result<void> in_memory_journal::write_rows(row_space space, std::span<row_change const> rows, bool) {
  std::unique_lock const lock(guard_);
  store_rows(space, rows);
  return {};
}

void in_memory_journal::store_rows(row_space space, std::span<row_change const> rows) {
  for (auto const& row : rows) {
    if (row.value)
      rows_[space][row.key] = *row.value;
    else
      rows_[space].erase(row.key);
  }
}

result<void> in_memory_journal::scan_rows(row_space space, row_range const& rows, row_visitor const& visit) const {
  std::vector<std::pair<std::string, std::string>> found;
  {
    std::shared_lock const lock(guard_);
    auto const there = rows_.find(space);
    if (there == rows_.end()) return {};
    auto at = rows.after > rows.prefix ? there->second.upper_bound(rows.after) : there->second.lower_bound(rows.prefix);
    for (; at != there->second.end() && at->first.starts_with(rows.prefix); ++at) found.emplace_back(at->first, at->second);
  }
  for (auto const& [key, value] : found)
    if (!visit(key, value)) return {};
  return {};
}

}  // namespace

std::unique_ptr<journal> make_in_memory_journal(in_memory_options options) {
  return std::make_unique<in_memory_journal>(std::move(options));
}

}  // namespace evoke::persistence
