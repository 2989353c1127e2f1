#include "http/read_after.hpp"

#include "http/json_text.hpp"
#include "http/prefer.hpp"

#include <algorithm>

namespace evoke::http {

result<wanted_freshness> read_freshness(incoming const& request, consistency_tokens const& tokens, std::chrono::milliseconds longest) {
  wanted_freshness made;
  auto const token = request.find_header("Consistency-Token");
  if (!token) return made;
  auto const at = tokens.parse(*token);
  if (!at) return fail(errc::invalid_argument, "Consistency-Token: not a token of this store");
  auto const preferred = parse_prefer(request.header("Prefer"));
  made.after.at = *at;
  if (preferred.wait) {
    auto const most = std::chrono::duration_cast<std::chrono::seconds>(longest);
    made.waits = std::min(*preferred.wait, most);
    made.after.wait = *made.waits;
  }
  made.after.wait = std::min(made.after.wait, longest);
  made.after.accept_stale = preferred.lenient.value_or(false);
  return made;
}

void append_freshness(wanted_freshness const& wanted, consistency_tokens const& tokens, position checkpoint, reply& out) {
  out.headers.append("Consistency-Token: ");
  tokens.append(checkpoint, out.headers);
  out.headers.append("\r\n");
  std::string applied;
  if (wanted.waits) {
    applied.append("wait=");
    append_number(applied, static_cast<std::uint64_t>(wanted.waits->count()));
  }
  if (wanted.after.accept_stale) applied.append(applied.empty() ? "" : ", ").append("handling=lenient");
  if (!applied.empty()) out.header("Preference-Applied", applied);
}

}  // namespace evoke::http
