#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "actors/journal_events.hpp"
#include "actors/projection_step.hpp"
#include "bench/measure/measure.hpp"
#include "bench/measure/must.hpp"
#include "examples/carts/cart.hpp"
#include "examples/carts/cart_view.hpp"
#include "persistence/read_models.hpp"
#include "persistence/rocksdb_journal.hpp"

/// Catching up beside the least that it takes: reading the log, decoding its events, writing the documents they come to.
namespace {

using namespace evoke;
using evoke::bench::must;
namespace fs = std::filesystem;

constexpr std::uint64_t kEventsOfACart = 10;
constexpr std::uint64_t kOpenCarts = 500;
constexpr std::size_t kGroup = 256;

struct event_text {
  char const* name;
  std::string data;
};

event_text event_of(std::uint64_t cart, std::uint64_t number) {
  if (number == 1) return {"cart_created", R"({"user_account_id":"user-)" + std::to_string(cart % 5'000) + "\"}"};
  if (number == kEventsOfACart) return {"cart_checked_out", R"({"total":7200,"item_count":16})"};
  return {"cart_item_added", R"({"product_id":"sku-)" + std::to_string((cart * 7 + number) % 3'000) +
                                 R"(","quantity":2,"unit_price":450,"name":"A thing that is sold often"})"};
}

/// Fills a journal: carts take turns, a new one begins whenever one is done.
void fill(persistence::journal& store, std::uint64_t events) {
  std::mt19937_64 random(7);
  struct open_cart {
    std::uint64_t cart = 0;
    std::uint64_t version = 0;
  };
  std::vector<open_cart> open(kOpenCarts);
  std::uint64_t next = 0;
  for (auto& each : open) each.cart = next++;
  auto const type = must(store.intern(persistence::name_kind::aggregate_type, "cart"));
  for (std::uint64_t written = 0; written < events;) {
    std::vector<persistence::append> appends;
    std::vector<std::size_t> order(kOpenCarts);
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::shuffle(order, random);
    for (std::size_t i = 0; i < kGroup && written < events; ++i, ++written) {
      auto& at = open[order[i]];
      if (at.version == kEventsOfACart) at = {next++, 0};
      auto event = event_of(at.cart, ++at.version);
      persistence::append one;
      one.type = type;
      one.id = aggregate_id::trusted("cart-" + std::to_string(at.cart));
      one.first_version = version{at.version};
      one.time = timestamp(std::chrono::microseconds(1'750'000'000'000'000 + static_cast<std::int64_t>(written)));
      one.events.push_back({must(store.intern(persistence::name_kind::event_type, event.name)), 1, std::move(event.data), {}, {}});
      appends.push_back(std::move(one));
    }
    std::vector<persistence::append*> group;
    for (auto& each : appends) group.push_back(&each);
    must(store.commit(group, timestamp(std::chrono::microseconds(1'750'000'000'000'000 + static_cast<std::int64_t>(written)))));
  }
}

using documents = std::vector<std::pair<std::string, persistence::document_row>>;

class measuring {
 public:
  measuring(fs::path directory, persistence::journal& journal) : directory_(std::move(directory)), journal_(journal) {}

  /// Seconds of the projection.
  double project() {
    auto store = open();
    auto generation = must(store->create(1, definition_->shape()));
    actors::journal_events events(journal_, nullptr, definition_->sources(), {});
    actors::projection_step step(*definition_, generation, events, system_clock(), {});
    must(step.load());
    auto const began = std::chrono::steady_clock::now();
    for (;;) {
      auto const end = step.advance();
      if (end.what == actors::projection_step::end::at_end) break;
      if (end.what != actors::projection_step::end::more) throw std::runtime_error(end.why.message);
    }
    must(generation->flush());
    auto const seconds = since(began);
    documents made;
    must(generation->look()->documents({}, false, [&](std::string_view key, persistence::document_row&& row) {
      made.emplace_back(key, std::move(row));
      return true;
    }));
    if (documents_.empty()) documents_ = made;
    if (documents_ != made) throw std::runtime_error("the documents are not those of the round before");
    return seconds;
  }

  /// Seconds of the least that it takes. @param indexed whether the index entries are written too, as the projection must.
  double raw(bool indexed) {
    auto store = open();
    auto generation = must(store->create(1, 0));
    auto const created = journal_.find_name(persistence::name_kind::event_type, "cart_created");
    auto const added = journal_.find_name(persistence::name_kind::event_type, "cart_item_added");
    std::uint64_t decoded = 0;
    auto const decode = [&](persistence::event_view const& event) {
      if (event.type == created)
        decoded += json::decode<carts::cart_created>(event.data).has_value();
      else if (event.type == added)
        decoded += json::decode<carts::cart_item_added>(event.data).has_value();
      else
        decoded += json::decode<carts::cart_checked_out>(event.data).has_value();
      return true;
    };
    auto const began = std::chrono::steady_clock::now();
    for (position after{};;) {
      auto const end = must(journal_.scan_log(after, 100'000, {}, decode));
      after = end.examined;
      if (end.at_end) break;
    }
    auto batch = generation->batch();
    std::size_t in_batch = 0;
    for (auto const& [key, row] : documents_) {
      batch->put_document(key, row);
      for (std::size_t i = 0; indexed && i < row.sort_keys.size(); ++i) batch->put_index(i, row.sort_keys[i], key);
      if (++in_batch % 2'000 != 0) continue;
      must(generation->commit(*batch));
      batch->clear();
    }
    must(generation->commit(*batch));
    must(generation->flush());
    auto const seconds = since(began);
    if (decoded != journal_.head().value()) throw std::runtime_error("not all events decode");
    return seconds;
  }

  [[nodiscard]] std::size_t size() const { return documents_.size(); }

 private:
  static double since(std::chrono::steady_clock::time_point began) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  }
  std::unique_ptr<persistence::read_models> open() {
    fs::remove_all(directory_ / "views");
    persistence::read_models_options options;
    options.path = directory_ / "views";
    options.journal = journal_.store_id();
    options.head = journal_.head();
    options.write_bytes_per_second = 0;
    return must(persistence::read_models::open(options));
  }

  fs::path directory_;
  persistence::journal& journal_;
  std::shared_ptr<projection_definition const> definition_ = define_projection<carts::cart_view>();
  documents documents_;
};

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void print(char const* name, std::vector<double> const& rates) {
  auto const [low, high] = std::ranges::minmax_element(rates);
  std::printf("%-30s %9.0f events/s (%.0f - %.0f)\n", name, median(rates), *low, *high);
}

int run(fs::path const& data, std::uint64_t events, int rounds, bool json) {
  fs::remove_all(data);
  persistence::rocksdb_options options;
  options.path = data / "store";
  options.durability = durability::os;
  auto const journal = must(persistence::open_rocksdb_journal(options));
  fill(*journal, events);
  measuring one(data, *journal);
  static_cast<void>(one.project());  // warms the caches, and tells what documents there are
  if (!json) std::printf("%llu events, %zu documents, %d rounds each\n", static_cast<unsigned long long>(events), one.size(), rounds);
  std::vector<double> ours;
  std::vector<double> raw;
  std::vector<double> bare;
  for (int i = 0; i < rounds; ++i) {
    ours.push_back(static_cast<double>(events) / one.project());
    raw.push_back(static_cast<double>(events) / one.raw(true));
    bare.push_back(static_cast<double>(events) / one.raw(false));
  }
  must(journal->close());
  fs::remove_all(data);
  if (json) {
    bench::print({{"tool", "evoke-bench-projections"},
                  {"events", events},
                  {"documents", one.size()},
                  {"ours_per_second", median(ours)},
                  {"raw_per_second", median(raw)},
                  {"raw_without_index_per_second", median(bare)}});
    return 0;
  }
  print("projection catching up", ours);
  print("scan, decode, raw puts", raw);
  print("the same without index entries", bare);
  std::printf("%-30s %9.2f (P16), without index entries %.2f\n", "ratio", median(ours) / median(raw), median(ours) / median(bare));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"A projection catching up beside a scan of the log and raw puts"};
  std::uint64_t events = 500'000;
  int rounds = 5;
  std::string data = (fs::temp_directory_path() / "evoke-bench-projections").string();
  app.add_option("--events", events, "in the journal")->check(CLI::PositiveNumber);
  app.add_option("--rounds", rounds, "of each")->check(CLI::PositiveNumber);
  bool json = false;
  app.add_option("--data", data, "directory for journal and read models; emptied");
  app.add_flag("--json", json, "print the medians as one JSON object");
  CLI11_PARSE(app, argc, argv);
  try {
    return run(data, events, rounds, json);
  } catch (std::exception const& wrong) {
    std::fprintf(stderr, "%s\n", wrong.what());
    return 1;
  }
}
