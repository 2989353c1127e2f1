#include "persistence/log_scan.hpp"

#include "persistence/keys.hpp"
#include "persistence/posting_cursor.hpp"
#include "persistence/row_codec.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace evoke::persistence {
namespace {

/// What both sides hold. `all` of one side leaves the other as it is.
posting both(posting left, posting right) {
  if (left.all) return right;
  if (right.all) return left;
  posting out;
  std::set_intersection(left.indexes.begin(), left.indexes.end(), right.indexes.begin(), right.indexes.end(),
                        std::back_inserter(out.indexes));
  return out;
}

}  // namespace

result<void> log_scan::offer(std::string_view record, position at) {
  event_view event;
  if (auto const problem = decode_record(record, store_, verify::nothing, event); problem != codec_problem::none)
    return fail(corrupt_group(at, describe(problem)));
  if (event.position != at) return fail(corrupt_group(at, "it holds another event"));
  --budget_;
  if (matches(filter_, event) && !visit_(event)) stopped_ = true;
  pass(at);
  return {};
}

result<void> log_scan::offer_group(std::vector<std::uint32_t> const* indexes) {
  auto left = log_.group().records();
  std::size_t wanted = 0;
  for (std::uint32_t i = 0; i < log_.group().count() && !stopped(); ++i) {
    auto const record = group_view::take(left);
    auto const at = log_.group().first().plus(i);
    if (at <= at_) {
      if (indexes != nullptr && wanted < indexes->size() && (*indexes)[wanted] == i) ++wanted;
      continue;
    }
    if (indexes != nullptr) {
      if (wanted == indexes->size()) break;
      if ((*indexes)[wanted] != i) continue;
      ++wanted;
    }
    if (auto offered = offer(record, at); !offered) return offered;
  }
  if (!stopped()) pass(log_.group().last());
  return {};
}

result<void> log_scan::everything() {
  if (stopped()) return {};
  if (auto moved = log_.seek(at_.next()); !moved) return moved;
  while (true) {
    if (auto offered = offer_group(nullptr); !offered) return offered;
    if (stopped()) return {};
    if (auto moved = log_.next(); !moved) return moved;
  }
}

result<void> log_scan::by_postings() {
  if (stopped()) return {};
  if (auto moved = log_.seek(at_.next()); !moved) return moved;
  std::vector<posting_cursor> sides;
  auto const first = log_.group().first();
  if (!filter_.types.empty()) sides.emplace_back(db_, posting_kind::aggregate_type, filter_.types, first, end_);
  if (!filter_.event_types.empty()) sides.emplace_back(db_, posting_kind::event_type, filter_.event_types, first, end_);
  while (!stopped()) {
    // The group that all sides agree on: whoever is behind moves up.
    auto target = position{};
    for (auto& side : sides) {
      if (auto fine = side.status(); !fine) return fine;
      target = side.group() ? std::max(target, *side.group()) : end_.next();
    }
    if (std::any_of(sides.begin(), sides.end(), [](auto const& side) { return !side.group(); })) break;
    pass(position{target.value() - 1});
    if (std::any_of(sides.begin(), sides.end(), [&](auto const& side) { return *side.group() != target; })) {
      --budget_;  // it costs no record, but it must end
      for (auto& side : sides) side.seek(target);
      continue;
    }
    posting found{true, {}};
    for (auto const& side : sides) {
      auto one = side.records();
      if (!one) return fail(one.error());
      found = both(std::move(found), std::move(*one));
    }
    if (auto moved = log_.seek(target); !moved) return moved;
    if (!found.indexes.empty() && found.indexes.back() >= log_.group().count())
      return fail(corrupt_group(target, "its postings name records that it does not have"));
    if (auto offered = offer_group(found.all ? nullptr : &found.indexes); !offered) return offered;
    for (auto& side : sides) side.seek(target.next());
  }
  if (!stopped_ && budget_ > 0) pass(end_);
  return {};
}

result<void> log_scan::by_links(link_kind kind, std::string_view id, position_range root) {
  auto const stem = link_key(kind, id, {});
  auto const prefix = stem.view().substr(0, stem.size() - 8);
  std::unique_ptr<rocksdb::Iterator> const rows(db_->NewIterator({}, db_[family::links]));
  auto const valid = [&] { return rows->Valid() && text(rows->key()).starts_with(prefix); };
  // A row stands for several events: the one before may reach beyond `at_`.
  rows->SeekForPrev(slice(link_key(kind, id, at_.next()).view()));
  if (!valid()) rows->Seek(slice(stem.view()));
  while (!stopped()) {
    position_range next{end_.next(), 0};
    if (valid()) {
      next.first = position{last_u64(text(rows->key()))};
      if (auto const problem = decode_link(text(rows->value()), next.count); problem != codec_problem::none)
        return fail(errc::corrupt, "a link of '" + std::string(id) + "' does not read: " + std::string(describe(problem)));
    }
    bool const take_root = root.count != 0 && root.first < next.first;
    if (take_root) next = std::exchange(root, {});
    if (next.first > end_) break;
    if (auto offered = offer_range(next); !offered) return offered;
    if (!take_root) rows->Next();
  }
  if (!rows->status().ok()) return fail(failure_of(rows->status(), "reading links"));
  if (!stopped_ && budget_ > 0) pass(end_);
  return {};
}

result<void> log_scan::offer_range(position_range range) {
  for (auto at = std::max(range.first, at_.next()); at < range.first.plus(range.count) && !stopped(); at = at.next()) {
    if (auto moved = log_.seek(at); !moved) return moved;
    if (auto offered = offer(log_.group().record_at(at), at); !offered) return offered;
  }
  return {};
}

}  // namespace evoke::persistence
