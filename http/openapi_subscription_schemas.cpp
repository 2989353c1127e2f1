#include "http/openapi_schemas.hpp"

namespace evoke::http {

std::string_view openapi_subscription_schemas() noexcept {
  return R"json({
  "subscription_settings": {
    "type": "object",
    "additionalProperties": false,
    "properties": {
      "filter": {
        "type": "object",
        "additionalProperties": false,
        "description": "Fixed when created.",
        "properties": {
          "aggregate_types": {"type": "array", "items": {"type": "string"}},
          "event_types": {"type": "array", "items": {"type": "string"}},
          "id_prefix": {"type": "string"},
          "correlation_id": {"type": "string"}
        }
      },
      "after": {"type": "string", "description": "Where it begins: a cursor of the log, or now; absent: the beginning. Fixed when created."},
      "lease_ms": {"type": "integer", "minimum": 1, "maximum": 86400000, "default": 30000},
      "retry_delay_ms": {"type": "integer", "minimum": 0, "maximum": 86400000, "default": 1000},
      "max_attempts": {"type": "integer", "minimum": 1, "default": 10},
      "max_unacknowledged": {"type": "integer", "minimum": 1, "maximum": 10000, "default": 1000},
      "hold_aggregate": {"type": "boolean", "default": false},
      "raw": {"type": "boolean", "default": false, "description": "Events as they are stored. Fixed when created."}
    }
  },
  "subscription": {
    "type": "object",
    "required": ["name", "checkpoint", "head", "lag_events", "leased", "waiting", "parked"],
    "properties": {
      "name": {"type": "string"},
      "checkpoint": {"$ref": "#/components/schemas/position"},
      "head": {"$ref": "#/components/schemas/position"},
      "lag_events": {"type": "integer"},
      "lag_ms": {"type": "integer"},
      "leased": {"type": "integer"},
      "waiting": {"type": "integer"},
      "parked": {"type": "integer"},
      "redelivered": {"type": "integer"},
      "consumers": {"type": "integer", "description": "Fetches that wait."}
    }
  },
  "subscription_list": {
    "type": "object",
    "required": ["subscriptions"],
    "properties": {"subscriptions": {"type": "array", "items": {"$ref": "#/components/schemas/subscription"}}}
  },
  "delivery_batch": {
    "type": "object",
    "required": ["deliveries", "lag_events"],
    "properties": {
      "lease": {"type": "string", "description": "Names the batch in :ack and :nack; absent when there are no events."},
      "expires": {"type": "string", "format": "date-time"},
      "deliveries": {
        "type": "array",
        "items": {
          "type": "object",
          "required": ["attempt", "event"],
          "properties": {"attempt": {"type": "integer", "minimum": 1}, "event": {"$ref": "#/components/schemas/event"}}
        }
      },
      "lag_events": {"type": "integer"}
    }
  },
  "ack": {
    "type": "object",
    "required": ["lease"],
    "additionalProperties": false,
    "properties": {
      "lease": {"type": "string"},
      "events": {"type": "array", "items": {"type": "string", "format": "uuid"}, "description": "Absent: all of the lease."}
    }
  },
  "nack": {
    "type": "object",
    "required": ["lease"],
    "additionalProperties": false,
    "properties": {
      "lease": {"type": "string"},
      "events": {"type": "array", "items": {"type": "string", "format": "uuid"}, "description": "Absent: all of the lease."},
      "action": {"enum": ["retry", "park", "skip"], "default": "retry"},
      "reason": {"type": "string", "maxLength": 1024}
    }
  },
  "acknowledgement": {
    "type": "object",
    "required": ["settled", "not_leased"],
    "properties": {"settled": {"type": "integer"}, "not_leased": {"type": "array", "items": {"type": "string", "format": "uuid"}}}
  },
  "parked_page": {
    "type": "object",
    "required": ["subscription", "parked"],
    "properties": {
      "subscription": {"type": "string"},
      "parked": {
        "type": "array",
        "items": {
          "type": "object",
          "required": ["event_id", "event_type", "aggregate_type", "aggregate_id", "position", "attempts", "reason", "parked_at"],
          "properties": {
            "event_id": {"type": "string", "format": "uuid"},
            "event_type": {"type": "string"},
            "aggregate_type": {"type": "string"},
            "aggregate_id": {"type": "string"},
            "position": {"$ref": "#/components/schemas/position"},
            "attempts": {"type": "integer"},
            "reason": {"type": "string"},
            "parked_at": {"type": "string", "format": "date-time"},
            "replaying": {"type": "boolean"}
          }
        }
      },
      "next_cursor": {"type": "string"}
    }
  },
  "replay_count": {"type": "object", "properties": {"would_replay": {"type": "integer"}, "replayed": {"type": "integer"}}}
})json";
}

}  // namespace evoke::http
