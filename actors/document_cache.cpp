#include "actors/document_cache.hpp"

#include <algorithm>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace evoke::actors {
namespace {

constexpr std::size_t kMaxKeyBytes = 1'024;
constexpr std::size_t kEntryBytes = 256;  // of what is around a document, roughly

}  // namespace

document_cache::entry& document_cache::load(std::string_view key) {
  if (last_ != nullptr && last_->key == key) return *last_;  // project() mostly asks for one document several times
  if (auto const found = entries_.find(key); found != entries_.end()) {
    last_ = found->second;
    last_->used = true;
    return *last_;
  }
  if (key.empty() || key.size() > kMaxKeyBytes)
    throw std::invalid_argument("a document's key must have 1 to " + std::to_string(kMaxKeyBytes) + " bytes");
  auto made = std::make_unique<entry>();
  if (key != surely_new_) read(key, *made);
  made->key = key;
  made->bytes += key.size() + kEntryBytes;
  made->place = held_.size();
  held_.push_back(std::move(made));
  last_ = held_.back().get();
  entries_.emplace(last_->key, last_);
  bytes_ += last_->bytes;
  return *last_;
}

void document_cache::read(std::string_view key, entry& into) {
  auto row = store_.document(key);
  if (!row) {
    store_failure_ = row.error();
    throw std::runtime_error(row.error().message);
  }
  if (!*row) return;
  auto decoded = definition_.decode((*row)->json);
  if (!decoded) {
    // The shape is the stored one's, so this is damage and not the event's doing.
    store_failure_ = decoded.error();
    store_failure_->message = "document " + std::string(key) + " of " + definition_.name() + " does not read: " + decoded.error().message;
    throw std::runtime_error(store_failure_->message);
  }
  into.now = std::move(*decoded);
  into.stored = true;
  into.stored_keys = std::move((*row)->sort_keys);
  into.bytes = (*row)->json.size();
}

void document_cache::note_change(entry& at) {
  at.by = event_;
  if (std::exchange(at.changed, true)) return;
  changed_.push_back(&at);
}

document const* document_cache::find(std::string_view key) {
  return load(key).now.get();
}

document& document_cache::change(std::string_view key) {
  auto& found = load(key);
  if (!found.now) found.now = definition_.create();
  note_change(found);
  return *found.now;
}

void document_cache::erase(std::string_view key) {
  auto& found = load(key);
  if (!found.now) return;
  found.now.reset();
  note_change(found);
}

result<void> document_cache::check_event() {
  std::string json;
  for (auto const* at : changed_) {
    if (at->by != event_ || !at->now) continue;
    json.clear();
    if (auto encoded = at->now->encode(json); !encoded)
      return fail(errc::malformed, "document " + at->key + " cannot be stored: " + encoded.error().message);
  }
  return {};
}

void document_cache::note_index(entry& at) {
  auto& one = at;
  auto keys = one.now ? one.now->index_keys() : std::vector<std::string>{};
  for (std::size_t i = 0; i < std::max(keys.size(), one.stored_keys.size()); ++i) {
    bool const was = i < one.stored_keys.size();
    bool const is = i < keys.size();
    if (was && is && keys[i] == one.stored_keys[i]) continue;
    if (was) index_rows_.push_back({i, one.stored_keys[i], &one.key, true});
    if (is) index_rows_.push_back({i, keys[i], &one.key, false});
  }
  one.stored_keys = std::move(keys);
}

void document_cache::put_index(persistence::generation_batch& rows) {
  // A key that was removed and put again would otherwise depend on the order; no document has both.
  std::ranges::sort(index_rows_, {}, [](index_row const& each) {
    return std::tuple<std::size_t, std::string_view, std::string_view>(each.index, each.sort_key, *each.key);
  });
  for (auto const& each : index_rows_) {
    if (each.removed)
      rows.remove_index(each.index, each.sort_key, *each.key);
    else
      rows.put_index(each.index, each.sort_key, *each.key);
  }
  index_rows_.clear();
}

result<void> document_cache::collect(persistence::generation_batch& rows, std::optional<persistence::change_place> late, bool feed) {
  // In the order of the store, which takes sorted rows much faster.
  std::ranges::sort(changed_, {}, [](entry const* at) -> std::string_view { return at->key; });
  index_rows_.clear();
  for (auto* at : changed_) {
    auto& one = *at;
    auto const& key = one.key;
    if (!one.now && !one.stored) continue;  // came and went within the batch
    row_.json.clear();
    if (one.now)
      if (auto encoded = one.now->encode(row_.json); !encoded)
        return fail(errc::malformed, "document " + key + " cannot be stored: " + encoded.error().message);
    note_index(*at);
    row_.changed = one.by;
    row_.noted = late.value_or(persistence::change_place{one.by, 0});
    row_.sort_keys = one.stored_keys;
    if (one.now)
      rows.put_document(key, row_);
    else
      rows.remove_document(key);
    auto const bytes = row_.json.size() + key.size() + kEntryBytes;
    bytes_ += bytes - one.bytes;
    one.bytes = bytes;
  }
  put_index(rows);
  if (!feed) return {};
  std::ranges::stable_sort(changed_, {}, &entry::by);
  for (auto const* at : changed_) {
    auto const& one = *at;
    if (one.now || one.stored) rows.put_change({late.value_or(persistence::change_place{one.by, 0}), one.key, !one.now, one.by});
  }
  return {};
}

void document_cache::written() {
  for (auto* at : changed_) {
    at->changed = false;
    at->stored = at->now != nullptr;
  }
  changed_.clear();
  store_failure_.reset();
  shrink();
}

void document_cache::discard() {
  for (auto* at : std::exchange(changed_, {})) forget(at);
  store_failure_.reset();
}

void document_cache::shrink() {
  while (bytes_ > max_bytes_ && !held_.empty()) {
    if (hand_ >= held_.size()) hand_ = 0;
    auto& one = *held_[hand_];
    if (!one.used) {
      forget(&one);  // another takes its place: the hand stays
    } else {
      one.used = false;
      ++hand_;
    }
  }
}

void document_cache::forget(entry* which) {
  if (which == last_) last_ = nullptr;
  bytes_ -= which->bytes;
  entries_.erase(which->key);
  auto const place = which->place;
  std::swap(held_[place], held_.back());
  held_[place]->place = place;
  held_.pop_back();
}

}  // namespace evoke::actors
