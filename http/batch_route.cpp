#include "http/answering.hpp"
#include "http/command_answer.hpp"
#include "http/command_batch.hpp"
#include "http/command_execution.hpp"
#include "http/generic_routes.hpp"
#include "http/json_text.hpp"
#include "http/problem.hpp"

#include <evoke/json/document.hpp>

#include <algorithm>

namespace evoke::http {
namespace {

/// A batch under way: gathers the ends of its commands. All of it happens on the connection's worker, which asks and is answered.
class open_batch : public std::enable_shared_from_this<open_batch> {
 public:
  open_batch(api_context& api, std::vector<batched_command> commands, ticket reply_to)
      : api_(api), to_(std::move(reply_to)), commands_(std::move(commands)), ends_(commands_.size()), left_(commands_.size()) {}

  void run() {
    // What is known by then is told. Weak: the batch keeps its connection, which must not keep the batch.
    to_.when_late([batch = weak_from_this()](reply& out) {
      if (auto const open = batch.lock()) open->render(out);
    });
    // One after the other, so that each aggregate gets its commands in this order. Nobody waits for the one before.
    for (std::size_t i = 0; i < commands_.size(); ++i) start(i);
  }

 private:
  void start(std::size_t i) {
    auto& each = commands_[i];
    if (each.refused) return ended(i, *std::move(each.refused));
    carry_out(api_, {each.type, each.id, std::move(each.command), std::move(each.body), each.wish.options}, each.wish.reply,
              [batch = shared_from_this(), i](command_result end) { batch->ended(i, batch->fitted(i, std::move(end))); });
  }

  /// What is wrong with a command's fields is pointed at in the body of the request, which is the batch. States are bounded together.
  command_result fitted(std::size_t i, command_result end) {
    if (end.failed() && !end.error().errors.empty()) {
      auto why = end.error();
      for (auto& each : why.errors) each.pointer.insert(0, "/" + std::to_string(i) + "/body");
      return why;
    }
    if (!end.accepted()) return end;
    state_bytes_ += end.reply().state.size();
    if (state_bytes_ > api_.limits.max_page_bytes) end.reply().state.clear();
    return end;
  }

  void ended(std::size_t i, command_result end) {
    ends_[i] = std::move(end);
    if (--left_ == 0) to_.answer([batch = shared_from_this()](reply& out, incoming const&) { batch->render(out); });
  }

  [[nodiscard]] command_result const& end_of(std::size_t i) const {
    static command_result const unknown(failure{errc::outcome_unknown, "there was no answer in time", {}, {}, {}});
    return ends_[i] ? *ends_[i] : unknown;
  }

  /// What the reply itself says when the server failed at every command alike; nullptr when it did not.
  [[nodiscard]] failure const* failure_of_all() const {
    failure const* first = nullptr;
    for (std::size_t i = 0; i < ends_.size(); ++i) {
      if (!end_of(i).failed()) return nullptr;
      auto const& why = end_of(i).error();
      if (first == nullptr) first = &why;
      auto const status = problem_of(why.code).status;
      if (status < 500 || status != problem_of(first->code).status) return nullptr;
    }
    return first;
  }

  void append_outcomes(std::string& out) const {
    append_name(out, "outcomes");
    out.append("[");
    for (std::size_t i = 0; i < ends_.size(); ++i) {
      if (i > 0) out.append(",");
      auto const& each = commands_[i];
      append_outcome({each.type, each.id}, each.wish.reply, each.wish.options.dry_run, end_of(i), each.expected, out);
    }
    out.append("]");
  }

  /// Of the last event of all, so that a read which has come so far has seen every command.
  void append_token(std::string& out) const {
    position last{};
    for (std::size_t i = 0; i < ends_.size(); ++i)
      if (end_of(i).accepted() && !commands_[i].wish.options.dry_run) last = std::max(last, end_of(i).reply().position);
    if (last == position{}) return;
    out.append("Consistency-Token: ");
    api_.tokens.append(last, out);
    out.append("\r\n");
  }

  void render(reply& out) const {
    if (auto const* const why = failure_of_all()) {
      std::string outcomes;
      append_outcomes(outcomes);
      return render_failure(out, *why, outcomes);
    }
    append_token(out.headers);
    out.content_type = media::json;
    out.body.append("{");
    append_outcomes(out.body);
    out.body.append("}");
  }

  api_context& api_;
  ticket to_;
  std::vector<batched_command> commands_;
  std::vector<std::optional<command_result>> ends_;
  std::size_t left_;
  std::size_t state_bytes_ = 0;
};

result<std::vector<batched_command>> read_request(api_context const& api, incoming const& request) {
  for (std::string_view const name : {"If-Match", "If-None-Match", "Idempotency-Key"})
    if (request.find_header(name))
      return fail(errc::invalid_argument, std::string(name) + ": is of one command; in a batch its entry says it");
  auto const all = read_command_wish(request);
  if (!all) return std::unexpected(all.error());
  return parse_batch(request.body(), *all, {api.options.max_batch_commands, api.limits.max_json_depth});
}

}  // namespace

void answer_batch(api_context& api, incoming& request, ticket reply_to) {
  auto commands = read_request(api, request);
  if (!commands) return reply_to.answer([&](reply& out, incoming const&) { render_body_refusal(out, commands.error()); });
  std::make_shared<open_batch>(api, *std::move(commands), std::move(reply_to))->run();
}

}  // namespace evoke::http
