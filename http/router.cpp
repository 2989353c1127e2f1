#include "http/router.hpp"

#include "http/field_text.hpp"

#include <algorithm>

namespace evoke::http {
namespace {

constexpr std::array<std::string_view, router::method_count> method_names{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"};

std::size_t index_of(method which) noexcept {
  return static_cast<std::size_t>(which);
}

/// A `{name}` or `{name}:verb`, taken apart.
struct capture_segment {
  std::string_view name;  ///< empty = a broken one
  std::string_view verb;  ///< with its colon, or empty
};

/// nullopt for a literal.
std::optional<capture_segment> as_capture(std::string_view segment) noexcept {
  auto const end = segment.find('}');
  if (!segment.starts_with('{') || end == std::string_view::npos) return std::nullopt;
  return capture_segment{segment.substr(1, end - 1), segment.substr(end + 1)};
}

bool valid_segment(std::string_view segment) noexcept {
  constexpr std::string_view never = "{}?#%";
  if (auto const capture = as_capture(segment)) {
    auto const& [name, verb] = *capture;
    bool const valid_verb = verb.empty() || (verb.size() > 1 && verb[0] == ':' && verb.find(':', 1) == std::string_view::npos &&
                                             verb.find_first_of(never) == std::string_view::npos);
    return valid_verb && is_token(name) && name.find_first_of(never) == std::string_view::npos;
  }
  return !segment.empty() && segment.find_first_of(never) == std::string_view::npos;
}

}  // namespace

std::string_view name_of(method which) noexcept {
  return which == method::other ? std::string_view("other") : method_names[index_of(which)];
}

struct router::node {
  struct captured {
    std::string name;
    std::size_t segment = 0;
    std::size_t verb_bytes = 0;  ///< at the segment's end, and no part of what is captured
  };
  struct action {
    std::uint32_t endpoint = none;
    std::vector<captured> captures;
  };

  std::map<std::string, std::unique_ptr<node>, std::less<>> literals;
  std::map<std::string, std::unique_ptr<node>, std::less<>> verbs;  ///< ":pause" behind a capture
  std::unique_ptr<node> capture;
  std::array<action, method_count> actions;

  [[nodiscard]] bool has_action() const noexcept {
    return std::ranges::any_of(actions, [](action const& each) { return each.endpoint != none; });
  }
};

router::router() : root_(std::make_unique<node>()) {}
router::~router() = default;
router::router(router&&) noexcept = default;
router& router::operator=(router&&) noexcept = default;

result<void> router::add(method which, std::string_view pattern, std::uint32_t endpoint) {
  auto const refused = [&](errc code, std::string_view why) {
    return fail(code, "route " + std::string(pattern) + ": " + std::string(why));
  };
  if (which == method::other) return refused(errc::invalid_argument, "the method is not one that is served");
  if (!pattern.starts_with('/')) return refused(errc::invalid_argument, "a pattern begins with /");
  auto* at = root_.get();
  std::vector<node::captured> captures;
  auto rest = pattern.substr(1);
  for (std::size_t number = 0; pattern.size() > 1; ++number) {
    auto const slash = std::min(rest.find('/'), rest.size());
    auto const segment = rest.substr(0, slash);
    if (!valid_segment(segment)) return refused(errc::invalid_argument, "a segment is neither plain text nor a {name} or {name}:verb");
    auto const capture = as_capture(segment);
    if (capture && std::ranges::find(captures, capture->name, &node::captured::name) != captures.end())
      return refused(errc::invalid_argument, "a name is captured twice");
    if (capture) captures.push_back({std::string(capture->name), number, capture->verb.size()});
    auto& next = !capture                ? at->literals[std::string(segment)]
                 : capture->verb.empty() ? at->capture
                                         : at->verbs[std::string(capture->verb)];
    if (!next) next = std::make_unique<node>();
    at = next.get();
    if (slash == rest.size()) break;
    rest.remove_prefix(slash + 1);
  }
  auto& action = at->actions[index_of(which)];
  if (action.endpoint != none) return refused(errc::already_exists, "another route already has this method and these segments");
  action = {endpoint, std::move(captures)};
  return {};
}

router::node const* router::walk(incoming const& request) const {
  // Back-tracking: a literal that leads nowhere gives way to the capture beside it. Depth is bounded by the longest pattern.
  auto const descend = [&](auto const& self, node const& at, std::size_t number) -> node const* {
    if (number == request.segment_count()) return at.has_action() ? &at : nullptr;
    auto const segment = request.segment(number);
    if (auto const found = at.literals.find(segment); found != at.literals.end())
      if (auto const* end = self(self, *found->second, number + 1)) return end;
    if (auto const colon = segment.rfind(':'); colon != std::string_view::npos && colon > 0)
      if (auto const found = at.verbs.find(segment.substr(colon)); found != at.verbs.end())
        if (auto const* end = self(self, *found->second, number + 1)) return end;
    if (!at.capture || segment.empty()) return nullptr;
    return self(self, *at.capture, number + 1);
  };
  return descend(descend, *root_, 0);
}

router::match router::find(incoming& request) const {
  auto const* at = walk(request);
  if (at == nullptr) return {match::end::no_route, none};
  if (request.method() == method::other) return {match::end::no_method, none};
  auto const* action = &at->actions[index_of(request.method())];
  if (action->endpoint == none && request.method() == method::head) action = &at->actions[index_of(method::get)];
  if (action->endpoint == none) return {match::end::no_method, none};
  for (auto const& each : action->captures) request.add_param(each.name, each.segment, each.verb_bytes);
  return {match::end::found, action->endpoint};
}

std::string router::allowed(incoming const& request) const {
  auto const* at = walk(request);
  if (at == nullptr) return {};
  std::string list;
  for (std::size_t i = 0; i < method_count; ++i) {
    bool const own = at->actions[i].endpoint != none;
    bool const head = i == index_of(method::head) && at->actions[index_of(method::get)].endpoint != none;
    if (!own && !head && i != index_of(method::options)) continue;
    list.append(list.empty() ? "" : ", ").append(method_names[i]);
  }
  return list;
}

}  // namespace evoke::http
