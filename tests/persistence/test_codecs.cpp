#include <algorithm>
#include <random>

#include "contract.hpp"
#include "persistence/crc32c.hpp"
#include "persistence/group_codec.hpp"
#include "persistence/keys.hpp"
#include "persistence/row_codec.hpp"

namespace {

uuid const kStore = need(uuid::parse(kStoreId));

/// An append in which everything is given.
append full_append() {
  append made;
  made.type = 3;
  made.id = aggregate_id::trusted("cart-1");
  made.first_version = version{41};
  made.time = timestamp(std::chrono::microseconds(1'750'000'000'123'456));
  made.command_id = need(uuid::parse("0198c0de-0000-4000-8000-00000000000c"));
  made.meta = {"flow", "cause", "user", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "v=1", R"({"m":1})"};
  made.events.push_back({7, 2, R"({"sku":"a"})", need(uuid::parse("0198c0de-0000-7000-8000-00000000000e")), {}});
  made.events.push_back({300, 1, R"({"sku":"b"})", {}, R"({"own":1})"});
  made.timers.push_back({timer_change::action::set, "due", made.time, "expire", "{}"});
  made.timers.push_back({timer_change::action::cancel, "old", {}, {}, {}});
  return made;
}

std::string record_of(append const& from, std::size_t index) {
  wire_writer out;
  encode_record(out, from, index, from.first_version.plus(index), position{1000 + index});
  return std::string(out.view());
}

/// One bit or one byte changed, or some bytes cut off or added.
std::string mutate(std::string bytes, std::mt19937_64& random) {
  if (bytes.empty()) return bytes;
  auto const at = random() % bytes.size();
  switch (random() % 4) {
    case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1U << (random() % 8))); break;
    case 1: bytes[at] = static_cast<char>(random()); break;
    case 2: bytes.resize(at); break;
    default: bytes.insert(at, 1 + random() % 9, static_cast<char>(random())); break;
  }
  return bytes;
}

/// Replaces the checksum by the right one, so that a mutation reaches the parser.
std::string reseal(std::string bytes) {
  if (bytes.size() < 4) return bytes;
  auto crc = crc32c(std::string_view(bytes).substr(0, bytes.size() - 4));
  for (std::size_t i = 0; i < 4; ++i) bytes[bytes.size() - 4 + i] = static_cast<char>(crc >> (8 * i));
  return bytes;
}

command_record some_record(command_end end) {
  command_record made;
  made.fingerprint = 0x0123456789abcdefULL;
  made.time = timestamp(1'750'000'000'000'000us);
  made.end = end;
  made.created = true;
  made.first_version = version{1};
  made.event_count = 2;
  made.version = version{2};
  made.position = position{300};
  if (end == command_end::rejection) made.why = rejection::forbidden("not_yours", "It is not yours.", "{}");
  return made;
}

}  // namespace

TEST_CASE("The checksum is CRC-32C, by instruction and in portable code") {
  CHECK(portable_crc32c("123456789") == 0xe3069283U);
  CHECK(crc32c("123456789") == 0xe3069283U);
  CHECK(crc32c(std::string(32, '\0')) == 0x8a9136aaU);
  std::mt19937_64 random(1);
  for (std::size_t size = 0; size < 100; ++size) {
    std::string bytes(size, '\0');
    for (auto& byte : bytes) byte = static_cast<char>(random());
    CHECK(crc32c(bytes) == portable_crc32c(bytes));
  }
}

TEST_CASE("Varints of every length come back") {
  wire_writer out;
  out.ensure(64 * 2 * kMaxVarintBytes);
  for (unsigned shift = 0; shift < 64; ++shift) {
    out.put_varint(std::uint64_t{1} << shift);
    out.put_varint((std::uint64_t{1} << shift) - 1);
  }
  wire_reader in(out.view());
  for (unsigned shift = 0; shift < 64; ++shift) {
    CHECK(in.get_varint() == std::uint64_t{1} << shift);
    CHECK(in.get_varint() == (std::uint64_t{1} << shift) - 1);
  }
  CHECK(in.at_end());
}

TEST_CASE("A varint that does not end or does not fit is refused") {
  for (auto const& bytes : {std::string(10, '\xff'), std::string(3, '\x80'), std::string(9, '\xff') + '\x02', std::string()}) {
    wire_reader in(bytes);
    CHECK(in.get_varint() == 0);
    CHECK_FALSE(in.ok());
  }
}

TEST_CASE("A text whose length points beyond the end is refused") {
  wire_reader in(std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01xyz", 13));
  CHECK(in.get_text().empty());
  CHECK_FALSE(in.ok());
}

TEST_CASE("A record comes back as it was encoded") {
  auto const from = full_append();
  auto const bytes = record_of(from, 0);
  event_view got;
  REQUIRE(decode_record(bytes, kStore, verify::checksum, got) == codec_problem::none);
  CHECK(got.id == *from.events[0].client_id);
  CHECK(got.type == 7);
  CHECK(got.schema_version == 2);
  CHECK(got.stream_type == 3);
  CHECK(got.stream_id == "cart-1");
  CHECK(got.version == version{41});
  CHECK(got.position == position{1000});
  CHECK(got.time == from.time);
  CHECK(got.data == from.events[0].data);
  CHECK(got.correlation_id == "flow");
  CHECK(got.causation_id == "cause");
  CHECK(got.command_id == from.command_id);
  CHECK(got.user == "user");
  CHECK(got.traceparent == from.meta.traceparent);
  CHECK(got.tracestate == "v=1");
  CHECK(got.extra == R"({"m":1})");
  CHECK(decode_record_timers(bytes) == from.timers);
}

TEST_CASE("A record without a given id has the id that its time and position make") {
  auto const from = full_append();
  auto const bytes = record_of(from, 1);
  event_view got;
  REQUIRE(decode_record(bytes, kStore, verify::checksum, got) == codec_problem::none);
  CHECK(got.id == made_event_id(kStore, from.time, position{1001}));
  CHECK(got.extra == R"({"own":1})");
  CHECK(decode_record_timers(bytes).empty());
}

TEST_CASE("The position is inside a made id, for this store only") {
  auto const id = made_event_id(kStore, timestamp(1'750'000'000'123'456us), position{0x2abbccddeeff0011ULL});
  CHECK(id.version_field() == 8);
  CHECK((id.bytes()[8] & 0xc0U) == 0x80U);
  CHECK(position_in(id, kStore) == position{0x2abbccddeeff0011ULL});
  CHECK(position_in(id, uuid{}) == position{});
  CHECK(position_in(uuid{}, kStore) == position{});
  CHECK(id.str().substr(0, 13) == "01977420-dc7b");
}

TEST_CASE("Any change of a record's bytes is noticed") {
  auto const seed = test_seed();
  INFO("EVOKE_SEED=" << seed);
  std::mt19937_64 random(seed);
  auto const good = record_of(full_append(), 0);
  for (int i = 0; i < 20'000; ++i) {
    auto const bad = mutate(good, random);
    if (bad == good) continue;
    event_view got;
    REQUIRE(decode_record(bad, kStore, verify::checksum, got) != codec_problem::none);
  }
}

TEST_CASE("A record whose checksum was made to fit is read within its bounds or refused") {
  auto const seed = test_seed();
  INFO("EVOKE_SEED=" << seed);
  std::mt19937_64 random(seed);
  auto const good = record_of(full_append(), 0);
  for (int i = 0; i < 20'000; ++i) {
    // On the heap at its exact size, so that an address sanitizer sees a read beyond it.
    auto const mutated = reseal(mutate(mutate(good, random), random));
    std::vector<char> const bytes(mutated.begin(), mutated.end());
    event_view got;
    if (decode_record({bytes.data(), bytes.size()}, kStore, verify::checksum, got) != codec_problem::none) continue;
    CHECK(got.data.size() <= bytes.size());
    static_cast<void>(decode_record_timers({bytes.data(), bytes.size()}));
  }
}

TEST_CASE("A record of a newer format or with unknown flags is named so") {
  auto bytes = record_of(full_append(), 0);
  event_view got;
  bytes[0] = 2;
  CHECK(decode_record(reseal(bytes), kStore, verify::checksum, got) == codec_problem::unknown_format);
  bytes[0] = 1;
  bytes[2] = 1;
  CHECK(decode_record(reseal(bytes), kStore, verify::checksum, got) == codec_problem::unknown_format);
}

TEST_CASE("A group gives its records back in order") {
  auto const from = full_append();
  group_builder builder;
  builder.begin(position{1000});
  auto const first = std::string(builder.add(from, 0, version{41}));
  auto const second = std::string(builder.add(from, 1, version{42}));
  auto const bytes = std::string(builder.finish(from.time + 5us));
  group_view group;
  REQUIRE(group_view::read(bytes, verify::checksum, group) == codec_problem::none);
  CHECK(group.first() == position{1000});
  CHECK(group.last() == position{1001});
  CHECK(group.commit_time() == from.time + 5us);
  auto left = group.records();
  CHECK(group_view::take(left) == first);
  CHECK(group_view::take(left) == second);
  CHECK(group_view::take(left).empty());
  CHECK(group.record_at(position{1001}) == second);
  CHECK(first == record_of(from, 0));
}

TEST_CASE("Any change of a group's bytes is noticed") {
  auto const seed = test_seed();
  INFO("EVOKE_SEED=" << seed);
  std::mt19937_64 random(seed);
  auto const from = full_append();
  group_builder builder;
  builder.begin(position{1000});
  static_cast<void>(builder.add(from, 0, version{41}));
  static_cast<void>(builder.add(from, 1, version{42}));
  auto const good = std::string(builder.finish(from.time));
  for (int i = 0; i < 20'000; ++i) {
    auto const bad = mutate(good, random);
    group_view group;
    if (bad != good) REQUIRE(group_view::read(bad, verify::checksum, group) != codec_problem::none);
    auto const sealed = reseal(bad);
    if (group_view::read(sealed, verify::checksum, group) != codec_problem::none) continue;
    for (auto left = group.records(); !left.empty();) {
      event_view got;
      static_cast<void>(decode_record(group_view::take(left), kStore, verify::checksum, got));
    }
  }
}

TEST_CASE("A stored outcome comes back as it was encoded, however the command ended") {
  auto const end = GENERATE(command_end::success, command_end::no_change, command_end::rejection);
  auto const record = some_record(end);
  wire_writer out;
  encode_command(out, record);
  command_record got;
  REQUIRE(decode_command(out.view(), got) == codec_problem::none);
  CHECK(got.fingerprint == record.fingerprint);
  CHECK(got.time == record.time);
  CHECK(got.end == end);
  CHECK(got.created);
  CHECK(got.first_version == record.first_version);
  CHECK(got.event_count == 2);
  CHECK(got.version == record.version);
  CHECK(got.position == record.position);
  CHECK(got.why == record.why);
  timestamp time;
  CHECK(command_time(out.view(), time));
  CHECK(time == record.time);
}

TEST_CASE("Postings come back, all or listed") {
  auto const indexes = GENERATE(std::vector<std::uint32_t>{0}, std::vector<std::uint32_t>{5}, std::vector<std::uint32_t>{0, 1, 2, 9},
                                std::vector<std::uint32_t>{3, 200, 40'000});
  wire_writer out;
  encode_posting(out, indexes, 100'000);
  posting got;
  REQUIRE(decode_posting(out.view(), got) == codec_problem::none);
  CHECK_FALSE(got.all);
  CHECK(got.indexes == indexes);

  out.clear();
  encode_posting(out, indexes, static_cast<std::uint32_t>(indexes.size()));
  REQUIRE(decode_posting(out.view(), got) == codec_problem::none);
  CHECK(got.all);
  CHECK(out.size() == 1);
}

TEST_CASE("Rows that were changed are refused or read within their bounds") {
  auto const seed = test_seed();
  INFO("EVOKE_SEED=" << seed);
  std::mt19937_64 random(seed);
  wire_writer command;
  wire_writer state;
  wire_writer timer;
  wire_writer listed;
  encode_command(command, some_record(command_end::rejection));
  encode_snapshot(state, {version{4}, position{9}, timestamp(5us), 6, R"({"lines":[]})"});
  encode_timer(timer, {{timestamp(5us), 1, "a", "due"}, "expire", "{}", {}, "flow"});
  encode_posting(listed, std::vector<std::uint32_t>{1, 5, 300}, 1000);
  command_record got_command;
  snapshot got_state;
  stored_timer got_timer;
  posting got_posting;
  for (int i = 0; i < 5'000; ++i) {
    if (auto const bad = mutate(std::string(command.view()), random); bad != command.view()) {
      CHECK(decode_command(bad, got_command) != codec_problem::none);
      static_cast<void>(decode_command(reseal(bad), got_command));
    }
    if (auto const bad = mutate(std::string(state.view()), random); bad != state.view()) {
      CHECK(decode_snapshot(bad, got_state) != codec_problem::none);
      static_cast<void>(decode_snapshot(reseal(bad), got_state));
    }
    if (auto const bad = mutate(std::string(timer.view()), random); bad != timer.view()) {
      CHECK(decode_timer(bad, got_timer) != codec_problem::none);
      static_cast<void>(decode_timer(reseal(bad), got_timer));
    }
    static_cast<void>(decode_posting(mutate(std::string(listed.view()), random), got_posting));
  }
}

TEST_CASE("Keys order streams by type, then by id, then by version") {
  auto const key = [](name_id type, std::string_view id, std::uint64_t number) {
    return std::string(event_key({type, id}, version{number}).view());
  };
  CHECK(key(1, "z", 9) < key(2, "a", 1));
  CHECK(key(1, "a", UINT64_MAX) < key(1, "a-", 1));
  CHECK(key(1, "a", 255) < key(1, "a", 256));
  CHECK(std::string(snapshot_key({1, "a"}, version{2}).view()) < std::string(snapshot_key({1, "a"}, version{1}).view()));
}

TEST_CASE("Keys in the order of due times are ordered by time, type, id and name, and read back") {
  std::vector<timer_place> const places{{timestamp(-1us), 9, "z", "z"}, {timestamp(0us), 1, "a", ""},  {timestamp(0us), 1, "a", "b"},
                                        {timestamp(0us), 1, "a-", "a"}, {timestamp(0us), 2, "a", "a"}, {timestamp(255us), 1, "a", "a"},
                                        {timestamp(256us), 1, "a", "a"}};
  std::string before;
  for (auto const& each : places) {
    auto const key = std::string(due_key(each.due, {each.type, each.id}, each.name).view());
    CHECK(before < key);
    before = key;
    timer_place read;
    REQUIRE(read_due_key(key, read));
    CHECK(read == each);
  }
  CHECK(std::ranges::is_sorted(places));
  timer_place read;
  CHECK_FALSE(read_due_key("", read));
  CHECK_FALSE(read_due_key(before.substr(0, 16), read));
  CHECK_FALSE(read_due_key(before.substr(0, 17), read));  // an id without its end
  CHECK_FALSE(read_due_key(event_key({1, "a"}, version{1}).view(), read));
}
