#include <evoke/definition.hpp>
#include <evoke/detail/upcasting.hpp>

namespace evoke {

bool aggregate_definition::can_become(std::size_t former, std::size_t event) const {
  std::vector<std::vector<std::size_t>> becomes;
  for (auto const& each : formers_) becomes.push_back(each.becomes);
  std::vector<bool> wanted(events_.size(), false);
  wanted[event] = true;
  return detail::leading_to(becomes, wanted)[former];
}

result<std::vector<upcast_part>> aggregate_definition::upcast(std::size_t former, std::string_view) const {
  auto const& which = formers_[former];
  return fail(errc::corrupt, "event '" + which.name.str() + "' version " + std::to_string(which.schema_version) + " has no upcaster");
}

namespace detail {

failure unreadable(std::string_view what, std::string_view name, failure why) {
  why.code = errc::corrupt;
  why.message = "the stored " + std::string(what) + " '" + std::string(name) + "' does not read: " + why.message;
  return why;
}

failure upcast_threw(event_name const& former, std::string_view what) {
  return {errc::user_code_failed,
          "upcast() of event '" + std::string(former.name) + "' version " + std::to_string(former.schema_version) +
              " threw: " + std::string(what),
          {},
          {},
          {}};
}

std::string former_line(std::string_view type, event_name const& former, std::string_view schema) {
  return "\nformer " + std::string(type) + ' ' + std::string(former.name) + ' ' + std::to_string(former.schema_version) + ' ' +
         std::string(schema);
}

std::uint64_t fold_shape(aggregate_definition const& of) {
  auto text = of.state_schema();
  // What says nothing new leaves the hash as it is: names cannot hold a line break, nor can minified JSON.
  if (of.settings().fold_version != 1) text += "\nfold " + std::to_string(of.settings().fold_version);
  for (auto const& each : of.formers()) text += former_line(of.type().str(), {each.name.str(), each.schema_version}, each.schema);
  return json::shape_hash(text);
}

std::vector<bool> leading_to(std::vector<std::vector<std::size_t>> const& becomes, std::vector<bool> const& wanted_events) {
  std::vector<bool> leading(becomes.size(), false);
  auto const leads = [&](std::size_t target) {
    return target < wanted_events.size() ? wanted_events[target] : leading[target - wanted_events.size()];
  };
  // Each round finds those one step further away; a loop, which the registry refuses, ends like anything else.
  for (bool found = true; found;) {
    found = false;
    for (std::size_t i = 0; i < becomes.size(); ++i)
      for (auto const target : becomes[i])
        if (!leading[i] && leads(target)) found = leading[i] = true;
  }
  return leading;
}

}  // namespace detail
}  // namespace evoke
