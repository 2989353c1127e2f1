#include "persistence/log_cursor.hpp"
#include "persistence/rocksdb_store.hpp"
#include "persistence/row_codec.hpp"

namespace evoke::persistence {
namespace {

failure corrupt_event(stream_ref stream, version number, std::string_view why) {
  return {errc::corrupt,
          "event " + std::to_string(number.value()) + " of stream '" + std::string(stream.id) + "' (type number " +
              std::to_string(stream.type) + ") does not read: " + std::string(why),
          {},
          {},
          {}};
}

}  // namespace

result<void> rocksdb_journal::scan_stream(stream_ref stream, version from, event_visitor const& visit) const {
  auto walked = walk_stream(stream, from, visit, tier::disk);
  if (!walked) return std::unexpected(std::move(walked.error()));
  return {};
}

result<bool> rocksdb_journal::scan_stream_in_memory(stream_ref stream, version from, event_visitor const& visit) const {
  return walk_stream(stream, from, visit, tier::memory);
}

result<bool> rocksdb_journal::walk_stream(stream_ref stream, version from, event_visitor const& visit, tier how_far) const {
  auto const end = head();
  auto const rows = db_.stream_rows(how_far);
  auto expected = std::max(from, version{1});
  event_view event;
  for (rows->Seek(slice(event_key(stream, expected).view())); rows->Valid(); rows->Next()) {
    auto const problem = decode_record(text(rows->value()), store_id_, verify::checksum, event);
    if (problem != codec_problem::none) return fail(corrupt_event(stream, expected, describe(problem)));
    if (event.version != expected || event.stream_id != stream.id || event.stream_type != stream.type)
      return fail(corrupt_event(stream, expected, "another event lies in its place"));
    if (event.position > end) return true;  // of a group whose commit has not returned
    if (!visit(event)) return true;
    expected = expected.next();
  }
  if (how_far == tier::memory && rows->status().IsIncomplete()) return false;
  if (!rows->status().ok()) return fail(failure_of(rows->status(), corrupt_event(stream, expected, "the engine says").message));
  return true;
}

result<bool> rocksdb_journal::get_event(stream_ref stream, version number, stream_head& where) const {
  rocksdb::PinnableSlice record;
  auto const status = db_->Get({}, db_[family::events], slice(event_key(stream, number).view()), &record);
  if (status.IsNotFound()) return false;
  if (!status.ok()) return fail(failure_of(status, corrupt_event(stream, number, "the engine says").message));
  return read_head(stream, number, text(record), where);
}

result<bool> rocksdb_journal::read_head(stream_ref stream, version number, std::string_view record, stream_head& where) const {
  stream_head found;
  auto const problem = decode_record_head(record, found);
  if (problem != codec_problem::none) return fail(corrupt_event(stream, number, describe(problem)));
  if (found.version != number) return fail(corrupt_event(stream, number, "another event lies in its place"));
  if (found.position > head()) return false;
  where = found;
  return true;
}

// The first event is never deleted; its write buffer is a hash table and its table files' Bloom filters are pinned, so nearly all answers
// are there, and cheaply.
bool rocksdb_journal::surely_absent(stream_ref stream) const {
  rocksdb::ReadOptions memory;
  memory.read_tier = rocksdb::kBlockCacheTier;
  rocksdb::PinnableSlice record;
  return db_->Get(memory, db_[family::events], slice(event_key(stream, version{1}).view()), &record).IsNotFound();
}

/// Versions are contiguous and never deleted, so the last one is found by doubling and halving, and what is asked meanwhile can only
/// grow. A short stream is walked to its end: with the iterator at hand a step costs less than a look-up.
result<stream_head> rocksdb_journal::head_of(stream_ref stream) const {
  constexpr std::uint64_t kWalked = 8;
  auto const rows = db_.stream_rows(tier::disk);
  stream_head last;
  auto key = event_key(stream, version{1});
  auto const here = [&](std::uint64_t number) -> result<bool> {
    if (rows->Valid()) return read_head(stream, version{number}, text(rows->value()), last);
    if (rows->status().ok()) return false;
    return fail(failure_of(rows->status(), corrupt_event(stream, version{number}, "the engine says").message));
  };
  auto const at = [&](std::uint64_t number) {
    key.patch_last_u64(number);
    rows->Seek(slice(key.view()));
    return here(number);
  };

  std::uint64_t absent = 1;
  auto there = at(absent);
  for (; there && *there && absent < kWalked; there = here(++absent)) rows->Next();
  for (; there && *there; there = at(absent *= 2)) {
  }
  while (there && last.version.value() + 1 < absent) {
    auto const middle = last.version.value() + (absent - last.version.value()) / 2;
    there = at(middle);
    if (there && !*there) absent = middle;
  }
  if (!there) return fail(there.error());
  return last;
}

result<list_page> rocksdb_journal::list_streams(name_id type, std::string_view after, std::size_t limit) const {
  auto const end = head();
  auto const stem = key_bytes{}.u32(type);
  auto const bound = key_bytes{}.u32(std::uint64_t{type} + 1);
  rocksdb::Slice const upper = slice(bound.view());
  rocksdb::ReadOptions how;
  if (type != 0xffffffffU) how.iterate_upper_bound = &upper;
  std::unique_ptr<rocksdb::Iterator> const rows(db_->NewIterator(how, db_[family::streams]));
  list_page page;
  for (rows->Seek(slice(stream_row_key({type, after}).view())); rows->Valid(); rows->Next()) {
    auto const id = text(rows->key()).substr(stem.size());
    if (id == after) continue;
    position created;
    if (auto const problem = decode_stream_row(text(rows->value()), created); problem != codec_problem::none)
      return fail(errc::corrupt, "the row of stream '" + std::string(id) + "' does not read: " + std::string(describe(problem)));
    if (created > end) continue;
    page.more = page.ids.size() == limit;
    if (page.more) break;
    page.ids.emplace_back(id);
  }
  if (!rows->status().ok()) return fail(failure_of(rows->status(), "listing streams"));
  return page;
}

result<version> rocksdb_journal::find_client_id(stream_ref stream, event_id id) const {
  auto const end = head();
  auto const stem = key_bytes{}.id(id);
  std::unique_ptr<rocksdb::Iterator> const rows(db_->NewIterator({}, db_[family::event_ids]));
  for (rows->Seek(slice(stem.view())); rows->Valid() && text(rows->key()).starts_with(stem.view()); rows->Next()) {
    stream_ref holder;
    version number;
    if (auto const problem = decode_event_id(text(rows->value()), holder, number); problem != codec_problem::none)
      return fail(errc::corrupt, "the row of event id " + id.str() + " does not read: " + std::string(describe(problem)));
    if (holder.type == stream.type && holder.id == stream.id && last_u64(text(rows->key())) <= end.value()) return number;
  }
  if (!rows->status().ok()) return fail(failure_of(rows->status(), "looking for event id " + id.str()));
  return version{};
}

result<void> rocksdb_journal::find_event(event_id id, event_visitor const& visit) const {
  auto const end = head();
  bool found = false;
  if (auto const at = position_in(id, store_id_); at != position{} && at <= end) {
    if (auto seen = visit_at(at, id, visit, found); !seen || found) return seen;
  }
  auto const stem = key_bytes{}.id(id);
  std::unique_ptr<rocksdb::Iterator> const rows(db_->NewIterator({}, db_[family::event_ids]));
  rows->Seek(slice(stem.view()));
  if (!rows->status().ok()) return fail(failure_of(rows->status(), "looking for event id " + id.str()));
  if (rows->Valid() && text(rows->key()).starts_with(stem.view())) {
    auto const at = position{last_u64(text(rows->key()))};
    if (at <= end)
      if (auto seen = visit_at(at, id, visit, found); !seen || found) return seen;
  }
  return fail(errc::not_found, "no event has the id " + id.str());
}

result<void> rocksdb_journal::visit_at(position at, event_id wanted, event_visitor const& visit, bool& found) const {
  log_cursor log(db_);
  if (auto moved = log.seek(at); !moved) return moved;
  event_view event;
  if (auto const problem = decode_record(log.group().record_at(at), store_id_, verify::nothing, event); problem != codec_problem::none)
    return fail(corrupt_group(at, describe(problem)));
  if (event.id != wanted) return {};
  found = true;
  visit(event);
  return {};
}

}  // namespace evoke::persistence
