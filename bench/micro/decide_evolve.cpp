#include "bench/micro/sample_cart.hpp"
#include "bench/micro/subjects.hpp"

/// The domain's two functions, called as they are and as the runtime calls them: by a definition that knows their types.
namespace evoke::bench {
namespace {

/// The outside world of one command.
struct world {
  aggregate_id id = aggregate_id::trusted("c-4711");
  metadata meta;
  context given{id, version{1 + kLines}, system_clock().now(), meta, 7};
};

/// A full cart, as an actor holds it.
std::unique_ptr<aggregate_state> state_of(aggregate_definition const& definition) {
  auto made = definition.create();
  must(made->restore(must(json::encode(full_cart()))));
  return made;
}

void decide_function(benchmark::State& run) {
  world const now;
  auto const state = full_cart();
  auto const command = add_item(7);
  for ([[maybe_unused]] auto const _ : run) {
    auto decided = decide(state, command, now.given);
    if (decided.rejected()) throw std::runtime_error("the command was refused");
    benchmark::DoNotOptimize(decided);
  }
}

void decide_definition(benchmark::State& run) {
  world const now;
  auto const definition = define<carts::cart>();
  auto const state = state_of(*definition);
  auto const command = box_command<carts::cart>(add_item(7));
  for ([[maybe_unused]] auto const _ : run) {
    auto decided = state->decide(command, now.given);
    if (decided.index() != 0) throw std::runtime_error("the command was refused");
    benchmark::DoNotOptimize(decided);
  }
}

void evolve_function(benchmark::State& run) {
  auto state = full_cart();
  auto const event = item_added(7);
  for ([[maybe_unused]] auto const _ : run) {
    evolve(state, event);
    benchmark::DoNotOptimize(state.total);
  }
}

void evolve_definition(benchmark::State& run) {
  auto const definition = define<carts::cart>();
  auto const state = state_of(*definition);
  auto const data = must(json::encode(item_added(7)));
  for ([[maybe_unused]] auto const _ : run) must(state->apply("cart_item_added", 1, data));
}

}  // namespace

void add_decide_evolve(micro_benchmarks& to) {
  to.add("decide/function", decide_function);
  to.add("decide/definition", decide_definition);
  to.add("evolve/function", evolve_function);
  to.add("evolve/definition", evolve_definition);  // a stored event's: decoded first
}

}  // namespace evoke::bench
