#include "bench/store/work.hpp"
#include "examples/carts/cart.hpp"
#include "persistence/group_codec.hpp"
#include "persistence/keys.hpp"
#include "persistence/record_codec.hpp"
#include "persistence/rocksdb_schema.hpp"

#include <fcntl.h>
#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <unistd.h>

#include <stdexcept>

namespace evoke::bench {
namespace {

void must(rocksdb::Status const& status) {
  if (!status.ok()) throw std::runtime_error(status.ToString());
}

persistence::database open(store_settings const& with) {
  persistence::schema_settings settings;
  settings.memtable_bytes = 128ULL << 20U;
  settings.block_cache_bytes = 256ULL << 20U;
  persistence::database db;
  must(persistence::database::open(with.data / "journal", settings, false, rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords, true,
                                   db));
  return db;
}

std::uint64_t number(persistence::database const& db, persistence::family which, char const* property) {
  std::uint64_t value = 0;
  db->GetIntProperty(db[which], property, &value);
  return value;
}

}  // namespace

nlohmann::json count(store_settings const& with) {
  persistence::schema_settings settings;
  settings.memtable_bytes = 128ULL << 20U;
  settings.block_cache_bytes = 64ULL << 20U;
  persistence::database db;
  must(persistence::database::look(with.data / "journal", settings, db));
  rocksdb::ReadOptions how;
  how.total_order_seek = true;
  std::uint64_t events = 0;
  std::uint64_t in_log = 0;
  persistence::event_view event;
  std::unique_ptr<rocksdb::Iterator> const rows(db->NewIterator(how, db[persistence::family::events]));
  for (rows->SeekToFirst(); rows->Valid(); rows->Next(), ++events)
    if (decode_record(persistence::text(rows->value()), {}, persistence::verify::checksum, event) != persistence::codec_problem::none)
      throw std::runtime_error("an event does not read");
  must(rows->status());
  persistence::group_view group;
  std::unique_ptr<rocksdb::Iterator> const groups(db->NewIterator(how, db[persistence::family::log]));
  for (groups->SeekToFirst(); groups->Valid(); groups->Next(), in_log += group.count())
    if (persistence::group_view::read(persistence::text(groups->value()), persistence::verify::checksum, group) !=
        persistence::codec_problem::none)
      throw std::runtime_error("a group of the log does not read");
  must(groups->status());
  return {{"events", events}, {"events_in_log", in_log}};
}

nlohmann::json compact(store_settings const& with) {
  auto const db = open(with);
  std::uint64_t data_bytes = 0;
  std::uint64_t record_bytes = 0;
  std::uint64_t events = 0;
  nlohmann::json families;
  std::uint64_t whole = 0;
  for (std::size_t i = 0; i < persistence::kFamilyCount; ++i) {
    auto const which = static_cast<persistence::family>(i);
    must(db->Flush({}, db[which]));
    rocksdb::CompactRangeOptions how;
    how.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
    must(db->CompactRange(how, db[which], nullptr, nullptr));
    auto const bytes = number(db, which, "rocksdb.total-sst-files-size");
    families[persistence::name_of(which)] = bytes;
    whole += bytes;
  }
  rocksdb::ReadOptions how;
  how.total_order_seek = true;
  std::unique_ptr<rocksdb::Iterator> const rows(db->NewIterator(how, db[persistence::family::events]));
  persistence::event_view event;
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    if (decode_record(persistence::text(rows->value()), {}, persistence::verify::nothing, event) != persistence::codec_problem::none)
      throw std::runtime_error("an event does not read");
    data_bytes += event.data.size();
    record_bytes += rows->value().size();
    ++events;
  }
  must(rows->status());
  if (events == 0) throw std::runtime_error("there are no events");
  auto const each = [&](std::uint64_t bytes) { return static_cast<double>(bytes) / static_cast<double>(events); };
  return {{"events", events},
          {"disk_bytes", whole},
          {"families", families},
          {"disk_bytes_per_event", each(whole)},
          {"data_bytes_per_event", each(data_bytes)},
          {"record_bytes_per_event", each(record_bytes)}};
}

nlohmann::json scan(store_settings const& with) {
  forget_files(with.data);
  auto const cpu = cpu_seconds();
  auto const opening = steady::now();
  auto const db = open(with);
  auto const begun = steady::now();
  // Interned in this order by `fill`; what a name's number is, the store knows.
  constexpr persistence::name_id cart = 1;
  rocksdb::ReadOptions how;
  how.prefix_same_as_start = true;
  std::unique_ptr<rocksdb::Iterator> const rows(db->NewIterator(how, db[persistence::family::events]));
  std::uint64_t events = 0;
  persistence::event_view event;
  for (std::uint64_t i = 0; i < with.aggregates; ++i) {
    auto const id = cart_id(i);
    auto const key = persistence::event_key({cart, id}, version{1});
    for (rows->Seek(persistence::slice(key.view())); rows->Valid(); rows->Next()) {
      auto const problem = decode_record(persistence::text(rows->value()), {}, persistence::verify::checksum, event);
      bool const read = problem == persistence::codec_problem::none &&
                        (event.version == version{1} ? json::decode<carts::cart_created>(event.data).has_value()
                                                     : json::decode<carts::cart_item_added>(event.data).has_value());
      if (!read) throw std::runtime_error("an event does not read");
      ++events;
    }
    must(rows->status());
  }
  auto const seconds = std::chrono::duration<double>(steady::now() - begun).count();
  if (events == 0) throw std::runtime_error("there are no events where they were written");
  return {{"events", events},
          {"seconds", seconds},
          {"open_seconds", std::chrono::duration<double>(begun - opening).count()},
          {"cpu_us", (cpu_seconds() - cpu) * 1e6 / static_cast<double>(events)},
          {"per_second", static_cast<double>(events) / seconds}};
}

void forget_files(std::filesystem::path const& directory) {
  sync();  // only clean pages can be forgotten
  for (auto const& each : std::filesystem::recursive_directory_iterator(directory)) {
    if (!each.is_regular_file()) continue;
    int const file = ::open(each.path().c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) continue;
    posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    close(file);
  }
}

}  // namespace evoke::bench
