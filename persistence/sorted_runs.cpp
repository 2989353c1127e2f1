#include "persistence/sorted_runs.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace evoke::persistence {
namespace {

constexpr std::size_t kNewRun = 512;

std::uint64_t big_endian(char const* bytes) noexcept {
  std::uint64_t number = 0;
  std::memcpy(&number, bytes, sizeof(number));
  return __builtin_bswap64(little_endian(number));
}

std::shared_ptr<sorted_run> merged(sorted_run const& older, sorted_run const& newer) {
  auto const left = older.rows();
  auto const right = newer.rows();
  auto made = std::make_shared<sorted_run>(left.size() + right.size());
  auto const* a = left.data();
  auto const* b = right.data();
  auto const* const a_end = a + left.size();
  auto const* const b_end = b + right.size();
  while (a != a_end && b != b_end) made->push(b->before(*a) ? *b++ : *a++);
  while (a != a_end) made->push(*a++);
  while (b != b_end) made->push(*b++);
  return made;
}

}  // namespace

run_row run_row::of(row_key const& key, char const* entry) noexcept {
  std::array<char, 2 * sizeof(std::uint64_t)> first{};
  std::memcpy(first.data(), key.user.data(), std::min(first.size(), key.user.size()));
  return {big_endian(first.data()), big_endian(first.data() + sizeof(std::uint64_t)), entry};
}

sorted_runs::sorted_runs() : newest_(std::make_shared<sorted_run>(kNewRun)), runs_(std::make_shared<run_list const>(run_list{newest_})) {}

void sorted_runs::insert(char const* entry) {
  auto const fresh = run_row::of(row_key::of(entry), entry);
  if (!newest_->takes(fresh)) begin_run();
  newest_->push(fresh);
}

void sorted_runs::begin_run() {
  auto runs = *look();
  auto const rows = [&runs](std::size_t from_end) { return runs[runs.size() - from_end]->rows().size(); };
  while (runs.size() > 1 && rows(2) < 2 * rows(1)) {
    auto one = merged(**(runs.end() - 2), *runs.back());
    runs.pop_back();
    runs.back() = std::move(one);
  }
  newest_ = std::make_shared<sorted_run>(kNewRun);
  runs.push_back(newest_);
  std::size_t bytes = 0;
  for (auto const& each : runs) bytes += each->capacity() * sizeof(run_row);
  bytes_.store(bytes, std::memory_order_relaxed);
  auto published = std::make_shared<run_list const>(std::move(runs));
  std::lock_guard const lock(mutex_);
  runs_.swap(published);
}

std::shared_ptr<sorted_runs::run_list const> sorted_runs::look() const {
  std::lock_guard const lock(mutex_);
  return runs_;
}

run_walk::run_walk(std::shared_ptr<sorted_runs::run_list const> runs) : runs_(std::move(runs)) {
  for (auto const& each : *runs_) {
    auto const rows = each->rows();
    auto const* const end = rows.data() + rows.size();
    if (!rows.empty()) places_.push_back({rows.data(), end, end});
  }
}

void run_walk::choose() noexcept {
  now_ = nullptr;
  for (auto& each : places_)
    if (each.at != each.end && (now_ == nullptr || each.at->before(*now_->at))) now_ = &each;
}

void run_walk::to_first() noexcept {
  for (auto& each : places_) each.at = each.begin;
  choose();
}

void run_walk::to_last() noexcept {
  for (auto& each : places_) each.at = each.end;
  back();
}

void run_walk::seek(row_key const& key) noexcept {
  auto const sought = run_row::of(key, nullptr);
  auto const before = [&](run_row const& row, run_row const& than) {
    if (row.high != than.high) return row.high < than.high;
    if (row.low != than.low) return row.low < than.low;
    return row_key::of(row.entry).before(key);
  };
  for (auto& each : places_) each.at = std::lower_bound(each.begin, each.end, sought, before);
  choose();
}

void run_walk::next() noexcept {
  ++now_->at;
  choose();
}

void run_walk::back() noexcept {
  now_ = nullptr;
  for (auto& each : places_)
    if (each.at != each.begin && (now_ == nullptr || (now_->at - 1)->before(*(each.at - 1)))) now_ = &each;
  if (now_ != nullptr) --now_->at;
}

}  // namespace evoke::persistence
