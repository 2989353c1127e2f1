#include <evoke/detail/typed_projection.hpp>
#include <evoke/utf8.hpp>

#include <algorithm>
#include <stdexcept>

namespace evoke::detail {
namespace {

/// What tells most names apart in one comparison of numbers: both lengths and a few bytes of the event's name. Names that agree in it are
/// compared in full.
std::uint64_t mark_of(std::string_view stream_type, std::string_view event) noexcept {
  std::uint64_t mark = (static_cast<std::uint64_t>(event.size()) << 48U) ^ (static_cast<std::uint64_t>(stream_type.size()) << 40U);
  if (event.empty()) return mark;
  mark ^= static_cast<std::uint64_t>(static_cast<unsigned char>(event.back())) << 16U;
  mark ^= static_cast<std::uint64_t>(static_cast<unsigned char>(event[event.size() / 2])) << 8U;
  return mark ^ static_cast<unsigned char>(event.front());
}

}  // namespace

handler_table::handler_table(std::vector<event_handler> all) : all_(std::move(all)) {
  std::ranges::sort(all_, {}, [](auto const& each) { return mark_of(each.stream_type, each.event); });
  for (auto const& each : all_) marks_.push_back(mark_of(each.stream_type, each.event));
}

event_handler const* handler_table::find(std::string_view stream_type, std::string_view event,
                                         std::uint32_t schema_version) const noexcept {
  auto const mark = mark_of(stream_type, event);
  for (auto at = std::ranges::lower_bound(marks_, mark); at != marks_.end() && *at == mark; ++at) {
    auto const& each = all_[static_cast<std::size_t>(at - marks_.begin())];
    if (each.event == event && each.stream_type == stream_type && (schema_version == 0 || each.schema_version == schema_version))
      return &each;
  }
  return nullptr;
}

std::uint64_t projection_shape(projection_definition const& of, std::vector<std::string> formers) {
  // Names cannot hold a line break, nor can minified JSON.
  auto text = of.document_schema() + "\nindex encoding " + std::to_string(index_encoding_version);
  for (auto const& index : of.indexes()) {
    text += "\nindex " + index.name;
    for (auto const& field : index.fields)
      text += ' ' + field.name + ' ' + std::to_string(static_cast<unsigned>(field.order)) + (field.optional ? '?' : '!');
  }
  text += "\nkeys " + std::to_string(static_cast<unsigned>(of.keys()));
  std::vector<std::string> followed;
  for (auto const& source : of.sources())
    for (auto const& event : source.events) followed.push_back("\nevent " + source.type.str() + ' ' + event.str());
  std::ranges::sort(followed);  // the order in which they are listed decides nothing
  for (auto const& each : followed) text += each;
  std::ranges::sort(formers);
  for (auto const& each : formers) text += each;
  return json::shape_hash(text);
}

failure unhandled_event(std::string_view projection, projected_event const& event) {
  return {errc::corrupt,
          "projection '" + std::string(projection) + "' does not follow event '" + std::string(event.type) + "' of aggregate type '" +
              std::string(event.stream_type) + "'",
          {},
          {},
          {}};
}

void check_key(std::string_view key, projected_event const& event, key_rule keys) {
  if (key == event.stream_id) return;
  if (keys == key_rule::by_aggregate)
    throw std::logic_error("evoke: project() wrote the document '" + std::string(key.substr(0, utf8_prefix(key))) +
                           "' while it handled an event of '" + std::string(event.stream_id) +
                           "', but the keys of this projection are aggregate ids. Remedy: write the own document only (view::document), or "
                           "say .free_keys() in describe().");
  if (auto const checked = aggregate_id_rule::check(key); !checked)
    throw std::invalid_argument("evoke: project() wrote the document '" + std::string(key.substr(0, utf8_prefix(key))) +
                                "', which is no key: " + checked.error().message + ". Remedy: keys follow the rule of aggregate ids.");
}

}  // namespace evoke::detail
