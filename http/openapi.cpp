#include "http/openapi.hpp"

#include "http/generic_routes.hpp"
#include "http/openapi_parameters.hpp"
#include "http/openapi_schemas.hpp"
#include "http/problem.hpp"
#include "http/view_parameters.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace evoke::http {
namespace {

using tree = nlohmann::ordered_json;

tree parse(std::string_view text) {
  return tree::parse(text);
}

tree reference(std::string_view kind, std::string_view name) {
  return {{"$ref", "#/components/" + std::string(kind) + "/" + std::string(name)}};
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> list;
  while (!text.empty()) {
    auto const space = std::min(text.find(' '), text.size());
    if (space > 0) list.emplace_back(text.substr(0, space));
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return list;
}

std::vector<std::string> captures(std::string_view pattern) {
  std::vector<std::string> list;
  for (auto open = pattern.find('{'); open != std::string_view::npos; open = pattern.find('{', open + 1))
    list.emplace_back(pattern.substr(open + 1, pattern.find('}', open) - open - 1));
  return list;
}

std::string lower(std::string_view text) {
  std::string made(text);
  std::ranges::transform(made, made.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return made;
}

tree parameter_components() {
  tree made = tree::object();
  for (auto const& each : openapi_parameters()) {
    tree one{{"name", each.name}, {"in", each.in}, {"description", each.description}};
    if (each.in == "path") one["required"] = true;
    one["schema"] = parse(each.schema);
    made[std::string(each.name)] = std::move(one);
  }
  return made;
}

/// One response per status; its description names every problem type that has it.
tree response_components() {
  std::map<int, std::string> descriptions;
  for (auto const kinds : {all_transport_problems(), all_failure_problems()})
    for (auto const& each : kinds) {
      if (each.status == 0) continue;
      auto& text = descriptions[each.status];
      text.append(text.empty() ? "" : "; ").append(each.slug).append(": ").append(each.title);
    }
  for (auto const kind : {rejection_kind::invalid, rejection_kind::conflict, rejection_kind::not_found, rejection_kind::forbidden})
    descriptions[status_of(kind)].append("; rejection: The domain refused the command (").append(name_of(kind)).append(")");
  tree made = tree::object();
  for (auto const& [status, description] : descriptions)
    made[std::to_string(status)] = {{"description", description},
                                    {"content", {{media::problem, {{"schema", reference("schemas", "problem")}}}}}};
  made["304"] = {{"description", "Nothing has changed since the version the client knows."}};
  return made;
}

/// The 2xx answer of a route in each of its media types.
tree success(generic_route const& route, tree const& schema) {
  tree content = tree::object();
  for (auto const type : route.media) {
    if (type == media::ndjson)
      content[std::string(type)] = {{"schema", {{"type", "string"}, {"description", "One event or document a line."}}}};
    else if (type == media::event_stream)
      content[std::string(type)] = {
          {"schema", {{"type", "string"}, {"description", "A live feed: what there is behind the place to begin at, then what happens."}}}};
    else if (type == media::cloudevents)
      content[std::string(type)] = {{"schema", reference("schemas", "cloudevents")}};
    else
      content[std::string(type)] = {{"schema", schema}};
  }
  return {{"description", route.summary}, {"content", std::move(content)}};
}

/// @param fixed path parameters that a concrete path has no more
tree operation(generic_route const& route, std::set<std::string> const& fixed, tree const& answer, tree const& body) {
  tree made{{"operationId", route.id}, {"summary", route.summary}};
  tree parameters = tree::array();
  for (auto const& name : captures(route.pattern))
    if (!fixed.contains(name)) parameters.push_back(reference("parameters", name));
  for (auto const& name : words(route.parameters)) parameters.push_back(reference("parameters", name));
  if (!parameters.empty()) made["parameters"] = std::move(parameters);
  if (!body.is_null()) made["requestBody"] = {{"required", true}, {"content", {{media::json, {{"schema", body}}}}}};
  tree responses = tree::object();
  // A route without a body of its own answers 204 and nothing else.
  bool const empty_only = route.response.empty() && route.statuses.find("204") != std::string_view::npos;
  if (!empty_only) responses["200"] = success(route, answer);
  for (auto const& status : words(route.statuses)) {
    if (status == "201")
      responses[status] = success(route, answer);
    else if (status == "204")
      responses[status] = {{"description", empty_only ? "Done." : "Done, as return=minimal asked for."}};
    else
      responses[status] = reference("responses", status);
  }
  // What any request may be answered with.
  for (auto const& status : words("400 406 408 414 417 431 500 501 503 505")) responses[status] = reference("responses", status);
  made["responses"] = std::move(responses);
  return made;
}

void add_generic(tree& paths) {
  for (auto const& route : generic_routes()) {
    auto const body = route.request.empty() ? tree{} : reference("schemas", route.request);
    auto const answer = route.response.empty() ? tree{{"type", "string"}} : reference("schemas", route.response);
    paths[std::string(route.pattern)][lower(name_of(route.which))] = operation(route, {}, answer, body);
  }
}

generic_route const& route_of(std::string_view id) {
  return *std::ranges::find(generic_routes(), id, &generic_route::id);
}

/// The schema of a generic answer whose member `name` has a schema of its own here.
tree narrowed(std::string_view general, std::string_view name, std::string const& schema) {
  return {{"allOf", {reference("schemas", general), {{"type", "object"}, {"properties", {{name, reference("schemas", schema)}}}}}}};
}

void add_type(aggregate_definition const& type, tree& paths, tree& schemas) {
  auto const& name = type.type().str();
  auto const state = name + ".state";
  schemas[state] = parse(type.state_schema());
  for (auto const& event : type.events()) schemas[name + ".event." + event.name.str()] = parse(event.schema);

  auto read = operation(route_of("read_aggregate"), {"type"}, narrowed("aggregate", "state", state), {});
  read["operationId"] = "read_aggregate." + name;
  read["tags"] = {name};
  paths["/v1/aggregates/" + name + "/{id}"]["get"] = std::move(read);

  tree kinds = tree::array();
  for (auto const& event : type.events())
    kinds.push_back(
        {{"type", "object"},
         {"properties",
          {{"event_type", {{"const", event.name.str()}}}, {"data", reference("schemas", name + ".event." + event.name.str())}}}});
  auto stream = operation(route_of("read_stream"), {"type"}, reference("schemas", name + ".stream_page"), {});
  stream["operationId"] = "read_stream." + name;
  stream["tags"] = {name};
  schemas[name + ".stream_page"] = {{"allOf",
                                     {reference("schemas", "stream_page"),
                                      {{"type", "object"}, {"properties", {{"events", {{"items", {{"anyOf", std::move(kinds)}}}}}}}}}}};
  paths["/v1/streams/" + name + "/{id}"]["get"] = std::move(stream);

  for (auto const& command : type.commands()) {
    if (command.internal) continue;
    auto const schema = name + ".command." + command.name.str();
    schemas[schema] = parse(command.schema);
    auto ask = operation(route_of("execute_command"), {"type", "command"}, narrowed("command_reply", "state", state),
                         reference("schemas", schema));
    ask["operationId"] = name + "." + command.name.str();
    ask["summary"] = "Command " + command.name.str() + " of " + name;
    ask["tags"] = {name};
    paths["/v1/aggregates/" + name + "/{id}/commands/" + command.name.str()]["post"] = std::move(ask);
  }
}

std::string_view schema_of(field_order order) noexcept {
  switch (order) {
    case field_order::boolean: return R"({"type":"boolean"})";
    case field_order::signed_number: return R"({"type":"integer"})";
    case field_order::unsigned_number: return R"({"type":"integer","minimum":0})";
    case field_order::time: return R"({"type":"string","format":"date-time"})";
    case field_order::text: break;
  }
  return R"({"type":"string"})";
}

void add_projection(projection_definition const& projection, tree& paths, tree& schemas) {
  auto const& name = projection.name();
  auto const schema = name + ".document";
  schemas[schema] = parse(projection.document_schema());
  auto one = operation(route_of("read_document"), {"projection"}, narrowed("view_document", "document", schema), {});
  one["operationId"] = "read_document." + name;
  one["tags"] = {name};
  paths["/v1/views/" + name + "/{key}"]["get"] = std::move(one);

  tree const item{{"type", "object"}, {"properties", {{"document", reference("schemas", schema)}}}};
  tree const page{
      {"allOf",
       {reference("schemas", "view_page"), {{"type", "object"}, {"properties", {{"documents", {{"type", "array"}, {"items", item}}}}}}}}};
  auto all = operation(route_of("read_view"), {"projection"}, page, {});
  all["operationId"] = "read_view." + name;
  all["tags"] = {name};
  std::set<std::string> named;
  for (auto const& index : projection.indexes())
    for (auto const& field : index.fields) {
      // A field that is called like a parameter is asked for as `where` says.
      if (!named.insert(field.name).second || is_view_parameter(field.name)) continue;
      all["parameters"].push_back({{"name", field.name},
                                   {"in", "query"},
                                   {"description", "Equal to this; with .gt, .gte, .lt or .lte behind the name: a range."},
                                   {"schema", parse(schema_of(field.order))}});
    }
  paths["/v1/views/" + name]["get"] = std::move(all);
}

/// `/a/{x}` and `/a/{y}` are one path to OpenAPI: the first pattern of a shape names its parameters.
class path_names {
 public:
  std::string const& of(std::string_view pattern) {
    std::string shape;
    bool inside = false;
    for (char const c : pattern) {
      if (c == '{') inside = true;
      if (!inside) shape.push_back(c);
      if (c == '}') {
        inside = false;
        shape.append("{}");
      }
    }
    return first_.try_emplace(shape, pattern).first->second;
  }

 private:
  std::map<std::string, std::string> first_;
};

/// "get_circle_id" for GET /circle/{id}.
std::string custom_id(route const& of) {
  auto id = lower(name_of(of.method));
  for (char const c : of.pattern)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-')
      id.push_back(c);
    else if (c == '/' || c == ':')
      id.push_back('_');
  return id;
}

void add_custom(std::vector<route> const& custom, tree& paths) {
  path_names names;
  for (auto const& each : custom) {
    auto const& path = names.of(each.pattern);
    tree one{{"operationId", custom_id(each)},
             {"summary", each.summary.empty() ? "A route of this program" : each.summary},
             {"tags", {"routes"}}};
    tree parameters = tree::array();
    for (auto const& name : captures(path))
      parameters.push_back({{"name", name}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}});
    if (!parameters.empty()) one["parameters"] = std::move(parameters);
    if (each.method == method::post || each.method == method::put || each.method == method::patch)
      one["requestBody"] = {{"content", {{media::json, {{"schema", tree::object()}}}}}};
    tree const problem{{"description", "Refused"}, {"content", {{media::problem, {{"schema", reference("schemas", "problem")}}}}}};
    one["responses"] = {{"default", {{"description", "As the program answers"}}}, {"4XX", problem}};
    paths[path][lower(name_of(each.method))] = std::move(one);
  }
}

}  // namespace

std::string render_openapi(registry const& types, std::vector<route> const& custom, server_options const& options) {
  tree document{{"openapi", "3.1.0"}};
  document["info"] = {{"title", "evoke"},
                      {"version", EVOKE_VERSION},
                      {"description", "Aggregates called forth from their events: commands, state, streams, the log and read models."},
                      {"license", {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}};
  document["servers"] = {{{"url", options.public_url.empty() ? "/" : options.public_url}}};
  document["security"] = tree::array();  // who may do what is decided before the server
  tree paths = tree::object();
  auto schemas = parse(openapi_schemas());
  schemas.update(parse(openapi_batch_schemas()));
  schemas.update(parse(openapi_subscription_schemas()));
  schemas.update(parse(openapi_process_schemas()));
  add_generic(paths);
  for (auto const& type : types.all()) add_type(*type, paths, schemas);
  for (auto const& projection : types.projections()) add_projection(*projection, paths, schemas);
  add_custom(custom, paths);
  document["paths"] = std::move(paths);
  document["components"] = {{"schemas", std::move(schemas)}, {"parameters", parameter_components()}, {"responses", response_components()}};
  return document.dump();
}

}  // namespace evoke::http
