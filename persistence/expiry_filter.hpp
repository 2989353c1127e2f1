#pragma once

#include "persistence/expiry_clock.hpp"

#include <rocksdb/compaction_filter.h>

#include <chrono>
#include <memory>

namespace evoke::persistence {

/// Drops expired idempotency records when RocksDB compacts them. What does not read is kept: it is not ours to judge here; so are internal
/// keys, which never expire.
/// Each compaction reads the clock once. Any thread.
class expiry_filter_factory final : public rocksdb::CompactionFilterFactory {
 public:
  expiry_filter_factory(std::shared_ptr<expiry_clock const> clock, std::chrono::microseconds expiry)
      : clock_(std::move(clock)), expiry_(expiry) {}

  [[nodiscard]] char const* Name() const override { return "evoke.idempotency_expiry"; }
  std::unique_ptr<rocksdb::CompactionFilter> CreateCompactionFilter(rocksdb::CompactionFilter::Context const&) override;

 private:
  std::shared_ptr<expiry_clock const> clock_;
  std::chrono::microseconds expiry_;
};

}  // namespace evoke::persistence
