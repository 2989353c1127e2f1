#include <evoke/runtime.hpp>

#include <utility>

#include "runtime/as_future.hpp"
#include "runtime/runtime_core.hpp"

/// The part of `runtime` that is about read models: callbacks and futures over the projections.
namespace evoke {

using detail::as_future;

void runtime::find(document_request request, callback<result<document_reply>> done) {
  core_->projections().find(std::move(request), std::move(done));
}
void runtime::query(view_query request, callback<result<view_page>> done) {
  core_->projections().query(std::move(request), std::move(done));
}
void runtime::changes(view_changes_request request, callback<result<view_changes>> done) {
  core_->projections().changes(std::move(request), std::move(done));
}
void runtime::projections(callback<result<std::vector<projection_status>>> done) {
  core_->projections().all(std::move(done));
}
void runtime::projection(std::string name, callback<result<projection_status>> done) {
  core_->projections().one(name, std::move(done));
}
void runtime::pause_projection(std::string name, callback<result<void>> done) {
  core_->projections().pause(name, std::move(done));
}
void runtime::resume_projection(std::string name, callback<result<void>> done) {
  core_->projections().resume(name, std::move(done));
}
void runtime::rebuild_projection(std::string name, callback<result<void>> done) {
  core_->projections().rebuild(name, std::move(done));
}
void runtime::dead_letters(std::string projection, std::uint64_t after, std::size_t limit, callback<result<dead_letter_page>> done) {
  core_->projections().dead_letters(projection, after, limit, std::move(done));
}
void runtime::retry_dead_letter(std::string projection, std::uint64_t number, bool whole_row, callback<result<letters_handled>> done) {
  core_->projections().retry(projection, number, whole_row, std::move(done));
}
void runtime::skip_dead_letter(std::string projection, std::uint64_t number, callback<result<letters_handled>> done) {
  core_->projections().skip(projection, number, std::move(done));
}
void runtime::wait_for(std::string projection, position at, std::chrono::milliseconds at_most, callback<result<void>> done) {
  core_->projections().wait_for(projection, at, at_most, std::move(done));
}

std::future<result<document_reply>> runtime::find(document_request request) {
  return as_future<result<document_reply>>([&](auto done) { find(std::move(request), std::move(done)); });
}
std::future<result<view_page>> runtime::query(view_query request) {
  return as_future<result<view_page>>([&](auto done) { query(std::move(request), std::move(done)); });
}
std::future<result<view_changes>> runtime::changes(view_changes_request request) {
  return as_future<result<view_changes>>([&](auto done) { changes(std::move(request), std::move(done)); });
}
std::future<result<std::vector<projection_status>>> runtime::projections() {
  return as_future<result<std::vector<projection_status>>>([&](auto done) { projections(std::move(done)); });
}
std::future<result<projection_status>> runtime::projection(std::string name) {
  return as_future<result<projection_status>>([&](auto done) { projection(std::move(name), std::move(done)); });
}
std::future<result<void>> runtime::pause_projection(std::string name) {
  return as_future<result<void>>([&](auto done) { pause_projection(std::move(name), std::move(done)); });
}
std::future<result<void>> runtime::resume_projection(std::string name) {
  return as_future<result<void>>([&](auto done) { resume_projection(std::move(name), std::move(done)); });
}
std::future<result<void>> runtime::rebuild_projection(std::string name) {
  return as_future<result<void>>([&](auto done) { rebuild_projection(std::move(name), std::move(done)); });
}
std::future<result<dead_letter_page>> runtime::dead_letters(std::string projection, std::uint64_t after, std::size_t limit) {
  return as_future<result<dead_letter_page>>([&](auto done) { dead_letters(std::move(projection), after, limit, std::move(done)); });
}
std::future<result<letters_handled>> runtime::retry_dead_letter(std::string projection, std::uint64_t number, bool whole_row) {
  return as_future<result<letters_handled>>(
      [&](auto done) { retry_dead_letter(std::move(projection), number, whole_row, std::move(done)); });
}
std::future<result<letters_handled>> runtime::skip_dead_letter(std::string projection, std::uint64_t number) {
  return as_future<result<letters_handled>>([&](auto done) { skip_dead_letter(std::move(projection), number, std::move(done)); });
}
std::future<result<void>> runtime::wait_for(std::string projection, position at, std::chrono::milliseconds at_most) {
  return as_future<result<void>>([&](auto done) { wait_for(std::move(projection), at, at_most, std::move(done)); });
}

}  // namespace evoke
