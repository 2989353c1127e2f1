#pragma once

#include <evoke/result.hpp>

#include <cstddef>
#include <cstdint>
#include <istream>
#include <string>
#include <vector>

namespace replay {

struct csv_record {
  std::vector<std::string> fields;
  std::uint64_t line = 0;  ///< of the file, 1-based, on which the record begins
};

/// Reads comma-separated values (RFC 4180) record by record; holds one record in memory. Bytes are handed out as they are.
///
/// Beyond the RFC it takes what is found in the wild: LF as well as CRLF, a UTF-8 byte order mark at the start, blank lines (skipped),
/// no line end after the last record, and a quote inside a field that does not begin with one (an ordinary character there).
class csv_reader {
 public:
  /// A larger record is refused: most likely a quote was never closed.
  static constexpr std::size_t max_record_bytes = 1024 * 1024;

  /// `in` must be binary and outlive the reader.
  explicit csv_reader(std::istream& in) : in_(in.rdbuf()) {}

  /// @returns false at the end of the file. malformed, naming the line, for a quote that is not closed, text behind a closing quote, or a
  /// record that is too long; nothing can be read after that. io_error when the file cannot be read on.
  [[nodiscard]] evoke::result<bool> next(csv_record& record);

 private:
  enum class end_of : std::uint8_t { field, record, file };

  [[nodiscard]] evoke::result<end_of> read_field(std::string& field);
  [[nodiscard]] evoke::result<end_of> read_plain(std::string& field);
  [[nodiscard]] evoke::result<end_of> read_quoted(std::string& field);
  [[nodiscard]] evoke::result<void> take(std::string& field, char c);
  [[nodiscard]] int get();
  [[nodiscard]] bool at_line_end(int c);
  void skip_byte_order_mark();

  std::streambuf* in_;
  std::uint64_t line_ = 1;
  std::size_t record_bytes_ = 0;
  bool began_ = false;
};

}  // namespace replay
