#include "persistence/memtables.hpp"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/slice_transform.h>

#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <cstdio>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/model/random_source.hpp"

using namespace evoke::persistence;

namespace {

using rows_by_key = std::map<std::string, std::string>;

enum class kind : std::uint8_t { sorted, runs, hashed };

/// A database in memory, of which nothing leaves the memtable unless it is flushed.
class small_database {
 public:
  explicit small_database(kind which) : memory_(rocksdb::NewMemEnv(rocksdb::Env::Default())) {
    rocksdb::Options options;
    options.env = memory_.get();
    options.create_if_missing = true;
    options.allow_concurrent_memtable_write = false;
    options.memtable_factory = which == kind::hashed ? hashed_memtables(8, 4) : which == kind::runs ? run_memtables() : sorted_memtables();
    if (which == kind::hashed) options.prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(1));
    rocksdb::DB* made = nullptr;
    auto const status = rocksdb::DB::Open(options, "/db", &made);
    INFO(status.ToString());
    REQUIRE(status.ok());
    db_.reset(made);
  }
  rocksdb::DB* operator->() const noexcept { return db_.get(); }

 private:
  std::unique_ptr<rocksdb::Env> memory_;
  std::unique_ptr<rocksdb::DB> db_;
};

/// Everything, first forward, then backward, then from each key on.
void check_all(small_database const& db, rocksdb::ReadOptions how, rows_by_key const& expected) {
  how.total_order_seek = true;
  std::unique_ptr<rocksdb::Iterator> const at(db->NewIterator(how));
  auto row = expected.begin();
  for (at->SeekToFirst(); at->Valid(); at->Next(), ++row) {
    REQUIRE(row != expected.end());
    REQUIRE(at->key() == row->first);
    REQUIRE(at->value() == row->second);
  }
  REQUIRE(row == expected.end());
  auto back = expected.rbegin();
  for (at->SeekToLast(); at->Valid(); at->Prev(), ++back) {
    REQUIRE(back != expected.rend());
    REQUIRE(at->key() == back->first);
  }
  REQUIRE(back == expected.rend());
  for (auto const& [key, value] : expected) {
    at->SeekForPrev(key + "\x01");
    REQUIRE(at->Valid());
    REQUIRE(at->key() == key);
    std::string got;
    REQUIRE(db->Get(how, key, &got).ok());
    REQUIRE(got == value);
  }
}

/// The rows of each prefix, as families that are read by prefix read them.
void check_prefixes(small_database const& db, rows_by_key const& expected) {
  rocksdb::ReadOptions how;
  how.prefix_same_as_start = true;
  std::unique_ptr<rocksdb::Iterator> const at(db->NewIterator(how));
  for (char prefix = 'a'; prefix <= 'z'; ++prefix) {
    auto row = expected.lower_bound(std::string(1, prefix));
    for (at->Seek(std::string(1, prefix)); at->Valid(); at->Next(), ++row) {
      REQUIRE(row != expected.end());
      REQUIRE(at->key() == row->first);
    }
    REQUIRE((row == expected.end() || row->first.front() != prefix));
  }
}

}  // namespace

TEST_CASE("Memtables hold what a map would, whatever is put, deleted and read", "[rocksdb]") {
  auto const which = GENERATE(kind::sorted, kind::runs, kind::hashed);
  random_source random_bits;
  INFO("EVOKE_SEED=" << random_bits.seed << ", kind " << static_cast<int>(which));
  small_database const db(which);
  rows_by_key now;
  for (int round = 0; round < 30; ++round) {
    rocksdb::WriteBatch batch;
    auto const many = random_bits.below(200);
    for (std::uint64_t i = 0; i < many; ++i) {
      // Few keys, so that many are written again; of all lengths, so that some begin others.
      std::string key(1, static_cast<char>('a' + random_bits.below(20)));
      key += std::to_string(random_bits.below(1'000)).substr(0, random_bits.below(4));
      if (random_bits.below(4) == 0) {
        REQUIRE(batch.Delete(key).ok());
        now.erase(key);
      } else {
        auto const value = std::string(random_bits.below(random_bits.below(50) == 0 ? 5'000 : 30), 'v') + std::to_string(i);
        REQUIRE(batch.Put(key, value).ok());
        now[key] = value;
      }
    }
    REQUIRE(db->Write({}, &batch).ok());
    if (random_bits.below(4) != 0) continue;
    auto const before = now;
    auto const* const snapshot = db->GetSnapshot();
    REQUIRE(db->Put({}, "a", "behind the snapshot").ok());
    now["a"] = "behind the snapshot";
    REQUIRE(db->Delete({}, now.rbegin()->first).ok());
    now.erase(std::prev(now.end()));
    rocksdb::ReadOptions then;
    then.snapshot = snapshot;
    check_all(db, then, before);
    check_all(db, {}, now);
    if (which == kind::hashed) check_prefixes(db, now);
    db->ReleaseSnapshot(snapshot);
  }
  REQUIRE(db->Flush({}).ok());
  check_all(db, {}, now);
}

TEST_CASE("Readers of a memtable see rows in order, and all that were there before they began", "[rocksdb]") {
  auto const which = GENERATE(kind::sorted, kind::runs, kind::hashed);
  small_database const db(which);
  constexpr int rows = 20'000;
  auto const key_of = [](int number) {
    // Scattered, but each once: 7,919 and the number of rows have no divisor in common.
    std::array<char, 16> text{};
    auto const scattered = static_cast<unsigned>(number) * 7'919U % rows;
    auto const size = std::snprintf(text.data(), text.size(), "%c%06u", static_cast<char>('a' + scattered % 10), scattered);
    return std::string(text.data(), static_cast<std::size_t>(size));
  };
  std::atomic<int> written = 0;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 2; ++reader)
    readers.emplace_back([&] {
      for (int seen = 0; seen < rows && wrong == 0;) {
        seen = written.load();
        rocksdb::ReadOptions all;
        all.total_order_seek = true;
        std::unique_ptr<rocksdb::Iterator> const at(db->NewIterator(all));
        std::string last;
        int count = 0;
        for (at->SeekToFirst(); at->Valid(); at->Next(), ++count) {
          if (at->key().ToString() <= last) ++wrong;
          last = at->key().ToString();
        }
        if (count < seen) ++wrong;
        std::string value;
        if (seen > 0 && !db->Get({}, key_of(seen - 1), &value).ok()) ++wrong;
      }
    });
  rocksdb::WriteOptions quick;
  quick.disableWAL = true;
  bool good = true;
  for (int i = 0; i < rows && good; ++i) {
    good = db->Put(quick, key_of(i), "value").ok();
    written = i + 1;
  }
  written = rows;
  for (auto& each : readers) each.join();
  CHECK(good);
  CHECK(wrong == 0);
}
