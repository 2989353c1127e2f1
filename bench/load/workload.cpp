#include "bench/load/workload.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <sstream>

#include <nlohmann/json.hpp>

namespace evoke::load {
namespace {

using nlohmann::ordered_json;

/// Carries one complaint out of the depths; caught in parse_workload.
struct misfit {
  std::string what;
};

[[noreturn]] void complain(std::string const& where, std::string const& what) {
  throw misfit{where + ": " + what};
}

void only(ordered_json const& object, std::string const& where, std::initializer_list<std::string_view> known) {
  if (!object.is_object()) complain(where, "an object is wanted");
  for (auto const& [name, value] : object.items()) {
    if (std::ranges::find(known, name) == known.end()) complain(where, "there is no member '" + name + "'");
  }
}

std::string text_of(ordered_json const& object, std::string const& where, char const* name, std::string otherwise) {
  auto const found = object.find(name);
  if (found == object.end()) return otherwise;
  if (!found->is_string()) complain(where + "." + name, "a string is wanted");
  return found->get<std::string>();
}

std::string needed_text(ordered_json const& object, std::string const& where, char const* name) {
  auto text = text_of(object, where, name, {});
  if (text.empty()) complain(where, std::string("'") + name + "' is missing");
  return text;
}

std::uint64_t number_of(ordered_json const& object, std::string const& where, char const* name) {
  auto const& value = object.at(name);
  if (!value.is_number_unsigned()) complain(where + "." + name, "a number of 0 or more is wanted");
  return value.get<std::uint64_t>();
}

text_template template_of(std::string const& where, std::string_view text) {
  auto made = text_template::parse(text);
  if (!made) complain(where, made.error().message);
  return std::move(*made);
}

/// Names stand in paths as they are.
std::string name_of(std::string const& where, std::string name) {
  auto const fine = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '~';
  };
  if (!std::ranges::all_of(name, fine)) complain(where, "'" + name + "': letters, digits and -._~ only");
  return name;
}

/// A body is text as it is sent, or JSON in which a string that is nothing but {random:..}, {counter} or {key_number} becomes a number.
std::string body_text(ordered_json const& body) {
  if (body.is_string()) return body.get<std::string>();
  if (body.is_object() || body.is_array()) {
    std::string out(1, body.is_object() ? '{' : '[');
    for (auto const& [name, value] : body.items()) {
      if (out.size() > 1) out += ',';
      if (body.is_object()) out += ordered_json(name).dump() + ":";
      if (value.is_string()) {
        auto const& text = value.get_ref<std::string const&>();
        bool const number =
            text == "{counter}" || text == "{key_number}" || (text.starts_with("{random:") && text.find('}') == text.size() - 1);
        out += number ? text : value.dump();
      } else {
        out += body_text(value);
      }
    }
    return out + (body.is_object() ? '}' : ']');
  }
  return body.dump();
}

operation_kind kind_of(std::string const& where, std::string const& name) {
  if (name == "command") return operation_kind::command;
  if (name == "append") return operation_kind::append;
  if (name == "state") return operation_kind::state;
  if (name == "view") return operation_kind::view;
  if (name == "get") return operation_kind::get;
  complain(where + ".kind", "'" + name + "' is no kind: command, append, state, view or get");
}

operation read_operation(ordered_json const& from, std::string const& where) {
  only(from, where, {"name", "kind", "weight", "aggregate", "command", "view", "path", "id", "body", "idempotency_key"});
  operation made;
  made.kind = kind_of(where, text_of(from, where, "kind", "command"));
  if (from.contains("weight")) {
    if (!from["weight"].is_number() || from["weight"].get<double>() <= 0) complain(where + ".weight", "a number above 0 is wanted");
    made.weight = from["weight"].get<double>();
  }
  switch (made.kind) {
    case operation_kind::command: made.command = name_of(where + ".command", needed_text(from, where, "command")); [[fallthrough]];
    case operation_kind::append:
    case operation_kind::state: made.type = name_of(where + ".aggregate", needed_text(from, where, "aggregate")); break;
    case operation_kind::view: made.type = name_of(where + ".view", needed_text(from, where, "view")); break;
    case operation_kind::get: made.path = template_of(where + ".path", needed_text(from, where, "path")); break;
  }
  made.id = template_of(where + ".id", text_of(from, where, "id", "{key}"));
  made.idempotency_key = template_of(where + ".idempotency_key", text_of(from, where, "idempotency_key", {}));
  if (from.contains("body")) made.body = template_of(where + ".body", body_text(from["body"]));
  if (made.kind == operation_kind::append && made.body.empty()) complain(where, "'body' is missing");
  auto const by_itself =
      made.command.empty() ? text_of(from, where, "kind", "") + (made.type.empty() ? "" : " " + made.type) : made.command;
  made.name = text_of(from, where, "name", by_itself);
  return made;
}

std::vector<operation> read_operations(ordered_json const& from, char const* name) {
  auto const& list = from.at(name);
  if (!list.is_array()) complain(name, "a list is wanted");
  std::vector<operation> made;
  for (std::size_t i = 0; i < list.size(); ++i) made.push_back(read_operation(list[i], std::string(name) + "[" + std::to_string(i) + "]"));
  return made;
}

workload read_workload(ordered_json const& from) {
  only(from, "the workload", {"name", "about", "key_prefix", "distribution", "keys", "payload_bytes", "prepare", "operations"});
  workload made;
  made.name = text_of(from, "", "name", "unnamed");
  made.about = text_of(from, "", "about", {});
  made.key_prefix = name_of("key_prefix", text_of(from, "", "key_prefix", made.key_prefix));
  made.distribution = text_of(from, "", "distribution", made.distribution);
  if (from.contains("keys")) made.keys = number_of(from, "", "keys");
  if (from.contains("payload_bytes")) made.payload_bytes = number_of(from, "", "payload_bytes");
  if (auto fits = key_distribution::parse(made.distribution, made.keys.value_or(1)); !fits) complain("distribution", fits.error().message);
  if (from.contains("prepare")) made.prepare = read_operations(from, "prepare");
  if (!from.contains("operations")) complain("the workload", "'operations' is missing");
  made.operations = read_operations(from, "operations");
  if (made.operations.empty()) complain("operations", "there must be one at least");
  for (auto const& each : made.operations) {
    if (std::ranges::count(made.operations, each.name, &operation::name) > 1) {
      complain("operations", "two are called '" + each.name + "': give each a name of its own");
    }
  }
  for (auto const& each : made.prepare) {
    if (!each.writes()) complain("prepare", "'" + each.name + "' writes nothing: command or append");
  }
  return made;
}

}  // namespace

result<workload> parse_workload(std::string_view json) {
  try {
    return read_workload(ordered_json::parse(json));
  } catch (misfit const& found) {
    return fail(errc::invalid_argument, found.what);
  } catch (ordered_json::exception const& error) {
    return fail(errc::invalid_argument, std::string("not JSON: ") + error.what());
  }
}

result<workload> find_workload(std::string const& name_or_file) {
  for (auto const& each : builtin_workloads())
    if (each.name == name_or_file) return parse_workload(each.json);
  std::error_code unreadable;
  if (!std::filesystem::is_regular_file(name_or_file, unreadable)) {
    std::string known;
    for (auto const& each : builtin_workloads()) known.append(known.empty() ? "" : ", ").append(each.name);
    return fail(errc::not_found, "there is neither a workload nor a file '" + name_or_file + "'; built in are " + known);
  }
  std::ifstream in(name_or_file);
  std::stringstream all;
  all << in.rdbuf();
  if (!in) return fail(errc::io_error, "cannot read '" + name_or_file + "'");
  auto made = parse_workload(all.str());
  if (!made) return fail(made.error().code, name_or_file + ": " + made.error().message);
  return made;
}

}  // namespace evoke::load
