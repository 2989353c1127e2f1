#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "actors/projection_life.hpp"
#include "persistence/read_models.hpp"

/// Projections without runtime: a log in memory, a definition that does as it is told, and a store that can crash.
namespace evoke::actors::test {

using namespace std::chrono_literals;

class standing_clock final : public clock {
 public:
  [[nodiscard]] timestamp now() const noexcept override {
    return timestamp(std::chrono::microseconds(1'750'000'000'000'000)) + std::chrono::duration_cast<std::chrono::microseconds>(gone);
  }
  [[nodiscard]] std::chrono::nanoseconds steady() const noexcept override { return gone; }
  std::chrono::nanoseconds gone{1s};
};

struct told {
  std::string aggregate;
  std::string data;
};

/// The log: every event is an "added" of a "thing". Positions begin at 1.
struct told_log {
  std::vector<told> events;
  void tell(std::string aggregate, std::string data = "1") { events.push_back({std::move(aggregate), std::move(data)}); }
  [[nodiscard]] projected_event at(std::size_t i) const {
    projected_event event;
    event.type = "added";
    event.stream_type = "thing";
    event.stream_id = events[i].aggregate;
    event.version = version{i + 1};
    event.position = position{i + 1};
    event.data = events[i].data;
    return event;
  }
};

class told_source final : public event_source {
 public:
  explicit told_source(told_log const& log) : log_(log) {}
  result<reach> read(position after, std::uint64_t max_examined, visitor const& visit) override {
    auto const end = std::min<std::uint64_t>(log_.events.size(), after.value() + max_examined);
    for (auto i = after.value(); i < end; ++i)
      if (!visit(log_.at(i))) return reach{};
    return reach{position{std::max(end, after.value())}, end == log_.events.size()};
  }
  result<void> read_one(position at, visitor const& visit) override {
    visit(log_.at(at.value() - 1));
    return {};
  }
  [[nodiscard]] position head() const noexcept override { return position{log_.events.size()}; }
  [[nodiscard]] bool arm(position after) override { return after == head(); }

 private:
  told_log const& log_;
};

/// The positions that were applied to it, in order: shows what is missing, double or out of order.
struct tally final : document {
  std::vector<std::uint64_t> seen;
  bool cannot_be_stored = false;

  [[nodiscard]] static std::string text(std::vector<std::uint64_t> const& seen) {
    std::string out = "[";
    for (auto const each : seen) out += (out.size() > 1 ? "," : "") + std::to_string(each);
    return out + "]";
  }
  [[nodiscard]] result<void> encode(std::string& out) const override {
    if (cannot_be_stored) return fail(errc::malformed, "no JSON");
    out += text(seen);
    return {};
  }
  /// One index: by how many were seen.
  [[nodiscard]] std::vector<std::string> index_keys() const override { return {std::string(1, static_cast<char>(seen.size()))}; }
};

/// Data: a number that does not matter, or "bad" (a document that cannot be stored), "gone" (the document is erased), "broken" (it does not
/// read), "a>b" (free keys: also changes document b).
class tally_definition final : public projection_definition {
 public:
  explicit tally_definition(key_rule keys = key_rule::by_aggregate, bool any_order = false, std::uint32_t number = 1,
                            std::uint64_t shape = 7) {
    name_ = "tallies";
    version_ = number;
    keys_ = keys;
    any_order_ = any_order;
    shape_ = shape;
    indexes_ = {{"size", {{"size", field_order::unsigned_number, false}}}};
  }
  [[nodiscard]] std::unique_ptr<document> create() const override { return std::make_unique<tally>(); }
  [[nodiscard]] result<std::unique_ptr<document>> decode(std::string_view json) const override {
    auto made = std::make_unique<tally>();
    std::uint64_t number = 0;
    if (json.size() < 2 || json.front() != '[') return fail(errc::corrupt, "no list");
    for (char const each : json.substr(1)) {
      if (each >= '0' && each <= '9') {
        number = number * 10 + static_cast<std::uint64_t>(each - '0');
        continue;
      }
      if (number != 0) made->seen.push_back(number);
      number = 0;
    }
    return made;
  }
  [[nodiscard]] result<void> project(projected_event const& event, document_table& documents) const override {
    ++calls;
    if (event.data == "broken") return fail(errc::corrupt, "does not read");
    if (event.data == "gone") {
      documents.erase(event.stream_id);
      return {};
    }
    auto& own = static_cast<tally&>(documents.change(event.stream_id));
    own.seen.push_back(event.position.value());
    own.cannot_be_stored = event.data == "bad" && !healed;
    if (auto const other = event.data.find('>'); other != std::string_view::npos)
      static_cast<tally&>(documents.change(event.data.substr(other + 1))).seen.push_back(event.position.value());
    // Last, so that a failure leaves changes behind that must not be kept.
    if (poison.contains(event.position.value())) throw std::runtime_error("poisoned " + std::to_string(event.position.value()));
    return {};
  }

  std::set<std::uint64_t> poison;
  bool healed = false;
  mutable std::uint64_t calls = 0;
};

class scratch_directory {
 public:
  scratch_directory() {
    std::random_device random;
    path_ = std::filesystem::temp_directory_path() / ("evoke-views-" + std::to_string(random()) + std::to_string(random()));
  }
  ~scratch_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  scratch_directory(scratch_directory const&) = delete;
  scratch_directory& operator=(scratch_directory const&) = delete;
  [[nodiscard]] std::filesystem::path const& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

template <class T>
T must(result<T> got) {
  if (!got) FAIL(name_of(got.error().code) << ": " << got.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(*got);
}

inline persistence::read_models_options store_at(std::filesystem::path const& path, position head = position{1'000'000}) {
  persistence::read_models_options options;
  options.path = path;
  options.journal = uuid::parse("5e0c1d2a-3b4f-4a6b-8c7d-9e0f1a2b3c4d").value();
  options.head = head;
  options.memtable_bytes = 4 * 1024 * 1024;
  options.block_cache_bytes = 4 * 1024 * 1024;
  return options;
}

/// Small, so that a few events make several batches.
inline step_settings small_steps() {
  step_settings settings;
  settings.batch_events = 3;
  settings.attempts = 3;
  settings.first_delay = 10ms;
  settings.max_delay = 1s;
  settings.max_letters = 100;
  return settings;
}

/// Every document as one text, "key [positions]" a line.
inline std::string documents_of(persistence::generation const& store) {
  std::string all;
  must(store.look()->documents({}, false, [&](std::string_view key, persistence::document_row&& row) {
    all.append(key).append(" ").append(row.json).append("\n");
    return true;
  }));
  return all;
}

/// The same from the index: every entry must lead to a document that has its key, and every document must have one.
inline std::string documents_by_index(persistence::generation const& store) {
  std::map<std::string, std::string> all;
  auto const view = store.look();
  must(view->index(0, {}, false, [&](std::string_view order_key, std::string_view key) {
    auto const row = must(view->document(key));
    REQUIRE(row);
    REQUIRE(row->sort_keys.size() == 1);
    CHECK(row->sort_keys[0] == order_key.substr(0, order_key.size() - key.size()));
    CHECK(all.emplace(key, row->json).second);
    return true;
  }));
  std::string text;
  for (auto const& [key, json] : all) text += key + " " + json + "\n";
  return text;
}

/// One generation of one projection over the log.
struct step_world {
  explicit step_world(std::unique_ptr<tally_definition> how = std::make_unique<tally_definition>(), step_settings chosen = small_steps())
      : definition(std::move(how)), settings(chosen) {
    open();
    record.live = must(store->create(1, 7))->identity();
    crash_now();  // nobody holds it: the store finds it again by the record
  }
  ~step_world() { close(); }

  told_log log;
  std::unique_ptr<tally_definition> definition;
  step_settings settings;
  standing_clock time;
  scratch_directory directory;
  persistence::projection_record record;
  std::unique_ptr<persistence::read_models> store;
  std::unique_ptr<told_source> source;
  std::unique_ptr<projection_step> step;

  void open() { store = must(persistence::read_models::open(store_at(directory.path()))); }
  void close() {
    step.reset();
    source.reset();
    if (store) must(store->close(false));
    store.reset();
  }
  /// Everything since the last flush is gone.
  void crash() {
    close();
    open();
    take_up();
  }
  void take_up() {
    source = std::make_unique<told_source>(log);
    step = std::make_unique<projection_step>(*definition, must(store->find(*record.live)), *source, time, settings);
    must(step->load());
  }
  void crash_now() {
    must(store->write_record("tallies", record));
    crash();
  }

  /// Goes on until the end or until it stops; waits are over at once.
  projection_step::outcome run() {
    for (int i = 0; i < 10'000; ++i) {
      auto end = step->advance();
      if (end.what == projection_step::end::at_end || end.what == projection_step::end::stopped || end.what == projection_step::end::broken)
        return end;
    }
    FAIL("it does not end");
    return {};
  }
  [[nodiscard]] std::string documents() const { return documents_of(*step->store()); }
  /// What a fold of the whole log without some events comes to.
  [[nodiscard]] std::string folded(std::set<std::uint64_t> const& without = {}) const {
    std::map<std::string, std::vector<std::uint64_t>> all;
    for (std::size_t i = 0; i < log.events.size(); ++i) {
      if (without.contains(i + 1)) continue;
      auto const& [aggregate, data] = log.events[i];
      if (data == "gone") {
        all.erase(aggregate);
        continue;
      }
      all[aggregate].push_back(i + 1);
      if (auto const other = data.find('>'); other != std::string::npos) all[data.substr(other + 1)].push_back(i + 1);
    }
    std::string text;
    for (auto const& [key, seen] : all) text += key + " " + tally::text(seen) + "\n";
    return text;
  }
  /// "position:attempts" of each letter.
  [[nodiscard]] std::string letters() const {
    std::string all;
    must(step->store()->look()->letters({}, [&](persistence::letter_row&& row) {
      all += (all.empty() ? "" : " ") + std::to_string(row.at.value()) + ":" + std::to_string(row.attempts);
      return true;
    }));
    return all;
  }
};

/// EVOKE_SEED, or a fresh one; INFO it.
inline std::uint64_t test_seed() {
  if (char const* const given = std::getenv("EVOKE_SEED")) return std::strtoull(given, nullptr, 10);
  return std::random_device{}();
}

}  // namespace evoke::actors::test
