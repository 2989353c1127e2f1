#include "replay/csv_reader.hpp"

#include <string_view>

namespace replay {
namespace {

constexpr int end_of_file = std::char_traits<char>::eof();

std::string on_line(std::uint64_t line, std::string_view what) {
  return "line " + std::to_string(line) + ": " + std::string(what);
}

}  // namespace

evoke::result<bool> csv_reader::next(csv_record& record) {
  if (in_ == nullptr) return evoke::fail(evoke::errc::io_error, "the file cannot be read");
  if (!began_) skip_byte_order_mark();
  for (;;) {
    record.fields.clear();
    record.line = line_;
    record_bytes_ = 0;
    auto end = end_of::field;
    while (end == end_of::field) {
      auto got = read_field(record.fields.emplace_back());
      if (!got) return std::unexpected(got.error());
      end = *got;
    }
    bool const blank = record_bytes_ == 0 && record.fields.size() == 1;
    if (!blank) return true;
    if (end == end_of::file) return false;
  }
}

evoke::result<csv_reader::end_of> csv_reader::read_field(std::string& field) {
  if (in_->sgetc() != '"') return read_plain(field);
  static_cast<void>(get());
  ++record_bytes_;  // so that a record of one "" is a record and no blank line
  return read_quoted(field);
}

evoke::result<csv_reader::end_of> csv_reader::read_plain(std::string& field) {
  for (;;) {
    int const c = get();
    if (c == end_of_file) return end_of::file;
    if (at_line_end(c)) return end_of::record;
    if (c == ',') return end_of::field;
    if (auto taken = take(field, static_cast<char>(c)); !taken) return std::unexpected(taken.error());
  }
}

evoke::result<csv_reader::end_of> csv_reader::read_quoted(std::string& field) {
  auto const opened = line_;
  for (;;) {
    int c = get();
    if (c == end_of_file) return evoke::fail(evoke::errc::malformed, on_line(opened, "a quote is never closed"));
    if (c == '"') {
      c = get();
      if (c == end_of_file) return end_of::file;
      if (at_line_end(c)) return end_of::record;
      if (c == ',') return end_of::field;
      if (c != '"') return evoke::fail(evoke::errc::malformed, on_line(line_, "text behind a closing quote"));
    }
    if (auto taken = take(field, static_cast<char>(c)); !taken) return std::unexpected(taken.error());
  }
}

evoke::result<void> csv_reader::take(std::string& field, char c) {
  if (++record_bytes_ > max_record_bytes) {
    return evoke::fail(evoke::errc::malformed, on_line(line_, "a record of more than 1 MiB: is a quote not closed?"));
  }
  field.push_back(c);
  return {};
}

int csv_reader::get() {
  int const c = in_->sbumpc();
  if (c == '\n') ++line_;
  return c;
}

bool csv_reader::at_line_end(int c) {
  if (c == '\r' && in_->sgetc() == '\n') c = get();
  return c == '\n';
}

void csv_reader::skip_byte_order_mark() {
  began_ = true;
  // Nothing is put back: a file that begins with half a mark is refused because its header does not read.
  for (int const each : {0xEF, 0xBB, 0xBF}) {
    if (in_->sgetc() != each) return;
    static_cast<void>(in_->sbumpc());
  }
}

}  // namespace replay
