#include "persistence/memtables.hpp"

#include "persistence/memtable_iterator.hpp"
#include "persistence/sorted_rows.hpp"

#include <rocksdb/slice_transform.h>

#include <algorithm>
#include <functional>
#include <vector>

namespace evoke::persistence {
namespace {

using rocksdb::MemTableRep;

class list_iterator;

/// What both kinds have in common: rows with room for their links, and how they are looked for.
class row_memtable : public MemTableRep {
 public:
  row_memtable(rocksdb::Allocator* allocator, int max_height) : MemTableRep(allocator), max_height_(max_height) {}

  rocksdb::KeyHandle Allocate(std::size_t bytes, char** entry) override {
    random_ ^= random_ << 13U;  // Marsaglia, "Xorshift RNGs", 2003
    random_ ^= random_ >> 7U;
    random_ ^= random_ << 17U;
    auto* const made = sorted_rows::make_row(memory_, bytes, max_height_, random_);
    *entry = made->entry();
    return made;
  }
  std::size_t ApproximateMemoryUsage() override { return 0; }  // all is the allocator's, which counts it
  bool Contains(char const* entry) const override {
    auto const key = row_key::of(entry);
    auto const* const rows = rows_of(key);
    auto const* const found = rows != nullptr ? rows->seek(key) : nullptr;
    return found != nullptr && !key.before(found->key());
  }
  void Get(rocksdb::LookupKey const& key, void* told, bool (*tell)(void*, char const*)) override;
  MemTableRep::Iterator* GetDynamicPrefixIterator(rocksdb::Arena* arena) override;

  /// The list in which the key is, if it is anywhere; nullptr when there is none.
  [[nodiscard]] virtual sorted_rows const* rows_of(row_key const& key) const = 0;
  /// All rows; nullptr when they are in several lists.
  [[nodiscard]] virtual sorted_rows const* all_rows() const = 0;

 protected:
  [[nodiscard]] static sorted_rows::node& row(rocksdb::KeyHandle handle) noexcept { return *static_cast<sorted_rows::node*>(handle); }

  row_memory memory_{*this};
  int const max_height_;

 private:
  std::uint64_t random_ = 0x9e3779b97f4a7c15U;
};

/// Within the list of the key that was sought last.
class list_iterator : public MemTableRep::Iterator {
 public:
  explicit list_iterator(row_memtable const& of) : of_(of) {}

  [[nodiscard]] bool Valid() const override { return at_ != nullptr; }
  [[nodiscard]] char const* key() const override { return at_->entry(); }
  void Next() override { at_ = at_->next(0); }
  void Prev() override { at_ = rows_->before(at_->key()); }
  void Seek(rocksdb::Slice const& internal, char const* entry) override {
    auto const key = sought(internal, entry);
    rows_ = of_.rows_of(key);
    at_ = rows_ != nullptr ? rows_->seek(key) : nullptr;
  }
  void SeekForPrev(rocksdb::Slice const& internal, char const* entry) override {
    Seek(internal, entry);
    auto const key = sought(internal, entry);
    if (at_ != nullptr && !key.before(at_->key())) return;  // the row itself
    at_ = rows_ != nullptr ? rows_->before(key) : nullptr;
  }
  void SeekToFirst() override {
    rows_ = of_.all_rows();
    at_ = rows_ != nullptr ? rows_->first() : nullptr;
  }
  void SeekToLast() override {
    rows_ = of_.all_rows();
    at_ = rows_ != nullptr ? rows_->last() : nullptr;
  }

 private:
  row_memtable const& of_;
  sorted_rows const* rows_ = nullptr;
  sorted_rows::node const* at_ = nullptr;
};

void row_memtable::Get(rocksdb::LookupKey const& key, void* told, bool (*tell)(void*, char const*)) {
  auto& looking = lookup<list_iterator>::of_this_thread();
  looking.begun = true;
  MemTableRep::Get(key, told, tell);
  looking.begun = false;
  looking.at.reset();
}

MemTableRep::Iterator* row_memtable::GetDynamicPrefixIterator(rocksdb::Arena* arena) {
  auto& looking = lookup<list_iterator>::of_this_thread();
  if (looking.begun) return &looking.at.emplace(*this);
  return make_iterator<list_iterator>(arena, *this);
}

/// Over the rows that were there when it was made.
class copy_iterator : public MemTableRep::Iterator {
 public:
  explicit copy_iterator(std::vector<char const*> entries) : entries_(std::move(entries)), at_(entries_.size()) {}

  [[nodiscard]] bool Valid() const override { return at_ < entries_.size(); }
  [[nodiscard]] char const* key() const override { return entries_[at_]; }
  void Next() override { ++at_; }
  void Prev() override { at_ = at_ == 0 ? entries_.size() : at_ - 1; }
  void Seek(rocksdb::Slice const& internal, char const* entry) override { at_ = first_not_before(sought(internal, entry)); }
  void SeekForPrev(rocksdb::Slice const& internal, char const* entry) override {
    auto const key = sought(internal, entry);
    at_ = first_not_before(key);
    if (Valid() && !key.before(row_key::of(entries_[at_]))) return;
    Prev();
  }
  void SeekToFirst() override { at_ = 0; }
  void SeekToLast() override {
    at_ = entries_.size();
    Prev();
  }

 private:
  [[nodiscard]] std::size_t first_not_before(row_key const& key) const {
    auto const found = std::ranges::lower_bound(
        entries_, key, [](row_key const& left, row_key const& right) { return left.before(right); },
        [](char const* entry) { return row_key::of(entry); });
    return static_cast<std::size_t>(found - entries_.begin());
  }

  std::vector<char const*> entries_;
  std::size_t at_;
};

class sorted_memtable final : public row_memtable {
 public:
  explicit sorted_memtable(rocksdb::Allocator* allocator) : row_memtable(allocator, sorted_rows::kMaxHeight), rows_(memory_, max_height_) {}

  void Insert(rocksdb::KeyHandle handle) override { rows_.insert(row(handle)); }
  MemTableRep::Iterator* GetIterator(rocksdb::Arena* arena) override { return make_iterator<list_iterator>(arena, *this); }
  [[nodiscard]] sorted_rows const* rows_of(row_key const&) const override { return &rows_; }
  [[nodiscard]] sorted_rows const* all_rows() const override { return &rows_; }

 private:
  sorted_rows rows_;
};

class hashed_memtable final : public row_memtable {
 public:
  hashed_memtable(rocksdb::Allocator* allocator, rocksdb::SliceTransform const& prefix, std::size_t buckets, int max_height)
      : row_memtable(allocator, max_height), prefix_(prefix), buckets_(buckets) {}

  void Insert(rocksdb::KeyHandle handle) override {
    auto& fresh = row(handle);
    auto& bucket = buckets_[index_of(fresh.key())];
    auto* rows = bucket.load(std::memory_order_relaxed);
    if (rows == nullptr) {
      rows = new (memory_.take(sizeof(sorted_rows))) sorted_rows(memory_, max_height_);
      bucket.store(rows, std::memory_order_release);
    }
    rows->insert(fresh);
  }

  MemTableRep::Iterator* GetIterator(rocksdb::Arena* arena) override {
    std::vector<char const*> entries;
    for (auto const& bucket : buckets_)
      if (auto const* const rows = bucket.load(std::memory_order_acquire))
        for (auto const* at = rows->first(); at != nullptr; at = at->next(0)) entries.push_back(at->entry());
    std::ranges::sort(
        entries, [](row_key const& left, row_key const& right) { return left.before(right); },
        [](char const* entry) { return row_key::of(entry); });
    return make_iterator<copy_iterator>(arena, std::move(entries));
  }
  [[nodiscard]] sorted_rows const* rows_of(row_key const& key) const override {
    return buckets_[index_of(key)].load(std::memory_order_acquire);
  }
  [[nodiscard]] sorted_rows const* all_rows() const override { return nullptr; }

 private:
  [[nodiscard]] std::size_t index_of(row_key const& key) const {
    auto const prefix = prefix_.Transform({key.user.data(), key.user.size()});
    return std::hash<std::string_view>{}({prefix.data(), prefix.size()}) % buckets_.size();
  }

  rocksdb::SliceTransform const& prefix_;
  std::vector<std::atomic<sorted_rows*>> buckets_;
};

class sorted_factory final : public rocksdb::MemTableRepFactory {
 public:
  MemTableRep* CreateMemTableRep(MemTableRep::KeyComparator const&, rocksdb::Allocator* allocator, rocksdb::SliceTransform const*,
                                 rocksdb::Logger*) override {
    return new sorted_memtable(allocator);
  }
  [[nodiscard]] char const* Name() const override { return "evoke.sorted"; }
};

class hashed_factory final : public rocksdb::MemTableRepFactory {
 public:
  hashed_factory(std::size_t buckets, int max_height) : buckets_(buckets), max_height_(max_height) {}
  MemTableRep* CreateMemTableRep(MemTableRep::KeyComparator const&, rocksdb::Allocator* allocator, rocksdb::SliceTransform const* prefix,
                                 rocksdb::Logger*) override {
    return new hashed_memtable(allocator, *prefix, buckets_, max_height_);
  }
  [[nodiscard]] char const* Name() const override { return "evoke.hashed"; }

 private:
  std::size_t buckets_;
  int max_height_;
};

}  // namespace

std::shared_ptr<rocksdb::MemTableRepFactory> sorted_memtables() {
  return std::make_shared<sorted_factory>();
}

std::shared_ptr<rocksdb::MemTableRepFactory> hashed_memtables(std::size_t buckets, int max_height) {
  return std::make_shared<hashed_factory>(buckets, max_height);
}

}  // namespace evoke::persistence
