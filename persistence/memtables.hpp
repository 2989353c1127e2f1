#pragma once

#include <rocksdb/memtablerep.h>

#include <memory>

/// The write buffers of both databases (RocksDB's "memtables"), behind its own port for them. RocksDB's skip lists come, in Debian's
/// package, with their assertions on, which compare every key twice more; ours compare once (ADR 0012). They take one writer at a time, so
/// a database that uses them is opened without `allow_concurrent_memtable_write`.
namespace evoke::persistence {

/// All rows in one order.
[[nodiscard]] std::shared_ptr<rocksdb::MemTableRepFactory> sorted_memtables();

/// All rows in one order, kept as sorted runs: for families that are written in batches, each of which comes in order, and seldom read
/// from memory (ADR 0013). A row that begins a new run may have to merge what is there, which takes the writer milliseconds at most.
[[nodiscard]] std::shared_ptr<rocksdb::MemTableRepFactory> run_memtables();

/// A hash table by the family's prefix extractor, the rows of a bucket in order: for families that are read by prefix. Going through all in
/// order copies and sorts. SeekForPrev and Prev are for going through all only.
/// @param buckets about one for each prefix. @param max_height 4 to its power rows of a bucket are found fast.
[[nodiscard]] std::shared_ptr<rocksdb::MemTableRepFactory> hashed_memtables(std::size_t buckets, int max_height);

}  // namespace evoke::persistence
