#include <evoke/definition.hpp>
#include <evoke/detail/typed_definition.hpp>

namespace evoke {
namespace {

// Types have a handful of commands and events: comparing lengths and bytes in a row beats any hash here.
template <class Info>
std::optional<std::size_t> find_name(std::vector<Info> const& all, std::string_view name) noexcept {
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].name.str() == name) return i;
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> aggregate_definition::find_command(std::string_view name) const noexcept {
  return find_name(commands_, name);
}

std::optional<std::size_t> aggregate_definition::find_event(std::string_view name) const noexcept {
  return find_name(events_, name);
}

std::optional<std::size_t> aggregate_definition::find_former(std::string_view name, std::uint32_t schema_version) const noexcept {
  for (std::size_t i = 0; i < formers_.size(); ++i)
    if (formers_[i].schema_version == schema_version && formers_[i].name.str() == name) return i;
  return std::nullopt;
}

namespace detail {

failure unknown_event(std::string_view type, std::string_view event) {
  return {errc::corrupt,
          "aggregate type '" + std::string(type) + "' has no event '" + std::string(event) + "': stored by a program that knew it",
          {},
          {},
          {}};
}

failure other_schema(std::string_view event, std::uint32_t stored, std::uint32_t known) {
  return {errc::corrupt,
          "event '" + std::string(event) + "' is stored with schema version " + std::to_string(stored) + ", this program reads version " +
              std::to_string(known),
          {},
          {},
          {}};
}

}  // namespace detail
}  // namespace evoke
