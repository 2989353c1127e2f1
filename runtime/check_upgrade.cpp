#include <evoke/admin.hpp>
#include <evoke/json/schema.hpp>

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

#include "actors/fold.hpp"
#include "persistence/rocksdb_journal.hpp"
#include "persistence/store_copy.hpp"
#include "runtime/event_catalogue.hpp"
#include "runtime/saved_states.hpp"

/// Replaying a copy of a store: a page of aggregates at a time, on several threads, compared in order.
namespace evoke {
namespace {

using detail::saved_state;
using kind = upgrade_finding::kind;

constexpr std::size_t page_aggregates = 1'000;
constexpr std::size_t memory_bytes = 32ULL * 1024 * 1024;

/// What a fold does not need, but services name.
class idle final : public persistence::commit_port, public actors::background, public actors::answer_port, public actors::entropy {
 public:
  persistence::commit_queue& queue() noexcept override { return queue_; }
  void wake() noexcept override {}
  void submit(std::move_only_function<void()>) override {}
  void run_on(std::size_t, std::move_only_function<void()>) override {}
  std::uint64_t next() noexcept override { return 0; }

 private:
  persistence::commit_queue queue_;
};

/// A copy that goes with the check.
class scratch_copy {
 public:
  explicit scratch_copy(std::filesystem::path path) : path_(std::move(path)) {}
  ~scratch_copy() {
    std::error_code ignored;
    if (made_) std::filesystem::remove_all(path_, ignored);
  }
  scratch_copy(scratch_copy const&) = delete;
  scratch_copy& operator=(scratch_copy const&) = delete;

  [[nodiscard]] result<void> make(std::filesystem::path const& from) {
    made_ = !std::filesystem::exists(path_);
    return persistence::copy_store(from, path_);
  }
  [[nodiscard]] std::filesystem::path const& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
  bool made_ = false;
};

std::filesystem::path copy_path(upgrade_check const& how) {
  if (!how.scratch.empty()) return how.scratch;
  std::random_device random;
  auto beside = std::filesystem::absolute(how.data).lexically_normal();
  if (!beside.has_filename()) beside = beside.parent_path();
  return beside.parent_path() / (beside.filename().string() + ".check-upgrade-" + std::to_string(random()));
}

/// What replaying one aggregate came to.
struct replayed {
  saved_state state;      ///< as it is now
  bool readable = false;  ///< else `findings` says why
  bool from_snapshot = false;
  std::optional<saved_state> then{};  ///< as it is at the version that was saved
  std::vector<std::pair<kind, std::string>> findings{};
};

class replay {
 public:
  replay(actors::services const& use, actors::bound_type const& type) : use_(use), type_(type) {}

  /// @param saved version of the saved state, if that is to be compared.
  [[nodiscard]] replayed run(std::string id, std::optional<version> saved) const {
    replayed made;
    made.state.id = id;
    auto const parsed = aggregate_id::trusted(std::move(id));
    actors::fold_limits all;
    all.from_snapshot = false;
    auto const first = state_of(parsed, all);
    if (!first) {
      made.findings.emplace_back(kind::unreadable, first.error().message);
      return made;
    }
    made.readable = true;
    made.state.version = first->first.version;
    made.state.hash = first->first.hash;
    auto const differs = [&](result<found> const& other) { return !other || other->first.hash != made.state.hash; };
    if (auto const second = state_of(parsed, all); differs(second))
      made.findings.emplace_back(kind::not_deterministic,
                                 "folding the same events twice led to two states: evolve() or upcast() uses "
                                 "something else than what it is given");
    auto const cached = state_of(parsed, {});
    made.from_snapshot = !cached || cached->second;
    if (made.from_snapshot && differs(cached))
      made.findings.emplace_back(kind::snapshot_differs,
                                 "its snapshot and the events behind it lead to another state than all of its events. "
                                 "Remedy: raise .fold_version() when evolve() or upcast() change");
    if (!saved) return made;
    made.then = made.state;
    if (*saved == made.state.version) return made;
    auto at = all;
    at.at_version = *saved;
    auto const then = state_of(parsed, at);
    made.then = then ? std::optional(then->first) : std::nullopt;
    return made;
  }

 private:
  using found = std::pair<saved_state, bool>;

  [[nodiscard]] result<found> state_of(aggregate_id const& id, actors::fold_limits const& until) const {
    auto folded = actors::fold(use_, type_, id, until);
    if (!folded) return std::unexpected(folded.error());
    std::string text;
    if (auto encoded = folded->state->encode(text); !encoded) return std::unexpected(encoded.error());
    return found{{id.str(), folded->version, json::shape_hash(text)}, folded->snapshot != version{}};
  }

  actors::services const& use_;
  actors::bound_type const& type_;
};

class checking {
 public:
  checking(registry const& types, upgrade_check const& how, persistence::journal& store)
      : types_(types), how_(how), store_(store), use_{store, idle_, idle_, idle_, system_clock(), idle_, {}, {}} {}

  [[nodiscard]] result<upgrade_report> run() {
    if (auto opened = open_files(); !opened) return std::unexpected(opened.error());
    auto const catalogue = detail::compare_catalogue(types_, store_);
    if (!catalogue) return std::unexpected(catalogue.error());
    for (auto const& each : catalogue->unreadable) add(kind::incompatible, {}, {}, each);
    auto all = types_.all();
    std::ranges::sort(all, {}, [](auto const& each) { return each->type().str(); });
    for (auto const& each : all)
      if (auto done = run_type(*each); !done) return std::unexpected(done.error());
    if (save_)
      if (auto written = save_->finish(); !written) return std::unexpected(written.error());
    return std::move(report_);
  }

 private:
  void add(kind what, std::string_view type, std::string_view id, std::string text) {
    ++report_.found;
    if (report_.findings.size() < how_.max_findings)
      report_.findings.push_back({what, std::string(type), std::string(id), std::move(text)});
  }

  result<void> open_files() {
    if (!how_.compare.empty()) {  // first: it may be the file that is written again
      auto opened = detail::state_reader::open(how_.compare);
      if (!opened) return std::unexpected(opened.error());
      saved_.emplace(std::move(*opened));
    }
    if (how_.save.empty()) return {};
    std::error_code ignored;
    if (!how_.compare.empty() && std::filesystem::equivalent(how_.compare, how_.save, ignored))
      return fail(errc::invalid_argument, "what is compared with cannot be overwritten meanwhile: save to another file");
    auto opened = detail::state_writer::open(how_.save);
    if (!opened) return std::unexpected(opened.error());
    save_.emplace(std::move(*opened));
    return {};
  }

  result<void> run_type(aggregate_definition const& definition) {
    auto const type = actors::bind(definition, store_, {});
    if (!type) return std::unexpected(type.error());
    auto const schema = json::shape_hash(definition.state_schema());
    if (save_) save_->type(type->name.str(), schema);
    bool comparing = false;
    if (saved_) {
      auto const before = saved_->seek(type->name.str());
      if (!before) return std::unexpected(before.error());
      comparing = before->has_value();
      same_fields_ = comparing && **before == schema;
    }
    std::string after;
    for (bool more = true; more;) {
      auto page = store_.list_streams(type->number, after, page_aggregates);
      if (!page) return std::unexpected(page.error());
      more = page->more && !page->ids.empty();
      if (!page->ids.empty()) after = page->ids.back();
      if (auto done = run_page(*type, std::move(page->ids), comparing); !done) return done;
      if (how_.on_progress) how_.on_progress({type->name.str(), report_.aggregates});
    }
    while (comparing && saved_->peek() != nullptr)
      if (auto done = miss(*type); !done) return done;
    return {};
  }

  /// The saved state that is next belongs to no aggregate.
  result<void> miss(actors::bound_type const& type) {
    add(kind::state_differs, type.name.str(), saved_->peek()->id, "it was there when states were saved, and is not now");
    return saved_->take();
  }

  result<void> run_page(actors::bound_type const& type, std::vector<std::string> ids, bool comparing) {
    std::vector<std::optional<saved_state>> before(ids.size());
    for (std::size_t i = 0; comparing && i < ids.size(); ++i) {
      while (saved_->peek() != nullptr && saved_->peek()->id < ids[i])
        if (auto done = miss(type); !done) return done;
      if (saved_->peek() == nullptr || saved_->peek()->id != ids[i]) continue;
      before[i] = *saved_->peek();
      if (auto done = saved_->take(); !done) return done;
    }
    auto const results = replay_all(type, std::move(ids), before);
    for (std::size_t i = 0; i < results.size(); ++i) take(type, results[i], before[i]);
    return {};
  }

  std::vector<replayed> replay_all(actors::bound_type const& type, std::vector<std::string> ids,
                                   std::vector<std::optional<saved_state>> const& before) {
    std::vector<replayed> results(ids.size());
    std::atomic<std::size_t> next{0};
    replay const one(use_, type);
    auto const work = [&] {
      for (auto i = next.fetch_add(1); i < ids.size(); i = next.fetch_add(1)) {
        auto const version = same_fields_ && before[i] ? std::optional(before[i]->version) : std::nullopt;
        results[i] = one.run(std::move(ids[i]), version);
      }
    };
    auto const threads =
        std::min<std::size_t>(how_.threads > 0 ? how_.threads : std::max(1U, std::thread::hardware_concurrency()), ids.size());
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < threads; ++i) others.emplace_back(work);
    work();
    others.clear();
    return results;
  }

  void take(actors::bound_type const& type, replayed const& one, std::optional<saved_state> const& before) {
    ++report_.aggregates;
    if (one.from_snapshot) ++report_.snapshots;
    for (auto const& [what, text] : one.findings) add(what, type.name.str(), one.state.id, text);
    if (!one.readable) return;
    if (save_) save_->add(one.state);
    if (!before) return;
    if (!same_fields_) {
      ++report_.not_comparable;
      return;
    }
    ++report_.compared;
    if (!one.then || one.then->version != before->version)
      add(kind::state_differs, type.name.str(), one.state.id,
          "it was saved at version " + std::to_string(before->version.value()) + ", and has only " +
              std::to_string(one.state.version.value()));
    else if (one.then->hash != before->hash)
      add(kind::state_differs, type.name.str(), one.state.id,
          "its state at version " + std::to_string(before->version.value()) + " is another than the one that was saved");
  }

  registry const& types_;
  upgrade_check const& how_;
  persistence::journal& store_;
  idle idle_;
  actors::services use_;
  std::optional<detail::state_writer> save_;
  std::optional<detail::state_reader> saved_;
  bool same_fields_ = false;  ///< the saved states of this type
  upgrade_report report_;
};

}  // namespace

std::string_view name_of(upgrade_finding::kind what) noexcept {
  switch (what) {
    case kind::incompatible: return "incompatible";
    case kind::unreadable: return "unreadable";
    case kind::not_deterministic: return "not_deterministic";
    case kind::snapshot_differs: return "snapshot_differs";
    case kind::state_differs: return "state_differs";
  }
  return "";
}

result<upgrade_report> check_upgrade(registry const& types, upgrade_check const& how) {
  if (auto checked = types.check(); !checked) return std::unexpected(checked.error());
  scratch_copy copy(copy_path(how));
  if (auto made = copy.make(how.data); !made) return std::unexpected(made.error());
  persistence::rocksdb_options chosen;
  chosen.path = copy.path();
  chosen.durability = durability::os;
  chosen.memtable_bytes = memory_bytes;
  chosen.block_cache_bytes = memory_bytes;
  chosen.min_free_disk_bytes = 0;
  auto store = persistence::open_rocksdb_journal(chosen);
  if (!store) return std::unexpected(store.error());
  auto report = checking(types, how, **store).run();
  static_cast<void>((*store)->close());
  return report;
}

}  // namespace evoke
