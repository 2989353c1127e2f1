#pragma once

#include <evoke/projection_definition.hpp>

#include <map>
#include <memory>
#include <string>

/// The documents of a projection in a test: in memory, yet as short-lived as the contract of document_table allows.
namespace evoke::testing::detail {

class test_documents final : public document_table {
 public:
  /// What becomes of a document when an event is done.
  enum class between_events {
    kept,    ///< it lives on, as in a long batch
    stored,  ///< it is encoded and forgotten, as when every event is a batch of its own
  };

  /// As JSON, by key.
  using texts = std::map<std::string, std::string, std::less<>>;

  /// Begins with what is in `stored`, and stores there. Both must outlive it.
  test_documents(projection_definition const& definition, texts& stored, between_events rest)
      : definition_(definition), stored_(stored), rest_(rest) {}

  [[nodiscard]] document const* find(std::string_view key) override;
  [[nodiscard]] document& change(std::string_view key) override;
  void erase(std::string_view key) override;

  /// The event is done: what it changed stays. Throws mismatch for a document that cannot be stored or does not survive its codec.
  void commit();
  /// The event failed: what it changed is undone. Not where documents are kept.
  void discard() noexcept;
  /// Stores what is kept, too.
  void finish();

 private:
  void store();
  [[nodiscard]] std::string stored_form(std::string const& key, document const& of) const;

  projection_definition const& definition_;
  texts& stored_;
  between_events rest_;
  std::map<std::string, std::unique_ptr<document>, std::less<>> changed_;  // nullptr = erased
  std::unique_ptr<document> looked_at_;  // what find() decoded: dies with the next call, so that whoever keeps it is caught
};

}  // namespace evoke::testing::detail
