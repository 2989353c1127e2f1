#include "persistence/rocksdb_store.hpp"
#include "persistence/row_codec.hpp"

#include <rocksdb/iostats_context.h>
#include <rocksdb/perf_level.h>

#include <algorithm>
#include <chrono>

namespace evoke::persistence {
namespace {

stream_ref stream_of(append const& one) {
  return {one.type, one.id.str()};
}

failure does_not_continue(append const& one, version current) {
  failure why{errc::version_mismatch, {}, {}, {}, {}};
  why.message = "an append to '" + one.id.str() + "' begins at version " + std::to_string(one.first_version.value()) +
                " but the stream is at " + std::to_string(current.value());
  why.current_version = current.value();
  return why;
}

/// How long this thread waited for fsync since it was made, as the engine measures it.
class sync_stopwatch {
 public:
  sync_stopwatch() : level_(rocksdb::GetPerfLevel()), before_(rocksdb::get_iostats_context()->fsync_nanos) {
    rocksdb::SetPerfLevel(rocksdb::PerfLevel::kEnableTimeExceptForMutex);
  }
  ~sync_stopwatch() { rocksdb::SetPerfLevel(level_); }
  sync_stopwatch(sync_stopwatch const&) = delete;
  sync_stopwatch& operator=(sync_stopwatch const&) = delete;

  [[nodiscard]] std::chrono::nanoseconds elapsed() const noexcept {
    return std::chrono::nanoseconds(static_cast<std::int64_t>(rocksdb::get_iostats_context()->fsync_nanos - before_));
  }

 private:
  rocksdb::PerfLevel level_;
  std::uint64_t before_;
};

}  // namespace

void limit_space(rocksdb::SstFileManager& space, disk_guard const& guard) {
  if (guard.free_bytes() == UINT64_MAX) return;
  space.SetMaxAllowedSpaceUsage(space.GetTotalSize() + std::max<std::uint64_t>(guard.free_bytes(), 1));
}

result<void> rocksdb_journal::commit(std::span<append* const> group, timestamp now) {
  if (failed()) return fail(errc::journal_failed, failed_reason());
  auto const room = guard_.check();
  full_.store(!room, std::memory_order_relaxed);
  limit_space(*space_, guard_);
  if (!room) return room;
  if (auto checked = check_versions(group); !checked) {
    for (auto const each : hashes_) versions_.forget(each);
    return checked;
  }

  auto const before = head();
  batch_.Clear();
  postings_.clear();
  timers_.begin();
  group_.begin(before.next());
  now = std::max(now, last_commit_);
  for (auto* one : group) {
    if (!one->events.empty()) {
      put_events(*one);
      now = std::max(now, one->time);
    }
    for (auto const& each : one->forget) batch_.Delete(db_[family::commands], slice(command_key({each.type, each.id}, each.key).view()));
    if (one->record) put_command(*one);
    if (!one->timers.empty()) put_timers(*one);
    if (!one->process_rows.empty()) put_rows(batch_, row_space::processes, one->process_rows);
  }
  if (group_.count() > 0) {
    batch_.Put(db_[family::log], slice(log_key(before.next()).view()), slice(group_.finish(now)));
    postings_.each([&](posting_builder::row const& row) {
      row_.clear();
      encode_posting(row_, row.indexes, group_.count());
      batch_.Put(db_[family::postings], slice(posting_key(row.kind, row.name, before.next()).view()), slice(row_.view()));
    });
  }
  auto const fresh = names_->unstored();
  put_names(fresh);
  if (batch_.Count() == 0) return {};
  if (auto written = write_batch(position{before.value() + group_.count()}); !written) return written;
  names_->mark_stored(fresh);
  pending_.fetch_add(timers_.added(), std::memory_order_relaxed);
  if (group_.count() > 0) last_commit_ = now;
  return {};
}

result<void> rocksdb_journal::check_versions(std::span<append* const> group) {
  hashes_.clear();
  for (auto const* one : group) {
    hashes_.push_back(stream_versions::hash_of(stream_of(*one)));
    versions_.prefetch(hashes_.back());  // one miss of the processor's cache after the other would cost more than all else here
  }
  for (std::size_t i = 0; i < group.size(); ++i) {
    auto const& one = *group[i];
    if (one.events.empty()) continue;
    auto const known = versions_.find(hashes_[i]);
    // Unknown, or perhaps another stream of the same hash: the exact answer is in this group or in the store.
    if (!known || known->next() != one.first_version)
      if (auto checked = check_in_store(one, version_before(group, i)); !checked) return checked;
    versions_.remember(hashes_[i], version{one.first_version.value() + one.events.size() - 1});
  }
  return {};
}

std::optional<version> rocksdb_journal::version_before(std::span<append* const> group, std::size_t at) const {
  auto const& one = *group[at];
  for (auto i = at; i > 0; --i) {
    auto const& each = *group[i - 1];
    if (hashes_[i - 1] != hashes_[at] || each.events.empty()) continue;
    if (each.type == one.type && each.id == one.id) return version{each.first_version.value() + each.events.size() - 1};
  }
  return std::nullopt;
}

result<void> rocksdb_journal::check_in_store(append const& one, std::optional<version> in_group) const {
  if (in_group) {
    if (in_group->next() == one.first_version) return {};
    return fail(does_not_continue(one, *in_group));
  }
  // Memory only: the caller recovered this stream, so what speaks against it is there, and a miss must not cost a disk read per append.
  rocksdb::ReadOptions memory;
  memory.read_tier = rocksdb::kBlockCacheTier;
  auto const stream = stream_of(one);
  auto const look = [&](version number) {
    rocksdb::PinnableSlice value;
    return db_->Get(memory, db_[family::events], slice(event_key(stream, number).view()), &value);
  };
  if (one.first_version != version{} && !look(one.first_version).ok()) {
    if (one.first_version == version{1} || !look(version{one.first_version.value() - 1}).IsNotFound()) return {};
  }
  auto const current = head_of(stream);
  if (!current) return fail(current.error());
  if (current->version.next() == one.first_version) return {};
  return fail(does_not_continue(one, current->version));
}

void rocksdb_journal::put_events(append& one) {
  auto const stream = stream_of(one);
  one.first_position = group_.next();
  auto key = event_key(stream, one.first_version);
  for (std::size_t i = 0; i < one.events.size(); ++i) {
    auto const number = one.first_version.plus(i);
    auto const at = group_.next();
    auto const index = group_.count();
    key.patch_last_u64(number.value());
    batch_.Put(db_[family::events], slice(key.view()), slice(group_.add(one, i, number)));
    postings_.add(posting_kind::aggregate_type, one.type, index);
    postings_.add(posting_kind::event_type, one.events[i].type, index);
    if (one.events[i].client_id) {
      row_.clear();
      encode_event_id(row_, stream, number);
      batch_.Put(db_[family::event_ids], slice(event_id_key(*one.events[i].client_id, at).view()), slice(row_.view()));
    }
  }
  if (one.first_version == version{1}) {
    row_.clear();
    encode_stream_row(row_, one.first_position);
    batch_.Put(db_[family::streams], slice(stream_row_key(stream).view()), slice(row_.view()));
  }
  put_links(one, one.first_position);
  if (one.record) one.record->position = position{group_.next().value() - 1};
}

void rocksdb_journal::put_links(append const& one, position first) {
  auto const put = [&](link_kind kind, std::string const& id) {
    if (id.empty()) return;
    row_.clear();
    encode_link(row_, one.events.size());
    batch_.Put(db_[family::links], slice(link_key(kind, id, first).view()), slice(row_.view()));
  };
  put(link_kind::correlation, one.meta.correlation_id);
  put(link_kind::causation, one.meta.causation_id);
}

void rocksdb_journal::put_command(append const& one) {
  row_.clear();
  encode_command(row_, *one.record);
  batch_.Put(db_[family::commands], slice(command_key(stream_of(one), one.key).view()), slice(row_.view()));
}

void rocksdb_journal::put_timers(append const& one) {
  timer_cause cause{stream_of(one), {}, {}};
  if (!one.events.empty()) cause.event = one.events.front().client_id.value_or(made_event_id(store_id_, one.time, one.first_position));
  auto const correlation = one.meta.correlation_id.empty() ? one.command_id.str() : one.meta.correlation_id;
  cause.correlation_id = correlation;
  for (auto const& each : one.timers) timers_.change(db_, batch_, cause, each);
}

void rocksdb_journal::put_names(std::vector<name_table::entry> const& fresh) {
  for (auto const& each : fresh) batch_.Put(db_[family::meta], slice(name_key(each.kind, each.id).view()), slice(each.name));
}

result<void> rocksdb_journal::write_batch(position head) {
  rocksdb::WriteOptions how;
  how.sync = options_.durability == durability::disk;
  // At least so far the batch will reach. Not what the engine says afterwards: a snapshot may slip in that is not synced.
  auto const sequence = db_->GetLatestSequenceNumber() + batch_.Count();
  sync_stopwatch const watch;
  auto const status = db_->Write(how, &batch_);
  last_sync_ = watch.elapsed();
  if (!status.ok()) {
    // The bytes may be on the disk all the same, and RocksDB takes no more writes after this.
    fail_for_ever("a write to the journal failed: " + status.ToString());
    return fail(errc::outcome_unknown, failed_reason());
  }
  head_.store(head.value(), std::memory_order_release);
  write_mark(sequence);
  return {};
}

void rocksdb_journal::write_mark(std::uint64_t sequence) {
  state_.written = head();
  state_.written_sequence = sequence;
  if (options_.durability == durability::disk) {
    state_.synced = state_.written;
    state_.synced_sequence = state_.written_sequence;
  }
  // The group is durable, so its commands succeed; but without a mark a later loss would go unnoticed, so nothing follows it.
  if (auto marked = mark_.write(state_); !marked) fail_for_ever(marked.error().message);
}

result<void> rocksdb_journal::sync_mark() {
  if (failed()) return fail(errc::journal_failed, failed_reason());
  if (options_.durability == durability::os) {
    if (auto const status = db_->SyncWAL(); !status.ok()) {
      fail_for_ever("syncing the journal failed: " + status.ToString());
      return fail(errc::journal_failed, failed_reason());
    }
  }
  state_.synced = state_.written;
  state_.synced_sequence = state_.written_sequence;
  auto marked = mark_.write(state_);
  if (marked) marked = mark_.sync();
  if (marked) return {};
  fail_for_ever(marked.error().message);
  return fail(errc::journal_failed, failed_reason());
}

void rocksdb_journal::fail_for_ever(std::string reason) {
  {
    std::lock_guard const lock(reason_guard_);
    if (reason_.empty()) reason_ = std::move(reason);
  }
  failed_.store(true, std::memory_order_release);
}

std::string rocksdb_journal::failed_reason() const {
  std::lock_guard const lock(reason_guard_);
  return reason_;
}

}  // namespace evoke::persistence
