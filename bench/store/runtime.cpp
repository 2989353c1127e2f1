#include "bench/measure/cart_runtime.hpp"
#include "bench/store/work.hpp"

#include <malloc.h>

#include <atomic>
#include <memory>
#include <semaphore>
#include <stdexcept>

namespace evoke::bench {
namespace {

constexpr std::ptrdiff_t kInFlight = 256;

/// Brings carts into memory and writes nothing: they are there already, so their creation is refused.
void touch(runtime& on, std::uint64_t from, std::uint64_t to) {
  std::counting_semaphore<kInFlight> room(kInFlight);
  std::atomic<std::uint64_t> wrong{0};
  for (auto i = from; i < to; ++i) {
    room.acquire();
    on.of<carts::cart>(cart_id(i)).execute(carts::create_cart{"again"}, [&](command_result end) {
      if (!end.rejected()) ++wrong;
      room.release();
    });
  }
  for (std::ptrdiff_t i = 0; i < kInFlight; ++i) room.acquire();
  if (wrong > 0) throw std::runtime_error(std::to_string(wrong) + " carts are not there");
}

runtime_options small(store_settings const& with) {
  runtime_options options;
  options.data = with.data;
  options.durability = durability::os;
  options.memtable_bytes = with.memory_mib << 20U;
  options.block_cache_bytes = with.memory_mib << 20U;
  return options;
}

}  // namespace

nlohmann::json recover(store_settings const& with) {
  forget_files(with.data);
  auto const cpu = cpu_seconds();
  auto const opening = steady::now();
  runtime_options options;
  options.data = with.data;
  options.durability = durability::os;
  options.workers = 1;
  options.limits.max_recoveries = 1;
  options.limits.max_resident_aggregates = static_cast<std::uint32_t>(2 * with.aggregates) + 1'000;  // the limit is kept part by part
  auto const on = start_with_carts(options);
  auto const begun = steady::now();
  touch(*on, 0, with.aggregates);
  auto const seconds = std::chrono::duration<double>(steady::now() - begun).count();
  auto const info = on->info();
  auto const spent = cpu_seconds() - cpu;
  if (info.resident_aggregates < with.aggregates)
    throw std::runtime_error("only " + std::to_string(info.resident_aggregates) + " carts came into memory");
  on->stop(std::chrono::seconds(30));
  auto const events = info.head.value();
  return {{"events", events},
          {"aggregates", with.aggregates},
          {"seconds", seconds},
          {"open_seconds", std::chrono::duration<double>(begun - opening).count()},
          {"cpu_us", spent * 1e6 / static_cast<double>(events)},
          {"per_second", static_cast<double>(events) / seconds}};
}

nlohmann::json memory(store_settings const& with) {
  auto options = small(with);
  options.limits.max_resident_aggregates = 5'000;
  auto const on = start_with_carts(options);
  auto const started = resident_bytes();
  auto const before = on->info().head.value();
  // Write buffers: filled and flushed once over, with carts that were not there.
  constexpr std::uint64_t bytes_an_event = 600;
  auto const writes = 2 * (with.memory_mib << 20U) / bytes_an_event;
  std::counting_semaphore<kInFlight> room(kInFlight);
  std::atomic<std::uint64_t> wrong{0};
  for (std::uint64_t i = 0; i < writes; ++i) {
    room.acquire();
    on->of<carts::cart>("w-" + std::to_string(i)).execute(carts::create_cart{"warm"}, [&](command_result end) {
      if (end.failed()) ++wrong;
      room.release();
    });
  }
  for (std::ptrdiff_t i = 0; i < kInFlight; ++i) room.acquire();
  // Caches: read at random what was there before.
  std::mt19937_64 random(7);
  for (std::uint64_t i = 0; i < with.asked; ++i)
    if (!on->of<carts::cart>(cart_id(random() % with.aggregates)).get()) ++wrong;
  if (wrong > 0) throw std::runtime_error(std::to_string(wrong) + " carts did not answer");
  auto const peak = resident_bytes();
  malloc_trim(0);
  auto const now = resident_bytes();
  on->stop(std::chrono::seconds(60));
  return {{"events", before}, {"started_bytes", started}, {"bytes", now}, {"bytes_before_trim", peak}};
}

nlohmann::json resident(store_settings const& with) {
  auto options = small(with);
  options.limits.max_resident_aggregates = static_cast<std::uint32_t>(2 * with.aggregates) + 1'000;  // the limit is kept part by part
  options.passivate_after = std::chrono::hours(1);
  auto const on = start_with_carts(options);
  auto const half = with.aggregates / 2;
  touch(*on, 0, half);  // caches and pools fill meanwhile
  malloc_trim(0);
  auto const at_half = resident_bytes();
  auto const counted = on->info().resident_aggregates;
  touch(*on, half, with.aggregates);
  malloc_trim(0);
  auto const at_all = resident_bytes();
  auto const more = on->info().resident_aggregates - counted;
  on->stop(std::chrono::seconds(60));
  if (more < with.aggregates - half) throw std::runtime_error("only " + std::to_string(more) + " carts came into memory");
  auto const each = (static_cast<double>(at_all) - static_cast<double>(at_half)) / static_cast<double>(more);
  return {{"aggregates", with.aggregates},      {"bytes_each", each},
          {"state_bytes", sizeof(carts::cart)}, {"bytes_beyond_state", each - static_cast<double>(sizeof(carts::cart))},
          {"bytes_at_half", at_half},           {"bytes", at_all}};
}

}  // namespace evoke::bench
