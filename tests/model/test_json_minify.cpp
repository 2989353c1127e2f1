#include <evoke/json.hpp>

#include <catch2/catch.hpp>
#include <string>

using evoke::json::minify;

TEST_CASE("Minifying takes white space out between tokens only") {
  CHECK(minify(" { \"a b\" : [ 1 ,\n\t2 ] ,\r\n \"c\" : \" x \\\" y \" } ") == R"({"a b":[1,2],"c":" x \" y "})");
  CHECK(minify("[]") == "[]");
  CHECK(minify(" true ") == "true");
}

TEST_CASE("Minifying leaves numbers and strings byte for byte") {
  for (std::string const text :
       {"1.10", "-0", "1E+05", "100000000000000000000000000", "1e400", R"("\u0041\/\ud83d\ude00\\")", R"("\\")", R"(["\\\"","\\\\"])"}) {
    CAPTURE(text);
    CHECK(minify(text) == text);
  }
}

TEST_CASE("Minifying refuses what parsing refuses, with its pointer") {
  CHECK(minify("{\"a\": }").error().errors[0].pointer == "/a");
  CHECK(minify("{\"a\":1,\"a\":2}").error().code == evoke::errc::malformed);
  CHECK_FALSE(minify("\"\xFF\""));
  CHECK_FALSE(minify("[[1]]", 1));
  CHECK(minify("[[1]]", 2));
}
