#include <evoke/json/field_errors.hpp>

namespace evoke::json {

bool field_errors::count_one() noexcept {
  return ++count_ <= max_listed && listed_bytes_ < max_listed_bytes;
}

void field_errors::list(std::string pointer, std::string detail) {
  listed_bytes_ += pointer.size() + detail.size();
  listed_.push_back({std::move(pointer), std::move(detail)});
}

void field_errors::add(value at, std::string detail) {
  if (count_one()) list(at.pointer(), std::move(detail));
}

void field_errors::wrong_kind(value at, std::string_view wanted) {
  if (count_one()) list(at.pointer(), "must be " + std::string(wanted) + ", not " + std::string(describe_kind(at.kind())));
}

void field_errors::missing(value object, std::string_view name) {
  if (!count_one()) return;
  auto pointer = object.pointer();
  append_pointer_segment(pointer, name);
  list(std::move(pointer), "is missing");
}

void field_errors::unknown(value object, std::string_view name) {
  if (!count_one()) return;
  auto pointer = object.pointer();
  append_pointer_segment(pointer, name);
  list(std::move(pointer), "is not a known field");
}

failure field_errors::to_failure() && {
  failure made{errc::malformed, {}, std::move(listed_), {}, {}};
  if (!made.errors.empty()) {
    auto const& first = made.errors.front();
    made.message = (first.pointer.empty() ? "the document " : first.pointer + ": ") + first.detail;
    if (count_ > 1) made.message += ", and " + std::to_string(count_ - 1) + " more";
  }
  return made;
}

}  // namespace evoke::json
