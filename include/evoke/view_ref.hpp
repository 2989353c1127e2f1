#pragma once

#include <evoke/projection.hpp>
#include <evoke/runtime.hpp>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace evoke {

/// A document as a typed reader gets it.
template <class Doc>
struct found_document {
  std::string key;
  Doc document;
  position changed{};     ///< of the event that changed it last
  position checkpoint{};  ///< of the projection: the document is as of here
  bool stale = false;     ///< the checkpoint is before what was asked for
};

template <class Doc>
struct found_page {
  std::vector<found_document<Doc>> documents;
  std::optional<std::string> next;
};

namespace detail {

/// A value as a query writes it.
[[nodiscard]] inline std::string condition_text(std::string_view value) {
  return std::string(value);
}
[[nodiscard]] inline std::string condition_text(timestamp value) {
  return to_rfc3339(value);
}
template <class T>
  requires std::integral<T>
[[nodiscard]] std::string condition_text(T value) {
  if constexpr (std::same_as<T, bool>)
    return value ? "true" : "false";
  else
    return std::to_string(value);
}
template <class Rule>
[[nodiscard]] std::string condition_text(identifier<Rule> const& value) {
  return value.str();
}
template <class Tag>
[[nodiscard]] std::string condition_text(ordinal<Tag> value) {
  return std::to_string(value.value());
}

}  // namespace detail

/// One page of an index, being asked for: conditions in the order of the index's fields, at most a range on the last.
template <class Doc>
class view_search {
 public:
  view_search(runtime& owner, view_query request) : owner_(&owner), request_(std::move(request)) {}

  template <class Value>
  [[nodiscard]] view_search where(std::string field, Value const& value) && {
    return std::move(*this).with(std::move(field), field_condition::relation::equal, detail::condition_text(value));
  }
  /// The optional field has no value.
  [[nodiscard]] view_search where_absent(std::string field) && {
    return std::move(*this).with(std::move(field), field_condition::relation::equal, std::nullopt);
  }
  template <class Value>
  [[nodiscard]] view_search at_least(std::string field, Value const& value) && {
    return std::move(*this).with(std::move(field), field_condition::relation::at_least, detail::condition_text(value));
  }
  template <class Value>
  [[nodiscard]] view_search greater(std::string field, Value const& value) && {
    return std::move(*this).with(std::move(field), field_condition::relation::greater, detail::condition_text(value));
  }
  template <class Value>
  [[nodiscard]] view_search at_most(std::string field, Value const& value) && {
    return std::move(*this).with(std::move(field), field_condition::relation::at_most, detail::condition_text(value));
  }
  template <class Value>
  [[nodiscard]] view_search less(std::string field, Value const& value) && {
    return std::move(*this).with(std::move(field), field_condition::relation::less, detail::condition_text(value));
  }
  [[nodiscard]] view_search key_prefix(std::string prefix) && {
    request_.key_prefix = std::move(prefix);
    return std::move(*this);
  }
  [[nodiscard]] view_search backward() && {
    request_.backward = true;
    return std::move(*this);
  }
  [[nodiscard]] view_search limit(std::size_t most) && {
    request_.limit = most;
    return std::move(*this);
  }
  /// Goes on where a page ended: its `next`.
  [[nodiscard]] view_search from(std::string cursor) && {
    request_.cursor = std::move(cursor);
    return std::move(*this);
  }
  [[nodiscard]] view_search after(read_after own_write) && {
    request_.after = own_write;
    return std::move(*this);
  }

  /// Blocks; not for worker threads. @returns as runtime::query.
  [[nodiscard]] result<found_page<Doc>> get() && {
    auto page = owner_->query(std::move(request_)).get();
    if (!page) return std::unexpected(page.error());
    found_page<Doc> found;
    for (auto& each : page->documents) {
      auto document = json::decode<Doc>(each.json);
      if (!document) return std::unexpected(document.error());
      found.documents.push_back({std::move(each.key), std::move(*document), each.changed, page->checkpoint, page->stale});
    }
    found.next = std::move(page->next);
    return found;
  }

 private:
  [[nodiscard]] view_search with(std::string field, field_condition::relation is, std::optional<std::string> value) && {
    request_.where.push_back({std::move(field), is, std::move(value)});
    return std::move(*this);
  }

  runtime* owner_;
  view_query request_;
};

/// The read model of one document type. Cheap to make and to copy; valid while the runtime lives.
///
///     auto cart = rt.view<cart_view>().find("c-1", {.at = written.position});
///     auto open = rt.view<cart_view>().by("status_total").where("status", "open").at_least("total", 100).get();
template <class Doc>
class view_ref {
 public:
  explicit view_ref(runtime& owner) : owner_(&owner) {
    if (auto const* const found = owner.types().find_projection_by_document(document_tag<Doc>())) name_ = found->name();
  }

  /// Blocks; not for worker threads. @returns as runtime::find.
  [[nodiscard]] result<found_document<Doc>> find(std::string key, read_after after = {}) const {
    auto reply = owner_->find({name_, key, after}).get();
    if (!reply) return std::unexpected(reply.error());
    auto document = json::decode<Doc>(reply->json);
    if (!document) return std::unexpected(document.error());
    return found_document<Doc>{std::move(key), std::move(*document), reply->changed, reply->checkpoint, reply->stale};
  }

  /// Documents in the order of an index.
  [[nodiscard]] view_search<Doc> by(std::string index) const {
    return {*owner_, view_query{.projection = name_, .index = std::move(index)}};
  }
  /// Documents in the order of their keys.
  [[nodiscard]] view_search<Doc> by_key() const { return {*owner_, view_query{.projection = name_}}; }

 private:
  runtime* owner_;
  std::string name_;  // empty when it was not registered: every call then answers unknown_projection
};

template <class Doc>
view_ref<Doc> runtime::view() {
  return view_ref<Doc>(*this);
}

}  // namespace evoke
