#include "persistence/zeroed_log_files.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "journal_world.hpp"

using namespace evoke::persistence;
using namespace evoke::persistence::test;

namespace {

std::string content_of(std::filesystem::path const& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream all;
  all << in.rdbuf();
  return all.str();
}

std::unique_ptr<rocksdb::WritableFile> begin(std::filesystem::path const& file) {
  std::unique_ptr<rocksdb::WritableFile> made;
  REQUIRE(zeroed_log_env()->NewWritableFile(file.string(), &made, {}).ok());
  return made;
}

}  // namespace

TEST_CASE("A log is written into zeros, a chunk at a time, and closing cuts them off", "[rocksdb]") {
  temporary_directory const directory;
  auto const path = directory.path() / "000001.log";
  auto log = begin(path);
  std::string written;
  std::size_t grown = 0;
  auto size = std::filesystem::file_size(path);
  for (int i = 0; i < 3'000; ++i) {
    std::string const record(1'000, static_cast<char>('a' + i % 26));
    REQUIRE(log->Append(record).ok());
    written += record;
    auto const now = std::filesystem::file_size(path);
    CHECK(now >= written.size());
    if (std::exchange(size, now) != now) ++grown;
  }
  REQUIRE(log->Flush().ok());
  CHECK(grown < 12);  // and not 3,000 times
  auto const open = content_of(path);
  CHECK(open.starts_with(written));
  CHECK(open.find_first_not_of('\0', written.size()) == std::string::npos);
  CHECK(open.size() > written.size());
  REQUIRE(log->Close().ok());
  CHECK(content_of(path) == written);
}

TEST_CASE("Few bytes take little room, and many at once all that they need", "[rocksdb]") {
  temporary_directory const directory;
  auto const path = directory.path() / "000001.log";
  auto log = begin(path);
  REQUIRE(log->Append("few").ok());
  CHECK(std::filesystem::file_size(path) <= 64 * 1024);
  std::string const many(3'000'000, 'm');
  REQUIRE(log->Append(many).ok());
  REQUIRE(log->Close().ok());
  CHECK(content_of(path) == "few" + many);
}

TEST_CASE("Other files are as they were", "[rocksdb]") {
  temporary_directory const directory;
  auto const path = directory.path() / "000001.sst";
  auto table = begin(path);
  REQUIRE(table->Append("table").ok());
  REQUIRE(table->Flush().ok());
  CHECK(std::filesystem::file_size(path) == 5);
  REQUIRE(table->Close().ok());
}
