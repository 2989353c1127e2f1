#pragma once

#include <evoke/event.hpp>

#include <string>

namespace evoke::http {

/// Appends an event in the one shape it has everywhere. Payload and free-form metadata are spliced as they are stored.
void append_event(std::string& out, recorded_event const& event);

/// Appends an event as CloudEvents 1.0 in JSON (structured mode): `source` is the stream's type, `subject` the aggregate id, and with the
/// extensions correlationid, causationid, traceparent, tracestate and sequence (the position in 20 digits, so that text sorts as numbers
/// do).
void append_cloudevent(std::string& out, recorded_event const& event);

}  // namespace evoke::http
