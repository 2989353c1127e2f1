#include <evoke/failure.hpp>
#include <evoke/rejection.hpp>

namespace evoke {

// Both are part of the interface: programs compare them, so a name never changes. No default label: the compiler then tells of a code
// that has no name yet.

std::string_view name_of(errc code) noexcept {
  switch (code) {
    case errc::invalid_argument: return "invalid_argument";
    case errc::malformed: return "malformed";
    case errc::unknown_type: return "unknown_type";
    case errc::unknown_command: return "unknown_command";
    case errc::not_found: return "not_found";
    case errc::already_exists: return "already_exists";
    case errc::version_mismatch: return "version_mismatch";
    case errc::precondition_required: return "precondition_required";
    case errc::key_reused: return "key_reused";
    case errc::key_in_flight: return "key_in_flight";
    case errc::not_allowed: return "not_allowed";
    case errc::limit_exceeded: return "limit_exceeded";
    case errc::history_too_long: return "history_too_long";
    case errc::unknown_projection: return "unknown_projection";
    case errc::unknown_index: return "unknown_index";
    case errc::lease_expired: return "lease_expired";
    case errc::stale_cursor: return "stale_cursor";
    case errc::overloaded: return "overloaded";
    case errc::recovering: return "recovering";
    case errc::draining: return "draining";
    case errc::user_code_failed: return "user_code_failed";
    case errc::outcome_unknown: return "outcome_unknown";
    case errc::journal_failed: return "journal_failed";
    case errc::storage_full: return "storage_full";
    case errc::corrupt: return "corrupt";
    case errc::incompatible_store: return "incompatible_store";
    case errc::store_in_use: return "store_in_use";
    case errc::data_lost: return "data_lost";
    case errc::io_error: return "io_error";
    case errc::timed_out: return "timed_out";
    case errc::cancelled: return "cancelled";
    case errc::projection_lagging: return "projection_lagging";
    case errc::projection_blocked: return "projection_blocked";
  }
  return "unknown";
}

std::string_view name_of(rejection_kind kind) noexcept {
  switch (kind) {
    case rejection_kind::invalid: return "invalid";
    case rejection_kind::conflict: return "conflict";
    case rejection_kind::not_found: return "not_found";
    case rejection_kind::forbidden: return "forbidden";
  }
  return "unknown";
}

}  // namespace evoke
