#pragma once

#include "persistence/in_memory_journal.hpp"
#include "persistence/rocksdb_journal.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// What the journal's tests are written in: worlds that make a journal, a teller that commits and remembers what must be there.
namespace evoke::persistence::test {

using namespace std::chrono_literals;

/// Stands still until moved.
class manual_clock final : public clock {
 public:
  [[nodiscard]] timestamp now() const noexcept override { return timestamp(std::chrono::microseconds(wall_us_.load())); }
  [[nodiscard]] std::chrono::nanoseconds steady() const noexcept override { return std::chrono::nanoseconds(steady_ns_.load()); }
  /// Both clocks go on.
  void pass(std::chrono::microseconds by) {
    wall_us_ += by.count();
    steady_ns_ += std::chrono::nanoseconds(by).count();
  }
  /// Only the wall clock moves.
  void leap(std::chrono::microseconds by) { wall_us_ += by.count(); }

 private:
  std::atomic<std::int64_t> wall_us_{1'750'000'000'000'000};
  std::atomic<std::int64_t> steady_ns_{1'000'000'000};
};

/// A directory of its own, gone with it.
class temporary_directory {
 public:
  temporary_directory();
  ~temporary_directory();
  temporary_directory(temporary_directory const&) = delete;
  temporary_directory& operator=(temporary_directory const&) = delete;
  [[nodiscard]] std::filesystem::path const& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

inline constexpr auto kStoreId = "5e0c1d2a-3b4f-4a6b-8c7d-9e0f1a2b3c4d";

/// Fails the test with the failure's message.
template <class T>
T need(result<T> got) {
  if (!got) FAIL(name_of(got.error().code) << ": " << got.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(*got);
}

/// The world of the in-memory journal.
struct memory_world {
  manual_clock time;
  std::unique_ptr<journal> store = make_in_memory_journal({&time, std::chrono::hours(24), need(uuid::parse(kStoreId))});
  journal& operator*() { return *store; }
  journal* operator->() { return store.get(); }
  /// Nothing to close: the same journal goes on.
  void reopen() {}
};

/// The world of the RocksDB journal, in a directory of its own; with write buffers so small that tests meet table files.
struct rocksdb_world {
  manual_clock time;
  temporary_directory directory;
  rocksdb_options options = [this] {
    rocksdb_options made;
    made.path = directory.path() / "store";
    made.durability = durability::os;
    made.memtable_bytes = 4 * 1024 * 1024;
    made.block_cache_bytes = 8 * 1024 * 1024;
    made.min_free_disk_bytes = 0;
    made.clock = &time;
    made.new_store_id = need(uuid::parse(kStoreId));
    return made;
  }();
  std::unique_ptr<journal> store = need(open_rocksdb_journal(options));
  journal& operator*() { return *store; }
  journal* operator->() { return store.get(); }
  void reopen() {
    need(store->close());
    store.reset();
    store = need(open_rocksdb_journal(options));
  }
};

/// All of an event as one line, so that a difference shows what differs.
[[nodiscard]] std::string line_of(event_view const& event);

/// Commits appends and keeps what the journal must answer. One thread.
class teller {
 public:
  /// @param owner holds the journal, also after it was reopened.
  explicit teller(std::unique_ptr<journal> const& owner) : owner_(owner) {}

  /// An append of `events` events that continues the stream; committed with `commit`.
  append& next(std::string const& type, std::string const& id, std::size_t events = 1);
  /// Commits what `next` made as one group.
  result<void> commit(timestamp now);
  result<void> commit() { return commit(time_); }

  /// One group of one append.
  void tell(std::string const& type, std::string const& id, std::size_t events = 1) {
    next(type, id, events);
    need(commit());
  }
  void pass(std::chrono::microseconds by) { time_ += by; }

  [[nodiscard]] timestamp time() const noexcept { return time_; }
  /// Every event told, as line_of it, in position order.
  [[nodiscard]] std::vector<std::string> const& lines() const noexcept { return lines_; }
  struct told_event {
    std::string line;
    std::string type, id, event;
    std::string correlation;
    evoke::version version{};
    timestamp time{};
    timestamp commit_time{};
    event_id event_number{};
  };
  [[nodiscard]] std::vector<told_event> const& events() const noexcept { return events_; }
  /// The id must outlive what is returned.
  [[nodiscard]] stream_ref stream(std::string_view type, std::string_view id) const {
    return {owner_->find_name(name_kind::aggregate_type, type), id};
  }

 private:
  void remember(append const& one, timestamp commit_time);

  std::unique_ptr<journal> const& owner_;
  timestamp time_{std::chrono::microseconds(1'750'000'000'000'000)};
  std::vector<std::unique_ptr<append>> open_;
  std::vector<std::pair<std::pair<std::string, std::string>, std::uint64_t>> versions_;
  std::vector<std::string> lines_;
  std::vector<told_event> events_;
  std::uint64_t serial_ = 0;
};

/// Reads.
[[nodiscard]] std::vector<std::string> read_stream(journal const& store, stream_ref stream, version from = version{1});
[[nodiscard]] std::vector<std::string> read_log(journal const& store, resolved_filter const& filter = {}, position after = {});

/// A seed for a random test: EVOKE_SEED, or a fresh one. It is printed with what fails (INFO it).
[[nodiscard]] std::uint64_t test_seed();

}  // namespace evoke::persistence::test
