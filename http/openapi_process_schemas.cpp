#include "http/openapi_schemas.hpp"

namespace evoke::http {

std::string_view openapi_process_schemas() noexcept {
  return R"json({
  "process_summary": {
    "type": "object",
    "required": ["name", "checkpoint", "lag_events", "busy_instances", "blocked_instances", "stuck_instances"],
    "properties": {
      "name": {"type": "string"},
      "checkpoint": {"type": "integer", "description": "Everything up to here was handled, or belongs to a blocked instance."},
      "lag_events": {"type": "integer"},
      "busy_instances": {"type": "integer", "description": "With something on its way now."},
      "blocked_instances": {"type": "integer", "description": "That cannot handle an event and wait for a person."},
      "stuck_instances": {"type": "integer", "description": "That could not undo something and wait for a person."},
      "events_handled": {"type": "integer"},
      "steps_started": {"type": "integer"},
      "steps_retried": {"type": "integer"},
      "halted": {
        "type": "object",
        "description": "Present while the process stands before an event whose instance it cannot tell.",
        "properties": {"at": {"type": "integer"}, "why": {"type": "string"}}
      },
      "instances": {"type": "array", "items": {"type": "string"}, "description": "Ids of the list that was asked for."},
      "next_cursor": {"type": "string"}
    }
  },
  "process_list": {
    "type": "object",
    "required": ["processes"],
    "properties": {"processes": {"type": "array", "items": {"$ref": "#/components/schemas/process_summary"}}}
  },
  "process_order": {
    "type": "object",
    "description": "A command to an aggregate.",
    "properties": {
      "aggregate_type": {"type": "string"},
      "aggregate_id": {"type": "string"},
      "command": {"type": "string"},
      "body": {}
    }
  },
  "process_instance": {
    "type": "object",
    "required": ["process", "id", "version", "status", "steps", "timers"],
    "properties": {
      "process": {"type": "string"},
      "id": {"type": "string"},
      "version": {"type": "integer"},
      "status": {"enum": ["running", "completed", "compensating", "failed", "compensation_failed", "closed"]},
      "completing": {"type": "boolean"},
      "state": {"description": "The process's own."},
      "last_position": {"type": "integer"},
      "correlation_id": {"type": "string"},
      "started_at": {"type": "string", "format": "date-time"},
      "changed_at": {"type": "string", "format": "date-time"},
      "reason": {"type": "string"},
      "steps_ordered": {"type": "integer"},
      "steps": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "number": {"type": "integer"},
            "step": {"type": "string"},
            "status": {"enum": ["pending", "succeeded", "rejected", "failed", "timed_out", "undone", "undo_failed"]},
            "what": {"$ref": "#/components/schemas/process_order"},
            "undo": {"$ref": "#/components/schemas/process_order"},
            "within_ms": {"type": "integer"},
            "ordered_at": {"type": "string", "format": "date-time"},
            "cause": {"type": "string"},
            "undo_attempts": {"type": "integer"},
            "code": {"type": "string"},
            "message": {"type": "string"}
          }
        }
      },
      "timers": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {"name": {"type": "string"}, "due": {"type": "string", "format": "date-time"}}
        }
      },
      "blocked": {
        "type": "object",
        "description": "Present while the instance cannot handle an event.",
        "properties": {
          "from": {"type": "integer"},
          "why": {"type": "string"},
          "since": {"type": "string", "format": "date-time"}
        }
      },
      "history": {"type": "string", "description": "Where its stream is."}
    }
  },
  "causation_graph": {
    "type": "object",
    "required": ["events", "edges", "complete"],
    "properties": {
      "events": {"type": "array", "items": {"$ref": "#/components/schemas/event"}},
      "edges": {
        "type": "array",
        "items": {
          "type": "object",
          "required": ["cause", "effect"],
          "properties": {
            "cause": {"type": "string", "description": "An event's id, or one that names no event here."},
            "effect": {"type": "string", "format": "uuid"}
          }
        }
      },
      "complete": {"type": "boolean", "description": "False when there were more events than the limit."}
    }
  },
  "process_closing": {
    "type": "object",
    "additionalProperties": false,
    "required": ["reason"],
    "properties": {"reason": {"type": "string"}}
  }
})json";
}

}  // namespace evoke::http
