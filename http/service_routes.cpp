#include "http/generic_routes.hpp"
#include "http/json_text.hpp"
#include "http/parameters.hpp"
#include "http/problem.hpp"

#include <evoke/json/writer.hpp>

#include <functional>

/// Routes about the server itself.
namespace evoke::http {
namespace {

/// A document that is fixed while the server runs.
void answer_document(std::string const& text, incoming& request, ticket reply_to) {
  static_cast<void>(request);
  reply_to.answer([&](reply& out, incoming const& asked) {
    if (auto checked = check_query(asked, {}); !checked) return render_failure(out, checked.error());
    std::string tag = "\"";
    append_number(tag, std::hash<std::string>{}(text));
    tag.append("\"");
    out.header("ETag", tag);
    out.header("Cache-Control", "no-cache");
    if (asked.header("If-None-Match").find(tag) != std::string_view::npos) {
      out.status = 304;
      return;
    }
    out.content_type = media::json;
    out.body = text;
  });
}

void write_limits(json::writer& out, evoke::limits const& limits, server_options const& options) {
  auto const number = [&](std::string_view name, std::uint64_t value) { out.plain_key(name), out.integer(value); };
  out.begin_object();
  number("max_open_commands", limits.max_open_commands);
  number("max_waiting_commands", limits.max_waiting_commands);
  number("max_resident_aggregates", limits.max_resident_aggregates);
  number("max_recoveries", limits.max_recoveries);
  number("max_waiting_reads", limits.max_waiting_reads);
  number("max_events_per_command", limits.max_events_per_command);
  number("max_payload_bytes", limits.max_payload_bytes);
  number("max_command_bytes", limits.max_command_bytes);
  number("max_state_bytes", limits.max_state_bytes);
  number("max_json_depth", limits.max_json_depth);
  number("max_page_events", limits.max_page_events);
  number("max_page_bytes", limits.max_page_bytes);
  number("max_history_events", limits.max_history_events);
  number("max_history_time_ms", static_cast<std::uint64_t>(limits.max_history_time.count()));
  number("max_raw_names", limits.max_raw_names);
  number("max_subscriptions", limits.max_subscriptions);
  number("max_connections", options.max_connections);
  number("max_header_bytes", options.max_header_bytes);
  number("max_target_bytes", options.max_target_bytes);
  number("max_body_bytes", options.max_body_bytes);
  number("max_batch_commands", options.max_batch_commands);
  number("command_timeout_ms", static_cast<std::uint64_t>(options.command_timeout.count()));
  number("feed_heartbeat_ms", static_cast<std::uint64_t>(options.feed_heartbeat.count()));
  out.end_object();
}

void render_info(api_context const& api, std::string& text) {
  auto const info = api.served.info();
  json::writer out{text};
  out.begin_object();
  out.plain_key("name"), out.string("evoke");
  out.plain_key("version"), out.string(EVOKE_VERSION);
  out.plain_key("store_id"), out.string(info.store_id);
  out.plain_key("format_version"), out.integer(info.format_version);
  bool const on_disk = info.storage == storage::rocksdb;
  out.plain_key("storage"), out.string(on_disk ? "rocksdb" : "in_memory");
  out.plain_key("durability"), out.string(!on_disk ? "none" : info.durability == durability::disk ? "disk" : "os");
  out.plain_key("head"), out.integer(info.head.value());
  out.plain_key("workers"), out.integer(info.workers);
  out.plain_key("resident_aggregates"), out.integer(info.resident_aggregates);
  out.plain_key("open_commands"), out.integer(info.open_commands);
  out.plain_key("idempotency_expiry_seconds");
  out.integer(static_cast<std::uint64_t>(std::chrono::seconds(info.idempotency_expiry).count()));
  out.plain_key("limits");
  write_limits(out, info.limits, api.options);
  out.end_object();
}

struct check {
  std::string_view name;
  bool ok;
};

void append_checks(std::initializer_list<check> checks, std::string& out) {
  append_name(out, "checks");
  out.append("[");
  for (auto const& each : checks) {
    if (out.back() != '[') out.append(",");
    out.append("{");
    append_member(out, "name", each.name);
    append_json_member(out, "ok", each.ok ? "true" : "false");
    out.append("}");
  }
  out.append("]");
}

}  // namespace

void answer_home(api_context& api, incoming& request, ticket reply_to) {
  static_cast<void>(request);
  reply_to.answer([&](reply& out, incoming const&) {
    out.content_type = media::json;
    auto& body = out.body;
    body.append("{");
    append_member(body, "name", "evoke");
    append_member(body, "version", EVOKE_VERSION);
    append_name(body, "links");
    body.append("{");
    auto const add = [&](std::string_view name, std::string_view path) {
      std::string link;
      api.append_link(link, path);
      append_member(body, name, link);
    };
    for (auto const& [name, path] : std::initializer_list<std::pair<std::string_view, std::string_view>>{{"types", "/v1/types"},
                                                                                                         {"events", "/v1/events"},
                                                                                                         {"projections", "/v1/projections"},
                                                                                                         {"info", "/v1/info"},
                                                                                                         {"openapi", "/openapi.json"},
                                                                                                         {"liveness", "/livez"},
                                                                                                         {"readiness", "/readyz"}})
      add(name, path);
    append_name(body, "views");
    body.append("{");
    for (auto const& each : api.served.types().projections()) add(each->name(), "/v1/views/" + each->name());
    body.append("}");
    append_member(body, "docs", EVOKE_DOCS_URL);
    body.append("}}");
    out.header("Link", "</openapi.json>; rel=\"service-desc\"");
  });
}

void answer_livez(api_context& api, incoming& request, ticket reply_to) {
  static_cast<void>(api);
  static_cast<void>(request);
  reply_to.answer([](reply& out, incoming const& asked) {
    auto const verbose = read_flag(asked, "verbose");
    if (!verbose) return render_failure(out, verbose.error());
    out.header("Cache-Control", "no-store");
    out.content_type = media::json;
    out.body.append("{\"status\":\"live\"");
    if (*verbose) append_checks({{"workers", true}}, out.body);  // that this is answered is the check
    out.body.append("}");
  });
}

void answer_readyz(api_context& api, incoming& request, ticket reply_to) {
  static_cast<void>(request);
  reply_to.answer([&](reply& out, incoming const& asked) {
    auto const verbose = read_flag(asked, "verbose");
    if (!verbose) return render_failure(out, verbose.error());
    auto const health = api.served.health();
    bool const draining = health.draining || api.draining;
    std::string members;
    // A runtime that answers has recovered: start() returns no earlier.
    if (*verbose) append_checks({{"journal_writable", health.journal_writable}, {"recovered", true}, {"not_draining", !draining}}, members);
    if (health.ready() && !draining) {
      out.content_type = media::json;
      out.body.append("{\"status\":\"ready\"");
      if (*verbose) out.body.append(",").append(members);
      out.body.append("}");
    } else {
      render_problem(out, problems::not_ready, !health.reason.empty() ? health.reason : "the server is stopping", members);
    }
    out.header("Cache-Control", "no-store");
  });
}

void answer_info(api_context& api, incoming& request, ticket reply_to) {
  static_cast<void>(request);
  reply_to.answer([&](reply& out, incoming const& asked) {
    if (auto checked = check_query(asked, {}); !checked) return render_failure(out, checked.error());
    out.content_type = media::json;
    out.header("Cache-Control", "no-store");
    render_info(api, out.body);
  });
}

void answer_types(api_context& api, incoming& request, ticket reply_to) {
  answer_document(api.types, request, std::move(reply_to));
}

void answer_openapi(api_context& api, incoming& request, ticket reply_to) {
  answer_document(api.openapi, request, std::move(reply_to));
}

}  // namespace evoke::http
