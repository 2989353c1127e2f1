#pragma once

#include <evoke/projection_definition.hpp>

#include <string_view>
#include <utility>

/// What project() sees and changes.
namespace evoke {
namespace detail {

/// A document whose type is known again. What the runtime asks of it is in typed_projection.hpp.
template <class Doc>
class document_of : public document {
 public:
  Doc value{};
};

/// Throws std::logic_error where `key` is not this event's to write, std::invalid_argument where it is no key. Defined in
/// model/projection.cpp.
void check_key(std::string_view key, projected_event const& event, key_rule keys);

}  // namespace detail

/// The documents of one projection, as project() has them while it handles one event. Nothing else is to be had there: no clock (the event
/// has its time), no I/O, no other projection. What project() throws undoes its changes and puts the event aside (or stops the projection).
///
///     void project(evoke::view<cart_view>& view, cart_item_added const& event) {
///       auto& cart = view.document();
///       cart.items.push_back({event.product_id, event.quantity});
///       cart.updated_at = view.event().time;
///     }
///
/// Its own document is the one whose key is the id of the event's aggregate. Every function throws what the store throws when it does not
/// read (std::runtime_error): let it pass.
template <class Doc>
class view {
 public:
  /// Made by the runtime and the test kit.
  view(projected_event const& event, document_table& documents, key_rule keys) noexcept
      : event_(event), documents_(documents), keys_(keys) {}
  view(view const&) = delete;
  view& operator=(view const&) = delete;
  ~view() = default;

  /// Aggregate id, version, position, time and metadata of the event.
  [[nodiscard]] projected_event const& event() const noexcept { return event_; }
  /// Of the own document.
  [[nodiscard]] std::string_view key() const noexcept { return event_.stream_id; }

  /// The own document, nullptr when there is none. Valid until the next call of another function of this view.
  [[nodiscard]] Doc const* find() {
    if (own_ != nullptr) return own_;
    return read(key());
  }
  /// The own document, to be changed; made when there is none. Valid until remove().
  [[nodiscard]] Doc& document() {
    if (own_ == nullptr) own_ = &changed(key());
    return *own_;
  }
  /// Removes the own document; no matter when there is none.
  void remove() {
    own_ = nullptr;
    documents_.erase(key());
  }

  /// Any document of this projection, nullptr when there is none. Valid until the next call of another function of this view.
  [[nodiscard]] Doc const* read(std::string_view key) {
    auto const* found = documents_.find(key);
    return found == nullptr ? nullptr : &static_cast<detail::document_of<Doc> const*>(found)->value;
  }

  /// Any document, to be changed; made when there is none. Valid until it is erased. Only where describe() says .free_keys(): elsewhere
  /// another key than the own throws std::logic_error. A key follows the rule of aggregate ids (ids.hpp), else: std::invalid_argument.
  [[nodiscard]] Doc& put(std::string_view key) {
    detail::check_key(key, event_, keys_);
    return changed(key);
  }
  /// As put; no matter when there is none.
  void erase(std::string_view key) {
    detail::check_key(key, event_, keys_);
    if (key == this->key()) own_ = nullptr;
    documents_.erase(key);
  }

 private:
  Doc& changed(std::string_view key) { return static_cast<detail::document_of<Doc>&>(documents_.change(key)).value; }

  projected_event const& event_;
  document_table& documents_;
  key_rule keys_;
  Doc* own_ = nullptr;  // once document() has looked it up
};

}  // namespace evoke
