#include "domain/core/time.h"

#include <cstdint>

namespace core {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// The years 0001 to 9999: an offset or a leap second must not lead to a day that has no text.
constexpr Date kBeginning{std::chrono::year{1} / 1 / 1};
constexpr Date kEnd{std::chrono::year{10000} / 1 / 1};

// Reads from the front of a text; every step says whether it found what it looked for.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] char next() const { return rest_.empty() ? '\0' : rest_.front(); }

  bool take(char expected) {
    if (next() != expected || rest_.empty()) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Exactly `digits` digits.
  std::optional<int> number(std::size_t digits) {
    if (rest_.size() < digits) return std::nullopt;
    int value = 0;
    for (std::size_t at = 0; at < digits; ++at) {
      if (rest_[at] < '0' || rest_[at] > '9') return std::nullopt;
      value = value * 10 + (rest_[at] - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }

 private:
  std::string_view rest_;
};

std::optional<Date> take_date(Scanner& in) {
  const auto year = in.number(4);
  if (!year || *year == 0 || !in.take('-')) return std::nullopt;
  const auto month = in.number(2);
  if (!month || !in.take('-')) return std::nullopt;
  const auto day = in.number(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return Date{date};
}

// The digits behind the decimal point, cut off at the microsecond.
std::optional<microseconds> take_fraction(Scanner& in) {
  std::int64_t value = 0;
  int digits = 0;
  while (const auto digit = in.number(1)) {
    if (digits < 6) value = value * 10 + *digit;
    ++digits;
  }
  if (digits == 0) return std::nullopt;
  for (int at = digits; at < 6; ++at) value *= 10;
  return microseconds{value};
}

std::optional<microseconds> take_time_of_day(Scanner& in) {
  const auto hour = in.number(2);
  if (!hour || *hour > 23 || !in.take(':')) return std::nullopt;
  const auto minute = in.number(2);
  if (!minute || *minute > 59) return std::nullopt;
  microseconds time = hours{*hour} + minutes{*minute};
  if (!in.take(':')) return time;
  const auto second = in.number(2);
  if (!second || *second > 60) return std::nullopt;
  time += seconds{*second};
  if (!in.take('.') && !in.take(',')) return time;
  const auto fraction = take_fraction(in);
  if (!fraction) return std::nullopt;
  return time + *fraction;
}

// What to subtract to get UTC.
std::optional<minutes> take_zone(Scanner& in) {
  if (in.at_end()) return minutes{0};
  if (in.take('Z') || in.take('z')) return minutes{0};
  const bool west = in.next() == '-';
  if (!in.take('+') && !in.take('-')) return std::nullopt;
  const auto hour = in.number(2);
  if (!hour || *hour > 23) return std::nullopt;
  int minute = 0;
  if (!in.at_end()) {
    static_cast<void>(in.take(':'));
    const auto given = in.number(2);
    if (!given || *given > 59) return std::nullopt;
    minute = *given;
  }
  const minutes offset = hours{*hour} + minutes{minute};
  return west ? -offset : offset;
}

// The last `digits` digits of `value`, with leading zeros.
void write_digits(std::int64_t value, char* to, int digits) {
  while (digits-- > 0) {
    to[digits] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

// Ten characters. By hand: read models hold dates by the million, and snprintf reads its format
// each time.
void write_date(Date date, char* to) {
  const std::chrono::year_month_day day{date};
  write_digits(static_cast<int>(day.year()), to, 4);
  write_digits(static_cast<unsigned>(day.month()), to + 5, 2);
  write_digits(static_cast<unsigned>(day.day()), to + 8, 2);
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
  Scanner in{text};
  const auto date = take_date(in);
  if (!date || !in.at_end()) return std::nullopt;
  return date;
}

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  Scanner in{text};
  const auto date = take_date(in);
  if (!date) return std::nullopt;
  if (in.at_end()) return Timestamp{*date};
  if (!in.take('T') && !in.take('t') && !in.take(' ')) return std::nullopt;
  const auto time = take_time_of_day(in);
  if (!time) return std::nullopt;
  const auto zone = take_zone(in);
  if (!zone || !in.at_end()) return std::nullopt;
  const Timestamp at = Timestamp{*date} + *time - *zone;
  if (at < kBeginning || at >= kEnd) return std::nullopt;
  return at;
}

std::string format(Date date) {
  std::string text(10, '-');
  write_date(date, text.data());
  return text;
}

std::string format(Timestamp at) {
  const Date date = day_of(at);
  const std::chrono::hh_mm_ss time{at - Timestamp{date}};
  std::string text = "0000-00-00T00:00:00";
  write_date(date, text.data());
  write_digits(time.hours().count(), text.data() + 11, 2);
  write_digits(time.minutes().count(), text.data() + 14, 2);
  write_digits(time.seconds().count(), text.data() + 17, 2);
  if (time.subseconds().count() != 0) {
    text += ".000000";
    write_digits(time.subseconds().count(), text.data() + 20, 6);
  }
  text += 'Z';
  return text;
}

}  // namespace core
