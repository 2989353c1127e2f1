#include "http/command_batch.hpp"

#include "http/idempotency_key.hpp"
#include "http/parameters.hpp"

#include <evoke/json.hpp>

#include <algorithm>
#include <boost/describe.hpp>

namespace evoke::http {
namespace {

/// `expected_version`: a version, a list of them, 0 (there must be none), or "exists".
struct version_demand {
  expected_version expected{};
  std::string written{};
};

/// `body`: any object. Its text is cut out of the batch.
struct command_fields {};

struct entry_fields {
  std::string aggregate_type;
  std::string aggregate_id;
  std::string command;
  std::optional<command_fields> body;
  std::optional<version_demand> expected_version;
  std::optional<std::string> idempotency_key;
  std::optional<std::string> correlation_id;
  std::optional<std::string> causation_id;
  std::optional<std::string> traceparent;
  std::optional<std::string> tracestate;
  std::optional<std::string> prefer;
  std::optional<bool> dry_run;
};
BOOST_DESCRIBE_STRUCT(entry_fields, (),
                      (aggregate_type, aggregate_id, command, body, expected_version, idempotency_key, correlation_id, causation_id,
                       traceparent, tracestate, prefer, dry_run))

std::optional<expected_version> demanded_by(json::value from) {
  if (from.as_string() == "exists") return expected_version::stream_exists();
  if (auto const number = from.as_integer<std::uint64_t>())
    return *number == 0 ? expected_version::no_stream() : expected_version::exactly(version{*number});
  std::vector<version> any_of;
  for (auto const each : from.elements()) any_of.emplace_back(each.as_integer<std::uint64_t>().value_or(0));
  if (any_of.empty() || std::ranges::find(any_of, version{}) != any_of.end()) return std::nullopt;
  return expected_version::one_of(std::move(any_of));
}

}  // namespace
}  // namespace evoke::http

// Only ever read: an entry is nothing that anybody writes.
template <>
struct evoke::json::codec<evoke::http::version_demand> : evoke::json::detail::no_codec<evoke::http::version_demand> {
  static void read(value in, evoke::http::version_demand& out, field_errors& errors) {
    auto made = evoke::http::demanded_by(in);
    if (!made) return errors.add(in, "must be a version, a list of versions, 0 (there must be none yet) or \"exists\"");
    out.expected = *std::move(made);
    writer{out.written}.copy(in);
  }
};

template <>
struct evoke::json::codec<evoke::http::command_fields> : evoke::json::detail::no_codec<evoke::http::command_fields> {
  static void read(value in, evoke::http::command_fields&, field_errors& errors) {
    if (!in.is_object()) errors.wrong_kind(in, "an object");
  }
};

namespace evoke::http {
namespace {

/// What an entry says goes before what was said for all. @returns invalid_argument, as for the header of that name.
result<void> overrule(command_wish& wish, entry_fields& said) {
  auto& options = wish.options;
  if (said.idempotency_key) {
    if (auto checked = check_idempotency_key(*said.idempotency_key); !checked) return checked;
    options.idempotency_key = std::move(said.idempotency_key);
  }
  if (said.correlation_id) {
    if (auto checked = check_flow_id("correlation_id", *said.correlation_id); !checked) return checked;
    options.meta.correlation_id = *std::move(said.correlation_id);
  }
  if (said.causation_id) {
    if (auto checked = check_flow_id("causation_id", *said.causation_id); !checked) return checked;
    options.meta.causation_id = *std::move(said.causation_id);
  }
  if (said.traceparent) set_trace(options.meta, *said.traceparent, said.tracestate.value_or(""));
  if (said.expected_version) options.expected = std::move(said.expected_version->expected);
  if (said.prefer) wish.reply = parse_prefer(*said.prefer).wanted;
  if (said.dry_run) options.dry_run = *said.dry_run;
  options.return_state = wish.wants_state();
  return {};
}

batched_command read_entry(json::value from, std::string_view text, command_wish const& all) {
  batched_command made{.wish = all};
  auto said = json::decode<entry_fields>(from);
  if (!said) {
    made.refused = std::move(said.error());
    return made;
  }
  made.type = std::move(said->aggregate_type);
  made.id = std::move(said->aggregate_id);
  made.command = std::move(said->command);
  made.body = said->body ? from.find("body")->source(text) : "{}";
  if (said->expected_version) made.expected = std::move(said->expected_version->written);
  if (auto fits = overrule(made.wish, *said); !fits) made.refused = std::move(fits.error());
  return made;
}

}  // namespace

result<std::vector<batched_command>> parse_batch(std::string_view body, command_wish const& all, batch_limits const& most) {
  constexpr std::size_t around_a_body = 2;  // the array, and the entry
  json::borrowed_document document;
  auto const root = document->parse(body, most.max_json_depth + around_a_body);
  if (!root) return std::unexpected(root.error());
  json::field_errors errors;
  if (!root->is_array())
    errors.wrong_kind(*root, "an array of commands");
  else if (root->size() == 0)
    errors.add(*root, "must hold at least one command");
  if (!errors.empty()) return std::unexpected(std::move(errors).to_failure());
  if (root->size() > most.max_commands)
    return fail(errc::limit_exceeded,
                std::to_string(root->size()) + " commands in one batch, the limit is " + std::to_string(most.max_commands));
  std::vector<batched_command> commands;
  commands.reserve(root->size());
  for (auto const each : root->elements()) commands.push_back(read_entry(each, body, all));
  return commands;
}

}  // namespace evoke::http
