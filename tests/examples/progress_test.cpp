#include "replay/progress.hpp"
#include "replay/report.hpp"

#include <catch2/catch.hpp>

namespace {

using replay::progress_line;
using std::chrono::milliseconds;

TEST_CASE("progress says share, rate and time left") {
  CHECK(progress_line("lines", 1000, 4000, milliseconds(2000), 0) == "lines  25 %  1,000 of 4,000  500/s  6 s left");
  CHECK(progress_line("lines", 1, 1000, milliseconds(10'000), 0) == "lines  0 %  1 of 1,000  0/s  2 h 46 min left");
}

TEST_CASE("the bar fills from the left") {
  CHECK(progress_line("x", 0, 4, milliseconds(1), 4) == "x  [....]  0 %  0 of 4  0/s");
  CHECK(progress_line("x", 2, 4, milliseconds(1000), 4) == "x  [##..]  50 %  2 of 4  2/s  1 s left");
  CHECK(progress_line("x", 4, 4, milliseconds(1000), 4) == "x  [####]  100 %  4 of 4  4/s");
}

TEST_CASE("progress of nothing, and in no time, divides by nothing") {
  CHECK(progress_line("x", 0, 0, milliseconds(0), 2) == "x  [##]  100 %  0 of 0  0/s");
}

TEST_CASE("progress that goes elsewhere than to a terminal is plain lines") {
  auto* const file = std::tmpfile();
  REQUIRE(file != nullptr);
  {
    replay::progress shown(file, "lines");
    shown.show(1, 2);
    shown.show(2, 2);
  }
  std::rewind(file);
  char text[200] = {};
  auto const length = std::fread(text, 1, sizeof text - 1, file);
  std::fclose(file);
  CHECK_THAT(std::string(text, length), Catch::StartsWith("lines  100 %  2 of 2") && Catch::EndsWith("\n") && !Catch::Contains("\r"));
}

TEST_CASE("the report counts lines by what became of them and ends with OK or the differences") {
  replay::order_file orders;
  orders.line_count = 4;
  orders.invoices.resize(2);
  replay::replay_report report;
  report.counts.accepted = 2;
  report.counts.rejected = {{"invalid_quantity", 2}};
  report.counts.revenue = 123456;
  report.counts.events_written = 1000;
  report.replay_time = std::chrono::seconds(2);
  auto const fine = describe(report, orders, "f.csv");
  CHECK_THAT(fine, Catch::StartsWith("4 order lines of 2 invoices in f.csv\n"));
  CHECK_THAT(fine, Catch::Contains("2  accepted") && Catch::Contains("2    invalid_quantity") && Catch::Contains("revenue 1,234.56\n"));
  CHECK_THAT(fine, Catch::Contains("events written 1,000 in 2.00 s: 500 events/s") && Catch::Contains("\nOK: "));
  for (int i = 0; i < 21; ++i) report.counts.differences.push_back("cart " + std::to_string(i));
  auto const bad = describe(report, orders, "f.csv");
  CHECK_THAT(
      bad, Catch::Contains("21 DIFFERENCES") && Catch::Contains("cart 19\n") && Catch::EndsWith("and 1 more\n") && !Catch::Contains("OK"));
}

}  // namespace
