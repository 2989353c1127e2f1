#include "http/incoming.hpp"

#include "http/field_text.hpp"
#include "http/percent.hpp"

#include <algorithm>

namespace evoke::http {

std::string_view incoming::param(std::string_view name) const noexcept {
  for (auto const& each : params_)
    if (each.name == name) return view(each.value);
  return {};
}

std::optional<std::string_view> incoming::find_header(std::string_view name) const noexcept {
  field const* first = nullptr;
  std::string* joined = nullptr;
  for (auto const& each : headers_) {
    if (!iequals(view(each.name), name)) continue;
    if (first == nullptr) {
      first = &each;
      continue;
    }
    if (joined == nullptr) joined = &joined_.emplace_back(view(first->value));
    joined->append(", ").append(view(each.value));
  }
  if (first == nullptr) return std::nullopt;
  return joined != nullptr ? std::string_view(*joined) : view(first->value);
}

std::size_t incoming::header_count(std::string_view name) const noexcept {
  return static_cast<std::size_t>(std::ranges::count_if(headers_, [&](field const& each) { return iequals(view(each.name), name); }));
}

std::optional<std::string_view> incoming::find_query(std::string_view name) const noexcept {
  for (auto const& each : parameters_)
    if (view(each.name) == name) return view(each.value);
  return std::nullopt;
}

std::vector<std::string_view> incoming::query_values(std::string_view name) const {
  std::vector<std::string_view> found;
  for (auto const& each : parameters_)
    if (view(each.name) == name) found.push_back(view(each.value));
  return found;
}

std::size_t incoming::query_count(std::string_view name) const noexcept {
  return static_cast<std::size_t>(std::ranges::count_if(parameters_, [&](field const& each) { return view(each.name) == name; }));
}

std::string_view incoming::unknown_query(std::initializer_list<std::string_view> known) const noexcept {
  for (auto const& each : parameters_)
    if (std::ranges::find(known, view(each.name)) == known.end()) return view(each.name);
  return {};
}

void incoming::begin(std::size_t head_bytes) {
  method_ = method::other;
  http_1_0_ = false;
  text_.clear();
  text_.reserve(2 * head_bytes);  // the head once, its target once more in decoded form
  body_.clear();
  target_ = path_ = query_ = {};
  headers_.clear();
  segments_.clear();
  parameters_.clear();
  params_.clear();
  joined_.clear();
}

void incoming::release() noexcept {
  constexpr std::size_t max_kept_bytes = std::size_t{16} * 1024;
  if (body_.capacity() > max_kept_bytes) std::string().swap(body_);
}

void incoming::set_line(http::method method, std::string_view target, bool http_1_0) {
  method_ = method;
  target_ = store(target);
  http_1_0_ = http_1_0;
}

void incoming::add_header(std::string_view name, std::string_view value) {
  auto const stored = store(name);
  headers_.push_back({stored, store(value)});
}

std::string_view incoming::split_target() {
  path_ = target_;
  auto target = view(target_);
  if (!std::ranges::all_of(target, [](char c) { return c > 0x20 && c < 0x7F; }))
    return "the request target holds a character that must be percent-encoded";
  if (target == "*") return method_ == method::options ? std::string_view{} : "the target * belongs to OPTIONS";
  for (std::string_view const scheme : {"http://", "https://"}) {  // absolute-form, as clients send it to a proxy
    if (target.size() < scheme.size() || !iequals(target.substr(0, scheme.size()), scheme)) continue;
    auto const slash = std::min(target.find_first_of("/?", scheme.size()), target.size());
    path_ = {path_.at + static_cast<std::uint32_t>(slash), path_.size - static_cast<std::uint32_t>(slash)};
    if (!view(path_).starts_with('/')) {  // "http://host" and "http://host?query" mean the root
      std::string const rest(view(path_));
      path_ = store("/" + rest);
    }
    target = view(path_);
  }
  auto const fragment = target.find('#');
  if (fragment != std::string_view::npos) return "the request target holds a #";
  auto const mark = target.find('?');
  if (mark != std::string_view::npos) {
    auto const whole = path_;
    path_.size = static_cast<std::uint32_t>(mark);
    query_ = {whole.at + path_.size + 1, whole.size - path_.size - 1};
  }
  if (!view(path_).starts_with('/')) return "the request target does not begin with /";
  if (!split_path()) return "the path holds a broken percent-escape, or bytes that are not UTF-8";
  if (!split_query()) return "the query holds a broken percent-escape, or bytes that are not UTF-8";
  return {};
}

bool incoming::split_path() {
  if (path_.size == 1) return true;
  auto const end = path_.at + path_.size;
  for (auto at = path_.at + 1;;) {
    auto const slash = text_.find('/', at);
    auto const stop = slash < end ? static_cast<std::uint32_t>(slash) : end;
    auto& made = segments_.emplace_back();
    if (!store_decoded(view({at, stop - at}), false, made)) return false;
    if (stop == end) return true;
    at = stop + 1;
  }
}

bool incoming::split_query() {
  for (auto at = query_.at, end = query_.at + query_.size; at < end;) {
    auto const ampersand = text_.find('&', at);
    auto const stop = ampersand < end ? static_cast<std::uint32_t>(ampersand) : end;
    auto const pair = view({at, stop - at});
    at = stop + 1;
    if (pair.empty()) continue;
    auto const equals = static_cast<std::uint32_t>(std::min(pair.find('='), pair.size()));
    auto const begin = stop - static_cast<std::uint32_t>(pair.size());
    field made;
    if (!store_decoded(view({begin, equals}), true, made.name)) return false;
    auto const value_at = std::min(begin + equals + 1, stop);
    if (!store_decoded(view({value_at, stop - value_at}), true, made.value)) return false;
    parameters_.push_back(made);
  }
  return true;
}

incoming::span incoming::store(std::string_view text) {
  span const made{static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(text.size())};
  text_.append(text);
  return made;
}

bool incoming::store_decoded(std::string_view encoded, bool in_query, span& out) {
  // `encoded` may lie in text_, which must not move under it. begin() reserved enough; this is for a caller who announced too little.
  if (text_.capacity() - text_.size() < encoded.size()) {
    std::string const copy(encoded);
    text_.reserve(2 * (text_.size() + copy.size()));
    return store_decoded(copy, in_query, out);
  }
  out.at = static_cast<std::uint32_t>(text_.size());
  if (!percent_decode(encoded, in_query ? plus_sign::space : plus_sign::literal, text_)) return false;
  out.size = static_cast<std::uint32_t>(text_.size()) - out.at;
  return true;
}

}  // namespace evoke::http
