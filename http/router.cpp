#include "http/router.hpp"

#include "http/field_text.hpp"

#include <algorithm>

namespace evoke::http {
namespace {

constexpr std::array<std::string_view, router::method_count> method_names{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"};

std::size_t index_of(method which) noexcept {
  return static_cast<std::size_t>(which);
}

/// A segment's name between braces; nullopt for a literal. An empty name is a broken capture.
std::optional<std::string_view> capture_name(std::string_view segment) noexcept {
  if (segment.size() < 2 || segment.front() != '{' || segment.back() != '}') return std::nullopt;
  return segment.substr(1, segment.size() - 2);
}

bool valid_segment(std::string_view segment) noexcept {
  if (auto const name = capture_name(segment)) return is_token(*name) && name->find_first_of("{}") == std::string_view::npos;
  return !segment.empty() && segment.find_first_of("{}?#%") == std::string_view::npos;
}

}  // namespace

std::string_view name_of(method which) noexcept {
  return which == method::other ? std::string_view("other") : method_names[index_of(which)];
}

struct router::node {
  struct action {
    std::uint32_t endpoint = none;
    std::vector<std::pair<std::string, std::size_t>> captures;  ///< name, number of the segment
  };

  std::map<std::string, std::unique_ptr<node>, std::less<>> literals;
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
  std::vector<std::pair<std::string, std::size_t>> captures;
  auto rest = pattern.substr(1);
  for (std::size_t number = 0; pattern.size() > 1; ++number) {
    auto const slash = std::min(rest.find('/'), rest.size());
    auto const segment = rest.substr(0, slash);
    if (!valid_segment(segment)) return refused(errc::invalid_argument, "a segment is neither plain text nor a {name}");
    if (auto const name = capture_name(segment)) {
      if (std::ranges::any_of(captures, [&](auto const& each) { return each.first == *name; }))
        return refused(errc::invalid_argument, "a name is captured twice");
      captures.emplace_back(*name, number);
      if (!at->capture) at->capture = std::make_unique<node>();
      at = at->capture.get();
    } else {
      auto& next = at->literals[std::string(segment)];
      if (!next) next = std::make_unique<node>();
      at = next.get();
    }
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
  for (auto const& [name, number] : action->captures) request.add_param(name, number);
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
