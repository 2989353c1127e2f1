#include <evoke/time.hpp>

#include <cstdint>

namespace evoke {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::microseconds;
using std::chrono::sys_days;
using std::chrono::year;

constexpr timestamp first_instant = sys_days{year{0} / 1 / 1};
constexpr timestamp last_instant = sys_days{year{10'000} / 1 / 1} - microseconds{1};

/// Reads RFC 3339's fields from left to right. After the first that does not fit everything else reads as 0.
class reader {
 public:
  explicit reader(std::string_view text) noexcept : left_(text) {}

  [[nodiscard]] bool ok() const noexcept { return ok_; }
  [[nodiscard]] bool done() const noexcept { return left_.empty(); }
  [[nodiscard]] char peek() const noexcept { return left_.empty() ? '\0' : left_.front(); }

  int digits(std::size_t count) noexcept {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value * 10 + digit();
    return ok_ ? value : 0;
  }

  void expect(char wanted, char also = '\0') noexcept {
    if (peek() != wanted && (also == '\0' || peek() != also)) ok_ = false;
    if (ok_) left_.remove_prefix(1);
  }

  /// The digits after a decimal point, as microseconds; further ones are cut.
  microseconds fraction() noexcept {
    std::int64_t value = 0;
    std::int64_t weight = 100'000;
    do {
      value += digit() * weight;
      weight /= 10;
    } while (ok_ && peek() >= '0' && peek() <= '9');
    return microseconds{value};
  }

 private:
  int digit() noexcept {
    auto const c = peek();
    if (c < '0' || c > '9') {
      ok_ = false;
      return 0;
    }
    left_.remove_prefix(1);
    return c - '0';
  }

  std::string_view left_;
  bool ok_ = true;
};

/// "Z", "z" or "+hh:mm". "-00:00" (UTC, local offset unknown) is UTC.
std::chrono::minutes read_offset(reader& in, bool& in_range) noexcept {
  if (in.peek() == 'Z' || in.peek() == 'z') {
    in.expect('Z', 'z');
    return 0min;
  }
  bool const negative = in.peek() == '-';
  in.expect('+', '-');
  auto const hours = in.digits(2);
  in.expect(':');
  auto const minutes = in.digits(2);
  in_range = in_range && hours < 24 && minutes < 60;
  auto const offset = std::chrono::hours{hours} + std::chrono::minutes{minutes};
  return negative ? -offset : offset;
}

bool ends_a_month(timestamp whole_minute) noexcept {
  auto const next = whole_minute + 1min;
  auto const day = std::chrono::floor<days>(next);
  return next == day && std::chrono::year_month_day{day}.day() == std::chrono::day{1};
}

class operating_system_clock final : public clock {
 public:
  [[nodiscard]] timestamp now() const noexcept override { return std::chrono::floor<microseconds>(std::chrono::system_clock::now()); }
  [[nodiscard]] std::chrono::nanoseconds steady() const noexcept override { return std::chrono::steady_clock::now().time_since_epoch(); }
};

}  // namespace

std::string to_rfc3339(timestamp time) {
  auto const day = std::chrono::floor<days>(time);
  std::chrono::year_month_day const date{day};
  std::chrono::hh_mm_ss<microseconds> const clock_time{time - day};
  auto const years = static_cast<int>(date.year());

  // Every event and many answers carry times: the digits are set by hand, which takes a tenth of the time of printf.
  std::string text = "0000-00-00T00:00:00.000000Z";
  auto const put = [&](std::size_t last, std::int64_t number) {
    for (; number > 0; number /= 10) text[last--] = static_cast<char>('0' + number % 10);
  };
  put(6, static_cast<unsigned>(date.month()));
  put(9, static_cast<unsigned>(date.day()));
  put(12, clock_time.hours().count());
  put(15, clock_time.minutes().count());
  put(18, clock_time.seconds().count());
  put(25, clock_time.subseconds().count());
  if (years >= 0 && years <= 9999) {
    put(3, years);
  } else {
    text.replace(0, 4, std::to_string(years));  // no RFC 3339 any more, but for people to read
  }
  return text;
}

result<timestamp> parse_rfc3339(std::string_view text) {
  reader in{text};
  auto const years = in.digits(4);
  in.expect('-');
  auto const months = in.digits(2);
  in.expect('-');
  auto const day_of_month = in.digits(2);
  in.expect('T', 't');
  auto const hours = in.digits(2);
  in.expect(':');
  auto const minutes = in.digits(2);
  in.expect(':');
  auto const seconds = in.digits(2);
  microseconds fraction{0};
  if (in.ok() && in.peek() == '.') {
    in.expect('.');
    fraction = in.fraction();
  }
  bool in_range = true;
  auto const offset = read_offset(in, in_range);
  if (!in.ok() || !in.done()) return fail(errc::invalid_argument, "a time is written like 2026-01-31T09:26:53.000123Z (RFC 3339)");

  auto const date = year{years} / months / day_of_month;
  if (!date.ok()) return fail(errc::invalid_argument, "there is no such day");
  if (!in_range || hours > 23 || minutes > 59 || seconds > 60) return fail(errc::invalid_argument, "there is no such time of day");

  timestamp const whole_minute = sys_days{date} + std::chrono::hours{hours} + std::chrono::minutes{minutes} - offset;
  timestamp time = whole_minute + std::chrono::seconds{seconds} + fraction;
  if (seconds == 60) {
    // UTC inserts leap seconds at the end of a month only. Our time scale has no room for one: it reads as the microsecond before
    // midnight, so that it keeps its date and what came before it does not come after it.
    if (!ends_a_month(whole_minute)) return fail(errc::invalid_argument, "second 60 exists only as the last of a month in UTC");
    time = whole_minute + 1min - microseconds{1};
  }
  if (time < first_instant || time > last_instant) return fail(errc::invalid_argument, "the year in UTC must be from 0000 to 9999");
  return time;
}

clock const& system_clock() noexcept {
  static operating_system_clock const the_clock;
  return the_clock;
}

}  // namespace evoke
