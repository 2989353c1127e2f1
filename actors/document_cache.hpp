#pragma once

#include <evoke/projection_definition.hpp>

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "persistence/generation.hpp"

namespace evoke::actors {

/// The documents of one projection while it handles events: decoded ones are kept across batches, because events come to the same ones
/// again and again, and the changes of a batch are collected and written as one. One thread.
class document_cache final : public document_table {
 public:
  /// @param max_bytes of the documents' JSON; beyond, documents that were not used lately are let go of between batches.
  document_cache(projection_definition const& definition, persistence::generation const& store, std::size_t max_bytes)
      : definition_(definition), store_(store), max_bytes_(max_bytes) {}

  // -- document_table, for project()
  [[nodiscard]] document const* find(std::string_view key) override;
  [[nodiscard]] document& change(std::string_view key) override;
  void erase(std::string_view key) override;

  // -- the step
  /// What is changed from now on is changed by the event at `at`.
  /// @param surely_new a key that certainly has no document yet, so that the store need not be asked; empty = none is known.
  void begin_event(position at, std::string_view surely_new) noexcept {
    event_ = at;
    surely_new_ = surely_new;
  }
  /// Encodes what the event begun last has changed. @returns the failure, naming the document.
  [[nodiscard]] result<void> check_event();
  /// Puts what the batch has changed into `rows`.
  /// @param late where the changes are to be noted, when not at the positions of their events. @param feed whether the change index is to
  /// know of them. @returns malformed when a document cannot be encoded.
  [[nodiscard]] result<void> collect(persistence::generation_batch& rows, std::optional<persistence::change_place> late, bool feed);
  /// The batch is written: what was changed is what is stored.
  void written();
  /// The batch is not to be: forgets all that it touched.
  void discard();
  /// Documents that this batch has changed.
  [[nodiscard]] std::size_t changed_documents() const noexcept { return changed_.size(); }
  /// Why the store did not read during this batch, if so: then nothing that was thrown is the event's fault.
  [[nodiscard]] std::optional<failure> const& store_failure() const noexcept { return store_failure_; }

 private:
  struct entry {
    std::string key;                ///< what the table's key looks into
    std::unique_ptr<document> now;  ///< nullptr = there is none
    bool stored = false;            ///< there is a row
    bool changed = false;           ///< in this batch
    bool used = true;               ///< since the hand went by
    position by{};                  ///< the event that changed it last
    std::vector<std::string> stored_keys;
    std::size_t bytes = 0;
    std::size_t place = 0;  ///< in held_
  };

  entry& load(std::string_view key);
  void read(std::string_view key, entry& into);
  void note_change(entry& at);
  void note_index(entry& at);
  void put_index(persistence::generation_batch& rows);
  void forget(entry* which);
  void shrink();

  projection_definition const& definition_;
  persistence::generation const& store_;
  std::size_t max_bytes_;
  boost::unordered_flat_map<std::string_view, entry*> entries_;
  // Corbató, "A Paging Experiment with the Multics System", 1968: what was used since the hand came by last is passed over once. Unlike a
  // list in the order of use, a look-up writes to no neighbour.
  std::vector<std::unique_ptr<entry>> held_;
  std::size_t hand_ = 0;
  entry* last_ = nullptr;  ///< the one asked for last
  std::size_t bytes_ = 0;
  position event_{};
  std::string_view surely_new_;
  std::vector<entry*> changed_;
  std::optional<failure> store_failure_;
  persistence::document_row row_;
  struct index_row {
    std::size_t index;
    std::string sort_key;
    std::string const* key;
    bool removed;
  };
  std::vector<index_row> index_rows_;
};

}  // namespace evoke::actors
