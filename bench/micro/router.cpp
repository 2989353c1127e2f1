#include "http/router.hpp"
#include "bench/micro/subjects.hpp"
#include "http/generic_routes.hpp"

/// From a request's target to who answers it, in the table that the server has.
namespace evoke::bench {
namespace {

using http::method;
using http::router;
using end = router::match::end;

router table() {
  router made;
  std::uint32_t number = 0;
  for (auto const& each : http::generic_routes()) must(made.add(each.which, each.pattern, number++));
  return made;
}

/// The target is split and decoded each time, because a match leaves its captures in the request.
void split(http::incoming& request, method which, std::string_view target) {
  request.begin(target.size());
  request.set_line(which, target, false);
  if (!request.split_target().empty()) throw std::runtime_error("the target does not read");
}

void match(benchmark::State& run, method which, std::string_view target, end expected) {
  auto const routes = table();
  http::incoming request;
  for ([[maybe_unused]] auto const _ : run) {
    split(request, which, target);
    auto const found = routes.find(request);
    if (found.what != expected) throw std::runtime_error("the target leads elsewhere");
    benchmark::DoNotOptimize(found.endpoint);
  }
}

constexpr std::string_view command = "/v1/aggregates/cart/c-4711/commands/add_cart_item";

void split_only(benchmark::State& run) {
  http::incoming request;
  for ([[maybe_unused]] auto const _ : run) {
    split(request, method::post, command);
    benchmark::DoNotOptimize(request.segment_count());
  }
}

}  // namespace

void add_router(micro_benchmarks& to) {
  auto const add = [&](std::string const& name, method which, std::string_view target, end expected) {
    to.add(name, [=](benchmark::State& run) { match(run, which, target, expected); });
  };
  to.add("router/command_split_only", split_only);
  add("router/command", method::post, command, end::found);
  add("router/state", method::get, "/v1/aggregates/cart/c-4711", end::found);
  add("router/verb", method::post, "/v1/subscriptions/mailing:fetch", end::found);
  add("router/no_route", method::get, "/v1/aggregates/cart/c-4711/commands", end::no_route);
}

}  // namespace evoke::bench
