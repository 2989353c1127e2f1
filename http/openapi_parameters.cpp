#include "http/openapi_parameters.hpp"

#include <array>

namespace evoke::http {
namespace {

constexpr std::string_view text = R"({"type":"string"})";
constexpr std::string_view id = R"({"type":"string","minLength":1,"maxLength":128})";
constexpr std::string_view name = R"({"type":"string","pattern":"^[A-Za-z][A-Za-z0-9_.-]{0,63}$"})";
constexpr std::string_view names = R"({"type":"array","items":{"type":"string"}})";
constexpr std::string_view number = R"({"type":"integer","minimum":1})";
constexpr std::string_view time = R"({"type":"string","format":"date-time"})";
constexpr std::string_view flag = R"({"type":"boolean","default":false})";

constexpr std::array parameters{
    openapi_parameter{"type", "path", "The aggregate type.", name},
    openapi_parameter{"id", "path", "The aggregate id: UTF-8 without control characters and /; not . or ..", id},
    openapi_parameter{"command", "path", "The command's name, see /v1/types.", name},
    openapi_parameter{"event_id", "path", "The event's id.", R"({"type":"string","format":"uuid"})"},
    openapi_parameter{"projection", "path", "The projection's name, see /v1/types.", name},
    openapi_parameter{"key", "path", "The document's key.", id},
    openapi_parameter{"subscription", "path", "The persistent subscription's name.",
                      R"({"type":"string","pattern":"^[a-z0-9_.-]{1,128}$"})"},
    openapi_parameter{"process", "path", "The process's name.", name},
    openapi_parameter{"list", "query",
                      "Which instances: open, stuck (they could not undo something), or blocked (they cannot handle an event).",
                      R"({"enum":["open","stuck","blocked"],"default":"open"})"},
    openapi_parameter{"number", "path", "The dead letter's number: its event's position.", number},
    openapi_parameter{"where", "query",
                      "Conditions on the fields of one index: field=value (an index's name stands for its first field), field.gt, "
                      "field.gte, field.lt, field.lte, field.absent; "
                      "field.eq for a field that is called like a parameter.",
                      R"({"type":"object","additionalProperties":{"type":"string"}})"},
    openapi_parameter{"index", "query", "The index to go by; absent: the one that the conditions fit.", text},
    openapi_parameter{"prefix", "query", "Only keys that begin so; not together with an index.", text},
    openapi_parameter{"row", "query", "All of that aggregate's row, in order, until one fails.", flag},
    openapi_parameter{"limit", "query", "How many at most; cut to max_page_events of /v1/info.",
                      R"({"type":"integer","minimum":1,"default":100})"},
    openapi_parameter{"cursor", "query", "Opaque: from the link to the next page.", text},
    openapi_parameter{"version", "query", "The state as it was at this version.", number},
    openapi_parameter{"at", "query", "The state as it was at this time.", time},
    openapi_parameter{"dry_run", "query", "Decide only: answer with the events and the state that would follow, store nothing.", flag},
    openapi_parameter{"from_version", "query", "Where the page begins; absent: the first event, backward the last.", number},
    openapi_parameter{"direction", "query",
                      "Which way the page goes: forward (the default) or backward. Of a causation graph: causes, effects, or both (the "
                      "default).",
                      R"({"enum":["forward","backward","causes","effects","both"]})"},
    openapi_parameter{"after", "query", "Opaque: next_after of an earlier page, or an id of a live feed.", text},
    openapi_parameter{"since", "query", "Events recorded at this time or later.", time},
    openapi_parameter{"aggregate_type", "query", "Only what is of these aggregate types; timers: of one.", names},
    openapi_parameter{"aggregate_id", "query", "Only what is of this aggregate; needs the aggregate type.", id},
    openapi_parameter{"event_type", "query", "Only events of these types.", names},
    openapi_parameter{"correlation_id", "query", "Only events of this flow.", text},
    openapi_parameter{"id_prefix", "query", "Only events of aggregates whose id begins so.", text},
    openapi_parameter{"raw", "query", "Events as they are stored, not as the program reads them today.", flag},
    openapi_parameter{"part", "query", "Which part of an event that is several today; absent: the first.", number},
    openapi_parameter{"verbose", "query", "Say how each check came out.", flag},
    openapi_parameter{"If-Match", "header", "The expected version as an entity tag, a list of them, or * for an aggregate that exists.",
                      text},
    openapi_parameter{"If-None-Match", "header",
                      "On a read: the version that is already known (304). On a write only *: the aggregate must not exist.", text},
    openapi_parameter{"Idempotency-Key", "header",
                      "The same key and request have their effect once; 1 to 128 bytes, scoped to the aggregate.",
                      R"({"type":"string","minLength":1,"maxLength":140})"},
    openapi_parameter{"Prefer", "header",
                      "Commands: return=minimal: 204 without a body; return=representation: the state in the reply. Reads with a "
                      "Consistency-Token: wait=SECONDS; handling=lenient: then the stale answer rather than none.",
                      text},
    openapi_parameter{"Consistency-Token", "header", "Of a command's reply: answer only when the read model has come so far.", text},
    openapi_parameter{"Accept-Datetime", "header", "The state as it was at this HTTP date (RFC 7089).", text},
    openapi_parameter{"Last-Event-ID", "header", "Live feeds: the id after which to go on. Goes before `after`.", text},
    openapi_parameter{"Correlation-Id", "header", "Names the whole flow; stored with the events.", id},
    openapi_parameter{"Causation-Id", "header", "The direct parent; stored with the events.", id},
    openapi_parameter{"traceparent", "header", "W3C Trace Context; stored with the events.", text},
    openapi_parameter{"tracestate", "header", "W3C Trace Context; stored with the events.", text},
};

}  // namespace

std::span<openapi_parameter const> openapi_parameters() noexcept {
  return parameters;
}

}  // namespace evoke::http
