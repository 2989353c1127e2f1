#include "http/trace_context.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace evoke::http;

namespace {
constexpr std::string_view good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
}

TEST_CASE("a well-formed traceparent is kept") {
  CHECK(valid_traceparent(good) == good);
}

TEST_CASE("a traceparent of a later version is kept as far as version 00 goes") {
  CHECK(valid_traceparent("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more") ==
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
}

TEST_CASE("a malformed traceparent is dropped") {
  for (std::string_view const broken :
       {"", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-zz",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more", "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}) {
    INFO(broken);
    CHECK(valid_traceparent(broken).empty());
  }
}

TEST_CASE("a well-formed tracestate is kept") {
  for (std::string_view const fine : {"a=1", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "fw529a3039@dt=FfAAAx, b=2", "a=1,,b=2"}) {
    INFO(fine);
    CHECK(valid_tracestate(fine) == fine);
  }
}

TEST_CASE("a malformed tracestate is dropped") {
  for (std::string_view const broken : {"", "a", "=1", "a=", "A=1", "a=b=c", "a=\x01", ","}) {
    INFO(broken);
    CHECK(valid_tracestate(broken).empty());
  }
}

TEST_CASE("a tracestate has at most 32 members") {
  std::string list;
  for (int i = 0; i < 32; ++i) list += (i == 0 ? "k" : ",k") + std::to_string(i) + "=v";
  CHECK(valid_tracestate(list) == list);
  CHECK(valid_tracestate(list + ",one=more").empty());
}

TEST_CASE("a tracestate has at most 512 bytes") {
  std::string const part = "a=" + std::string(252, 'x');
  CHECK(!valid_tracestate(part + ",b=" + std::string(254, 'x')).empty());
  CHECK(valid_tracestate(part + ",b=" + std::string(256, 'x')).empty());
}
