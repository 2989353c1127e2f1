#pragma once

#include "persistence/read_model_rows.hpp"

#include <evoke/result.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace evoke::persistence {

/// Rows of one generation that are to change together.
class generation_batch {
 public:
  virtual ~generation_batch() = default;

  virtual void put_document(std::string_view key, document_row const& row) = 0;
  virtual void remove_document(std::string_view key) = 0;
  virtual void put_index(std::size_t index, std::string_view sort_key, std::string_view key) = 0;
  virtual void remove_index(std::size_t index, std::string_view sort_key, std::string_view key) = 0;
  virtual void put_change(change_row const& row) = 0;
  virtual void remove_change(change_row const& row) = 0;
  /// Also its place in the aggregate's row.
  virtual void put_letter(letter_row const& row) = 0;
  virtual void remove_letter(letter_row const& row) = 0;
  virtual void put_blocked(std::string_view type, std::string_view id, blocked_row const& row) = 0;
  virtual void remove_blocked(std::string_view type, std::string_view id) = 0;
  virtual void put_checkpoint(checkpoint_row const& row) = 0;

  virtual void clear() = 0;
  [[nodiscard]] virtual std::size_t bytes() const = 0;
};

/// Where a range of an order begins and ends, as bytes of that order. Half open: [from, until); an empty `until` = to the end.
struct key_range {
  std::string from{};
  std::string until{};
};

/// One moment of a generation. Documents, index and checkpoint agree. Keep it short: what it sees cannot be compacted away. One thread.
class generation_view {
 public:
  virtual ~generation_view() = default;

  [[nodiscard]] virtual result<checkpoint_row> checkpoint() const = 0;
  [[nodiscard]] virtual result<std::optional<document_row>> document(std::string_view key) const = 0;

  /// Return false to stop.
  using document_visitor = std::function<bool(std::string_view key, document_row&& row)>;
  /// Documents by key.
  virtual result<void> documents(key_range const& keys, bool backward, document_visitor const& visit) const = 0;
  using index_visitor = std::function<bool(std::string_view order_key, std::string_view key)>;
  /// Keys of documents by an index. `order_key` is the sort key with the document's key behind it, unique within the index; the range is
  /// one of these.
  virtual result<void> index(std::size_t index, key_range const& order_keys, bool backward, index_visitor const& visit) const = 0;
  /// Rows of the change index behind the one noted at `after` for `key`; without a key, behind all noted there.
  virtual result<void> changes(change_place after, std::optional<std::string_view> key,
                               std::function<bool(change_row&&)> const& visit) const = 0;
  /// Dead letters behind `after` by position.
  virtual result<void> letters(position after, std::function<bool(letter_row&&)> const& visit) const = 0;
  [[nodiscard]] virtual result<std::optional<letter_row>> letter(position at) const = 0;
  /// Positions of an aggregate's letters, in order.
  virtual result<void> row_of(std::string_view type, std::string_view id, std::function<bool(position)> const& visit) const = 0;
  [[nodiscard]] virtual result<std::optional<blocked_row>> blocked(std::string_view type, std::string_view id) const = 0;
  virtual result<void> all_blocked(
      std::function<bool(std::string_view type, std::string_view id, blocked_row const&)> const& visit) const = 0;
};

/// The documents of one run of a projection through the log, with all that belongs to them. One thread commits; any may look.
class generation {
 public:
  virtual ~generation() = default;

  [[nodiscard]] virtual generation_identity const& identity() const noexcept = 0;
  [[nodiscard]] virtual std::unique_ptr<generation_batch> batch() const = 0;
  /// All of it or nothing; visible at once, durable with the next flush. @returns io_error, storage_full.
  virtual result<void> commit(generation_batch& rows) = 0;
  /// What was committed survives a crash when this returns.
  virtual result<void> flush() = 0;
  /// Begins it in the background.
  virtual void begin_flush() = 0;
  [[nodiscard]] virtual std::unique_ptr<generation_view> look() const = 0;
  /// As look().document(key), of the newest, without a snapshot: for the thread that commits.
  [[nodiscard]] virtual result<std::optional<document_row>> document(std::string_view key) const = 0;
};

}  // namespace evoke::persistence
