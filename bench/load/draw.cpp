#include "bench/load/draw.hpp"

namespace evoke::load {
namespace {

constexpr std::size_t spare_filler = 64 * 1024;

/// Letters and digits by chance, so that a store that compresses gains no more than on real text.
std::string make_filler(std::uint64_t payload_bytes, random_source& random) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  std::string made;
  if (payload_bytes == 0) return made;
  made.reserve(payload_bytes + spare_filler);
  while (made.size() < payload_bytes + spare_filler) made.push_back(letters[below(random, letters.size())]);
  return made;
}

}  // namespace

operation_draw::operation_draw(plan of)
    : of_(of), random_(of.seed * 1'000'003 + of.lane), filler_(make_filler(of.payload_bytes, random_)), counter_(of.lane) {
  double sum = 0;
  for (auto const& each : of.work.operations) up_to_.push_back(sum += each.weight);
}

std::size_t operation_draw::next() {
  std::size_t index = 0;
  if (up_to_.size() > 1) {
    auto const at = fraction(random_) * up_to_.back();
    while (index + 1 < up_to_.size() && at >= up_to_[index]) ++index;
  }
  take(of_.keys.draw(random_));
  return index;
}

void operation_draw::take(std::uint64_t key_number) {
  key_number_ = key_number;
  key_.assign(of_.work.key_prefix);
  append_number(key_number, key_);
  counter_ += of_.lanes;
}

placeholder_values operation_draw::values() {
  std::string_view payload;
  if (of_.payload_bytes > 0) {
    payload = std::string_view(filler_).substr(static_cast<std::size_t>(below(random_, spare_filler)),
                                               static_cast<std::size_t>(of_.payload_bytes));
  }
  return {key_, key_number_, counter_, payload, random_};
}

}  // namespace evoke::load
