#include "http/command_request.hpp"

#include "http/entity_tags.hpp"
#include "http/idempotency_key.hpp"
#include "http/parameters.hpp"

namespace evoke::http {

result<command_wish> read_command_wish(incoming const& request) {
  command_wish made;
  if (auto checked = check_query(request, {"dry_run"}); !checked) return std::unexpected(std::move(checked.error()));
  auto dry_run = read_flag(request, "dry_run");
  if (!dry_run) return std::unexpected(std::move(dry_run.error()));
  auto expected = parse_precondition(request.find_header("If-Match"), request.find_header("If-None-Match"));
  if (!expected) return std::unexpected(std::move(expected.error()));
  auto meta = read_metadata(request);
  if (!meta) return std::unexpected(std::move(meta.error()));
  if (auto const field = request.find_header("Idempotency-Key")) {
    auto key = parse_idempotency_key(*field);
    if (!key) return std::unexpected(std::move(key.error()));
    made.options.idempotency_key = *std::move(key);
  }
  made.reply = parse_prefer(request.header("Prefer")).wanted;
  made.options.expected = *std::move(expected);
  made.options.meta = *std::move(meta);
  made.options.dry_run = *dry_run;
  made.options.return_state = made.wants_state();
  return made;
}

}  // namespace evoke::http
