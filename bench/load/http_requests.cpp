#include "bench/load/http_requests.hpp"

namespace evoke::load {

http_requests::http_requests(std::vector<operation> const& operations, std::string_view authority, std::string_view base_path) {
  for (auto const& each : operations) {
    request made;
    made.of = &each;
    made.before_id = each.writes() ? "POST " : "GET ";
    made.before_id += base_path;
    std::string behind_path;
    switch (each.kind) {
      case operation_kind::command:
        made.before_id += "/v1/aggregates/" + each.type + "/";
        behind_path = "/commands/" + each.command;
        break;
      case operation_kind::append: made.before_id += "/v1/streams/" + each.type + "/"; break;
      case operation_kind::state: made.before_id += "/v1/aggregates/" + each.type + "/"; break;
      case operation_kind::view: made.before_id += "/v1/views/" + each.type + "/"; break;
      case operation_kind::get: break;
    }
    made.behind_id = behind_path + " HTTP/1.1\r\nHost: " + std::string(authority) + "\r\n";
    if (each.writes()) made.behind_id += "Content-Type: application/json\r\n";
    requests_.push_back(std::move(made));
  }
}

void http_requests::write(std::size_t operation, placeholder_values const& values, std::string& out) {
  auto const& made = requests_[operation];
  out.append(made.before_id);
  (made.of->kind == operation_kind::get ? made.of->path : made.of->id).render(values, out);
  out.append(made.behind_id);
  if (!made.of->idempotency_key.empty()) {
    out.append("Idempotency-Key: \"");
    made.of->idempotency_key.render(values, out);
    out.append("\"\r\n");
  }
  if (!made.of->writes()) {
    out.append("\r\n");
    return;
  }
  body_.clear();
  made.of->body.render(values, body_);
  out.append("Content-Length: ");
  append_number(body_.size(), out);
  out.append("\r\n\r\n").append(body_);
}

}  // namespace evoke::load
