#pragma once

#include "persistence/journal.hpp"

#include <rocksdb/db.h>
#include <rocksdb/listener.h>

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace evoke::persistence {

/// Iterators over single streams that are used again and again: to make one takes as long as to read a short stream with it. Any thread.
///
/// An iterator keeps the write buffers and table files alive that it looks at. So whenever a flush or a compaction has replaced some,
/// those that lie here are let go of, and those in use when they are given back.
class kept_iterators final : public rocksdb::EventListener {
 public:
  /// An iterator in use. It looks at the newest state and stands nowhere: seek first.
  class lease {
   public:
    lease(kept_iterators& home, std::unique_ptr<rocksdb::Iterator> taken, tier how_far, std::uint64_t since) noexcept
        : home_(home), taken_(std::move(taken)), how_far_(how_far), since_(since) {}
    lease(lease const&) = delete;
    lease& operator=(lease const&) = delete;
    ~lease() { home_.give_back(std::move(taken_), how_far_, since_); }
    [[nodiscard]] rocksdb::Iterator* operator->() const noexcept { return taken_.get(); }

   private:
    kept_iterators& home_;
    std::unique_ptr<rocksdb::Iterator> taken_;
    tier how_far_;
    std::uint64_t since_;
  };

  /// @param of a family with a prefix: the iterator ends where the prefix it was sent to does. Always the same one.
  [[nodiscard]] lease take(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* of, tier how_far);
  /// Lets go of all. Before the database is closed.
  void clear();

  void OnFlushCompleted(rocksdb::DB* /*db*/, rocksdb::FlushJobInfo const& /*done*/) override { clear(); }
  void OnCompactionCompleted(rocksdb::DB* /*db*/, rocksdb::CompactionJobInfo const& /*done*/) override { clear(); }

 private:
  using shelf = std::vector<std::unique_ptr<rocksdb::Iterator>>;

  void give_back(std::unique_ptr<rocksdb::Iterator> used, tier how_far, std::uint64_t since);
  [[nodiscard]] shelf& of(tier how_far) noexcept { return kept_[static_cast<std::size_t>(how_far)]; }

  std::mutex guard_;
  std::uint64_t cleared_ = 0;  ///< how often
  std::array<shelf, 2> kept_;  ///< by tier
};

}  // namespace evoke::persistence
