#include "http/openapi_schemas.hpp"

namespace evoke::http {

std::string_view openapi_schemas() noexcept {
  return R"json({
  "any_object": {"type": "object"},
  "version": {"type": "integer", "minimum": 0, "description": "Number of an event within its stream; 0 = no stream yet."},
  "position": {"type": "integer", "minimum": 0, "description": "Number of an event in the log; 0 = before the first."},
  "problem": {
    "type": "object",
    "description": "RFC 9457.",
    "required": ["type", "title", "status"],
    "properties": {
      "type": {"type": "string", "format": "uri"},
      "title": {"type": "string"},
      "status": {"type": "integer"},
      "detail": {"type": "string"},
      "current_version": {"$ref": "#/components/schemas/version"},
      "expected_version": {"type": ["integer", "string", "array"], "description": "As it was demanded."},
      "errors": {
        "type": "array",
        "items": {
          "type": "object",
          "required": ["pointer", "detail"],
          "properties": {"pointer": {"type": "string", "format": "json-pointer"}, "detail": {"type": "string"}}
        }
      },
      "retry_after_ms": {"type": "integer"},
      "code": {"type": "string", "description": "Of a rejection: the domain's own."},
      "kind": {"enum": ["invalid", "conflict", "not_found", "forbidden"]},
      "details": {"type": "object"},
      "checkpoint": {"$ref": "#/components/schemas/position", "description": "Where a read model is."},
      "wanted": {"$ref": "#/components/schemas/position", "description": "Where it was wanted."},
      "outcomes": {"type": "array", "description": "Of a batch whose commands all failed alike.", "items": {"$ref": "#/components/schemas/command_outcome"}}
    }
  },
  "command_reply": {
    "type": "object",
    "required": ["aggregate_type", "aggregate_id", "version", "events"],
    "properties": {
      "aggregate_type": {"type": "string"},
      "aggregate_id": {"type": "string"},
      "version": {"$ref": "#/components/schemas/version"},
      "position": {"$ref": "#/components/schemas/position"},
      "dry_run": {"const": true},
      "events": {
        "type": "array",
        "items": {
          "type": "object",
          "required": ["event_type", "version"],
          "properties": {
            "event_id": {"type": "string", "format": "uuid"},
            "event_type": {"type": "string"},
            "version": {"$ref": "#/components/schemas/version"},
            "position": {"$ref": "#/components/schemas/position"},
            "data": {"description": "Of a dry run only."}
          }
        }
      },
      "state": {"description": "When asked for by Prefer: return=representation, and after a dry run."}
    }
  },
  "aggregate": {
    "type": "object",
    "required": ["aggregate_type", "aggregate_id", "version", "position", "time", "state"],
    "properties": {
      "aggregate_type": {"type": "string"},
      "aggregate_id": {"type": "string"},
      "version": {"$ref": "#/components/schemas/version"},
      "position": {"$ref": "#/components/schemas/position"},
      "time": {"type": "string", "format": "date-time"},
      "state": {}
    }
  },
  "aggregate_list": {
    "type": "object",
    "required": ["aggregate_type", "aggregate_ids"],
    "properties": {
      "aggregate_type": {"type": "string"},
      "aggregate_ids": {"type": "array", "items": {"type": "string"}},
      "next_cursor": {"type": "string"}
    }
  },
  "event": {
    "type": "object",
    "required": ["event_id", "event_type", "schema_version", "aggregate_type", "aggregate_id", "version", "position", "time", "data", "metadata"],
    "properties": {
      "event_id": {"type": "string", "format": "uuid"},
      "event_type": {"type": "string"},
      "schema_version": {"type": "integer", "minimum": 1},
      "aggregate_type": {"type": "string"},
      "aggregate_id": {"type": "string"},
      "version": {"$ref": "#/components/schemas/version"},
      "position": {"$ref": "#/components/schemas/position"},
      "time": {"type": "string", "format": "date-time"},
      "data": {},
      "metadata": {
        "type": "object",
        "required": ["correlation_id", "causation_id"],
        "properties": {
          "correlation_id": {"type": "string"},
          "causation_id": {"type": "string"},
          "user": {"type": "string"},
          "traceparent": {"type": "string"},
          "tracestate": {"type": "string"}
        }
      },
      "part": {"type": "integer", "minimum": 1, "description": "Which part this is, where the stored event is several today."},
      "parts": {"type": "integer", "minimum": 2}
    }
  },
  "stream_page": {
    "type": "object",
    "required": ["aggregate_type", "aggregate_id", "version", "events"],
    "properties": {
      "aggregate_type": {"type": "string"},
      "aggregate_id": {"type": "string"},
      "version": {"$ref": "#/components/schemas/version"},
      "events": {"type": "array", "items": {"$ref": "#/components/schemas/event"}},
      "next_from_version": {"$ref": "#/components/schemas/version"}
    }
  },
  "log_page": {
    "type": "object",
    "required": ["events", "next_after", "at_end"],
    "properties": {
      "events": {"type": "array", "items": {"$ref": "#/components/schemas/event"}},
      "next_after": {"type": "string", "description": "Opaque; the after of the next page."},
      "at_end": {"type": "boolean"}
    }
  },
  "cloudevents": {
    "type": "array",
    "items": {
      "type": "object",
      "required": ["specversion", "id", "source", "type"],
      "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string"},
        "source": {"type": "string", "format": "uri-reference"},
        "type": {"type": "string"},
        "subject": {"type": "string"},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"type": "string"},
        "data": {},
        "correlationid": {"type": "string"},
        "causationid": {"type": "string"},
        "traceparent": {"type": "string"},
        "sequence": {"type": "string", "pattern": "^[0-9]{20}$"},
        "part": {"type": "integer", "minimum": 1},
        "parts": {"type": "integer", "minimum": 2}
      }
    }
  },
  "raw_events": {
    "type": "array",
    "minItems": 1,
    "items": {
      "type": "object",
      "additionalProperties": false,
      "required": ["event_type", "data"],
      "properties": {
        "event_id": {"type": "string", "format": "uuid"},
        "event_type": {"type": "string"},
        "data": {},
        "metadata": {"type": "object"}
      }
    }
  },
  "view_document": {
    "type": "object",
    "required": ["projection", "key", "changed", "document", "checkpoint"],
    "properties": {
      "projection": {"type": "string"},
      "key": {"type": "string"},
      "changed": {"$ref": "#/components/schemas/position"},
      "document": {"type": "object"},
      "checkpoint": {"$ref": "#/components/schemas/position"},
      "stale": {"const": true}
    }
  },
  "view_page": {
    "type": "object",
    "required": ["projection", "documents", "checkpoint"],
    "properties": {
      "projection": {"type": "string"},
      "documents": {
        "type": "array",
        "items": {
          "type": "object",
          "required": ["key", "changed", "document"],
          "properties": {
            "key": {"type": "string"},
            "changed": {"$ref": "#/components/schemas/position"},
            "document": {"type": "object"}
          }
        }
      },
      "checkpoint": {"$ref": "#/components/schemas/position"},
      "next_cursor": {"type": "string"},
      "stale": {"const": true}
    }
  },
  "projection_status": {
    "type": "object",
    "required": ["projection", "version", "generation", "phase", "checkpoint", "head", "lag_events", "lag_seconds", "dead_letters"],
    "properties": {
      "projection": {"type": "string"},
      "version": {"type": "integer"},
      "generation": {"type": "integer"},
      "phase": {"enum": ["catching_up", "live", "paused", "stopped"]},
      "checkpoint": {"$ref": "#/components/schemas/position"},
      "head": {"$ref": "#/components/schemas/position"},
      "lag_events": {"type": "integer"},
      "lag_seconds": {"type": "number"},
      "dead_letters": {"type": "integer"},
      "blocked_aggregates": {"type": "integer"},
      "reason": {"type": "string"},
      "rebuild": {
        "type": "object",
        "required": ["checkpoint", "target", "events_per_second"],
        "properties": {
          "checkpoint": {"$ref": "#/components/schemas/position"},
          "target": {"$ref": "#/components/schemas/position"},
          "events_per_second": {"type": "number"},
          "seconds_left": {"type": "integer"}
        }
      }
    }
  },
  "projection_list": {
    "type": "object",
    "required": ["projections"],
    "properties": {"projections": {"type": "array", "items": {"$ref": "#/components/schemas/projection_status"}}}
  },
  "dead_letter_page": {
    "type": "object",
    "required": ["projection", "dead_letters"],
    "properties": {
      "projection": {"type": "string"},
      "dead_letters": {
        "type": "array",
        "items": {
          "type": "object",
          "required": ["number", "aggregate_type", "aggregate_id", "event_type", "version", "position", "first", "attempts", "failed_at"],
          "properties": {
            "number": {"type": "integer"},
            "aggregate_type": {"type": "string"},
            "aggregate_id": {"type": "string"},
            "event_type": {"type": "string"},
            "version": {"$ref": "#/components/schemas/version"},
            "position": {"$ref": "#/components/schemas/position"},
            "first": {"type": "boolean", "description": "The one that failed; the others of its aggregate wait behind it."},
            "attempts": {"type": "integer"},
            "error": {"type": "string"},
            "failed_at": {"type": "string", "format": "date-time"}
          }
        }
      },
      "next_cursor": {"type": "string"}
    }
  },
  "letters_handled": {
    "type": "object",
    "required": ["handled", "left"],
    "properties": {"handled": {"type": "integer"}, "left": {"type": "integer"}, "error": {"type": "string"}}
  },
  "timer_page": {
    "type": "object",
    "required": ["timers"],
    "properties": {
      "timers": {
        "type": "array",
        "items": {
          "type": "object",
          "required": ["aggregate_type", "aggregate_id", "name", "due", "command", "body", "set_by", "correlation_id", "attempts"],
          "properties": {
            "aggregate_type": {"type": "string"},
            "aggregate_id": {"type": "string"},
            "name": {"type": "string"},
            "due": {"type": "string", "format": "date-time"},
            "command": {"type": "string"},
            "body": {},
            "set_by": {"type": "string", "format": "uuid", "description": "The event that set it."},
            "correlation_id": {"type": "string"},
            "attempts": {"type": "integer", "description": "Those that failed, since the start."},
            "last_error": {"type": "string"}
          }
        }
      },
      "next_cursor": {"type": "string"}
    }
  },
  "catalogue": {
    "type": "object",
    "required": ["aggregate_types", "projections"],
    "properties": {
      "aggregate_types": {"type": "array", "items": {"type": "object"}},
      "projections": {"type": "array", "items": {"type": "object"}}
    }
  },
  "info": {
    "type": "object",
    "required": ["store_id", "durability", "head", "idempotency_expiry_seconds", "limits"],
    "properties": {
      "name": {"type": "string"},
      "version": {"type": "string"},
      "store_id": {"type": "string", "format": "uuid"},
      "format_version": {"type": "integer"},
      "storage": {"enum": ["rocksdb", "in_memory"]},
      "durability": {"enum": ["disk", "os", "none"]},
      "head": {"$ref": "#/components/schemas/position"},
      "workers": {"type": "integer"},
      "resident_aggregates": {"type": "integer"},
      "open_commands": {"type": "integer"},
      "idempotency_expiry_seconds": {"type": "integer"},
      "limits": {"type": "object", "additionalProperties": {"type": "integer"}}
    }
  },
  "health": {"type": "object", "required": ["status"], "properties": {"status": {"type": "string"}, "checks": {"type": "array"}}},
  "home": {
    "type": "object",
    "properties": {
      "links": {
        "type": "object",
        "properties": {"views": {"type": "object", "additionalProperties": {"type": "string"}}},
        "additionalProperties": {"type": "string"}
      }
    }
  }
})json";
}

}  // namespace evoke::http
