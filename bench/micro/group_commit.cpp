#include "bench/micro/cart_store.hpp"
#include "bench/micro/subjects.hpp"
#include "persistence/commit_queue.hpp"

#include <vector>

/// What the writer does with a group, step by step on this thread, so that each group has exactly as many events as it should.
namespace evoke::bench {
namespace {

/// A cart whose next event is committed with each group.
class next_event final : public persistence::commit_entry {
 public:
  void finish(failure const*) noexcept override {}
  persistence::ticket last = 0;
};

void commit_groups(benchmark::State& run, durability how) {
  auto const size = static_cast<std::size_t>(run.range(0));
  cart_store store(how);
  persistence::commit_queue queue;
  std::vector<boost::intrusive_ptr<next_event>> carts;
  for (std::size_t i = 0; i < size; ++i) {
    carts.emplace_back(new next_event);
    carts.back()->change = store.event("c-" + std::to_string(i), 2);
    carts.back()->change.first_version = version{1};  // its data is the same with each group; what it means, the journal does not ask
  }
  for ([[maybe_unused]] auto const _ : run) {
    for (auto const& each : carts) each->last = queue.enqueue(each, each->last).ticket;
    queue.take_group();
    auto const group = queue.finish_group(store.journal().commit(queue.changes(), system_clock().now()));
    if (group.why) throw std::runtime_error(group.why->message);
    for (auto const& each : carts) each->change.first_version = each->change.first_version.next();
  }
  if (store.journal().head().value() != static_cast<std::uint64_t>(run.iterations()) * size)
    throw std::runtime_error("the store does not hold what was committed");
  items_each(run, size);
}

}  // namespace

void add_group_commit(micro_benchmarks& to) {
  auto const add = [&](std::string const& name, durability how) {
    auto* const added = to.add(name, [how](benchmark::State& run) { commit_groups(run, how); })->UseRealTime();
    for (auto const events : {1, 8, 64, 512}) added->Arg(events);
  };
  add("group_commit/disk", durability::disk);
  add("group_commit/os", durability::os);
}

}  // namespace evoke::bench
