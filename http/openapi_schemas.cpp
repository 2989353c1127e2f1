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
      "expected_version": {"type": ["integer", "string"]},
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
      "details": {"type": "object"}
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
      }
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
        "sequence": {"type": "string", "pattern": "^[0-9]{20}$"}
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
  "catalogue": {
    "type": "object",
    "required": ["aggregate_types"],
    "properties": {"aggregate_types": {"type": "array", "items": {"type": "object"}}}
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
  "home": {"type": "object", "properties": {"links": {"type": "object", "additionalProperties": {"type": "string"}}}}
})json";
}

}  // namespace evoke::http
