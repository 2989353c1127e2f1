#pragma once

#include "persistence/generation.hpp"
#include "persistence/read_model_keys.hpp"
#include "persistence/rocksdb_schema.hpp"

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <functional>
#include <memory>
#include <string>

namespace evoke::persistence {

/// The rows of a batch as the engine takes them.
class rocksdb_generation_batch final : public generation_batch {
 public:
  explicit rocksdb_generation_batch(rocksdb::ColumnFamilyHandle* family) : family_(family) {}

  void put_document(std::string_view key, document_row const& row) override;
  void remove_document(std::string_view key) override { remove(document_key(key)); }
  void put_index(std::size_t index, std::string_view sort_key, std::string_view key) override;
  void remove_index(std::size_t index, std::string_view sort_key, std::string_view key) override {
    remove(index_key(index, sort_key, key));
  }
  void put_change(change_row const& row) override;
  void remove_change(change_row const& row) override { remove(change_key(row.noted, row.key)); }
  void put_letter(letter_row const& row) override;
  void remove_letter(letter_row const& row) override;
  void put_blocked(std::string_view type, std::string_view id, blocked_row const& row) override;
  void remove_blocked(std::string_view type, std::string_view id) override { remove(blocked_key(type, id)); }
  void put_checkpoint(checkpoint_row const& row) override;

  void clear() override { rows_.Clear(); }
  [[nodiscard]] std::size_t bytes() const override { return rows_.GetDataSize(); }
  [[nodiscard]] rocksdb::WriteBatch& rows() noexcept { return rows_; }

 private:
  void put(key_bytes const& key) { static_cast<void>(rows_.Put(family_, slice(key.view()), slice(value_.view()))); }
  void remove(key_bytes const& key) { static_cast<void>(rows_.Delete(family_, slice(key.view()))); }

  rocksdb::ColumnFamilyHandle* family_;
  rocksdb::WriteBatch rows_;
  wire_writer value_;
};

/// One column family. The database outlives it.
class rocksdb_generation final : public generation, public std::enable_shared_from_this<rocksdb_generation> {
 public:
  /// @param room asked before each commit.
  rocksdb_generation(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family, generation_identity identity, std::function<result<void>()> room)
      : db_(db), family_(family), identity_(identity), room_(std::move(room)) {}
  ~rocksdb_generation() override;

  [[nodiscard]] generation_identity const& identity() const noexcept override { return identity_; }
  [[nodiscard]] std::unique_ptr<generation_batch> batch() const override { return std::make_unique<rocksdb_generation_batch>(family_); }
  result<void> commit(generation_batch& rows) override;
  result<void> flush() override;
  void begin_flush() override;
  [[nodiscard]] std::unique_ptr<generation_view> look() const override;
  [[nodiscard]] result<std::optional<document_row>> document(std::string_view key) const override;

  [[nodiscard]] rocksdb::DB& db() const noexcept { return db_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* family() const noexcept { return family_; }

 private:
  rocksdb::DB& db_;
  rocksdb::ColumnFamilyHandle* family_;
  generation_identity identity_;
  std::function<result<void>()> room_;
};

/// A snapshot of one column family.
class rocksdb_generation_view final : public generation_view {
 public:
  explicit rocksdb_generation_view(std::shared_ptr<rocksdb_generation const> of);
  ~rocksdb_generation_view() override;

  [[nodiscard]] result<checkpoint_row> checkpoint() const override;
  [[nodiscard]] result<std::optional<document_row>> document(std::string_view key) const override;
  result<void> documents(key_range const& keys, bool backward, document_visitor const& visit) const override;
  result<void> index(std::size_t index, key_range const& order_keys, bool backward, index_visitor const& visit) const override;
  result<void> changes(change_place after, std::optional<std::string_view> key,
                       std::function<bool(change_row&&)> const& visit) const override;
  result<void> letters(position after, std::function<bool(letter_row&&)> const& visit) const override;
  [[nodiscard]] result<std::optional<letter_row>> letter(position at) const override;
  result<void> row_of(std::string_view type, std::string_view id, std::function<bool(position)> const& visit) const override;
  [[nodiscard]] result<std::optional<blocked_row>> blocked(std::string_view type, std::string_view id) const override;
  result<void> all_blocked(std::function<bool(std::string_view type, std::string_view id, blocked_row const&)> const& visit) const override;

 private:
  /// Visits the rows whose keys begin with `prefix`, their keys given without it, within a range of what follows the prefix.
  using row_visitor = std::function<result<bool>(std::string_view key, std::string_view value)>;
  result<void> rows(std::string_view prefix, key_range const& range, bool backward, row_visitor const& visit) const;
  /// @returns false where there is none.
  result<bool> get(key_bytes const& key, rocksdb::PinnableSlice& value) const;

  std::shared_ptr<rocksdb_generation const> of_;
  rocksdb::Snapshot const* snapshot_;
  rocksdb::ReadOptions options_;
};

/// A row that does not read, as a failure that names its kind.
[[nodiscard]] failure corrupt_row(std::string_view kind, codec_problem problem);

}  // namespace evoke::persistence
