#include "model/index_key.hpp"
#include "persistence/rocksdb_generation.hpp"

#include <utility>

namespace evoke::persistence {

rocksdb_generation_view::rocksdb_generation_view(std::shared_ptr<rocksdb_generation const> of)
    : of_(std::move(of)), snapshot_(of_->db().GetSnapshot()) {
  options_.snapshot = snapshot_;
}

rocksdb_generation_view::~rocksdb_generation_view() {
  of_->db().ReleaseSnapshot(snapshot_);
}

result<bool> rocksdb_generation_view::get(key_bytes const& key, rocksdb::PinnableSlice& value) const {
  auto const status = of_->db().Get(options_, of_->family(), slice(key.view()), &value);
  if (status.IsNotFound()) return false;
  if (!status.ok()) return fail(failure_of(status, "reading a read model"));
  return true;
}

result<void> rocksdb_generation_view::rows(std::string_view prefix, key_range const& range, bool backward, row_visitor const& visit) const {
  auto const lower = std::string(prefix) + range.from;
  auto const upper = range.until.empty() ? behind_prefix(std::string(prefix)).value_or("") : std::string(prefix) + range.until;
  if (!upper.empty() && lower >= upper) return {};  // the engine takes that for a mistake
  auto const lower_slice = slice(lower);
  auto const upper_slice = slice(upper);
  auto options = options_;
  options.iterate_lower_bound = &lower_slice;
  if (!upper.empty()) options.iterate_upper_bound = &upper_slice;
  std::unique_ptr<rocksdb::Iterator> const at(of_->db().NewIterator(options, of_->family()));
  for (backward ? at->SeekToLast() : at->SeekToFirst(); at->Valid(); backward ? at->Prev() : at->Next()) {
    auto const more = visit(text(at->key()).substr(prefix.size()), text(at->value()));
    if (!more) return fail(more.error());
    if (!*more) return {};
  }
  if (!at->status().ok()) return fail(failure_of(at->status(), "reading a read model"));
  return {};
}

result<checkpoint_row> rocksdb_generation_view::checkpoint() const {
  checkpoint_row row;
  rocksdb::PinnableSlice value;
  auto const found = get(kind_key(row_kind::checkpoint), value);
  if (!found) return fail(found.error());
  if (!*found) return row;
  if (auto const problem = decode_checkpoint(text(value), row); problem != codec_problem::none)
    return fail(corrupt_row("checkpoint", problem));
  return row;
}

result<std::optional<document_row>> rocksdb_generation_view::document(std::string_view key) const {
  rocksdb::PinnableSlice value;
  auto const found = get(document_key(key), value);
  if (!found) return fail(found.error());
  if (!*found) return std::nullopt;
  document_row row;
  if (auto const problem = decode_document(text(value), row); problem != codec_problem::none) return fail(corrupt_row("document", problem));
  return row;
}

result<void> rocksdb_generation_view::documents(key_range const& keys, bool backward, document_visitor const& visit) const {
  return rows(kind_key(row_kind::document).view(), keys, backward, [&](std::string_view key, std::string_view value) -> result<bool> {
    document_row row;
    if (auto const problem = decode_document(value, row); problem != codec_problem::none) return fail(corrupt_row("document", problem));
    return visit(key, std::move(row));
  });
}

result<void> rocksdb_generation_view::index(std::size_t index, key_range const& order_keys, bool backward,
                                            index_visitor const& visit) const {
  return rows(index_prefix(index).view(), order_keys, backward, [&](std::string_view key, std::string_view value) -> result<bool> {
    std::size_t sort_key_bytes = 0;
    auto problem = decode_index(value, sort_key_bytes);
    if (problem == codec_problem::none && sort_key_bytes > key.size()) problem = codec_problem::inconsistent;
    if (problem != codec_problem::none) return fail(corrupt_row("index entry", problem));
    return visit(key, key.substr(sort_key_bytes));
  });
}

result<void> rocksdb_generation_view::changes(change_place after, std::optional<std::string_view> key,
                                              std::function<bool(change_row&&)> const& visit) const {
  // The first key that sorts behind: with a zero byte more, or where the next round begins.
  auto const place = key_bytes{}.u64(after.at.value()).u32(after.round);
  key_range const range{key ? std::string(place.view()).append(*key).append(1, '\0')
                            : behind_prefix(std::string(place.view())).value_or(std::string(place.view())),
                        {}};
  return rows(kind_key(row_kind::change).view(), range, false, [&](std::string_view at, std::string_view value) -> result<bool> {
    change_row row;
    auto problem = decode_change(value, row);
    if (problem == codec_problem::none && at.size() < place.size()) problem = codec_problem::inconsistent;
    if (problem != codec_problem::none) return fail(corrupt_row("change", problem));
    row.noted = {position{get_big_endian(at.substr(0, 8))}, static_cast<std::uint32_t>(get_big_endian(at.substr(8, 4)))};
    row.key = at.substr(place.size());
    return visit(std::move(row));
  });
}

result<void> rocksdb_generation_view::letters(position after, std::function<bool(letter_row&&)> const& visit) const {
  key_range const range{std::string(key_bytes{}.u64(after.next().value()).view()), {}};
  return rows(kind_key(row_kind::letter).view(), range, false, [&](std::string_view key, std::string_view value) -> result<bool> {
    letter_row row;
    if (auto const problem = decode_letter(value, row); problem != codec_problem::none) return fail(corrupt_row("dead letter", problem));
    row.at = position{get_big_endian(key)};
    return visit(std::move(row));
  });
}

result<std::optional<letter_row>> rocksdb_generation_view::letter(position at) const {
  rocksdb::PinnableSlice value;
  auto const found = get(letter_key(at), value);
  if (!found) return fail(found.error());
  if (!*found) return std::nullopt;
  letter_row row;
  if (auto const problem = decode_letter(text(value), row); problem != codec_problem::none)
    return fail(corrupt_row("dead letter", problem));
  row.at = at;
  return row;
}

result<void> rocksdb_generation_view::row_of(std::string_view type, std::string_view id, std::function<bool(position)> const& visit) const {
  return rows(row_prefix(type, id).view(), {}, false,
              [&](std::string_view key, std::string_view) -> result<bool> { return visit(position{get_big_endian(key)}); });
}

result<std::optional<blocked_row>> rocksdb_generation_view::blocked(std::string_view type, std::string_view id) const {
  rocksdb::PinnableSlice value;
  auto const found = get(blocked_key(type, id), value);
  if (!found) return fail(found.error());
  if (!*found) return std::nullopt;
  blocked_row row;
  if (auto const problem = decode_blocked(text(value), row); problem != codec_problem::none)
    return fail(corrupt_row("blocked aggregate", problem));
  return row;
}

result<void> rocksdb_generation_view::all_blocked(
    std::function<bool(std::string_view type, std::string_view id, blocked_row const&)> const& visit) const {
  return rows(kind_key(row_kind::blocked).view(), {}, false, [&](std::string_view key, std::string_view value) -> result<bool> {
    blocked_row row;
    auto problem = decode_blocked(value, row);
    auto const end_of_type = key.find('\0');
    if (problem == codec_problem::none && end_of_type == std::string_view::npos) problem = codec_problem::inconsistent;
    if (problem != codec_problem::none) return fail(corrupt_row("blocked aggregate", problem));
    return visit(key.substr(0, end_of_type), key.substr(end_of_type + 1), row);
  });
}

}  // namespace evoke::persistence
