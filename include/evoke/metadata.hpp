#pragma once

#include <string>

namespace evoke {

/// What travels with a command and is stored with each of its events. All optional, empty = not given.
/// Limits: ids and user 128 bytes, traceparent 55 and tracestate 512 bytes, extra 4 KiB.
struct metadata {
  std::string correlation_id{};  ///< names the whole flow; not given: the command's own id stands for it
  std::string causation_id{};    ///< the direct parent, a command or event id; not given: the command's own id
  std::string user{};            ///< who asked, as the embedding program or the HTTP front end knows it
  std::string traceparent{};     ///< W3C Trace Context
  std::string tracestate{};
  std::string extra{};  ///< free-form: a minified JSON object as text

  friend bool operator==(metadata const&, metadata const&) = default;
};

}  // namespace evoke
