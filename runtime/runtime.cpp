#include <evoke/runtime.hpp>

#include <utility>

#include "runtime/as_future.hpp"
#include "runtime/runtime_core.hpp"

namespace evoke {

using detail::as_future;

runtime::runtime(std::unique_ptr<runtime_core> core) : core_(std::move(core)) {}
runtime::~runtime() = default;

result<std::unique_ptr<runtime>> runtime::start(registry types, runtime_options options) {
  auto core = runtime_core::start(std::move(types), std::move(options));
  if (!core) return std::unexpected(core.error());
  return std::unique_ptr<runtime>(new runtime(std::move(*core)));
}

void runtime::execute(command_request request, callback<command_result> done) {
  core_->execute(std::move(request), std::move(done));
}
std::future<command_result> runtime::execute(command_request request) {
  return as_future<command_result>([&](auto done) { core_->execute(std::move(request), std::move(done)); });
}
void runtime::execute(aggregate_definition const& definition, std::string id, boxed_command command, command_options options,
                      callback<command_result> done) {
  core_->execute(definition, std::move(id), std::move(command), std::move(options), std::move(done));
}

void runtime::append(raw_append_request request, callback<command_result> done) {
  core_->append(std::move(request), std::move(done));
}
std::future<command_result> runtime::append(raw_append_request request) {
  return as_future<command_result>([&](auto done) { core_->append(std::move(request), std::move(done)); });
}

void runtime::state(state_request request, callback<result<state_reply>> done) {
  core_->state(std::move(request), std::move(done));
}
std::future<result<state_reply>> runtime::state(state_request request) {
  return as_future<result<state_reply>>([&](auto done) { core_->state(std::move(request), std::move(done)); });
}

void runtime::read_stream(stream_request request, callback<result<stream_page>> done) {
  core_->read_stream(std::move(request), std::move(done));
}
std::future<result<stream_page>> runtime::read_stream(stream_request request) {
  return as_future<result<stream_page>>([&](auto done) { core_->read_stream(std::move(request), std::move(done)); });
}

void runtime::read_log(log_request request, callback<result<log_page>> done) {
  core_->read_log(std::move(request), std::move(done));
}
std::future<result<log_page>> runtime::read_log(log_request request) {
  return as_future<result<log_page>>([&](auto done) { core_->read_log(std::move(request), std::move(done)); });
}

void runtime::find_event(event_request request, callback<result<recorded_event>> done) {
  core_->find_event(request, std::move(done));
}
std::future<result<recorded_event>> runtime::find_event(event_request request) {
  return as_future<result<recorded_event>>([&](auto done) { core_->find_event(request, std::move(done)); });
}

void runtime::causation(causation_request request, callback<result<causation_graph>> done) {
  core_->causation(std::move(request), std::move(done));
}
std::future<result<causation_graph>> runtime::causation(causation_request request) {
  return as_future<result<causation_graph>>([&](auto done) { core_->causation(std::move(request), std::move(done)); });
}

void runtime::list(list_request request, callback<result<list_page>> done) {
  core_->list(std::move(request), std::move(done));
}
std::future<result<list_page>> runtime::list(list_request request) {
  return as_future<result<list_page>>([&](auto done) { core_->list(std::move(request), std::move(done)); });
}

void runtime::timers(timers_request request, callback<result<timers_page>> done) {
  core_->timers(std::move(request), std::move(done));
}
std::future<result<timers_page>> runtime::timers(timers_request request) {
  return as_future<result<timers_page>>([&](auto done) { core_->timers(std::move(request), std::move(done)); });
}

result<subscription> runtime::subscribe(subscription_request request) {
  return core_->subscribe(std::move(request));
}

processes& runtime::processes() noexcept {
  return core_->processes();
}

persistent_subscriptions& runtime::subscriptions() noexcept {
  return core_->subscriptions();
}

registry const& runtime::types() const noexcept {
  return core_->types();
}
void runtime::metrics(callback<std::string> done) {
  core_->metrics(std::move(done));
}
std::future<std::string> runtime::metrics() {
  return detail::as_future<std::string>([&](auto done) { core_->metrics(std::move(done)); });
}

runtime_info runtime::info() const {
  return core_->info();
}
runtime_health runtime::health() const {
  return core_->health();
}
void runtime::drain() noexcept {
  core_->drain();
}
void runtime::stop(std::chrono::milliseconds deadline) {
  core_->stop(deadline);
}

}  // namespace evoke
