#include "replay/csv_reader.hpp"

#include <catch2/catch.hpp>

#include <sstream>

namespace {

using records = std::vector<std::vector<std::string>>;

evoke::result<records> read(std::string const& text) {
  std::istringstream in(text);
  replay::csv_reader reader(in);
  records all;
  replay::csv_record record;
  for (;;) {
    auto got = reader.next(record);
    if (!got) return std::unexpected(got.error());
    if (!*got) return all;
    all.push_back(record.fields);
  }
}

void refuses(std::string const& text, std::string const& why) {
  auto const got = read(text);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == evoke::errc::malformed);
  CHECK_THAT(got.error().message, Catch::Contains(why));
}

TEST_CASE("fields are parted by commas and records by line feeds") {
  CHECK(read("a,b\nc,d\n") == records{{"a", "b"}, {"c", "d"}});
}

TEST_CASE("records may end with carriage return and line feed") {
  CHECK(read("a,b\r\n\"c\"\r\n") == records{{"a", "b"}, {"c"}});
}

TEST_CASE("the last record needs no line end") {
  CHECK(read("a,b\nc,d") == records{{"a", "b"}, {"c", "d"}});
  CHECK(read("a,\"b\"") == records{{"a", "b"}});
  CHECK(read("a,") == records{{"a", ""}});
}

TEST_CASE("a quoted field holds commas, line ends and doubled quotes") {
  CHECK(read("\"a,b\",\"c\nd\r\ne\",\"f\"\"g\"\"\"\n") == records{{"a,b", "c\nd\r\ne", "f\"g\""}});
}

TEST_CASE("an empty quoted field is a field and no blank line") {
  CHECK(read("\"\"\n\"\",\"\"\n") == records{{""}, {"", ""}});
}

TEST_CASE("a quote inside a plain field is an ordinary character") {
  CHECK(read("a\"b,5\" x\n") == records{{"a\"b", "5\" x"}});
}

TEST_CASE("a carriage return that ends no line is an ordinary character") {
  CHECK(read("a\rb,c\n") == records{{"a\rb", "c"}});
}

TEST_CASE("blank lines are skipped") {
  CHECK(read("\n\na,b\n\r\nc,d\n\n") == records{{"a", "b"}, {"c", "d"}});
}

TEST_CASE("an empty file has no records") {
  CHECK(read("") == records{});
}

TEST_CASE("a UTF-8 byte order mark at the start is skipped") {
  CHECK(read("\xEF\xBB\xBF"
             "a,b\n") == records{{"a", "b"}});
  CHECK(read("\xEF\xBB\xBF"
             "\"a\",b\n") == records{{"a", "b"}});
  CHECK(read("a,\xEF\xBB\xBF"
             "b\n") == records{{"a",
                                "\xEF\xBB\xBF"
                                "b"}});
}

TEST_CASE("bytes that are no UTF-8 pass as they are") {
  CHECK(read("\xA3"
             "40,\xFF\n") == records{{"\xA3"
                                      "40",
                                      "\xFF"}});
}

TEST_CASE("a record knows the line on which it begins") {
  std::istringstream in("a\n\n\"b\nc\"\nd\n");
  replay::csv_reader reader(in);
  replay::csv_record record;
  std::vector<std::uint64_t> lines;
  while (reader.next(record).value()) lines.push_back(record.line);
  CHECK(lines == std::vector<std::uint64_t>{1, 3, 5});
}

TEST_CASE("a quote that is never closed is refused with its line") {
  refuses("a,b\nc,\"d\ne\n", "line 2");
}

TEST_CASE("text behind a closing quote is refused with its line") {
  refuses("a,b\n\"c\"d,e\n", "line 2: text behind");
}

TEST_CASE("a record of more than 1 MiB is refused") {
  CHECK(read(std::string(replay::csv_reader::max_record_bytes, 'x')));
  refuses(std::string(replay::csv_reader::max_record_bytes + 1, 'x'), "1 MiB");
}

}  // namespace
