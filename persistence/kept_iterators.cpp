#include "persistence/kept_iterators.hpp"

namespace evoke::persistence {
namespace {

constexpr std::size_t kMostKept = 16;  // of each kind: more threads than read at once, as a rule

}  // namespace

kept_iterators::lease kept_iterators::take(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* of_family, tier how_far) {
  std::unique_ptr<rocksdb::Iterator> taken;
  std::uint64_t since = 0;
  {
    std::lock_guard const lock(guard_);
    since = cleared_;
    if (auto& kept = of(how_far); !kept.empty()) {
      taken = std::move(kept.back());
      kept.pop_back();
    }
  }
  if (!taken || !taken->Refresh().ok()) {
    rocksdb::ReadOptions how;
    how.prefix_same_as_start = true;
    how.ignore_range_deletions = true;  // there are none
    if (how_far == tier::memory) how.read_tier = rocksdb::kBlockCacheTier;
    taken.reset(db.NewIterator(how, of_family));
  }
  return {*this, std::move(taken), how_far, since};
}

void kept_iterators::give_back(std::unique_ptr<rocksdb::Iterator> used, tier how_far, std::uint64_t since) {
  std::lock_guard const lock(guard_);
  if (since == cleared_ && of(how_far).size() < kMostKept) of(how_far).push_back(std::move(used));
}

void kept_iterators::clear() {
  std::array<shelf, 2> dropped;  // outside of the lock: the last one of a state removes what it kept alive
  {
    std::lock_guard const lock(guard_);
    ++cleared_;
    std::swap(dropped, kept_);
  }
}

}  // namespace evoke::persistence
