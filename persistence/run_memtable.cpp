#include "persistence/memtable_iterator.hpp"
#include "persistence/memtables.hpp"
#include "persistence/sorted_runs.hpp"

namespace evoke::persistence {
namespace {

using rocksdb::MemTableRep;

class run_iterator : public MemTableRep::Iterator {
 public:
  explicit run_iterator(std::shared_ptr<sorted_runs::run_list const> runs) : at_(std::move(runs)) {}

  [[nodiscard]] bool Valid() const override { return at_.entry() != nullptr; }
  [[nodiscard]] char const* key() const override { return at_.entry(); }
  void Next() override { at_.next(); }
  void Prev() override { at_.back(); }
  void Seek(rocksdb::Slice const& internal, char const* entry) override { at_.seek(sought(internal, entry)); }
  void SeekForPrev(rocksdb::Slice const& internal, char const* entry) override {
    auto const key = sought(internal, entry);
    at_.seek(key);
    if (Valid() && !key.before(row_key::of(at_.entry()))) return;  // the row itself
    at_.back();
  }
  void SeekToFirst() override { at_.to_first(); }
  void SeekToLast() override { at_.to_last(); }

 private:
  run_walk at_;
};

class run_memtable final : public MemTableRep {
 public:
  using MemTableRep::MemTableRep;

  void Insert(rocksdb::KeyHandle handle) override { rows_.insert(static_cast<char const*>(handle)); }
  [[nodiscard]] bool Contains(char const* entry) const override {
    auto const key = row_key::of(entry);
    run_walk at(rows_.look());
    at.seek(key);
    return at.entry() != nullptr && !key.before(row_key::of(at.entry()));
  }
  std::size_t ApproximateMemoryUsage() override { return rows_.bytes(); }  // the entries are the allocator's, which counts them
  void Get(rocksdb::LookupKey const& key, void* told, bool (*tell)(void*, char const*)) override {
    auto& looking = lookup<run_iterator>::of_this_thread();
    looking.begun = true;
    MemTableRep::Get(key, told, tell);
    looking.begun = false;
    looking.at.reset();
  }
  MemTableRep::Iterator* GetIterator(rocksdb::Arena* arena) override { return make_iterator<run_iterator>(arena, rows_.look()); }
  MemTableRep::Iterator* GetDynamicPrefixIterator(rocksdb::Arena* arena) override {
    auto& looking = lookup<run_iterator>::of_this_thread();
    if (looking.begun) return &looking.at.emplace(rows_.look());
    return GetIterator(arena);
  }

 private:
  sorted_runs rows_;
};

class run_factory final : public rocksdb::MemTableRepFactory {
 public:
  MemTableRep* CreateMemTableRep(MemTableRep::KeyComparator const&, rocksdb::Allocator* allocator, rocksdb::SliceTransform const*,
                                 rocksdb::Logger*) override {
    return new run_memtable(allocator);
  }
  [[nodiscard]] char const* Name() const override { return "evoke.runs"; }
};

}  // namespace

std::shared_ptr<rocksdb::MemTableRepFactory> run_memtables() {
  return std::make_shared<run_factory>();
}

}  // namespace evoke::persistence
