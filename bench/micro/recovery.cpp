#include "actors/fold.hpp"
#include "bench/micro/cart_store.hpp"
#include "bench/micro/sample_cart.hpp"
#include "bench/micro/subjects.hpp"

/// An aggregate rebuilt from its events, without a snapshot, as a background thread does it. The rows are in memory: what the disk adds,
/// bench/store measures.
namespace evoke::bench {
namespace {

/// What a fold does not use of the world.
struct idle_world final : persistence::commit_port, actors::background, actors::answer_port, actors::entropy {
  persistence::commit_queue none;
  persistence::commit_queue& queue() noexcept override { return none; }
  void wake() noexcept override {}
  void submit(std::move_only_function<void()>) override {}
  void run_on(std::size_t, std::move_only_function<void()>) override {}
  std::uint64_t next() noexcept override { return 0; }
};

void recover(benchmark::State& run) {
  auto const events = static_cast<std::uint64_t>(run.range(0));
  cart_store store(durability::os);
  auto const id = aggregate_id::trusted("c-4711");
  std::vector<persistence::append> history;
  for (std::uint64_t at = 1; at <= events; ++at) history.push_back(store.event(id.str(), at));
  store.commit(history);
  auto const definition = define<carts::cart>();
  auto const type = must(actors::bind(*definition, store.journal(), {}));
  idle_world idle;
  actors::services const use{store.journal(), idle, idle, idle, system_clock(), idle, {}, {}};
  actors::fold_limits all;
  all.from_snapshot = false;
  for ([[maybe_unused]] auto const _ : run) {
    auto cart = must(actors::fold(use, type, id, all));
    if (cart.version != version{events}) throw std::runtime_error("the cart has another version");
    benchmark::DoNotOptimize(cart);
  }
  items_each(run, events);
}

}  // namespace

void add_recovery(micro_benchmarks& to) {
  to.add("recovery/events", recover)->Arg(10)->Arg(100)->Arg(1'000);
}

}  // namespace evoke::bench
