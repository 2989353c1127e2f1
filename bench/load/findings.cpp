#include "bench/load/findings.hpp"

#include <algorithm>
#include <utility>

namespace evoke::load {

window assignment::make_window(steady::time_point begin) const {
  auto const as_time = [](double seconds) { return std::chrono::duration_cast<steady::duration>(std::chrono::duration<double>(seconds)); };
  auto const from = begin + as_time(given.warmup);
  return {begin, from, from + as_time(given.seconds), given.rate > 0};
}

result<assignment> assign(settings given) {
  auto found = find_workload(given.workload);
  if (!found) return std::unexpected(found.error());
  assignment made;
  made.keys = given.keys.value_or(found->keys.value_or(100'000));
  made.payload_bytes = given.payload_bytes.value_or(found->payload_bytes);
  made.distribution = given.distribution.value_or(found->distribution);
  made.work = std::move(*found);
  made.given = std::move(given);
  if (auto fits = key_distribution::parse(made.distribution, made.keys); !fits) return std::unexpected(fits.error());
  if (made.given.followers > 0 && std::ranges::none_of(made.work.operations, &operation::writes)) {
    return fail(errc::invalid_argument, "--followers: the workload '" + made.work.name + "' writes nothing that they could hear");
  }
  return made;
}

}  // namespace evoke::load
