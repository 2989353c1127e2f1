#pragma once

#include <atomic>
#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>

#include "persistence/row_key.hpp"

namespace evoke::persistence {

/// A row of a run: the first bytes of its key beside it, so that most comparisons need not look at the row itself.
struct run_row {
  std::uint64_t high;  ///< bytes 0 to 7 of the user's key as a big-endian number, zeros behind a short one
  std::uint64_t low;   ///< bytes 8 to 15
  char const* entry;   ///< as a memtable holds it

  [[nodiscard]] static run_row of(row_key const& key, char const* entry) noexcept;

  [[nodiscard]] bool before(run_row const& other) const noexcept {
    if (high != other.high) return high < other.high;
    if (low != other.low) return low < other.low;
    return row_key::of(entry).before(row_key::of(other.entry));
  }
};

/// Rows in order, the next one always behind the last. One writer; readers see what was there when they looked.
class sorted_run {
 public:
  explicit sorted_run(std::size_t capacity) : rows_(std::make_unique_for_overwrite<run_row[]>(capacity)), capacity_(capacity) {}

  [[nodiscard]] std::span<run_row const> rows() const noexcept { return {rows_.get(), count_.load(std::memory_order_acquire)}; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

  // -- the writer's
  [[nodiscard]] bool takes(run_row const& next) const noexcept {
    auto const count = count_.load(std::memory_order_relaxed);
    return count < capacity_ && (count == 0 || rows_[count - 1].before(next));
  }
  void push(run_row const& next) noexcept {
    auto const count = count_.load(std::memory_order_relaxed);
    rows_[count] = next;
    count_.store(count + 1, std::memory_order_release);
  }

 private:
  std::unique_ptr<run_row[]> rows_;
  std::size_t capacity_;
  std::atomic<std::size_t> count_ = 0;
};

/// Rows in any order, kept as few sorted runs: a row that comes behind the one before goes on with its run; any other begins a new one, and
/// runs of like length are merged (O'Neil et al., "The Log-Structured Merge-Tree", 1996, without the disk). What comes in sorted batches
/// costs a few steps a row in memory that is read from its beginning to its end, where a tree or a list costs a cache miss at each level.
/// One writer, any number of readers, which wait only while another takes the list of runs.
class sorted_runs {
 public:
  /// Each run has at least twice as many rows as all that come behind it but the newest, so there cannot be more.
  static constexpr std::size_t kMostRuns = 48;
  using run_list = boost::container::static_vector<std::shared_ptr<sorted_run const>, kMostRuns>;

  sorted_runs();

  /// The writer's. @param entry complete; must outlive this.
  void insert(char const* entry);
  /// The runs of this moment, the oldest and longest first. For anyone, at any time.
  [[nodiscard]] std::shared_ptr<run_list const> look() const;
  /// Of the runs, without the rows' entries. For anyone, at any time.
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }

 private:
  void begin_run();

  std::shared_ptr<sorted_run> newest_;
  mutable std::mutex mutex_;  ///< of the pointer
  std::shared_ptr<run_list const> runs_;
  std::atomic<std::size_t> bytes_ = 0;
};

/// A walk through all runs of a moment in the order of their rows. One thread.
class run_walk {
 public:
  explicit run_walk(std::shared_ptr<sorted_runs::run_list const> runs);

  /// @returns the row's entry; nullptr when the walk has left the rows.
  [[nodiscard]] char const* entry() const noexcept { return now_ != nullptr ? now_->at->entry : nullptr; }
  void to_first() noexcept;
  void to_last() noexcept;
  /// To the first row that is not before `key`.
  void seek(row_key const& key) noexcept;
  /// Only on a row.
  void next() noexcept;
  /// On a row, or behind the last one.
  void back() noexcept;

 private:
  /// Invariant: `at` is the first row of its run that is not before the one the walk is on; on none, the end.
  struct place {
    run_row const* begin;
    run_row const* end;
    run_row const* at;
  };
  void choose() noexcept;

  std::shared_ptr<sorted_runs::run_list const> runs_;
  boost::container::static_vector<place, sorted_runs::kMostRuns> places_;
  place* now_ = nullptr;
};

}  // namespace evoke::persistence
