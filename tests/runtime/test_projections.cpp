#include <future>
#include <string>
#include <thread>
#include <vector>

#include "tests/runtime/ledger_views.hpp"
#include "tests/runtime/runtimes.hpp"

using namespace evoke;
using namespace evoke::tests;
using namespace std::chrono_literals;
using namespace ledgers;

namespace {

constexpr std::chrono::milliseconds kPatience = 20'000ms;

position do_it(runtime& rt, std::string const& id, std::string const& command, std::string const& body) {
  auto const end = rt.execute(request(id, command, body)).get();
  if (!end.accepted()) FAIL("not accepted: " + command + " " + body);
  return end.reply().position;
}

}  // namespace

TEST_CASE("A reader with the position of its write sees it", "[projections]") {
  auto const rt = start(in_memory(), types_with_views());
  auto at = do_it(*rt, "l-1", "open_ledger", R"({"owner":"ann"})");
  auto const opened = rt->view<ledger_view>().find("l-1", {at, kPatience});
  REQUIRE(opened);
  CHECK(opened->document.owner == "ann");
  CHECK(opened->changed == at);
  CHECK(opened->checkpoint >= at);
  at = do_it(*rt, "l-1", "book", R"({"amount":5,"times":3})");
  auto const booked = rt->view<ledger_view>().find("l-1", {at, kPatience});
  REQUIRE(booked);
  CHECK(booked->document.sum == 15);
  CHECK(booked->document.bookings == 3);
  CHECK_FALSE(booked->stale);
}
