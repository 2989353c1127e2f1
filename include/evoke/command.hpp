#pragma once

#include <evoke/event.hpp>
#include <evoke/expected_version.hpp>
#include <evoke/rejection.hpp>

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace evoke {

/// How a command is to be carried out; the same for typed commands and for commands by name.
struct command_options {
  expected_version expected{};
  /// 1-128 bytes. Scoped to the aggregate: the same key and request answers with the stored outcome, the same key and another
  /// request is `key_reused`. Checked before `expected`.
  std::optional<std::string> idempotency_key{};
  metadata meta{};
  bool dry_run = false;       ///< decide only: the reply holds the events and state that would follow; nothing is stored
  bool return_state = false;  ///< fill `command_reply::state`
};

/// A command by name, its fields as JSON text: what an HTTP request becomes.
struct command_request {
  std::string type{};
  std::string id{};
  std::string command{};
  std::string body{};  ///< a JSON object
  command_options options{};
};

/// One event of a raw append.
struct raw_event {
  std::optional<event_id> id{};  ///< given by the client: unique within the stream for ever
  std::string type{};
  std::string data{};   ///< any JSON value, stored minified
  std::string extra{};  ///< free-form metadata: a JSON object, or empty
};

/// Appends events as they are to a stream whose type is not registered.
struct raw_append_request {
  std::string type{};
  std::string id{};
  std::vector<raw_event> events{};
  expected_version expected{};
  metadata meta{};
};

/// What is known after a command was accepted and is durable in the runtime's durability mode.
struct command_reply {
  evoke::version version{};               ///< of the aggregate after the command (for a replay: after the original)
  evoke::position position{};             ///< of the aggregate's last event, 0 = none; what a consistency token stands for
  std::vector<event_ref> events{};        ///< caused by this command, in order; empty = nothing changed
  bool created = false;                   ///< this command brought the aggregate into being
  bool replayed = false;                  ///< answered from the idempotency record; `state` is not filled
  std::string state{};                    ///< JSON, when asked for
  std::vector<std::string> event_data{};  ///< dry run only: the events' payloads, in order
};

/// A command's end, one of three: accepted, rejected by the domain, or failed.
class command_result {
 public:
  command_result(command_reply reply) : end_(std::move(reply)) {}              // NOLINT(google-explicit-constructor)
  command_result(rejection why) : end_(refused{std::move(why), {}, false}) {}  // NOLINT(google-explicit-constructor)
  command_result(failure why) : end_(std::move(why)) {}                        // NOLINT(google-explicit-constructor)
  /// A rejection that was answered from the idempotency record.
  [[nodiscard]] static command_result replayed_rejection(rejection why) {
    command_result made{std::move(why)};
    std::get<refused>(made.end_).replayed = true;
    return made;
  }

  [[nodiscard]] bool accepted() const noexcept { return end_.index() == 0; }
  [[nodiscard]] bool rejected() const noexcept { return end_.index() == 1; }
  [[nodiscard]] bool failed() const noexcept { return end_.index() == 2; }
  /// Accepted or rejected, and taken from the idempotency record of an earlier request.
  [[nodiscard]] bool replayed() const noexcept { return accepted() ? reply().replayed : rejected() && std::get<refused>(end_).replayed; }
  /// The aggregate's version when the domain said no.
  [[nodiscard]] std::optional<version> version_at_rejection() const noexcept {
    return rejected() ? std::get<refused>(end_).at : std::nullopt;
  }
  void set_version_at_rejection(version at) noexcept { std::get<refused>(end_).at = at; }

  /// Each throws std::bad_variant_access when the end is another.
  [[nodiscard]] command_reply const& reply() const { return std::get<command_reply>(end_); }
  [[nodiscard]] command_reply& reply() { return std::get<command_reply>(end_); }
  [[nodiscard]] rejection const& why() const { return std::get<refused>(end_).why; }
  [[nodiscard]] failure const& error() const { return std::get<failure>(end_); }

 private:
  struct refused {
    rejection why;
    std::optional<version> at;
    bool replayed = false;
  };
  std::variant<command_reply, refused, failure> end_;
};

}  // namespace evoke
