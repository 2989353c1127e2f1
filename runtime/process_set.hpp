#pragma once

#include <evoke/processes.hpp>
#include <evoke/registry.hpp>
#include <evoke/runtime.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/recovery_pool.hpp"
#include "runtime/process_worker.hpp"
#include "runtime/worker_answers.hpp"

namespace evoke::detail {

/// The process managers of a runtime, a thread each. Any thread; answers are given on the worker that asked.
class process_set final : public processes {
 public:
  /// What it uses of the runtime, which outlives it. @param state reads an instance.
  struct surroundings {
    process_surroundings base;
    actors::recovery_pool& pool;
    worker_answers& answers;
    actors::worker_pool& workers;
    std::function<void(state_request, callback<result<state_reply>>)> state;
    std::uint32_t max_page = 0;
    std::uint32_t max_waiting_reads = 0;
  };
  explicit process_set(surroundings with) : with_(std::move(with)) {}
  ~process_set() override { stop(); }

  [[nodiscard]] result<void> start(registry const& types);
  /// Ends the threads. Who comes later is answered `draining`.
  void stop();

  /// For metrics: what all() says. Reads the store.
  [[nodiscard]] std::vector<process_summary> sum_up() const;

  void all(callback<result<std::vector<process_summary>>> done) override;
  void one(std::string name, callback<result<process_summary>> done) override;
  void list(process_list_request request, callback<result<process_page>> done) override;
  void instance(std::string name, std::string id, callback<result<process_instance_reply>> done) override;
  void retry(std::string name, std::string id, callback<result<void>> done) override;
  void close(std::string name, std::string id, std::string reason, callback<result<void>> done) override;
  void resume(std::string name, callback<result<void>> done) override;
  void skip(std::string name, callback<result<void>> done) override;

 private:
  [[nodiscard]] process_worker* find(std::string_view name) const noexcept;
  [[nodiscard]] process_summary summary_of(process_worker const& of) const;
  [[nodiscard]] result<process_page> page_of(process_list_request const& request) const;
  [[nodiscard]] result<std::optional<process_block>> block_of(std::string_view name, std::string_view id) const;
  template <class T>
  void answer(std::size_t worker, callback<result<T>> done, result<T> with);
  /// Runs `how` on a background thread.
  template <class T>
  void read(callback<result<T>> done, std::move_only_function<result<T>()> how);
  /// Has `what` done on the process's thread.
  void ask(std::string const& name, std::function<result<void>(process_engine&)> what, callback<result<void>> done);
  /// A person's command to an instance, by name.
  void command(std::string name, std::string id, std::string_view what, std::string body, callback<result<void>> done);

  surroundings with_;
  std::vector<std::unique_ptr<process_worker>> workers_;
};

}  // namespace evoke::detail
