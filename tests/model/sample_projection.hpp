#pragma once

#include "tests/model/sample_aggregate.hpp"

#include <evoke/projection.hpp>

#include <optional>
#include <string>

/// Projections of the sample aggregate: one document a box, and one a label that many boxes share.
namespace sample {

enum class lid { open, closed };
BOOST_DESCRIBE_ENUM(lid, open, closed)

struct box_row {
  std::string first_seen_as;
};
BOOST_DESCRIBE_STRUCT(box_row, (), (first_seen_as))

struct box_view : box_row {
  std::string label;
  std::int64_t content = 0;
  lid state = lid::open;
  std::optional<evoke::timestamp> closed_at;
  evoke::version last{};
};
BOOST_DESCRIBE_STRUCT(box_view, (box_row), (label, content, state, closed_at, last))

inline void project(evoke::view<box_view>& view, box_opened const& event) {
  auto& box = view.document();
  box.first_seen_as = event.label;
  box.label = event.label;
  box.last = view.event().version;
}
/// "Removes" the box with the content that it cannot have.
inline void project(evoke::view<box_view>& view, put_into const& event) {
  if (event.count == 13) throw std::runtime_error("project went off");
  if (event.count < 0) return view.remove();
  auto& box = view.document();
  box.content += event.count;
  box.last = view.event().version;
}
inline void project(evoke::view<box_view>& view, box_closed const&) {
  auto const* known = view.find();
  if (known == nullptr) return;
  auto& box = view.document();
  box.state = lid::closed;
  box.closed_at = view.event().time;
}

constexpr auto describe(evoke::type<box_view>) {
  return evoke::projection<box_view>("boxes", 7)
      .from<box>()
      .ignore<exploded>()
      .index<&box_view::label>("label")
      .index<&box_view::state, &box_view::content>("state_content")
      .index<&box_view::closed_at, &box_view::last>("closed")
      .index<&box_view::first_seen_as>("first");
}

/// How many boxes were opened under a label.
struct label_view {
  std::uint32_t boxes = 0;
  std::optional<std::string> neighbour;
};
BOOST_DESCRIBE_STRUCT(label_view, (), (boxes, neighbour))

inline void project(evoke::view<label_view>& view, box_opened const& event) {
  if (event.label == "none") return view.erase("some");
  auto& row = view.put(event.label);
  ++row.boxes;
  if (view.read("some") != nullptr) row.neighbour = "some";
}

constexpr auto describe(evoke::type<label_view>) {
  return evoke::projection<label_view>("labels", 1)
      .from<box>()
      .ignore<put_into>()
      .ignore<box_closed>()
      .ignore<exploded>()
      .free_keys()
      .any_order();
}

}  // namespace sample
