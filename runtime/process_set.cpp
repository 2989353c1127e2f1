#include "runtime/process_set.hpp"

#include <evoke/json.hpp>

#include <algorithm>
#include <utility>

#include "model/process_names.hpp"
#include "runtime/process_rows.hpp"

namespace evoke::detail {
namespace {

failure no_such_process(std::string const& name) {
  return {errc::not_found, "there is no process " + name, {}, {}, {}};
}

instance_list list_of(process_list which) {
  switch (which) {
    case process_list::open: return instance_list::open;
    case process_list::stuck: return instance_list::stuck;
    case process_list::blocked: return instance_list::blocked;
  }
  return instance_list::open;
}

/// What a command to an instance means for a person who asked for something else.
result<void> end_of(command_result const& end) {
  if (end.accepted()) return {};
  if (end.failed()) return fail(end.error());
  return fail(end.why().kind == rejection_kind::not_found ? errc::not_found : errc::invalid_argument, end.why().message);
}

}  // namespace

result<void> process_set::start(registry const& types) {
  for (auto const& each : types.processes()) {
    workers_.push_back(std::make_unique<process_worker>(*each, types, with_.base));
    if (auto started = workers_.back()->start(); !started) return started;
  }
  return {};
}

void process_set::stop() {
  for (auto& each : workers_) each->stop();
}

process_worker* process_set::find(std::string_view name) const noexcept {
  auto const found = std::ranges::find_if(workers_, [&](auto const& each) { return each->definition().name().str() == name; });
  return found == workers_.end() ? nullptr : found->get();
}

template <class T>
void process_set::answer(std::size_t worker, callback<result<T>> done, result<T> with) {
  with_.answers.run_on(worker, [done = std::move(done), with = std::move(with)]() mutable { done(std::move(with)); });
}

template <class T>
void process_set::read(callback<result<T>> done, std::move_only_function<result<T>()> how) {
  auto const worker = with_.workers.here_or_next();
  auto shared = std::make_shared<callback<result<T>>>(std::move(done));  // because a refused submission must still answer
  bool const taken = with_.pool.try_submit(
      [this, worker, shared, how = std::move(how)]() mutable { answer(worker, std::move(*shared), how()); }, with_.max_waiting_reads);
  if (!taken) answer<T>(worker, std::move(*shared), fail({errc::overloaded, "too many reads wait", {}, {}, 100}));
}

void process_set::ask(std::string const& name, std::function<result<void>(process_engine&)> what, callback<result<void>> done) {
  auto const worker = with_.workers.here_or_next();
  auto* const process = find(name);
  if (process == nullptr) return answer<void>(worker, std::move(done), fail(no_such_process(name)));
  auto shared = std::make_shared<callback<result<void>>>(std::move(done));
  std::move_only_function<void(process_engine&)> mail = [this, worker, shared, what = std::move(what)](process_engine& engine) mutable {
    answer<void>(worker, std::move(*shared), what(engine));
  };
  if (!process->tell(mail)) answer<void>(worker, std::move(*shared), fail(errc::draining, "the runtime is stopping"));
}

process_summary process_set::summary_of(process_worker const& of) const {
  auto const now = of.counts();
  process_summary made;
  made.name = of.definition().name().str();
  made.checkpoint = now.checkpoint;
  auto const head = with_.base.journal.head();
  made.lag_events = head.value() - std::min(head, now.checkpoint).value();
  made.busy_instances = now.instances_busy + now.instances_waiting;
  made.blocked_instances = now.instances_blocked;
  made.events_handled = now.events_handled;
  made.steps_started = now.steps_started;
  made.steps_retried = now.steps_retried;
  if (now.halt) made.halted = process_halted{now.halt->at, now.halt->why};
  auto const count = [&](std::string_view, std::string_view) {
    ++made.stuck_instances;
    return true;
  };
  static_cast<void>(
      with_.base.journal.scan_rows(persistence::row_space::processes, {instance_row_key(instance_list::stuck, made.name)}, count));
  return made;
}

std::vector<process_summary> process_set::sum_up() const {
  std::vector<process_summary> all;
  for (auto const& each : workers_) all.push_back(summary_of(*each));
  return all;
}

void process_set::all(callback<result<std::vector<process_summary>>> done) {
  read<std::vector<process_summary>>(std::move(done), [this]() -> result<std::vector<process_summary>> { return sum_up(); });
}

void process_set::one(std::string name, callback<result<process_summary>> done) {
  read<process_summary>(std::move(done), [this, name = std::move(name)]() -> result<process_summary> {
    auto const* const process = find(name);
    if (process == nullptr) return fail(no_such_process(name));
    return summary_of(*process);
  });
}

result<process_page> process_set::page_of(process_list_request const& request) const {
  if (find(request.name) == nullptr) return fail(no_such_process(request.name));
  auto const prefix = instance_row_key(list_of(request.list), request.name);
  auto const limit = std::min<std::size_t>(request.limit, with_.max_page);
  process_page page;
  auto const last = prefix + request.after;
  auto read = with_.base.journal.scan_rows(persistence::row_space::processes, {prefix, last}, [&](std::string_view key, std::string_view) {
    if (page.ids.size() == limit) {
      page.next = page.ids.back();
      return false;
    }
    page.ids.emplace_back(key.substr(prefix.size()));
    return true;
  });
  if (!read) return std::unexpected(read.error());
  return page;
}

void process_set::list(process_list_request request, callback<result<process_page>> done) {
  read<process_page>(std::move(done), [this, request = std::move(request)] { return page_of(request); });
}

result<std::optional<process_block>> process_set::block_of(std::string_view name, std::string_view id) const {
  std::optional<process_block> found;
  auto const wanted = instance_row_key(instance_list::blocked, name, id);
  auto read = with_.base.journal.scan_rows(persistence::row_space::processes, {wanted}, [&](std::string_view key, std::string_view value) {
    if (key == wanted) found = decode_blocked_instance(value);
    return false;
  });
  if (!read) return std::unexpected(read.error());
  return found;
}

void process_set::instance(std::string name, std::string id, callback<result<process_instance_reply>> done) {
  auto const worker = with_.workers.here_or_next();
  if (find(name) == nullptr) return answer<process_instance_reply>(worker, std::move(done), fail(no_such_process(name)));
  with_.state({name, id, {}, {}}, [this, name, id, done = std::move(done)](result<state_reply> state) mutable {
    read<process_instance_reply>(
        std::move(done), [this, name = std::move(name), id = std::move(id), state = std::move(state)]() -> result<process_instance_reply> {
          auto blocked = block_of(name, id);
          if (!blocked) return std::unexpected(blocked.error());
          process_instance_reply made;
          made.blocked = std::move(*blocked);
          // What cannot be handled may be the very first event: then there is no stream yet.
          if (!state && made.blocked) return made;
          if (!state) return std::unexpected(state.error());
          auto decoded = json::decode<process_instance>(state->state);
          if (!decoded) return std::unexpected(decoded.error());
          made.instance = std::move(*decoded);
          made.version = state->version;
          return made;
        });
  });
}

void process_set::command(std::string name, std::string id, std::string_view what, std::string body, callback<result<void>> done) {
  with_.base.execute({std::move(name), std::move(id), std::string(what), std::move(body), {}},
                     [done = std::move(done)](command_result end) mutable { done(end_of(end)); });
}

void process_set::retry(std::string name, std::string id, callback<result<void>> done) {
  // Which of the two it is, is known on the process's thread; a stuck instance is asked by its own command.
  ask(
      name, [id](process_engine& engine) { return engine.unblock(id); },
      [this, name, id, done = std::move(done)](result<void> end) mutable {
        if (end || end.error().code != errc::not_found || find(name) == nullptr) return done(std::move(end));
        command(std::move(name), std::move(id), process_retry_command, "{}", std::move(done));
      });
}

void process_set::close(std::string name, std::string id, std::string reason, callback<result<void>> done) {
  auto body = json::encode(std::map<std::string, std::string>{{"reason", std::move(reason)}});
  auto const worker = with_.workers.here_or_next();
  if (find(name) == nullptr) return answer<void>(worker, std::move(done), fail(no_such_process(name)));
  if (!body) return answer<void>(worker, std::move(done), fail(body.error()));
  command(std::move(name), std::move(id), process_close_command, std::move(*body), std::move(done));
}

void process_set::resume(std::string name, callback<result<void>> done) {
  ask(name, [](process_engine& engine) { return engine.resume(); }, std::move(done));
}

void process_set::skip(std::string name, callback<result<void>> done) {
  ask(name, [](process_engine& engine) { return engine.skip(); }, std::move(done));
}

}  // namespace evoke::detail
