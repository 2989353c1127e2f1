#include <string>
#include <string_view>

#include "contract.hpp"
#include "persistence/group_codec.hpp"
#include "persistence/keys.hpp"
#include "persistence/mark_file.hpp"
#include "persistence/row_codec.hpp"

/// The stored form, byte by byte. A failure here means that stores written before can no longer be read: the format must not change, a new
/// one gets a new number (docs/storage_format.md).
namespace {

std::string hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (unsigned char const byte : bytes) {
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

append golden_append() {
  append made;
  made.type = 1;
  made.id = aggregate_id::trusted("c-1");
  made.first_version = version{1};
  made.time = timestamp(1'750'000'000'000'001us);
  made.command_id = need(uuid::parse("00112233-4455-4677-8899-aabbccddeeff"));
  made.events.push_back({2, 1, R"({"n":1})", {}, {}});
  return made;
}

append golden_append_with_all() {
  auto made = golden_append();
  made.meta = {"co", "ca", "us", "tp", "ts", "{}"};
  made.events[0].client_id = need(uuid::parse("ffeeddcc-bbaa-4988-8766-554433221100"));
  made.timers.push_back({timer_change::action::set, "t", timestamp(2us), "go", "{}"});
  return made;
}

std::string record_hex(append const& from, position at) {
  wire_writer out;
  encode_record(out, from, 0, from.first_version, at);
  return hex(out.view());
}

}  // namespace

TEST_CASE("Golden bytes of a plain record") {
  CHECK(record_hex(golden_append(), position{300}) ==
        "010000ac020101605ba09d37060002010103632d3100112233445546778899aabbccddeeff077b226e223a317dfbeed5a8");
}

TEST_CASE("Golden bytes of a record with everything in it") {
  CHECK(record_hex(golden_append_with_all(), position{300}) ==
        "01ff00ac020101605ba09d37060002010103632d3100112233445546778899aabbccddeeffffeeddccbbaa49888766554433"
        "22110002636f026361027573027470027473027b7d01000174020000000000000002676f027b7d077b226e223a317df21aed"
        "92");
}

TEST_CASE("Golden bytes of a group") {
  group_builder builder;
  builder.begin(position{300});
  static_cast<void>(builder.add(golden_append(), 0, version{1}));
  CHECK(hex(builder.finish(timestamp(1'750'000'000'000'002us))) ==
        "012c010000000000000100000002605ba09d37060031000000010000ac020101605ba09d37060002010103632d3100112233"
        "445546778899aabbccddeeff077b226e223a317dfbeed5a8ac2f9922");
}

TEST_CASE("Golden bytes of the mark") {
  high_water_mark mark;
  mark.format_version = 1;
  mark.durability = durability::os;
  mark.store = need(uuid::parse(kStoreId));
  mark.boot = need(uuid::parse("00112233-4455-4677-8899-aabbccddeeff"));
  mark.written = position{300};
  mark.synced = position{299};
  mark.written_sequence = 900;
  mark.synced_sequence = 899;
  auto const slot = encode_mark(mark, 7);
  CHECK(hex({slot.data(), slot.size()}) ==
        "65766f6b656d726b010000000100000007000000000000005e0c1d2a3b4f4a6b8c7d9e0f1a2b3c4d00112233445546778899"
        "aabbccddeeff2c010000000000002b0100000000000084030000000000008303000000000000c70bc362");
  high_water_mark got;
  std::uint64_t turn = 0;
  REQUIRE(decode_mark({slot.data(), slot.size()}, got, turn));
  CHECK(got == mark);
  CHECK(turn == 7);
}

TEST_CASE("Golden bytes of every key") {
  stream_ref const stream{258, "c-1"};
  CHECK(hex(event_key(stream, version{3}).view()) == "00000102632d31000000000000000003");
  CHECK(hex(log_key(position{300}).view()) == "000000000000012c");
  CHECK(hex(stream_row_key(stream).view()) == "00000102632d31");
  CHECK(hex(posting_key(posting_kind::aggregate_type, 258, position{300}).view()) == "0100000102000000000000012c");
  CHECK(hex(posting_key(posting_kind::event_type, 258, position{300}).view()) == "0200000102000000000000012c");
  CHECK(hex(link_key(link_kind::correlation, "f", position{300}).view()) == "63000166000000000000012c");
  CHECK(hex(link_key(link_kind::causation, "f", position{300}).view()) == "61000166000000000000012c");
  CHECK(hex(event_id_key(need(uuid::parse("00112233-4455-4677-8899-aabbccddeeff")), position{300}).view()) ==
        "00112233445546778899aabbccddeeff000000000000012c");
  CHECK(hex(snapshot_key(stream, version{3}).view()) == "00000102632d3100fffffffffffffffc");
  CHECK(hex(command_key(stream, "k").view()) == "00000102632d31006b");
  CHECK(key_in_command_row(command_key({0x01000002, "c-1"}, "k").view()) == "k");
  CHECK(key_in_command_row(event_key(stream, version{}).view().substr(0, 5)).empty());
  CHECK(hex(timer_key(stream, "t").view()) == "00000102632d310074");
  CHECK(hex(due_key(timestamp(1'750'000'000'000'001us), stream, "t").view()) == "000000008006379da05b600100000102632d310074");
  CHECK(hex(name_key(name_kind::aggregate_type, 258).view()) == "6e616d652f0100000102");
  CHECK(hex(name_key(name_kind::event_type, 258).view()) == "6e616d652f0200000102");
  CHECK(kFormatVersionKey == "format_version");
  CHECK(kStoreIdKey == "store_id");
  CHECK(kTimersFormatKey == "timers_format");
}

TEST_CASE("Golden bytes of the smaller rows") {
  wire_writer out;
  command_record record;
  record.fingerprint = 0x0123456789abcdefULL;
  record.time = timestamp(1'750'000'000'000'001us);
  record.end = command_end::rejection;
  record.version = version{4};
  record.position = position{300};
  record.why = rejection::conflict("no", "No.", "{}");
  encode_command(out, record);
  CHECK(hex(out.view()) == "01efcdab896745230101605ba09d3706000300000004ac0201026e6f034e6f2e027b7d37b7cfd7");

  out.clear();
  encode_snapshot(out, {version{4}, position{300}, timestamp(1'750'000'000'000'001us), 0x0123456789abcdefULL, "{}"});
  CHECK(hex(out.view()) == "0104ac0201605ba09d370600efcdab896745230100027b7d7be700e7");

  out.clear();
  encode_posting(out, std::vector<std::uint32_t>{1, 2, 300}, 1000);
  CHECK(hex(out.view()) == "020101aa02");

  out.clear();
  encode_posting(out, std::vector<std::uint32_t>{0, 1}, 2);
  CHECK(hex(out.view()) == "01");

  out.clear();
  encode_link(out, 300);
  CHECK(hex(out.view()) == "01ac02");

  out.clear();
  encode_event_id(out, {258, "c-1"}, version{300});
  CHECK(hex(out.view()) == "01ac0200000102632d31");

  out.clear();
  encode_stream_row(out, position{300});
  CHECK(hex(out.view()) == "01ac02");

  out.clear();
  stored_timer const timer{
      {timestamp(1'750'000'000'000'001us), 258, "c-1", "t"}, "go", "{}", need(uuid::parse("00112233-4455-4677-8899-aabbccddeeff")), "f"};
  encode_timer(out, timer);
  CHECK(hex(out.view()) == "0201605ba09d37060000112233445546778899aabbccddeeff016602676f027b7d49ffc85a");

  out.clear();
  encode_due(out);
  CHECK(hex(out.view()) == "01");
}

TEST_CASE("Golden bytes of an entry of the catalogue") {
  wire_writer out;
  encode_service_row(out, R"({"type":"object"})");
  CHECK(hex(out.view()) == "01117b2274797065223a226f626a656374227d52331180");
  CHECK(kSchemaPrefix == "schema/");
}
