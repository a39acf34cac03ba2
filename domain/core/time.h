#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace core {

// A calendar day in UTC.
using Date = std::chrono::sys_days;

// An instant in UTC, in microseconds: as fine as any of the systems around us sends.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

[[nodiscard]] inline Date day_of(Timestamp at) { return std::chrono::floor<std::chrono::days>(at); }

// `YYYY-MM-DD`, a day that exists, years 0001 to 9999. Anything else is no date.
[[nodiscard]] std::optional<Date> parse_date(std::string_view text);
[[nodiscard]] std::string format(Date date);

// ISO 8601 as the systems around us write it: `YYYY-MM-DD`, then `T` or a blank, then
// `HH:MM[:SS[.fraction]]`, then `Z`, an offset `+HH:MM`, `+HHMM` or `+HH`, or nothing, which means
// UTC. A bare date is its midnight. Digits behind the microsecond are cut off. A leap second
// (`:60`) counts as the next minute's beginning. In UTC the year is 0001 to 9999.
[[nodiscard]] std::optional<Timestamp> parse_timestamp(std::string_view text);
// `YYYY-MM-DDTHH:MM:SS[.ffffff]Z`; the fraction is left out when it is zero.
[[nodiscard]] std::string format(Timestamp at);

}  // namespace core
