#include "tests/http/requests.hpp"

#include <cstdlib>
#include <random>
#include <vector>

using namespace evoke::http;
using namespace evoke::http::tests;

namespace {

using step = request_reader::step;

std::uint64_t seed() {
  auto const* given = std::getenv("EVOKE_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

class chance {
 public:
  explicit chance(std::uint64_t from) : engine_(from) {}
  std::size_t below(std::size_t bound) { return std::uniform_int_distribution<std::size_t>(0, bound - 1)(engine_); }

 private:
  std::mt19937_64 engine_;
};

/// A few requests one behind the other, well-formed but for the mutations that follow.
std::string some_requests(chance& random) {
  static std::vector<std::string> const parts{
      "GET / HTTP/1.1\r\nHost: t\r\n\r\n",
      "GET /v1/events?after=7&limit=%32 HTTP/1.1\r\nHost: t\r\nAccept: */*\r\n\r\n",
      "POST /a/b HTTP/1.1\r\nHost: t\r\nContent-Length: 11\r\n\r\nhello world",
      "POST /c HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nX: y\r\n\r\n",
      "POST /e HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
      "PUT /d HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n",
  };
  std::string bytes;
  for (auto count = 1 + random.below(4); count > 0; --count) bytes += parts[random.below(parts.size())];
  return bytes;
}

void mutate(std::string& bytes, chance& random) {
  static constexpr std::string_view dangerous("\r\n\0 \t:;,%/?#0fF\xFF\x80", 18);
  for (auto count = random.below(4); count > 0 && !bytes.empty(); --count) {
    auto const at = random.below(bytes.size());
    switch (random.below(4)) {
      case 0: bytes[at] = dangerous[random.below(dangerous.size())]; break;
      case 1: bytes.insert(at, 1, dangerous[random.below(dangerous.size())]); break;
      case 2: bytes.erase(at, 1 + random.below(8)); break;
      default: bytes.insert(at, bytes.substr(random.below(bytes.size()), 1 + random.below(16)));
    }
  }
}

/// What the bytes are read as when they arrive in pieces of this size: each request's target and body, then how it ended.
std::string reading(std::string const& bytes, std::size_t piece) {
  request_reader reader(roomy());
  incoming request;
  std::string seen;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    feed(reader, std::string_view(bytes).substr(at, piece));
    for (;;) {
      auto const came = reader.advance(request);
      if (came == step::need_more) break;
      if (came == step::failed) return seen + "refused";
      seen.append(request.target()).append(" [").append(request.body()).append("]\n");
      if (!reader.keep_alive()) return seen + "closed";
    }
  }
  return seen + "waiting";
}

}  // namespace

TEST_CASE("how a stream of bytes is cut never changes what is read from it") {
  auto const from = seed();
  INFO("EVOKE_SEED=" << from);
  chance random(from);
  for (int round = 0; round < 3000; ++round) {
    auto bytes = some_requests(random);
    mutate(bytes, random);
    auto const whole = reading(bytes, bytes.size() + 1);
    INFO(bytes);
    for (auto const piece : {std::size_t{1}, 1 + random.below(20)}) {
      auto const pieces = reading(bytes, piece);
      REQUIRE(pieces == whole);
    }
  }
}
