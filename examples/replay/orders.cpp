#include "replay/orders.hpp"

#include "replay/csv_reader.hpp"
#include "replay/encoding.hpp"
#include "replay/money.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>

namespace replay {
namespace {

enum column : std::size_t { invoice_no, stock_code, description, quantity, unit_price, customer_id, column_count };
constexpr std::array<std::string_view, column_count> column_names = {"InvoiceNo", "StockCode", "Description",
                                                                     "Quantity",  "UnitPrice", "CustomerID"};

/// Where each column stands, from the header.
struct layout {
  std::array<std::size_t, column_count> index{};
  std::size_t width = 0;
};

evoke::result<layout> read_header(csv_reader& reader) {
  csv_record header;
  auto got = reader.next(header);
  if (!got) return std::unexpected(got.error());
  if (!*got) return evoke::fail(evoke::errc::malformed, "the file is empty: not even a header");
  layout made;
  made.width = header.fields.size();
  for (std::size_t i = 0; i < column_count; ++i) {
    auto const found = std::ranges::find(header.fields, column_names[i]);
    if (found == header.fields.end()) {
      return evoke::fail(evoke::errc::malformed, "the header has no column " + std::string(column_names[i]));
    }
    made.index[i] = static_cast<std::size_t>(found - header.fields.begin());
  }
  return made;
}

/// Collects lines by invoice number.
class grouping {
 public:
  explicit grouping(order_file& file) : file_(file) {}

  void add(csv_record const& record, layout const& where) {
    auto const ordinal = ++file_.line_count;
    auto const skip = [&](std::string_view reason) { file_.unreadable.push_back({ordinal, record.line, std::string(reason)}); };
    if (record.fields.size() != where.width) return skip("unreadable_columns");
    auto const text = [&](column which) { return to_utf8(record.fields[where.index[which]]); };
    auto number = text(invoice_no);
    if (number.empty()) return skip("unreadable_invoice_number");
    auto& target = find_or_add(std::move(number), text(customer_id), ordinal);
    auto const units = parse_integer(record.fields[where.index[quantity]]);
    if (!units) return skip("unreadable_quantity");
    auto const price = parse_minor_units(record.fields[where.index[unit_price]]);
    if (!price) return skip("unreadable_unit_price");
    target.lines.push_back({ordinal, text(stock_code), text(description), *units, *price});
  }

 private:
  invoice& find_or_add(std::string number, std::string customer, std::uint64_t ordinal) {
    auto const [at, fresh] = by_number_.try_emplace(number, file_.invoices.size());
    if (fresh) file_.invoices.push_back({std::move(number), std::move(customer), ordinal, {}});
    return file_.invoices[at->second];
  }

  order_file& file_;
  std::unordered_map<std::string, std::size_t> by_number_;
};

}  // namespace

evoke::result<order_file> read_orders(std::istream& in) {
  csv_reader reader(in);
  auto where = read_header(reader);
  if (!where) return std::unexpected(where.error());
  order_file file;
  grouping group(file);
  csv_record record;
  for (;;) {
    auto got = reader.next(record);
    if (!got) return std::unexpected(got.error());
    if (!*got) break;
    group.add(record, *where);
  }
  if (in.bad()) return evoke::fail(evoke::errc::io_error, "the file cannot be read to its end");
  return file;
}

}  // namespace replay
