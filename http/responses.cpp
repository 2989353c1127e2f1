#include <evoke/http/responses.hpp>

#include <charconv>
#include <limits>

namespace evoke::http {

result<std::size_t> page_limit(request const& of) {
  if (!of.has_query("limit")) return std::numeric_limits<std::size_t>::max();
  auto const text = of.query("limit");
  std::size_t limit = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (error != std::errc{} || end != text.data() + text.size() || limit == 0) return fail(errc::invalid_argument, "limit: a number from 1");
  return limit;
}

}  // namespace evoke::http
