#pragma once

#include <array>
#include <string_view>

namespace patient {

// Monday first. German is what the wire says; English is tolerated when reading.
inline constexpr std::array<std::string_view, 7> kWeekdays{
    "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"};
inline constexpr std::array<std::string_view, 7> kWeekdaysEnglish{
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

}  // namespace patient
