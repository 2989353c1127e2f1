#include "runtime/metadata_limits.hpp"

#include <evoke/json.hpp>
#include <evoke/utf8.hpp>

#include <string_view>

#include "persistence/journal.hpp"

namespace evoke::detail {
namespace {

constexpr std::size_t max_extra_bytes = 4 * 1024;
constexpr std::size_t max_internal_key_bytes = 255;

result<void> check_text(std::string_view text, std::size_t most, char const* name) {
  if (text.size() > most)
    return fail(errc::limit_exceeded,
                std::string(name) + " has " + std::to_string(text.size()) + " bytes, the limit is " + std::to_string(most));
  for (char const each : text)
    if (static_cast<unsigned char>(each) < 0x20 || each == 0x7f)
      return fail(errc::invalid_argument, std::string(name) + " holds a control character");
  if (!is_utf8(text)) return fail(errc::invalid_argument, std::string(name) + " is not UTF-8");
  return {};
}

result<void> check_key(std::string const& key, caller from) {
  if (key.empty()) return fail(errc::invalid_argument, "an idempotency key must not be empty");
  if (!persistence::is_internal_key(key)) return check_text(key, 128, "idempotency key");
  if (from == caller::outside) return fail(errc::invalid_argument, "idempotency keys that begin with the byte 0x01 are the runtime's own");
  if (key.size() < 2 || key.size() > max_internal_key_bytes)
    return fail(errc::limit_exceeded, "an internal idempotency key has " + std::to_string(key.size()) + " bytes");
  return {};
}

}  // namespace

result<void> check_limits(metadata& meta, std::optional<std::string> const& key, caller from) {
  struct field {
    std::string const& text;
    std::size_t most;
    char const* name;
  };
  for (auto const& each :
       {field{meta.correlation_id, 128, "correlation_id"}, field{meta.causation_id, 128, "causation_id"}, field{meta.user, 128, "user"},
        field{meta.traceparent, 55, "traceparent"}, field{meta.tracestate, 512, "tracestate"}})
    if (!each.text.empty())
      if (auto checked = check_text(each.text, each.most, each.name); !checked) return checked;
  if (key)
    if (auto checked = check_key(*key, from); !checked) return checked;
  if (!meta.extra.empty()) {
    auto minified = json::minify(meta.extra);
    if (!minified) return std::unexpected(minified.error());
    if (minified->front() != '{') return fail(errc::invalid_argument, "free-form metadata must be a JSON object");
    if (minified->size() > max_extra_bytes)
      return fail(errc::limit_exceeded, "free-form metadata has " + std::to_string(minified->size()) + " bytes, the limit is 4096");
    meta.extra = std::move(*minified);
  }
  return {};
}

}  // namespace evoke::detail
