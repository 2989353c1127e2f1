#include "bench/measure/cart_runtime.hpp"
#include "bench/micro/sample_cart.hpp"
#include "bench/micro/subjects.hpp"

#include <caf/all.hpp>
#include <evoke/evoke.hpp>

#include <semaphore>

/// A command's way into an aggregate's actor and back, one at a time, beside a request to an actor that only answers. One worker each: how
/// threads share work is not the subject.
namespace evoke::bench {
namespace {

std::unique_ptr<runtime> start() {
  runtime_options options;
  options.storage = storage::in_memory;
  options.workers = 1;
  return start_with_carts(std::move(options));
}

using expected = bool (command_result::*)() const noexcept;

template <class Command>
void round_trip(benchmark::State& run, Command const& command, expected end_is) {
  std::binary_semaphore answered(0);
  bool as_expected = true;
  auto const on = start();
  auto const cart = on->of<carts::cart>("c-4711");
  if (!cart.execute(carts::create_cart{"user-1"}).get().accepted()) throw std::runtime_error("the cart cannot be created");
  for ([[maybe_unused]] auto const _ : run) {
    cart.execute(command, [&](command_result const& end) {
      as_expected = as_expected && (end.*end_is)();
      answered.release();
    });
    answered.acquire();
  }
  if (!as_expected) throw std::runtime_error("a command had another end");
}

/// Decided on, and refused: nothing is committed.
void rejected(benchmark::State& run) {
  round_trip(run, carts::create_cart{"user-1"}, &command_result::rejected);
}

/// And by way of the commit queue and the writer's thread.
void accepted(benchmark::State& run) {
  round_trip(run, add_item(7), &command_result::accepted);
}

/// A class: CAF 0.17.6 follows a null pointer when a function without arguments is spawned, and libstdc++'s assertions see it.
class echo final : public caf::event_based_actor {
 public:
  explicit echo(caf::actor_config& config) : caf::event_based_actor(config) {}
  caf::behavior make_behavior() override {
    return {[](int number) { return number; }};
  }
};

void bare_caf(benchmark::State& run) {
  caf::actor_system_config config;
  config.set("scheduler.max-threads", std::size_t{1});
  caf::actor_system system(config);
  auto const asked = system.spawn<echo>();
  caf::scoped_actor const self(system);
  int failed = 0;
  for ([[maybe_unused]] auto const _ : run)
    self->request(asked, caf::infinite, 1)
        .receive([](int number) { benchmark::DoNotOptimize(number); }, [&](caf::error const&) { ++failed; });
  if (failed > 0) throw std::runtime_error("a request failed");
}

}  // namespace

void add_mailbox(micro_benchmarks& to) {
  to.add("mailbox/rejected", rejected)->UseRealTime();
  to.add("mailbox/accepted", accepted)->UseRealTime();
  to.add("mailbox/bare_caf", bare_caf)->UseRealTime();
}

}  // namespace evoke::bench
