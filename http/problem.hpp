#pragma once

#include "http/reply.hpp"

#include <evoke/failure.hpp>
#include <evoke/http/message.hpp>
#include <evoke/rejection.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace evoke::http {

/// One kind of problem: its status, the page docs/problems/<slug>.md that explains it, and its title.
struct problem_kind {
  std::uint16_t status;
  std::string_view slug;
  std::string_view title;
  std::uint32_t retry_after_ms = 0;  ///< when to try again if nobody knows better; 0 = trying again does not help by itself
};

/// What the front end itself says, before or beside the runtime.
namespace problems {
inline constexpr problem_kind bad_request{400, "bad-request", "The request is not well-formed"};
inline constexpr problem_kind no_such_route{404, "no-such-route", "There is nothing at this path"};
inline constexpr problem_kind method_not_allowed{405, "method-not-allowed", "The path does not take this method"};
inline constexpr problem_kind not_acceptable{406, "not-acceptable", "None of the accepted media types can be had here"};
inline constexpr problem_kind request_timeout{408, "request-timeout", "The request took too long to arrive"};
inline constexpr problem_kind content_too_large{413, "content-too-large", "The request body is larger than the limit"};
inline constexpr problem_kind uri_too_long{414, "uri-too-long", "The request target is longer than the limit"};
inline constexpr problem_kind unsupported_media_type{415, "unsupported-media-type", "The request body is not of a type that is read here"};
inline constexpr problem_kind expectation_failed{417, "expectation-failed", "The Expect header asks for something unknown"};
inline constexpr problem_kind header_too_large{431, "header-too-large", "The request head is larger than the limit"};
inline constexpr problem_kind internal_error{500, "internal-error", "The server failed to answer"};
inline constexpr problem_kind method_not_implemented{501, "method-not-implemented", "No path takes this method"};
inline constexpr problem_kind too_many_connections{503, "too-many-connections", "The server has as many connections as it may", 1'000};
inline constexpr problem_kind not_ready{503, "not-ready", "The server does not take commands now", 5'000};
inline constexpr problem_kind version_not_supported{505, "http-version-not-supported", "Only HTTP/1.1 and HTTP/1.0 are spoken here"};
inline constexpr problem_kind rejection{0, "rejection", "The domain refused the command"};  ///< the status comes from the kind
}  // namespace problems

/// The one mapping from errors to answers.
[[nodiscard]] problem_kind const& problem_of(errc code) noexcept;
[[nodiscard]] std::uint16_t status_of(rejection_kind kind) noexcept;

/// Every kind there is, for the documents and their tests.
[[nodiscard]] std::span<problem_kind const> all_failure_problems() noexcept;
[[nodiscard]] std::span<problem_kind const> all_transport_problems() noexcept;

/// The absolute URI of a slug. `detail_part` (a rejection's code) becomes its fragment.
void append_problem_uri(std::string& out, std::string_view slug, std::string_view detail_part = {});

/// Appends a problem document. `members` are finished JSON members (`"a":1,"b":2`) or empty.
void append_failure(std::string& out, failure const& why, std::string_view members = {});
void append_rejection(std::string& out, evoke::rejection const& why, std::string_view members = {});

/// Replaces `out` by a problem document, with its status and headers.
void render_problem(reply& out, problem_kind const& kind, std::string_view detail, std::string_view members = {});
void render_failure(reply& out, failure const& why, std::string_view members = {});
void render_rejection(reply& out, evoke::rejection const& why, std::string_view members = {});

}  // namespace evoke::http
