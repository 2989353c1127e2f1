#include "persistence/rocksdb_read_models.hpp"

#include <algorithm>
#include <utility>

namespace evoke::persistence {

std::string family_name(std::uint64_t generation) {
  return std::string("g").append(std::to_string(generation));
}

rocksdb_read_models::~rocksdb_read_models() {
  static_cast<void>(rocksdb_read_models::close(true));
}

std::optional<projection_record> rocksdb_read_models::record_of(std::string_view projection) const {
  std::lock_guard const lock(guard_);
  auto const found = records_.find(projection);
  if (found == records_.end()) return std::nullopt;
  return found->second;
}

result<void> rocksdb_read_models::put_meta(std::string_view key, std::string_view value) {
  rocksdb::WriteOptions how;
  how.sync = true;
  auto const status = db_->Put(how, meta_, slice(key), slice(value));
  if (!status.ok()) return fail(failure_of(status, "writing what is live among the read models"));
  return {};
}

result<void> rocksdb_read_models::write_record(std::string_view projection, projection_record const& record) {
  wire_writer value;
  encode_projection(value, record);
  if (auto done = put_meta(std::string(kProjectionPrefix).append(projection), value.view()); !done) return done;
  std::lock_guard const lock(guard_);
  records_.insert_or_assign(std::string(projection), record);
  return {};
}

std::shared_ptr<generation> rocksdb_read_models::adopt(rocksdb::ColumnFamilyHandle* family, generation_identity const& which) {
  auto made = std::make_shared<rocksdb_generation>(*db_, family, which, [this] { return check_space(); });
  given_[which.number] = made;
  return made;
}

result<std::shared_ptr<generation>> rocksdb_read_models::create(std::uint32_t version, std::uint64_t shape) {
  std::lock_guard const lock(guard_);
  // First the number, so that a crash behind it cannot give it twice.
  auto const number = last_generation_ + 1;
  if (auto done = put_meta(kLastGenerationKey, key_bytes{}.u64(number).view()); !done) return fail(done.error());
  last_generation_ = number;
  rocksdb::ColumnFamilyHandle* family = nullptr;
  auto const status = db_->CreateColumnFamily(family_options(), family_name(number), &family);
  if (!status.ok()) return fail(failure_of(status, "beginning a read model"));
  return adopt(family, {number, version, shape});
}

result<std::shared_ptr<generation>> rocksdb_read_models::find(generation_identity const& which) {
  std::lock_guard const lock(guard_);
  if (auto const found = given_.find(which.number); found != given_.end())
    if (auto alive = found->second.lock()) return alive;
  auto const found = unclaimed_.find(which.number);
  if (found == unclaimed_.end()) return fail(errc::corrupt, "generation " + std::to_string(which.number) + " of a read model is not there");
  return adopt(std::exchange(unclaimed_.extract(found).mapped(), nullptr), which);
}

void rocksdb_read_models::drop(std::shared_ptr<generation> which) {
  auto& dropped = static_cast<rocksdb_generation&>(*which);
  // Readers keep what they see until they let go of the handle.
  auto const status = db_->DropColumnFamily(dropped.family());
  if (!status.ok()) say(log_level::warning, "a read model that is not needed any more could not be dropped: " + status.ToString());
}

storage_memory rocksdb_read_models::memory() const {
  storage_memory held{0, cache_->GetUsage()};
  if (db_) static_cast<void>(db_->GetAggregatedIntProperty(rocksdb::DB::Properties::kSizeAllMemTables, &held.write_buffers));
  return held;
}

result<void> rocksdb_read_models::check_space() const {
  if (options_.min_free_disk_bytes == 0 || options_.in_memory) return {};
  std::uint64_t free = 0;
  if (options_.free_disk_bytes) {
    free = options_.free_disk_bytes();
  } else {
    std::error_code problem;
    auto const found = std::filesystem::space(options_.path, problem);
    if (problem) return fail(errc::io_error, "cannot ask for the free space of " + options_.path.string() + ": " + problem.message());
    free = found.available;
  }
  space_->SetMaxAllowedSpaceUsage(space_->GetTotalSize() + std::max<std::uint64_t>(free, 1));
  if (free >= options_.min_free_disk_bytes) return {};
  return fail(errc::storage_full, "less than " + std::to_string(options_.min_free_disk_bytes) + " bytes are free: read models stand still");
}

void rocksdb_read_models::close_handles() noexcept {
  for (auto const& [number, family] : unclaimed_) db_->DestroyColumnFamilyHandle(family).PermitUncheckedError();
  unclaimed_.clear();
  if (meta_ != nullptr) db_->DestroyColumnFamilyHandle(meta_).PermitUncheckedError();
  meta_ = nullptr;
}

result<void> rocksdb_read_models::close(bool flush) {
  std::lock_guard const lock(guard_);
  if (!db_) return {};
  result<void> end;
  if (flush) {
    // A generation in use flushes itself through its owner before; what nobody asked for has nothing to flush.
    for (auto const& [number, each] : given_)
      if (auto alive = each.lock())
        if (auto done = alive->flush(); !done && end) end = done;
  }
  close_handles();
  auto const status = db_->Close();
  db_.reset();
  if (end && !status.ok()) end = fail(failure_of(status, "closing the read models"));
  return end;
}

}  // namespace evoke::persistence
