#include "bench/store/work.hpp"
#include "persistence/rocksdb_journal.hpp"

#include <stdexcept>
#include <vector>

namespace evoke::bench {
namespace {

constexpr std::size_t kGroup = 1'000;
constexpr std::uint64_t kOpen = 2'000;  ///< carts that take turns: neighbours in time are not neighbours in the store
constexpr std::int64_t kBegin = 1'750'000'000'000'000;

template <class T>
T must(result<T> got) {
  if (!got) throw std::runtime_error(got.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(*got);
}

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
  auto data = number == 1
                  ? R"({"user_account_id":"user-)" + std::to_string(cart % 5'000) + "\"}"
                  : R"({"product_id":"sku-)" + std::to_string((cart * 7 + number) % 3'000) + R"(","quantity":1,"unit_price":)" +
                        std::to_string(100 + (cart + number) % 900) + R"(,"name":"WHITE HANGING HEART)" + std::string(payload, 'x') + "\"}";
  bytes += data.size();
  one.events.push_back({number == 1 ? known.created : known.added, 1, std::move(data), {}, {}});
  return one;
}

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
  auto const commit = [&] {
    group.clear();
    for (auto& one : appends) group.push_back(&one);
    if (!group.empty()) must(store->commit(group, appends.back().time));
    appends.clear();
  };
  for (std::uint64_t first = 0; first < with.aggregates; first += kOpen)
    for (std::uint64_t number = 1; number <= each; ++number)
      for (auto cart = first; cart < std::min(first + kOpen, with.aggregates); ++cart) {
        appends.push_back(next_event(known, cart, number, written++, with.payload, data_bytes));
        if (appends.size() == kGroup) commit();
      }
  commit();
  must(store->close());
  auto const seconds = std::chrono::duration<double>(steady::now() - begun).count();
  return {{"events", written},
          {"aggregates", with.aggregates},
          {"data_bytes", data_bytes},
          {"seconds", seconds},
          {"per_second", static_cast<double>(written) / seconds}};
}

}  // namespace evoke::bench
