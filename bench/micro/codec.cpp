#include "bench/micro/sample_cart.hpp"
#include "bench/micro/subjects.hpp"
#include "persistence/record_codec.hpp"

/// An event on its way into the store and back: its fields are JSON, and that JSON lies in a record with place, time, ids and checksum.
namespace evoke::bench {
namespace {

using persistence::codec_problem;

constexpr std::uint64_t kVersion = 7;

persistence::append one_event() {
  persistence::append one;
  one.type = 1;
  one.id = aggregate_id::trusted("c-4711");
  one.first_version = version{kVersion};
  one.time = system_clock().now();
  one.command_id = uuid::random();
  one.events.push_back({2, 1, must(json::encode(item_added(kVersion))), {}, {}});
  return one;
}

void encode_data(benchmark::State& run) {
  auto const event = item_added(kVersion);
  std::string out;
  for ([[maybe_unused]] auto const _ : run) {
    out.clear();
    must(json::append(out, event));
    benchmark::DoNotOptimize(out.data());
  }
  bytes_each(run, out.size());
}

void decode_data(benchmark::State& run) {
  auto const data = must(json::encode(item_added(kVersion)));
  for ([[maybe_unused]] auto const _ : run) {
    auto event = json::decode<carts::cart_item_added>(data);
    if (!event) throw std::runtime_error("the event's data does not read");
    benchmark::DoNotOptimize(event);
  }
  bytes_each(run, data.size());
}

void encode_record(benchmark::State& run) {
  auto const one = one_event();
  persistence::wire_writer out;
  for ([[maybe_unused]] auto const _ : run) {
    out.clear();
    persistence::encode_record(out, one, 0, one.first_version, position{1'000'000});
    benchmark::DoNotOptimize(out.view().data());
  }
  bytes_each(run, out.size());
}

void decode_record(benchmark::State& run) {
  auto const one = one_event();
  auto const store = uuid::random();
  persistence::wire_writer bytes;
  persistence::encode_record(bytes, one, 0, one.first_version, position{1'000'000});
  for ([[maybe_unused]] auto const _ : run) {
    persistence::event_view event;
    if (persistence::decode_record(bytes.view(), store, persistence::verify::checksum, event) != codec_problem::none)
      throw std::runtime_error("the record does not read");
    benchmark::DoNotOptimize(event);
  }
  bytes_each(run, bytes.size());
}

}  // namespace

void add_codec(micro_benchmarks& to) {
  to.add("codec/encode_data", encode_data);
  to.add("codec/decode_data", decode_data);
  to.add("codec/encode_record", encode_record);
  to.add("codec/decode_record", decode_record);
}

}  // namespace evoke::bench
