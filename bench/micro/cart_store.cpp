#include "bench/micro/cart_store.hpp"

#include "bench/micro/sample_cart.hpp"
#include "bench/micro/subjects.hpp"
#include "persistence/rocksdb_journal.hpp"

#include <cstdlib>
#include <vector>

namespace evoke::bench {

temporary_folder::temporary_folder() {
  auto name = (std::filesystem::temp_directory_path() / "evoke-bench-micro-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder can be made as " + name);
  path_ = name;
}

temporary_folder::~temporary_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

cart_store::cart_store(durability how, std::size_t memtable_bytes) {
  persistence::rocksdb_options options;
  options.path = folder_.path() / "store";
  options.durability = how;
  options.memtable_bytes = memtable_bytes;
  journal_ = must(persistence::open_rocksdb_journal(options));
  cart_ = must(journal_->intern(persistence::name_kind::aggregate_type, "cart"));
  created_ = must(journal_->intern(persistence::name_kind::event_type, "cart_created"));
  added_ = must(journal_->intern(persistence::name_kind::event_type, "cart_item_added"));
}

cart_store::~cart_store() {
  [[maybe_unused]] auto const closed = journal_->close();  // the folder goes in any case
}

persistence::append cart_store::event(std::string id, std::uint64_t at) const {
  persistence::append one;
  one.type = cart_;
  one.id = aggregate_id::trusted(std::move(id));
  one.first_version = version{at};
  one.time = system_clock().now();
  one.command_id = uuid::random();
  if (at == 1)
    one.events.push_back({created_, 1, must(json::encode(carts::cart_created{"user-1"})), {}, {}});
  else
    one.events.push_back({added_, 1, must(json::encode(item_added(at))), {}, {}});
  return one;
}

void cart_store::commit(std::span<persistence::append> group) {
  std::vector<persistence::append*> changes;
  for (auto& each : group) changes.push_back(&each);
  must(journal_->commit(changes, system_clock().now()));
}

}  // namespace evoke::bench
