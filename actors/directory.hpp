#pragma once

#include <array>
#include <caf/actor.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/open_request.hpp"
#include "actors/services.hpp"

namespace evoke::actors {

/// Where an aggregate lives, asked by whoever has a request for it. One process is one answer, not an assumption.
class placement {
 public:
  virtual ~placement() = default;
  /// Takes the request to its aggregate. Any thread. Requests of one thread for one aggregate keep their order.
  virtual void deliver(request_ptr request) = 0;
  /// Whether the aggregate is in memory now. For choosing between asking it and reading what is stored.
  [[nodiscard]] virtual bool resident(bound_type const& type, std::string_view id) const = 0;
};

/// The resident aggregates of this process: finds an actor or spawns it, and evicts idle and least recently used ones.
///
/// Invariants, all under a shard's lock:
///  1. at most one life per aggregate: a successor is spawned when its predecessor has retired, not before;
///  2. a request is put into the mailbox before the request to passivate, or it waits here for the successor, in order;
///  3. an aggregate whose recovery failed answers `recovering` until its backoff has passed: never a loop.
class directory final : public placement {
 public:
  class entry;
  /// Makes the actor of a life. Called under a lock: must not call back.
  using spawner = std::function<caf::actor(directory&, entry&)>;

  directory(services& use, std::uint32_t max_resident, std::chrono::milliseconds recovery_backoff, spawner spawn);
  ~directory() override;

  void deliver(request_ptr request) override;
  [[nodiscard]] bool resident(bound_type const& type, std::string_view id) const override;

  /// A life ends. Called by its actor, first: no request is sent to it any more, later ones wait here.
  void close(entry& ending);
  /// It has ended. Called by its actor, once what was sent before close() has come to it; it quits then.
  void retire(entry& ended, std::vector<request_ptr> leftover, std::optional<failure> refused);

  /// Passivates what was idle for its type's time, and forgets failed recoveries whose backoff has passed. Call it now and then.
  void passivate_idle();
  /// Passivates everything; new requests still spawn. For stopping.
  void passivate_all();

  /// Ends every actor that is left, whatever it does. What waits is answered as dropped.
  void end_all();

  [[nodiscard]] std::size_t size() const noexcept { return size_.load(std::memory_order_relaxed); }

  struct key {
    bound_type const* type;
    std::string id;
    friend bool operator==(key const&, key const&) = default;
  };
  struct key_view {
    bound_type const* type;
    std::string_view id;
  };

 private:
  struct shard;
  struct key_hash;
  struct key_equal;

  [[nodiscard]] shard& shard_of(key_view wanted) const noexcept;
  void spawn_locked(entry& fresh);
  void passivate_locked(entry& victim);
  void make_room_locked(shard& in);

  static constexpr std::size_t shard_count = 64;

  services& use_;
  std::size_t max_resident_;
  std::chrono::milliseconds recovery_backoff_;
  spawner spawn_;
  std::atomic<std::size_t> size_{0};       ///< entries
  std::atomic<std::size_t> residents_{0};  ///< of them in memory and not leaving
  std::unique_ptr<shard[]> shards_;
};

/// One aggregate's place in the directory. Stable while its life lasts.
class directory::entry {
 public:
  enum class phase : std::uint8_t { absent, resident, passivating, refused };

  key const* name = nullptr;  ///< type and id: the map's own key
  shard* home = nullptr;
  phase now = phase::absent;
  caf::actor actor;
  boost::intrusive_ptr<life_link> link;
  std::vector<request_ptr> waiting;      ///< came while the old life was leaving
  std::chrono::nanoseconds last_used{};  ///< refused: when the backoff ends
  std::unique_ptr<failure> refusal;
  entry* newer = nullptr;  ///< neighbours in the shard's list by last use
  entry* older = nullptr;
};

}  // namespace evoke::actors
