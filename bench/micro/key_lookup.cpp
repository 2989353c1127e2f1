#include "bench/micro/cart_store.hpp"
#include "bench/micro/subjects.hpp"

#include <random>
#include <vector>

/// Where a stream ends, asked of a store of many short streams at random, and of ids that are not there.
namespace evoke::bench {
namespace {

constexpr std::size_t kGroup = 1'000;
constexpr std::uint64_t kEvents = 2;  ///< of each stream
/// Small: a store that is filled in a second has its rows in table files nevertheless, like one that has grown for a year.
constexpr std::size_t kMemtableBytes = 8ULL << 20U;

/// Filled when the first benchmark asks, and kept for the others.
class many_streams {
 public:
  explicit many_streams(std::uint64_t count) : count_(count) {}

  cart_store& get() {
    if (!store_) fill();
    return *store_;
  }
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

 private:
  void fill() {
    auto made = std::make_unique<cart_store>(durability::os, kMemtableBytes);
    std::vector<persistence::append> group;
    for (std::uint64_t at = 1; at <= kEvents; ++at)
      for (std::uint64_t cart = 0; cart < count_; ++cart) {
        group.push_back(made->event("c-" + std::to_string(cart), at));
        if (group.size() < kGroup && cart + 1 < count_) continue;
        made->commit(group);
        group.clear();
      }
    store_ = std::move(made);
  }

  std::uint64_t count_;
  std::unique_ptr<cart_store> store_;
};

/// Ids drawn beforehand: some thousand, so that they are not all in the processor's caches.
std::vector<std::string> draw(std::string const& prefix, std::uint64_t count) {
  std::mt19937_64 random(7);
  std::vector<std::string> ids(4'096);
  for (auto& each : ids) each = prefix + std::to_string(random() % count);
  return ids;
}

void head(benchmark::State& run, many_streams& streams, std::string const& prefix, version expected) {
  auto& store = streams.get();
  auto const ids = draw(prefix, streams.count());
  std::size_t next = 0;
  for ([[maybe_unused]] auto const _ : run) {
    auto const found = store.journal().head_of(store.stream(ids[next++ % ids.size()]));
    if (!found || found->version != expected) throw std::runtime_error("a stream has another end");
    benchmark::DoNotOptimize(found->version);
  }
}

/// What a new aggregate begins with: whether memory alone can tell that it is new. It can nearly always.
void absent(benchmark::State& run, many_streams& streams) {
  auto& store = streams.get();
  auto const ids = draw("new-", streams.count());
  std::size_t next = 0;
  std::uint64_t told = 0;
  for ([[maybe_unused]] auto const _ : run) told += store.journal().surely_absent(store.stream(ids[next++ % ids.size()])) ? 1U : 0U;
  run.counters["told"] = benchmark::Counter(static_cast<double>(told), benchmark::Counter::kAvgIterations);
}

}  // namespace

void add_key_lookup(micro_benchmarks& to) {
  for (std::uint64_t const count : {1'000, 100'000}) {
    auto const streams = std::make_shared<many_streams>(count);
    auto const add = [&](std::string name, micro_benchmarks::body measured) {
      to.add(name.append("/").append(std::to_string(count)), std::move(measured));
    };
    add("key_lookup/hit", [streams](benchmark::State& run) { head(run, *streams, "c-", version{kEvents}); });
    add("key_lookup/miss", [streams](benchmark::State& run) { head(run, *streams, "new-", version{}); });
    add("key_lookup/surely_absent", [streams](benchmark::State& run) { absent(run, *streams); });
  }
}

}  // namespace evoke::bench
