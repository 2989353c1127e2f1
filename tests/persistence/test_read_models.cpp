#include <map>
#include <string>
#include <vector>

#include "contract.hpp"
#include "persistence/generation.hpp"
#include "persistence/read_model_keys.hpp"
#include "persistence/read_models.hpp"
#include "store_checks.hpp"

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

template <class Row, class Encode>
std::string encoded(Encode const& encode, Row const& row) {
  wire_writer out;
  encode(out, row);
  return std::string(out.view());
}

projection_record golden_record() {
  return {true, generation_identity{300, 2, 0x0102030405060708}, generation_identity{301, 3, 9}};
}
checkpoint_row golden_checkpoint() {
  return {position{300}, 2, position{5}, 7, 1};
}
document_row golden_document() {
  return {position{300}, {position{301}, 4}, {"k1", std::string("\0\x01", 2)}, R"({"n":1})"};
}
letter_row golden_letter() {
  return {{}, version{2}, 3, timestamp(std::chrono::microseconds(1'750'000'000'000'001)), "cart", "c-1", "added", "no"};
}

/// A store of read models in a directory of its own.
struct views_world {
  temporary_directory directory;
  std::vector<std::string> lines;
  read_models_options options = [this] {
    read_models_options made;
    made.path = directory.path() / "views";
    made.journal = need(uuid::parse(kStoreId));
    made.head = position{1'000};
    made.memtable_bytes = 4 * 1024 * 1024;
    made.log = [this](log_level, std::string_view line) { lines.emplace_back(line); };
    return made;
  }();
  std::unique_ptr<read_models> store = need(read_models::open(options));

  void reopen(bool flush) {
    need(store->close(flush));
    store.reset();
    store = need(read_models::open(options));
  }
  /// Commits one document of this key and text, with its index entry and a checkpoint.
  static void put(generation& into, std::string const& key, std::string const& text, std::uint64_t at) {
    auto const batch = into.batch();
    batch->put_document(key, {position{at}, {position{at}, 0}, {text}, text});
    batch->put_index(0, text, key);
    batch->put_checkpoint({position{at}, 0, {}, 0, 0});
    need(into.commit(*batch));
  }
  static std::string all(generation const& of) {
    std::string text = std::to_string(need(of.look()->checkpoint()).at.value()) + ":";
    need(of.look()->documents({}, false, [&](std::string_view key, document_row&& row) {
      text += std::string(" ").append(key).append("=").append(row.json);
      return true;
    }));
    return text;
  }
};

}  // namespace

TEST_CASE("Golden bytes of the rows of read models", "[read_models]") {
  CHECK(hex(encoded(encode_projection, golden_record())) ==
        "0101"
        "ac02"
        "02"
        "0807060504030201"
        "ad02"
        "03"
        "0900000000000000"
        "cd4a4807");
  CHECK(hex(encoded(encode_checkpoint, golden_checkpoint())) ==
        "01"
        "ac02"
        "02"
        "05"
        "07"
        "01");
  CHECK(hex(encoded(encode_document, golden_document())) ==
        "01"
        "ac02"
        "ad02"
        "04"
        "02"
        "026b31"
        "020001"
        "7b226e223a317d");
  CHECK(hex(encoded(encode_index, std::size_t{300})) == "ac02");
  CHECK(hex(encoded(encode_change, change_row{{position{1}, 2}, "k", true, position{300}})) ==
        "01"
        "01"
        "ac02");
  CHECK(hex(encoded(encode_letter, golden_letter())) ==
        "01"
        "02"
        "03"
        "01605ba09d370600"
        "0463617274"
        "03632d31"
        "056164646564"
        "026e6f");
  CHECK(hex(encoded(encode_blocked, blocked_row{position{300}, 2})) ==
        "01"
        "ac02"
        "02");
}

TEST_CASE("Golden bytes of the keys of read models", "[read_models]") {
  CHECK(hex(kind_key(row_kind::checkpoint).view()) == "63");
  CHECK(hex(document_key("k").view()) ==
        "64"
        "6b");
  CHECK(hex(index_key(258, "s", "k").view()) ==
        "69"
        "0102"
        "73"
        "6b");
  CHECK(hex(change_key({position{300}, 2}, "k").view()) ==
        "68"
        "000000000000012c"
        "00000002"
        "6b");
  CHECK(hex(letter_key(position{300}).view()) ==
        "6c"
        "000000000000012c");
  CHECK(hex(blocked_key("t", "i").view()) ==
        "62"
        "74"
        "00"
        "69");
  CHECK(hex(row_key("t", "i", position{300}).view()) ==
        "72"
        "74"
        "00"
        "69"
        "00"
        "000000000000012c");
}

TEST_CASE("Rows of read models read back what was written, and nothing else", "[read_models]") {
  auto const round_trip = [](auto const& encode, auto const& decode, auto const& row) {
    auto const bytes = encoded(encode, row);
    std::remove_cvref_t<decltype(row)> back;
    REQUIRE(decode(bytes, back) == codec_problem::none);
    CHECK(back == row);
    // Cut short it is never taken for whole, but where the rest is the rest.
    for (std::size_t size = 0; size + 7 < bytes.size(); ++size) CHECK(decode(bytes.substr(0, size), back) != codec_problem::none);
    auto other = bytes;
    other[0] = 9;
    CHECK(decode(other, back) != codec_problem::none);
  };
  round_trip(encode_projection, decode_projection, golden_record());
  round_trip(encode_checkpoint, decode_checkpoint, golden_checkpoint());
  round_trip(encode_document, decode_document, golden_document());
  round_trip(encode_letter, decode_letter, golden_letter());
  round_trip(encode_blocked, decode_blocked, blocked_row{position{300}, 2});
  auto record = encoded(encode_projection, golden_record());
  record[3] = static_cast<char>(record[3] ^ 1);
  projection_record ignored;
  CHECK(decode_projection(record, ignored) == codec_problem::checksum);
}

TEST_CASE("A crash takes all rows of a generation back to its last flush, together", "[read_models]") {
  views_world world;
  auto made = need(world.store->create(1, 7));
  auto const identity = made->identity();
  need(world.store->write_record("p", {false, identity, {}}));
  views_world::put(*made, "a", "1", 10);
  need(made->flush());
  views_world::put(*made, "b", "2", 20);
  CHECK(views_world::all(*made) == "20: a=1 b=2");
  made.reset();
  world.reopen(false);
  made = need(world.store->find(identity));
  CHECK(views_world::all(*made) == "10: a=1");
  std::size_t entries = 0;
  need(made->look()->index(0, {}, false, [&](std::string_view, std::string_view) { return ++entries > 0; }));
  CHECK(entries == 1);
}

TEST_CASE("An orderly close loses nothing that its owner flushed, and the record stays", "[read_models]") {
  views_world world;
  auto made = need(world.store->create(1, 7));
  projection_record const record{true, made->identity(), {}};
  need(world.store->write_record("p", record));
  views_world::put(*made, "a", "1", 10);
  need(made->flush());
  made.reset();
  world.reopen(true);
  CHECK(world.store->record_of("p") == record);
  CHECK_FALSE(world.store->record_of("q"));
  CHECK(views_world::all(*need(world.store->find(*record.live))) == "10: a=1");
}

TEST_CASE("What a record names is live after a crash, what it does not name is gone, and no number comes twice", "[read_models]") {
  views_world world;
  auto old = need(world.store->create(1, 7));
  views_world::put(*old, "a", "old", 10);
  need(old->flush());
  need(world.store->write_record("p", {false, old->identity(), {}}));
  auto next = need(world.store->create(2, 7));
  views_world::put(*next, "a", "new", 10);
  need(next->flush());
  auto const first = old->identity();
  auto const second = next->identity();
  bool swapped = false;
  SECTION("before the swap") {}
  SECTION("after the swap") {
    need(world.store->write_record("p", {false, second, {}}));
    swapped = true;
  }
  old.reset();
  next.reset();
  world.reopen(false);
  CHECK(views_world::all(*need(world.store->find(swapped ? second : first))) == (swapped ? "10: a=new" : "10: a=old"));
  CHECK(world.store->find(swapped ? first : second).error().code == errc::corrupt);
  CHECK(need(world.store->create(3, 7))->identity().number > second.number);
}

TEST_CASE("A view is one moment, whatever is written meanwhile, and outlives the drop of its generation", "[read_models]") {
  views_world world;
  auto made = need(world.store->create(1, 7));
  views_world::put(*made, "a", "1", 10);
  auto view = made->look();
  views_world::put(*made, "a", "2", 20);
  CHECK(need(view->checkpoint()).at == position{10});
  CHECK(need(view->document("a"))->json == "1");
  world.store->drop(std::move(made));
  CHECK(need(view->document("a"))->json == "1");
  view.reset();
}

TEST_CASE("What is beyond the journal or of another is forgotten, what is paused is not", "[read_models]") {
  views_world world;
  auto made = need(world.store->create(1, 7));
  views_world::put(*made, "a", "1", 900);
  need(made->flush());
  need(world.store->write_record("p", {true, made->identity(), {}}));
  made.reset();
  SECTION("beyond its head") {
    world.options.head = position{899};
  }
  SECTION("another store") {
    world.options.journal = need(uuid::parse("00112233-4455-4677-8899-aabbccddeeff"));
  }
  world.reopen(true);
  CHECK(world.store->record_of("p") == projection_record{true, {}, {}});
  CHECK_FALSE(world.lines.empty());
}

TEST_CASE("A database that does not open is set aside and begun anew", "[read_models]") {
  views_world world;
  auto made = need(world.store->create(1, 7));
  need(world.store->write_record("p", {false, made->identity(), {}}));
  made.reset();
  need(world.store->close(true));
  world.store.reset();
  write_file(world.options.path / "CURRENT", "nonsense\n");
  world.store = need(read_models::open(world.options));
  CHECK_FALSE(world.store->record_of("p"));
  CHECK(std::filesystem::exists(world.options.path.string() + ".damaged"));
  REQUIRE_FALSE(world.lines.empty());
  CHECK(world.lines.back().find("made anew from the journal") != std::string::npos);
}

TEST_CASE("With too little free space nothing is written and reads go on", "[read_models]") {
  views_world world;
  std::uint64_t free = 1'000'000;
  need(world.store->close(true));
  world.store.reset();
  world.options.min_free_disk_bytes = 1'000;
  world.options.free_disk_bytes = [&] { return free; };
  world.store = need(read_models::open(world.options));
  auto const made = need(world.store->create(1, 7));
  views_world::put(*made, "a", "1", 10);
  free = 999;
  auto const batch = made->batch();
  batch->put_checkpoint({position{11}, 0, {}, 0, 0});
  auto const refused = made->commit(*batch);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::storage_full);
  CHECK(views_world::all(*made) == "10: a=1");
  free = 1'000;
  need(made->commit(*batch));
}

TEST_CASE("In memory it is the same, and gone with the store", "[read_models]") {
  views_world world;
  need(world.store->close(true));
  world.options.in_memory = true;
  world.store = need(read_models::open(world.options));
  {
    auto const made = need(world.store->create(1, 7));
    views_world::put(*made, "a", "1", 10);
    need(made->flush());
    CHECK(views_world::all(*made) == "10: a=1");
  }
  world.reopen(true);
  CHECK_FALSE(world.store->record_of("p"));
}

TEST_CASE("Letters, rows and changes are visited in order, from where it is asked", "[read_models]") {
  views_world world;
  auto const made = need(world.store->create(1, 7));
  auto const batch = made->batch();
  for (std::uint64_t const at : {300U, 2U, 70'000U}) {
    letter_row letter = golden_letter();
    letter.at = position{at};
    letter.id = at == 2 ? "other" : "c-1";
    batch->put_letter(letter);
    batch->put_change({{position{at}, 0}, "k", false, position{at}});
    batch->put_change({{position{at}, 1}, "a", false, position{at}});
  }
  batch->put_blocked("cart", "c-1", {position{300}, 2});
  batch->put_blocked("cart", "other", {position{2}, 1});
  need(made->commit(*batch));
  auto const view = made->look();
  std::string seen;
  need(view->letters(position{2}, [&](letter_row&& row) { return seen += std::to_string(row.at.value()) + " ", true; }));
  CHECK(seen == "300 70000 ");
  seen.clear();
  need(view->row_of("cart", "c-1", [&](position at) { return seen += std::to_string(at.value()) + " ", true; }));
  CHECK(seen == "300 70000 ");
  seen.clear();
  need(view->all_blocked([&](std::string_view type, std::string_view id, blocked_row const& row) {
    return seen.append(type).append("/").append(id).append("@").append(std::to_string(row.first.value())).append(" "), true;
  }));
  CHECK(seen == "cart/c-1@300 cart/other@2 ");
  auto const changes = [&](change_place after, std::optional<std::string_view> key) {
    seen.clear();
    need(view->changes(after, key, [&](change_row&& row) {
      return seen += std::to_string(row.noted.at.value()) + "." + std::to_string(row.noted.round) + row.key + " ", true;
    }));
    return seen;
  };
  CHECK(changes({}, std::nullopt) == "2.0k 2.1a 300.0k 300.1a 70000.0k 70000.1a ");
  CHECK(changes({position{300}, 0}, std::nullopt) == "300.1a 70000.0k 70000.1a ");
  CHECK(changes({position{300}, 0}, "b") == "300.0k 300.1a 70000.0k 70000.1a ");
  CHECK(changes({position{300}, 0}, "k") == "300.1a 70000.0k 70000.1a ");
}
