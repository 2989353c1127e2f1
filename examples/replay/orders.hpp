#pragma once

#include <evoke/result.hpp>

#include <cstdint>
#include <istream>
#include <string>
#include <vector>

/// Retail order lines as a CSV file with the columns InvoiceNo, StockCode, Description, Quantity, UnitPrice and CustomerID, in any order
/// and beside others. Text is converted to UTF-8 (encoding.hpp); prices become minor units (money.hpp).
namespace replay {

struct order_line {
  std::uint64_t ordinal = 0;  ///< 1-based among the file's order lines: the same in every run over the same file
  std::string product_id;
  std::string name;  ///< empty = none
  std::int64_t quantity = 0;
  std::int64_t unit_price = 0;  ///< minor units
};

/// The lines of one number, in file order, wherever in the file they stand.
struct invoice {
  std::string number;
  std::string customer;             ///< of its first line; empty = a guest
  std::uint64_t first_ordinal = 0;  ///< of its first line
  std::vector<order_line> lines;    ///< those that could be read
};

/// A line that cannot become a command: it is reported and not sent.
struct unreadable_line {
  std::uint64_t ordinal = 0;
  std::uint64_t file_line = 0;
  std::string reason;  ///< snake_case, as the reasons of the domain are
};

struct order_file {
  std::vector<invoice> invoices;  ///< in the order in which they first appear
  std::vector<unreadable_line> unreadable;
  std::uint64_t line_count = 0;  ///< order lines, read and unreadable
};

/// Reads a whole file, so that one that is broken is refused before anything is sent. Takes about 200 bytes of memory a line.
/// @returns malformed when it is no CSV or a column is missing, io_error when it cannot be read.
[[nodiscard]] evoke::result<order_file> read_orders(std::istream& in);

}  // namespace replay
