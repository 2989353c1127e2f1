#include "http/openapi_schemas.hpp"

namespace evoke::http {

std::string_view openapi_batch_schemas() noexcept {
  return R"json({
  "command_batch": {
    "type": "array",
    "minItems": 1,
    "description": "At most max_batch_commands of /v1/info.",
    "items": {
      "type": "object",
      "additionalProperties": false,
      "required": ["aggregate_type", "aggregate_id", "command"],
      "properties": {
        "aggregate_type": {"type": "string"},
        "aggregate_id": {"type": "string"},
        "command": {"type": "string"},
        "body": {"type": "object", "default": {}, "description": "The command's fields, see /v1/types."},
        "expected_version": {
          "description": "The version that the aggregate must have, or a list of them; 0: it must not exist; exists: it must.",
          "anyOf": [
            {"type": "integer", "minimum": 0},
            {"type": "array", "minItems": 1, "items": {"type": "integer", "minimum": 1}},
            {"const": "exists"}
          ]
        },
        "idempotency_key": {"type": "string", "minLength": 1, "maxLength": 128},
        "correlation_id": {"type": "string", "minLength": 1, "maxLength": 128},
        "causation_id": {"type": "string", "minLength": 1, "maxLength": 128},
        "traceparent": {"type": "string"},
        "tracestate": {"type": "string"},
        "prefer": {"type": "string"},
        "dry_run": {"type": "boolean"}
      }
    }
  },
  "command_outcome": {
    "description": "What the command's own reply would have said; status tells which of the two it is.",
    "type": "object",
    "required": ["status"],
    "properties": {
      "status": {"type": "integer"},
      "idempotency_replayed": {"const": true, "description": "The stored outcome of an earlier request with this key."}
    },
    "anyOf": [
      {"$ref": "#/components/schemas/command_reply"},
      {"$ref": "#/components/schemas/problem"},
      {
        "title": "Of a command with return=minimal",
        "type": "object",
        "required": ["version", "position"],
        "properties": {
          "version": {"$ref": "#/components/schemas/version"},
          "position": {"$ref": "#/components/schemas/position"}
        }
      }
    ]
  },
  "command_outcomes": {
    "type": "object",
    "required": ["outcomes"],
    "properties": {"outcomes": {"type": "array", "items": {"$ref": "#/components/schemas/command_outcome"}}}
  }
})json";
}

}  // namespace evoke::http
