#include "bench/load/tally.hpp"

#include <algorithm>
#include <utility>

namespace evoke::load {
namespace {

std::uint64_t nanoseconds_between(steady::time_point since, steady::time_point at) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, std::chrono::nanoseconds(at - since).count()));
}

}  // namespace

void tally::note(answer const& of) {
  auto& here = by_operation_[of.operation];
  if (of.how == outcome::accepted) ++here.accepted_in_all;
  bool const in_time = of.at >= times_.from && of.at < times_.to;
  if (in_time) {
    ++answered_in_time_;
    if (of.how == outcome::accepted) ++accepted_in_time_;
  }
  if (times_.open ? of.since < times_.from || of.since >= times_.to : !in_time) return;
  ++here.count;
  ++by_code_[of.code];
  auto const second = static_cast<std::size_t>(std::max(of.at - times_.from, steady::duration(0)) / std::chrono::seconds(1));
  if (second >= timeline_.size()) timeline_.resize(second + 1);
  ++timeline_[second].count;
  if (of.how == outcome::failed) {
    ++here.failed;
    return;
  }
  if (of.how == outcome::rejected) ++here.rejected;
  auto const took = nanoseconds_between(of.since, of.at);
  here.latency_ns.record(took);
  timeline_[second].latency_ns.record(took);
}

void tally::note_error(std::string text) {
  if (first_error_.empty()) first_error_ = std::move(text);
}

void tally::leave_unsent(steady::time_point due, steady::time_point now, std::uint64_t times) {
  if (due >= times_.from && due < times_.to) unsent_ns_.record(nanoseconds_between(due, now), times);
}

void tally::merge(tally const& other) {
  for (std::size_t i = 0; i < by_operation_.size(); ++i) {
    auto& here = by_operation_[i];
    auto const& there = other.by_operation_[i];
    here.count += there.count;
    here.rejected += there.rejected;
    here.failed += there.failed;
    here.accepted_in_all += there.accepted_in_all;
    here.latency_ns.merge(there.latency_ns);
  }
  if (other.timeline_.size() > timeline_.size()) timeline_.resize(other.timeline_.size());
  for (std::size_t i = 0; i < other.timeline_.size(); ++i) {
    timeline_[i].count += other.timeline_[i].count;
    timeline_[i].latency_ns.merge(other.timeline_[i].latency_ns);
  }
  for (std::size_t i = 0; i < codes; ++i) by_code_[i] += other.by_code_[i];
  lost_ += other.lost_;
  given_up_ += other.given_up_;
  answered_in_time_ += other.answered_in_time_;
  accepted_in_time_ += other.accepted_in_time_;
  unsent_ns_.merge(other.unsent_ns_);
  note_error(other.first_error_);
}

operation_tally tally::total() const {
  operation_tally all;
  for (auto const& each : by_operation_) {
    all.count += each.count;
    all.rejected += each.rejected;
    all.failed += each.failed;
    all.accepted_in_all += each.accepted_in_all;
    all.latency_ns.merge(each.latency_ns);
  }
  all.latency_ns.merge(unsent_ns_);
  return all;
}

std::uint64_t tally::failed() const noexcept {
  std::uint64_t sum = 0;
  for (auto const& each : by_operation_) sum += each.failed;
  return sum;
}

}  // namespace evoke::load
