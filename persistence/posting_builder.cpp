#include "persistence/posting_builder.hpp"

namespace evoke::persistence {
namespace {

std::size_t index_of(posting_kind kind) noexcept {
  return kind == posting_kind::event_type ? 1 : 0;
}

}  // namespace

void posting_builder::clear() noexcept {
  for (std::size_t i = 0; i < used_; ++i) {
    row_of_[index_of(rows_[i].kind)][rows_[i].name] = 0;
    rows_[i].indexes.clear();
  }
  used_ = 0;
}

void posting_builder::add(posting_kind kind, name_id name, std::uint32_t index) {
  auto& by_name = row_of_[index_of(kind)];
  if (name >= by_name.size()) by_name.resize(name + 1, 0);
  auto& at = by_name[name];
  if (at == 0) {
    if (used_ == rows_.size()) rows_.emplace_back();
    rows_[used_].kind = kind;
    rows_[used_].name = name;
    at = static_cast<std::uint32_t>(++used_);
  }
  rows_[at - 1].indexes.push_back(index);
}

}  // namespace evoke::persistence
