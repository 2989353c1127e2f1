#include "circle_view.hpp"

namespace circles {

void project(evoke::view<circle_view>& view, circle_created const& event) {
  auto& circle = view.document();
  circle.id = view.key();
  circle.name = event.name;
  circle.capacity = event.capacity;
  circle.version = view.event().version;
}

void project(evoke::view<circle_view>& view, circle_updated const& event) {
  auto& circle = view.document();
  if (event.name) circle.name = *event.name;
  if (event.capacity) circle.capacity = *event.capacity;
  circle.version = view.event().version;
}

}  // namespace circles
