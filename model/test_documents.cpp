#include "model/test_documents.hpp"

#include "model/test_difference.hpp"

#include <evoke/detail/test_steps.hpp>

#include <stdexcept>

namespace evoke::testing::detail {

document const* test_documents::find(std::string_view key) {
  looked_at_.reset();
  if (auto const changed = changed_.find(key); changed != changed_.end()) return changed->second.get();
  auto const stored = stored_.find(key);
  if (stored == stored_.end()) return nullptr;
  auto decoded = definition_.decode(stored->second);
  if (!decoded) throw std::runtime_error(decoded.error().message);
  looked_at_ = std::move(*decoded);
  return looked_at_.get();
}

document& test_documents::change(std::string_view key) {
  looked_at_.reset();
  auto changed = changed_.find(key);
  if (changed == changed_.end()) {
    auto const* known = find(key);
    changed = changed_.emplace(key, known == nullptr ? nullptr : std::move(looked_at_)).first;
  }
  if (!changed->second) changed->second = definition_.create();
  return *changed->second;
}

void test_documents::erase(std::string_view key) {
  looked_at_.reset();
  changed_.insert_or_assign(std::string(key), nullptr);
}

void test_documents::commit() {
  looked_at_.reset();
  if (rest_ == between_events::stored) store();
}

void test_documents::discard() noexcept {
  looked_at_.reset();
  changed_.clear();
}

void test_documents::finish() {
  looked_at_.reset();
  store();
}

void test_documents::store() {
  for (auto const& [key, each] : changed_) {
    if (each) {
      stored_.insert_or_assign(key, stored_form(key, *each));
    } else {
      stored_.erase(key);
    }
  }
  changed_.clear();
}

std::string test_documents::stored_form(std::string const& key, document const& of) const {
  auto const what = "document '" + key + "' of projection '" + definition_.name() + "'";
  std::string text;
  if (auto const written = of.encode(text); !written) throw mismatch(what + " cannot be stored: " + written.error().message);
  auto const again = definition_.decode(text);
  if (!again) throw mismatch(what + " does not survive its codec: " + again.error().message);
  std::string copy;
  if (auto const written = (*again)->encode(copy); !written)
    throw mismatch(what + " does not survive its codec: " + written.error().message);
  if (copy != text)
    throw mismatch(what + " does not survive its codec\nexpected:\n  " + text + "\nactual:\n  " + copy + "\nfirst difference:\n  " +
                   first_difference(text, copy));
  if ((*again)->index_keys() != of.index_keys()) throw mismatch(what + " has other index keys once it was stored and read");
  return text;
}

}  // namespace evoke::testing::detail
