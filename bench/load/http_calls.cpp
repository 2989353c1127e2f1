#include "bench/load/http_calls.hpp"

#include <evoke/json/writer.hpp>

#include <algorithm>

namespace evoke::load {

http_calls::http_calls(std::vector<operation> const& operations, std::string_view authority, std::string_view base_path, std::size_t batch)
    : operations_(operations), requests_(operations, authority, base_path), batch_(batch) {
  batch_head_.append("POST ").append(base_path).append("/v1/commands:batch HTTP/1.1\r\nHost: ").append(authority);
  batch_head_.append("\r\nContent-Type: application/json\r\nContent-Length: ");
}

void http_calls::add(std::size_t operation, placeholder_values const& values) {
  next_.push_back(operation);
  if (batch_ == 1) return requests_.write(operation, values, text_);
  auto const& of = operations_[operation];
  text_.append(text_.empty() ? "[" : ",").append("{\"aggregate_type\":\"").append(of.type).append("\",\"command\":\"").append(of.command);
  append_text("\",\"aggregate_id\":", of.id, values);
  if (!of.idempotency_key.empty()) append_text(",\"idempotency_key\":", of.idempotency_key, values);
  if (!of.body.empty()) {
    text_.append(",\"body\":");
    of.body.render(values, text_);
  }
  text_.append("}");
}

void http_calls::append_text(std::string_view name, text_template const& from, placeholder_values const& values) {
  text_.append(name);
  scratch_.clear();
  from.render(values, scratch_);
  json::writer{text_}.string(scratch_);
}

std::size_t http_calls::send(std::string& out) {
  if (batch_ > 1) {
    text_.append("]");
    out.append(batch_head_);
    append_number(text_.size(), out);
    out.append("\r\n\r\n");
  }
  out.append(text_);
  text_.clear();
  if (free_.empty()) {
    free_.push_back(calls_.size());
    calls_.emplace_back();
  }
  auto const call = free_.back();
  free_.pop_back();
  calls_[call].swap(next_);
  next_.clear();
  return call;
}

std::span<http_calls::part const> http_calls::read(std::size_t call, http_answer const& answer) {
  parts_.clear();
  for (auto const operation : calls_[call]) parts_.push_back({operation, answer});
  forget(call);
  bool const told = batch_ == 1 || tell_apart(answer) || answer.status >= 400;
  return told ? std::span<part const>(parts_) : std::span<part const>();
}

bool http_calls::tell_apart(http_answer const& answer) {
  auto const root = document_.parse(answer.body);
  auto const outcomes = root ? root->find("outcomes") : std::nullopt;
  if (!outcomes || outcomes->size() != parts_.size()) return false;
  auto into = parts_.begin();
  for (auto const each : outcomes->elements()) {
    auto const status = each.find("status");
    into->answer = {.status = status ? status->as_integer<int>().value_or(0) : 0, .body = each.source(answer.body)};
    if (into->answer.status < 200 || into->answer.status > 599) return false;
    ++into;
  }
  return true;
}

std::size_t http_calls::forget(std::size_t call) {
  free_.push_back(call);
  return calls_[call].size();
}

result<void> can_be_batched(std::vector<operation> const& operations) {
  auto const other = std::ranges::find_if(operations, [](operation const& each) { return each.kind != operation_kind::command; });
  if (other == operations.end()) return {};
  return fail(errc::invalid_argument, "'" + other->name + "' is no command: over HTTP only commands are sent --batch at a time");
}

}  // namespace evoke::load
