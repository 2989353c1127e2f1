#include "actors/document_cache.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace evoke::actors {
namespace {

constexpr std::size_t kMaxKeyBytes = 1'024;
constexpr std::size_t kEntryBytes = 256;  // of what is around a document, roughly

}  // namespace

document_cache::entry& document_cache::load(std::string_view key) {
  if (auto const found = entries_.find(key); found != entries_.end()) {
    used_.splice(used_.begin(), used_, found->second.used);
    return found->second;
  }
  if (key.empty() || key.size() > kMaxKeyBytes)
    throw std::invalid_argument("a document's key must have 1 to " + std::to_string(kMaxKeyBytes) + " bytes");
  entry made;
  auto row = store_.document(key);
  if (!row) {
    store_failure_ = row.error();
    throw std::runtime_error(row.error().message);
  }
  if (*row) {
    auto decoded = definition_.decode((*row)->json);
    if (!decoded) {
      // The shape is the stored one's, so this is damage and not the event's doing.
      store_failure_ = decoded.error();
      store_failure_->message = "document " + std::string(key) + " of " + definition_.name() + " does not read: " + decoded.error().message;
      throw std::runtime_error(store_failure_->message);
    }
    made.now = std::move(*decoded);
    made.stored = true;
    made.stored_keys = std::move((*row)->sort_keys);
    made.bytes = (*row)->json.size();
  }
  made.bytes += key.size() + kEntryBytes;
  bytes_ += made.bytes;
  auto& at = *entries_.emplace(std::string(key), std::move(made)).first;
  at.second.used = used_.insert(used_.begin(), &at);
  return at.second;
}

void document_cache::note_change(entries::value_type& at) {
  at.second.by = event_;
  if (std::exchange(at.second.changed, true)) return;
  changed_.push_back(&at);
}

document const* document_cache::find(std::string_view key) {
  return load(key).now.get();
}

document& document_cache::change(std::string_view key) {
  auto& found = load(key);
  if (!found.now) found.now = definition_.create();
  note_change(**found.used);
  return *found.now;
}

void document_cache::erase(std::string_view key) {
  auto& found = load(key);
  if (!found.now) return;
  found.now.reset();
  note_change(**found.used);
}

result<void> document_cache::check_event() {
  std::string json;
  for (auto const* at : changed_) {
    if (at->second.by != event_ || !at->second.now) continue;
    json.clear();
    if (auto encoded = at->second.now->encode(json); !encoded)
      return fail(errc::malformed, "document " + at->first + " cannot be stored: " + encoded.error().message);
  }
  return {};
}

void document_cache::put(persistence::generation_batch& rows, entries::value_type& at, persistence::change_place noted, bool feed) {
  auto& [key, one] = at;
  auto keys = one.now ? one.now->index_keys() : std::vector<std::string>{};
  for (std::size_t i = 0; i < std::max(keys.size(), one.stored_keys.size()); ++i) {
    bool const was = i < one.stored_keys.size();
    bool const is = i < keys.size();
    if (was && is && keys[i] == one.stored_keys[i]) continue;
    if (was) rows.remove_index(i, one.stored_keys[i], key);
    if (is) rows.put_index(i, keys[i], key);
  }
  if (one.now) {
    row_.changed = one.by;
    row_.noted = noted;
    row_.sort_keys = keys;
    rows.put_document(key, row_);
  } else {
    rows.remove_document(key);
  }
  one.stored_keys = std::move(keys);
  if (feed) rows.put_change({noted, key, one.now == nullptr, one.by});
}

result<void> document_cache::collect(persistence::generation_batch& rows, std::optional<persistence::change_place> late, bool feed) {
  for (auto* at : changed_) {
    auto& one = at->second;
    if (!one.now && !one.stored) continue;  // came and went within the batch
    row_.json.clear();
    if (one.now)
      if (auto encoded = one.now->encode(row_.json); !encoded)
        return fail(errc::malformed, "document " + at->first + " cannot be stored: " + encoded.error().message);
    put(rows, *at, late.value_or(persistence::change_place{one.by, 0}), feed);
    auto const bytes = row_.json.size() + at->first.size() + kEntryBytes;
    bytes_ += bytes - one.bytes;
    one.bytes = bytes;
  }
  return {};
}

void document_cache::written() {
  for (auto* at : changed_) {
    at->second.changed = false;
    at->second.stored = at->second.now != nullptr;
  }
  changed_.clear();
  store_failure_.reset();
  while (bytes_ > max_bytes_ && !used_.empty()) forget(used_.back());
}

void document_cache::discard() {
  for (auto* at : std::exchange(changed_, {})) forget(at);
  store_failure_.reset();
}

void document_cache::forget(entries::value_type* which) {
  bytes_ -= which->second.bytes;
  used_.erase(which->second.used);
  entries_.erase(entries_.find(which->first));
}

}  // namespace evoke::actors
