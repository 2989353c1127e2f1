#pragma once

#include "bench/load/text_template.hpp"

#include <evoke/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evoke::load {

enum class operation_kind : std::uint8_t {
  command,  ///< a command to an aggregate
  append,   ///< raw events to a stream whose type no program has registered
  state,    ///< read an aggregate's state
  view,     ///< read a document of a read model
  get,      ///< any GET, by its path; over HTTP only
};

struct operation {
  std::string name;  ///< what it is called in the report
  operation_kind kind{};
  double weight = 1;  ///< its share of the mix is weight / sum of all weights
  std::string type;   ///< aggregate type; of a view: the projection
  std::string command;
  text_template id;
  text_template body;
  text_template path;             ///< of a get
  text_template idempotency_key;  ///< empty = none

  [[nodiscard]] bool writes() const noexcept { return kind == operation_kind::command || kind == operation_kind::append; }
};

/// What is asked of a system: docs/load.md describes the file.
struct workload {
  std::string name;
  std::string about;
  std::string key_prefix = "load-";
  std::string distribution = "uniform";  ///< unless the command line says another
  std::optional<std::uint64_t> keys;     ///< unless the command line says another
  std::uint64_t payload_bytes = 0;       ///< unless the command line says another
  std::vector<operation> prepare;        ///< carried out in order for every key before the run; what is there already is fine
  std::vector<operation> operations;     ///< the mix
};

/// @returns invalid_argument: the message names the member that does not fit.
[[nodiscard]] result<workload> parse_workload(std::string_view json);

/// A built-in workload by its name, else a file. @returns not_found when it is neither; as parse_workload, with the file's name.
[[nodiscard]] result<workload> find_workload(std::string const& name_or_file);

struct builtin_workload {
  std::string_view name;
  std::string_view json;
};
/// The files in workloads/, compiled in.
[[nodiscard]] std::vector<builtin_workload> const& builtin_workloads();

}  // namespace evoke::load
