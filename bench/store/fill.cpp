#include "bench/measure/must.hpp"
#include "bench/store/work.hpp"
#include "examples/carts/cart.hpp"
#include "persistence/rocksdb_journal.hpp"

#include <memory>
#include <stdexcept>
#include <unordered_map>
#include <vector>

namespace evoke::bench {
namespace {

constexpr std::size_t kGroup = 1'000;
constexpr std::uint64_t kOpen = 2'000;  ///< carts that take turns: neighbours in time are not neighbours in the store
constexpr std::int64_t kBegin = 1'750'000'000'000'000;

struct names {
  persistence::name_id cart = 0;
  persistence::name_id created = 0;
  persistence::name_id added = 0;
};

persistence::append next_event(names const& known, std::uint64_t cart, std::uint64_t number, std::uint64_t at, std::size_t payload,
                               std::uint64_t& bytes) {
  persistence::append one;
  one.type = known.cart;
  one.id = aggregate_id::trusted(cart_id(cart));
  one.first_version = version{number};
  one.time = timestamp(std::chrono::microseconds(kBegin + static_cast<std::int64_t>(at)));
  // Twenty lines a cart at most, however long its stream: what grows is its history.
  auto const product = (cart * 37 + number % 20) % 3'000;
  auto data = number == 1 ? R"({"user_account_id":"user-)" + std::to_string(cart % 5'000) + "\"}"
                          : R"({"product_id":"sku-)" + std::to_string(product) + R"(","quantity":1,"unit_price":)" +
                                std::to_string(100 + product % 900) + R"(,"name":"WHITE HANGING HEART)" + std::string(payload, 'x') + "\"}";
  bytes += data.size();
  one.events.push_back({number == 1 ? known.created : known.added, 1, std::move(data), {}, {}});
  return one;
}

/// The newest snapshots that carts would have, had they been made by commands: of every so many events.
class snapshots {
 public:
  snapshots(persistence::journal& store, persistence::name_id type, std::uint64_t interval)
      : store_(store), type_(type), interval_(interval), definition_(define<carts::cart>()) {}

  /// An event that is committed, of the cart whose events come after one another.
  void follow(persistence::append const& one) {
    if (interval_ == 0) return;
    auto& state = states_[one.id.str()];
    if (!state) state = definition_->create();
    auto const number = one.first_version.value();
    must(state->apply(number == 1 ? "cart_created" : "cart_item_added", 1, one.events.front().data));
    if (number % interval_ != 0) return;
    persistence::snapshot taken{one.first_version, one.first_position, one.time, definition_->state_shape(), {}};
    must(state->encode(taken.state));
    must(store_.write_snapshot({type_, one.id.str()}, taken));
  }
  /// The next carts are others.
  void turn_over() { states_.clear(); }

 private:
  persistence::journal& store_;
  persistence::name_id type_;
  std::uint64_t interval_;
  std::shared_ptr<aggregate_definition const> definition_;
  std::unordered_map<std::string, std::unique_ptr<aggregate_state>> states_;
};

}  // namespace

std::string cart_id(std::uint64_t number) {
  return "c-" + std::to_string(number);
}

nlohmann::json fill(store_settings const& with) {
  std::filesystem::remove_all(with.data);
  persistence::rocksdb_options options;
  options.path = with.data;
  options.durability = durability::os;
  auto const store = must(persistence::open_rocksdb_journal(options));
  names known;
  known.cart = must(store->intern(persistence::name_kind::aggregate_type, "cart"));
  known.created = must(store->intern(persistence::name_kind::event_type, "cart_created"));
  known.added = must(store->intern(persistence::name_kind::event_type, "cart_item_added"));
  auto const each = std::max<std::uint64_t>(1, with.events / with.aggregates);
  std::uint64_t data_bytes = 0;
  std::uint64_t written = 0;
  auto const begun = steady::now();
  std::vector<persistence::append> appends;
  std::vector<persistence::append*> group;
  snapshots cached(*store, known.cart, with.snapshot_every);
  auto const commit = [&] {
    group.clear();
    for (auto& one : appends) group.push_back(&one);
    if (!group.empty()) must(store->commit(group, appends.back().time));
    for (auto const& one : appends) cached.follow(one);
    appends.clear();
  };
  for (std::uint64_t first = 0; first < with.aggregates; first += kOpen) {
    for (std::uint64_t number = 1; number <= each; ++number)
      for (auto cart = first; cart < std::min(first + kOpen, with.aggregates); ++cart) {
        appends.push_back(next_event(known, cart, number, written++, with.payload, data_bytes));
        if (appends.size() == kGroup) commit();
      }
    commit();
    cached.turn_over();
  }
  must(store->close());
  auto const seconds = std::chrono::duration<double>(steady::now() - begun).count();
  return {{"events", written},
          {"aggregates", with.aggregates},
          {"data_bytes", data_bytes},
          {"seconds", seconds},
          {"per_second", static_cast<double>(written) / seconds}};
}

}  // namespace evoke::bench
