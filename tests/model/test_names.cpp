#include <evoke/expected_version.hpp>
#include <evoke/failure.hpp>
#include <evoke/rejection.hpp>

#include <catch2/catch.hpp>
#include <set>
#include <string>

using evoke::errc;
using evoke::expected_version;
using evoke::version;

TEST_CASE("Every error has a stable name of its own in snake_case") {
  std::set<std::string> names;
  for (int code = 0; code <= static_cast<int>(errc::timed_out); ++code) {
    auto const name = std::string(name_of(static_cast<errc>(code)));
    CAPTURE(code);
    CHECK(name != "unknown");
    CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos);
    CHECK(names.insert(name).second);
  }
  CHECK(name_of(errc::version_mismatch) == "version_mismatch");
}

TEST_CASE("Rejections have names") {
  CHECK(name_of(evoke::rejection_kind::invalid) == "invalid");
  CHECK(name_of(evoke::rejection_kind::conflict) == "conflict");
  CHECK(name_of(evoke::rejection_kind::not_found) == "not_found");
  CHECK(name_of(evoke::rejection_kind::forbidden) == "forbidden");
}

TEST_CASE("An expected version says what it expects") {
  CHECK(expected_version::any().describe() == "any");
  CHECK(expected_version{}.describe() == "any");
  CHECK(expected_version::no_stream().describe() == "no stream");
  CHECK(expected_version::stream_exists().describe() == "an existing stream");
  CHECK(expected_version::exactly(version{3}).describe() == "version 3");
  CHECK(expected_version::one_of({version{3}, version{4}}).describe() == "version 3 or 4");
  CHECK(expected_version::one_of({version{3}, version{4}, version{9}}).describe() == "version 3, 4 or 9");
  CHECK(expected_version::one_of({}).describe() == "no version at all");
}

TEST_CASE("An expected version matches what it says") {
  CHECK(expected_version::any().matches(version{}));
  CHECK(expected_version::no_stream().matches(version{}));
  CHECK_FALSE(expected_version::no_stream().matches(version{1}));
  CHECK(expected_version::stream_exists().matches(version{1}));
  CHECK_FALSE(expected_version::stream_exists().matches(version{}));
  CHECK(expected_version::one_of({version{3}, version{4}}).matches(version{4}));
  CHECK_FALSE(expected_version::exactly(version{3}).matches(version{4}));
  CHECK_FALSE(expected_version::exactly(version{0}).matches(version{0}));
}
