#pragma once

#include "persistence/background_threads.hpp"
#include "persistence/read_models.hpp"
#include "persistence/rocksdb_generation.hpp"

#include <rocksdb/sst_file_manager.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace evoke::persistence {

/// The store of read models on RocksDB; in memory it is the same on files in memory.
class rocksdb_read_models final : public read_models {
 public:
  explicit rocksdb_read_models(read_models_options options);
  ~rocksdb_read_models() override;

  /// Once, before anything else.
  [[nodiscard]] result<void> start();

  [[nodiscard]] std::optional<projection_record> record_of(std::string_view projection) const override;
  result<void> write_record(std::string_view projection, projection_record const& record) override;
  result<std::shared_ptr<generation>> create(std::uint32_t version, std::uint64_t shape) override;
  result<std::shared_ptr<generation>> find(generation_identity const& which) override;
  void drop(std::shared_ptr<generation> which) override;
  [[nodiscard]] storage_memory memory() const override;
  [[nodiscard]] result<void> check_space() const override;
  result<void> close(bool flush) override;

 private:
  // -- opening
  [[nodiscard]] result<void> open_database();
  [[nodiscard]] rocksdb::Status try_open();
  [[nodiscard]] result<void> set_aside(rocksdb::Status const& why);
  [[nodiscard]] result<void> read_meta();
  [[nodiscard]] result<void> forget_what_does_not_fit();
  /// Whether a generation that a record names can be used.
  [[nodiscard]] result<bool> fits(generation_identity const& which);
  [[nodiscard]] result<void> put_meta(std::string_view key, std::string_view value);
  [[nodiscard]] rocksdb::ColumnFamilyOptions family_options() const;
  [[nodiscard]] std::shared_ptr<generation> adopt(rocksdb::ColumnFamilyHandle* family, generation_identity const& which);
  void close_handles() noexcept;
  void say(log_level level, std::string const& line) const {
    if (options_.log) options_.log(level, line);
  }

  read_models_options options_;
  std::unique_ptr<background_threads> threads_;
  std::unique_ptr<rocksdb::Env> memory_;  // only in memory; above `threads_`
  rocksdb::Env* env_;
  std::shared_ptr<rocksdb::Cache> cache_;
  std::shared_ptr<rocksdb::SstFileManager> space_;
  std::unique_ptr<rocksdb::DB> db_;
  rocksdb::ColumnFamilyHandle* meta_ = nullptr;

  mutable std::mutex guard_;
  std::map<std::string, projection_record, std::less<>> records_;
  std::uint64_t last_generation_ = 0;
  std::map<std::uint64_t, rocksdb::ColumnFamilyHandle*> unclaimed_;  ///< opened, nobody has asked for it yet
  std::map<std::uint64_t, std::weak_ptr<generation>> given_;
};

/// The column family of a generation: "g" and its number.
[[nodiscard]] std::string family_name(std::uint64_t generation);

}  // namespace evoke::persistence
