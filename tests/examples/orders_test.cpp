#include "replay/orders.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <set>
#include <sstream>

namespace {

constexpr auto header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

evoke::result<replay::order_file> read(std::string const& text) {
  std::istringstream in(text);
  return replay::read_orders(in);
}

TEST_CASE("a line becomes a product, a name, a quantity and a price in minor units") {
  auto const file = read(std::string(header) + "536365,85123A,\"HEART, \"\"T\"\"\",6,01/12/2010 08:26,2.55,17850,United Kingdom\n").value();
  REQUIRE(file.invoices.size() == 1);
  CHECK(file.invoices[0].number == "536365");
  CHECK(file.invoices[0].customer == "17850");
  auto const& line = file.invoices[0].lines.at(0);
  CHECK(line.ordinal == 1);
  CHECK(line.product_id == "85123A");
  CHECK(line.name == "HEART, \"T\"");
  CHECK(line.quantity == 6);
  CHECK(line.unit_price == 255);
}

TEST_CASE("lines are gathered by invoice in file order, wherever they stand") {
  auto const file = read(std::string(header) + "A,p1,,1,,1,7,\nB,p2,,1,,1,,\nA,p3,,1,,1,8,\n").value();
  REQUIRE(file.invoices.size() == 2);
  CHECK(file.line_count == 3);
  CHECK(file.invoices[0].customer == "7");
  CHECK(file.invoices[0].first_ordinal == 1);
  REQUIRE(file.invoices[0].lines.size() == 2);
  CHECK(file.invoices[0].lines[1].ordinal == 3);
  CHECK(file.invoices[1].first_ordinal == 2);
  CHECK(file.invoices[1].customer.empty());
}

TEST_CASE("columns are found by name, in any order and beside others") {
  auto const file = read("Note,CustomerID,UnitPrice,Quantity,Description,StockCode,InvoiceNo\nx,7,1.5,2,thing,p,A\n").value();
  CHECK(file.invoices.at(0).lines.at(0).unit_price == 150);
  CHECK(file.invoices.at(0).customer == "7");
}

TEST_CASE("lines that cannot become a command are listed with ordinal, line and reason") {
  auto const file =
      read(std::string(header) + "A,p,,1,,1,,\nA,p,,one,,1,,\n\nA,p,,1,,free,,\nA,p,,1\n,p,,1,,1,,\nA,p,,99999999999999999999,,1,,\n")
          .value();
  CHECK(file.line_count == 6);
  CHECK(file.invoices.at(0).lines.size() == 1);
  std::vector<std::string> reasons;
  for (auto const& each : file.unreadable) reasons.push_back(each.reason);
  CHECK(reasons == std::vector<std::string>{"unreadable_quantity", "unreadable_unit_price", "unreadable_columns",
                                            "unreadable_invoice_number", "unreadable_quantity"});
  CHECK(file.unreadable[1].ordinal == 3);
  CHECK(file.unreadable[1].file_line == 5);
}

TEST_CASE("an invoice of nothing but unreadable lines is an invoice all the same") {
  auto const file = read(std::string(header) + "A,p,,one,,1,7,\n").value();
  REQUIRE(file.invoices.size() == 1);
  CHECK(file.invoices[0].lines.empty());
}

TEST_CASE("negative amounts and strange codes are read as they are: the domain judges them") {
  auto const file = read(std::string(header) + "C1,BANK CHARGES ,,-1,,-11062.06,,\n").value();
  auto const& line = file.invoices.at(0).lines.at(0);
  CHECK(line.product_id == "BANK CHARGES ");
  CHECK(line.quantity == -1);
  CHECK(line.unit_price == -1106206);
}

TEST_CASE("a file without a needed column is refused by its name") {
  auto const got = read("InvoiceNo,StockCode,Description,Quantity,CustomerID\n");
  REQUIRE_FALSE(got);
  CHECK_THAT(got.error().message, Catch::Contains("UnitPrice"));
}

TEST_CASE("an empty file and broken CSV are refused") {
  CHECK_FALSE(read(""));
  CHECK_FALSE(read(std::string(header) + "A,\"p,,1,,1,,\n"));
}

TEST_CASE("the sample has the oddities it is there for") {
  std::ifstream in(EVOKE_SAMPLE_ORDERS, std::ios::binary);
  auto const file = replay::read_orders(in).value();
  CHECK(file.line_count > 150);
  CHECK(file.invoices.size() > 20);
  CHECK(file.unreadable.empty());
  std::set<std::string> seen;
  for (auto const& invoice : file.invoices) {
    if (invoice.number.starts_with("C")) seen.insert("cancellation");
    if (invoice.customer.empty()) seen.insert("guest");
    for (auto const& line : invoice.lines) {
      if (line.quantity < 0) seen.insert("negative quantity");
      if (line.quantity == 0) seen.insert("zero quantity");
      if (line.unit_price == 0) seen.insert("zero price");
      if (line.unit_price < 0) seen.insert("negative price");
      if (line.name.empty()) seen.insert("no description");
      if (line.name.contains('"')) seen.insert("quote");
      if (line.name.contains(',')) seen.insert("comma");
      if (line.name.contains("\xC2\xA3")) seen.insert("Windows-1252");
      if (line.product_id.contains(' ')) seen.insert("inner space");
    }
  }
  CHECK(seen == std::set<std::string>{"cancellation", "guest", "negative quantity", "zero quantity", "zero price", "negative price",
                                      "no description", "quote", "comma", "Windows-1252", "inner space"});
}

}  // namespace
