#include "bench/measure/cart_runtime.hpp"
#include "bench/measure/measure.hpp"
#include "bench/micro/sample_cart.hpp"
#include "bench/micro/subjects.hpp"
#include "http/command_answer.hpp"

/// A command's body read, its answer and a state written, by the functions that the HTTP front end does it with.
namespace evoke::bench {
namespace {

void parse_command(benchmark::State& run) {
  auto const definition = define<carts::cart>();
  auto const index = definition->find_command("add_cart_item").value();
  auto const body = event_data(0);
  for ([[maybe_unused]] auto const _ : run) {
    auto command = definition->decode_command(index, body);
    if (!command) throw std::runtime_error("the body does not read");
    benchmark::DoNotOptimize(command);
  }
  bytes_each(run, body.size());
}

void write_reply(benchmark::State& run) {
  runtime_options options;
  options.storage = storage::in_memory;
  auto const served = start_with_carts(std::move(options));
  http::api_context const api(*served, {}, {});
  command_reply done;
  done.version = version{7};
  done.position = position{1'000'000};
  done.events.push_back({uuid::random(), event_type::trusted("cart_item_added"), done.version, done.position});
  command_result const end(std::move(done));
  http::incoming const request;
  http::reply out;
  for ([[maybe_unused]] auto const _ : run) {
    out.clear();
    render_command_result(api, {"cart", "c-4711"}, http::preferences::reply::standard, false, end, request, out);
    benchmark::DoNotOptimize(out.body.data());
  }
  bytes_each(run, out.headers.size() + out.body.size());
}

void write_state(benchmark::State& run) {
  auto const definition = define<carts::cart>();
  auto const state = definition->create();
  must(state->restore(must(json::encode(full_cart()))));
  std::string out;
  for ([[maybe_unused]] auto const _ : run) {
    out.clear();
    must(state->encode(out));
    benchmark::DoNotOptimize(out.data());
  }
  bytes_each(run, out.size());
}

}  // namespace

void add_json(micro_benchmarks& to) {
  to.add("json/parse_command", parse_command);
  to.add("json/write_reply", write_reply);
  to.add("json/write_state", write_state);
}

}  // namespace evoke::bench
