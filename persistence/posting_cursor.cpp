#include "persistence/posting_cursor.hpp"

#include <algorithm>

namespace evoke::persistence {

posting_cursor::posting_cursor(database const& db, posting_kind kind, std::vector<name_id> const& names, position from, position end)
    : end_(end) {
  auto wanted = names;
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  for (auto const name : wanted) {
    one_name each;
    each.stem = key_bytes{}.u8(static_cast<std::uint8_t>(kind)).u32(name);
    each.rows.reset(db->NewIterator({}, db[family::postings]));
    each.rows->Seek(slice(posting_key(kind, name, from).view()));
    names_.push_back(std::move(each));
  }
  settle();
}

bool posting_cursor::valid(one_name const& each) const {
  return each.rows->Valid() && text(each.rows->key()).starts_with(each.stem.view()) && last_u64(text(each.rows->key())) <= end_.value();
}

void posting_cursor::settle() {
  group_.reset();
  for (auto const& each : names_) {
    if (!valid(each)) continue;
    auto const first = position{last_u64(text(each.rows->key()))};
    if (!group_ || first < *group_) group_ = first;
  }
}

void posting_cursor::seek(position from) {
  for (auto& each : names_) {
    // The next row is nearly always the wanted one; a long leap is a search.
    if (valid(each) && last_u64(text(each.rows->key())) < from.value()) each.rows->Next();
    if (!valid(each) || last_u64(text(each.rows->key())) >= from.value()) continue;
    auto key = each.stem;
    each.rows->Seek(slice(key.u64(from.value()).view()));
  }
  settle();
}

result<posting> posting_cursor::records() const {
  posting all;
  for (auto const& each : names_) {
    if (!valid(each) || last_u64(text(each.rows->key())) != group_->value()) continue;
    posting one;
    if (auto const problem = decode_posting(text(each.rows->value()), one); problem != codec_problem::none)
      return fail(errc::corrupt, "the postings of the group at position " + std::to_string(group_->value()) +
                                     " do not read: " + std::string(describe(problem)));
    all.all = all.all || one.all;
    all.indexes.insert(all.indexes.end(), one.indexes.begin(), one.indexes.end());
  }
  // A record has one event type and one aggregate type: the lists are disjoint.
  std::sort(all.indexes.begin(), all.indexes.end());
  return all;
}

result<void> posting_cursor::status() const {
  for (auto const& each : names_)
    if (!each.rows->status().ok()) return fail(failure_of(each.rows->status(), "reading postings"));
  return {};
}

}  // namespace evoke::persistence
