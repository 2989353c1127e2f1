#include "http/http_date.hpp"

#include "http/field_text.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>

namespace evoke::http {
namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 7> day_names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

void append_padded(int value, int width, std::string& out) {
  std::array<char, 8> digits{};
  for (int i = width - 1; i >= 0; --i) {
    digits[static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  out.append(digits.data(), static_cast<std::size_t>(width));
}

/// A pattern over the text: digits are taken by their letter, other characters stand for themselves.
struct fields {
  int day = 0, month = 0, year = 0, hour = 0, minute = 0, second = 0;
};

bool take_number(std::string_view& text, std::size_t width, int& out) noexcept {
  if (text.size() < width) return false;
  auto const piece = text.substr(0, width);
  auto const [stopped, error] = std::from_chars(piece.data(), piece.data() + width, out);
  if (error != std::errc{} || stopped != piece.data() + width || piece.front() == '-') return false;
  text.remove_prefix(width);
  return true;
}

bool take_text(std::string_view& text, std::string_view wanted) noexcept {
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(wanted.size());
  return true;
}

bool take_month(std::string_view& text, int& out) noexcept {
  for (std::size_t i = 0; i < month_names.size(); ++i)
    if (take_text(text, month_names[i])) {
      out = static_cast<int>(i) + 1;
      return true;
    }
  return false;
}

bool take_clock(std::string_view& text, fields& out) noexcept {
  return take_number(text, 2, out.hour) && take_text(text, ":") && take_number(text, 2, out.minute) && take_text(text, ":") &&
         take_number(text, 2, out.second);
}

/// "06 Nov 1994 08:49:37 GMT"
bool take_fixdate(std::string_view text, fields& out) noexcept {
  return take_number(text, 2, out.day) && take_text(text, " ") && take_month(text, out.month) && take_text(text, " ") &&
         take_number(text, 4, out.year) && take_text(text, " ") && take_clock(text, out) && text == " GMT";
}

/// "06-Nov-94 08:49:37 GMT"; a year that would lie more than 50 years ahead is of the century before.
bool take_rfc850(std::string_view text, fields& out) noexcept {
  if (!(take_number(text, 2, out.day) && take_text(text, "-") && take_month(text, out.month) && take_text(text, "-") &&
        take_number(text, 2, out.year) && take_text(text, " ") && take_clock(text, out) && text == " GMT"))
    return false;
  int const this_year = static_cast<int>(year_month_day{floor<days>(std::chrono::system_clock::now())}.year());
  out.year += this_year - this_year % 100;
  if (out.year > this_year + 50) out.year -= 100;
  return true;
}

/// "Nov  6 08:49:37 1994"
bool take_asctime(std::string_view text, fields& out) noexcept {
  if (!take_month(text, out.month) || !take_text(text, " ")) return false;
  bool const day = text.starts_with(' ') ? take_text(text, " ") && take_number(text, 1, out.day) : take_number(text, 2, out.day);
  return day && take_text(text, " ") && take_clock(text, out) && take_text(text, " ") && take_number(text, 4, out.year) && text.empty();
}

std::optional<timestamp> to_time(fields const& read) noexcept {
  year_month_day const date{year{read.year}, month{static_cast<unsigned>(read.month)}, day{static_cast<unsigned>(read.day)}};
  if (!date.ok() || read.hour > 23 || read.minute > 59 || read.second > 60) return std::nullopt;
  return timestamp{sys_days{date}} + hours{read.hour} + minutes{read.minute} + seconds{read.second};
}

}  // namespace

void append_http_date(timestamp time, std::string& out) {
  auto const whole = floor<days>(time);
  year_month_day const date{whole};
  hh_mm_ss const clock{floor<seconds>(time - whole)};
  out.append(day_names[weekday{whole}.c_encoding()]).append(", ");
  append_padded(static_cast<int>(static_cast<unsigned>(date.day())), 2, out);
  out.append(" ").append(month_names[static_cast<unsigned>(date.month()) - 1]).append(" ");
  append_padded(static_cast<int>(date.year()), 4, out);
  out.append(" ");
  append_padded(static_cast<int>(clock.hours().count()), 2, out);
  out.append(":");
  append_padded(static_cast<int>(clock.minutes().count()), 2, out);
  out.append(":");
  append_padded(static_cast<int>(clock.seconds().count()), 2, out);
  out.append(" GMT");
}

std::optional<timestamp> parse_http_date(std::string_view text) noexcept {
  text = trimmed(text);
  fields read;
  auto const comma = text.find(',');
  if (comma != std::string_view::npos) {
    auto const rest = trimmed(text.substr(comma + 1));
    if (comma == 3 ? take_fixdate(rest, read) : take_rfc850(rest, read)) return to_time(read);
    return std::nullopt;
  }
  auto const space = text.find(' ');
  if (space == 3 && take_asctime(text.substr(4), read)) return to_time(read);
  return std::nullopt;
}

}  // namespace evoke::http
