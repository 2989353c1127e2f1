#pragma once

#include <evoke/time.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace evoke {

/// When a command counts as done.
enum class durability : std::uint8_t {
  disk,  ///< fsync before the reply: survives a power cut
  os,    ///< in the operating system's hands: survives a killed process, not a power cut
};

enum class storage : std::uint8_t {
  rocksdb,    ///< in `runtime_options::data`
  in_memory,  ///< gone with the process; for tests and trials
};

enum class log_level : std::uint8_t { debug, info, warning, error };

/// Receives the library's log lines. Called from any thread, must not block for long and must not throw. The library prints nothing itself.
using log_sink = std::function<void(log_level, std::string_view)>;

/// Every limit, its unit and what happens beyond it. Nothing that was acknowledged is ever lost by one.
struct limits {
  std::uint32_t max_open_commands = 20'000;           ///< in the whole runtime; beyond: `overloaded`, before anything is decided
  std::uint32_t max_waiting_commands = 10'000;        ///< for one aggregate; beyond: `overloaded`
  std::uint32_t max_resident_aggregates = 100'000;    ///< beyond: the least recently used are passivated
  std::uint32_t max_recoveries = 4;                   ///< at once, = recovery threads; beyond: they queue
  std::uint32_t max_waiting_reads = 10'000;           ///< queued for those threads, or for a projection; beyond: `overloaded`
  std::uint32_t max_events_per_command = 1'000;       ///< beyond: `limit_exceeded`, nothing is stored
  std::uint32_t max_payload_bytes = 256 * 1024;       ///< of one event; beyond: `limit_exceeded`
  std::uint32_t max_command_bytes = 1024 * 1024;      ///< all events of one command; beyond: `limit_exceeded`
  std::uint32_t max_state_bytes = 16 * 1024 * 1024;   ///< of a snapshot; beyond: none is written, a log line says so
  std::uint32_t max_json_depth = 64;                  ///< beyond: `malformed`
  std::uint32_t max_page_events = 1'000;              ///< larger `limit` values are cut to this
  std::uint32_t max_page_bytes = 8 * 1024 * 1024;     ///< a page ends early at this size
  std::uint32_t max_history_events = 100'000;         ///< folded for one time-travel read; beyond: `history_too_long`
  std::chrono::milliseconds max_history_time{2'000};  ///< spent on one time-travel read; beyond: `history_too_long`
  std::uint32_t max_subscriptions = 5'000;            ///< open at once, live feeds included; beyond: `overloaded`
  std::uint32_t max_persistent_subscriptions = 256;   ///< stored; beyond: `limit_exceeded`
  std::uint32_t max_raw_names = 4'096;                ///< names (types, events) that raw appends may bring in; beyond: `limit_exceeded`
};

/// How projections run. They keep their read models in `runtime_options::data`/views, or in memory with the journal.
struct projection_options {
  std::uint32_t batch_events = 20'000;                  ///< handled before they are written together
  std::chrono::milliseconds batch_time{50};             ///< spent on one batch
  std::chrono::milliseconds rest{5};                    ///< from one batch to the next while nobody waits for it; 0 = none
  double busy_duty = 0.5;                               ///< part of a projection's time for catching up while commands are open; 1 = all
  std::uint32_t attempts = 3;                           ///< on an event that fails, then it becomes a dead letter (or stops it)
  std::chrono::milliseconds first_retry_delay{50};      ///< before the second attempt, then four times as long each
  std::chrono::milliseconds max_retry_delay{2'000};     ///< the longest of these
  std::uint32_t max_dead_letters = 10'000;              ///< of one projection; beyond: it is stopped, and says so
  std::uint32_t change_events = 100'000;                ///< the changes feed reaches back so many events; older cursors: `reset`
  std::chrono::milliseconds max_wait{60'000};           ///< of a read for its own write, and for changes; longer ones are cut to this
  std::size_t cache_bytes = 32ULL * 1024 * 1024;        ///< decoded documents kept by each projection
  std::size_t memtable_bytes = 64ULL * 1024 * 1024;     ///< write buffers of all read models together
  std::size_t block_cache_bytes = 64ULL * 1024 * 1024;  ///< RocksDB's cache for reading them
  std::uint64_t write_bytes_per_second = 64ULL * 1024 * 1024;  ///< of flushes and compactions; 0 = as fast as it goes
  std::chrono::seconds flush_interval{30};                     ///< what a crash takes back is at most of this time
};

/// How timers fire.
struct timer_options {
  std::uint32_t max_near = 10'000;        ///< timers held in memory; those that are due later are read when their time comes near
  std::chrono::seconds near_time{60};     ///< how far ahead they are read
  std::uint32_t max_in_flight = 256;      ///< fired and not done; beyond: the next ones wait
  std::uint32_t late_per_second = 2'000;  ///< of those that were due before the start, or before a leap of the clock
  std::chrono::milliseconds first_retry_delay{100};   ///< after a failure (never after a rejection), then four times as long each
  std::chrono::milliseconds max_retry_delay{60'000};  ///< the longest of these, and at once for what only a person can mend
  std::uint32_t max_failing = 10'000;                 ///< failing timers held in memory; beyond: they are read again after max_retry_delay
};

/// How a runtime is started. The defaults suit a server on one machine.
struct runtime_options {
  evoke::storage storage = storage::rocksdb;
  std::filesystem::path data = "data";  ///< directory of the journal; created when absent
  evoke::durability durability = durability::disk;
  std::uint32_t workers = 0;  ///< threads that run actors and sessions; 0 = one per core
  evoke::limits limits{};
  std::chrono::milliseconds passivate_after{60'000};         ///< idle time before an aggregate leaves memory
  std::chrono::hours idempotency_expiry{24};                 ///< how long a key's outcome is remembered at least
  std::chrono::milliseconds recovery_backoff{1'000};         ///< after a recovery that failed: how long commands fail with `recovering`
  std::chrono::milliseconds drain_deadline{10'000};          ///< bound on stop() when none is given
  std::uint64_t min_free_disk_bytes = 256ULL * 1024 * 1024;  ///< below: `storage_full`, reads go on
  std::size_t block_cache_bytes = 256ULL * 1024 * 1024;      ///< RocksDB's cache for reads
  std::size_t memtable_bytes = 128ULL * 1024 * 1024;         ///< RocksDB's write buffers, all together
  projection_options projections{};
  timer_options timers{};
  std::string expected_store_id{};                   ///< when set: any other store is refused with `incompatible_store`
  log_sink log{};                                    ///< empty = silence
  std::function<void(std::string_view)> on_fatal{};  ///< told once when the journal is closed for writing; called on a worker
  evoke::clock const* clock = nullptr;               ///< nullptr = the system's; must outlive the runtime
};

}  // namespace evoke
