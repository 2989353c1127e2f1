#pragma once

#include <evoke/event.hpp>

#include <string>

namespace evoke::http {

/// Appends an event in the one shape it has everywhere, with `part` and `parts` where the stored event is several today. Payload and
/// free-form metadata are spliced as they are.
void append_event(std::string& out, recorded_event const& event);

/// Appends an event as CloudEvents 1.0 in JSON (structured mode): `source` is the stream's type, `subject` the aggregate id, and with the
/// extensions correlationid, causationid, traceparent, tracestate and sequence (the position in 20 digits, so that text sorts as numbers
/// do). A part's id is the event's, a slash and the part's number: CloudEvents tells events apart by it.
void append_cloudevent(std::string& out, recorded_event const& event);

}  // namespace evoke::http
