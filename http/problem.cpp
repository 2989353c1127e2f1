#include "http/problem.hpp"

#include "http/json_text.hpp"
#include "http/percent.hpp"

#include <evoke/http/server.hpp>

#include <array>

#ifndef EVOKE_DOCS_URL
#error "EVOKE_DOCS_URL is where the docs are published; http/CMakeLists.txt defines it"
#endif

namespace evoke::http {
namespace {

constexpr std::array failures{
    problem_kind{400, "invalid-argument", "An id, name or parameter is not of the documented form"},
    problem_kind{400, "malformed", "The body is not JSON, or a field does not fit"},
    problem_kind{404, "unknown-type", "There is no such aggregate type"},
    problem_kind{404, "unknown-command", "The aggregate type has no such command"},
    problem_kind{404, "not-found", "There is no such aggregate, event or version"},
    problem_kind{409, "already-exists", "The events overlap with stored ones"},
    problem_kind{412, "version-mismatch", "The precondition did not hold"},
    problem_kind{428, "precondition-required", "This aggregate type demands a precondition"},
    problem_kind{422, "key-reused", "The idempotency key was used for another request"},
    problem_kind{409, "key-in-flight", "The request with this idempotency key is not finished yet", 100},
    problem_kind{403, "not-allowed", "This is not allowed here"},
    problem_kind{422, "limit-exceeded", "The request goes beyond a limit"},
    problem_kind{422, "history-too-long", "The history is too long to be folded for one read"},
    problem_kind{404, "unknown-projection", "There is no such projection"},
    problem_kind{400, "unknown-index", "The projection has no such index or field"},
    problem_kind{409, "lease-expired", "The events are not in that lease any more"},
    problem_kind{400, "stale-cursor", "The cursor is not of this query"},
    problem_kind{503, "overloaded", "There are too many open commands", 1'000},
    problem_kind{503, "recovering", "The aggregate could not be recovered just now", 1'000},
    problem_kind{503, "draining", "The server is stopping", 5'000},
    problem_kind{500, "user-code-failed", "The domain's code failed"},
    problem_kind{504, "outcome-unknown", "It is not known whether the command took effect"},
    problem_kind{503, "journal-failed", "The journal takes no more writes until a restart", 10'000},
    problem_kind{507, "storage-full", "The disk is full; reads go on"},
    problem_kind{500, "corrupt", "Stored data does not read"},
    problem_kind{500, "incompatible-store", "The store is of another format or identity"},
    problem_kind{500, "store-in-use", "The store is open elsewhere"},
    problem_kind{500, "data-lost", "The store holds less than was acknowledged"},
    problem_kind{500, "io-error", "The operating system or storage engine refused"},
    problem_kind{503, "timed-out", "A deadline passed; nothing was written", 1'000},
    problem_kind{503, "cancelled", "The answer is wanted no more", 1'000},
    problem_kind{503, "projection-lagging", "The read model has not come so far yet", 1'000},
    problem_kind{503, "projection-blocked", "The read model cannot come so far before a person looks at it", 30'000},
};
// The table is indexed by errc: a new code must get its line.
static_assert(failures.size() == static_cast<std::size_t>(errc::projection_blocked) + 1);

constexpr std::array transport{
    problems::bad_request,          problems::no_such_route,     problems::method_not_allowed,    problems::not_acceptable,
    problems::request_timeout,      problems::content_too_large, problems::uri_too_long,          problems::unsupported_media_type,
    problems::expectation_failed,   problems::header_too_large,  problems::internal_error,        problems::method_not_implemented,
    problems::too_many_connections, problems::not_ready,         problems::version_not_supported, problems::rejection,
};

void append_retry_after(reply& out, std::uint32_t retry_after_ms) {
  if (retry_after_ms == 0) return;
  out.headers.append("Retry-After: ");
  append_number(out.headers, (retry_after_ms + 999) / 1000);
  out.headers.append("\r\n");
}

std::uint32_t retry_after_of(failure const& why) noexcept {
  return why.retry_after_ms.value_or(problem_of(why.code).retry_after_ms);
}

void begin(reply& out, std::uint16_t status) {
  out.clear();
  out.status = status;
  out.content_type = media::problem;
}

void open_document(std::string& out, std::uint16_t status, std::string_view slug, std::string_view code, std::string_view title,
                   std::string_view detail) {
  out.append("{\"type\":\"");
  append_problem_uri(out, slug, code);
  out.append("\"");
  append_member(out, "title", title);
  append_member(out, "status", std::uint64_t{status});
  if (!detail.empty()) append_member(out, "detail", detail);
}

void append_retry_member(std::string& out, std::uint32_t retry_after_ms) {
  if (retry_after_ms > 0) append_member(out, "retry_after_ms", std::uint64_t{retry_after_ms});
}

void close_document(std::string& out, std::string_view members) {
  if (!members.empty()) out.append(",").append(members);
  out.append("}");
}

void append_errors(std::string& out, std::vector<field_error> const& errors) {
  if (errors.empty()) return;
  append_name(out, "errors");
  out.append("[");
  for (auto const& each : errors) {
    if (out.back() != '[') out.append(",");
    out.append("{");
    append_member(out, "pointer", each.pointer);
    append_member(out, "detail", each.detail);
    out.append("}");
  }
  out.append("]");
}

response to_response(reply&& made) {
  response out;
  out.status = made.status;
  out.body = std::move(made.body);
  out.content_type = made.content_type;
  // Only Retry-After is ever among a problem's own lines.
  constexpr std::string_view retry = "Retry-After: ";
  if (made.headers.starts_with(retry))
    out.headers.emplace_back("Retry-After", made.headers.substr(retry.size(), made.headers.find('\r') - retry.size()));
  return out;
}

}  // namespace

problem_kind const& problem_of(errc code) noexcept {
  return failures[static_cast<std::size_t>(code)];
}

std::uint16_t status_of(rejection_kind kind) noexcept {
  switch (kind) {
    case rejection_kind::invalid: return 422;
    case rejection_kind::conflict: return 409;
    case rejection_kind::not_found: return 404;
    case rejection_kind::forbidden: return 403;
  }
  return 422;
}

std::span<problem_kind const> all_failure_problems() noexcept {
  return failures;
}

std::span<problem_kind const> all_transport_problems() noexcept {
  return transport;
}

void append_problem_uri(std::string& out, std::string_view slug, std::string_view detail_part) {
  out.append(EVOKE_DOCS_URL "/problems/").append(slug);
  if (detail_part.empty()) return;
  out.append("#");
  percent_encode(detail_part, out);
}

void append_failure(std::string& out, failure const& why, std::string_view members) {
  auto const& kind = problem_of(why.code);
  open_document(out, kind.status, kind.slug, {}, kind.title, why.message);
  if (why.current_version) append_member(out, "current_version", *why.current_version);
  if (why.lag) {
    append_member(out, "checkpoint", why.lag->checkpoint);
    append_member(out, "wanted", why.lag->wanted);
  }
  append_errors(out, why.errors);
  append_retry_member(out, retry_after_of(why));
  close_document(out, members);
}

void append_rejection(std::string& out, rejection const& why, std::string_view members) {
  open_document(out, status_of(why.kind), problems::rejection.slug, why.code, problems::rejection.title, why.message);
  append_member(out, "code", why.code);
  append_member(out, "kind", name_of(why.kind));
  if (!why.details.empty()) append_json_member(out, "details", why.details);
  close_document(out, members);
}

void render_problem(reply& out, problem_kind const& kind, std::string_view detail, std::string_view members) {
  begin(out, kind.status);
  open_document(out.body, kind.status, kind.slug, {}, kind.title, detail);
  append_retry_member(out.body, kind.retry_after_ms);
  close_document(out.body, members);
  append_retry_after(out, kind.retry_after_ms);
}

void render_failure(reply& out, failure const& why, std::string_view members) {
  begin(out, problem_of(why.code).status);
  append_failure(out.body, why, members);
  append_retry_after(out, retry_after_of(why));
}

void render_rejection(reply& out, rejection const& why, std::string_view members) {
  begin(out, status_of(why.kind));
  append_rejection(out.body, why, members);
}

response problem(std::uint16_t status, std::string_view slug, std::string_view title, std::string_view detail) {
  reply made;
  render_problem(made, {status, slug, title}, detail);
  return to_response(std::move(made));
}

response problem(failure const& why) {
  reply made;
  render_failure(made, why);
  return to_response(std::move(made));
}

response problem(rejection const& why) {
  reply made;
  render_rejection(made, why);
  return to_response(std::move(made));
}

}  // namespace evoke::http
