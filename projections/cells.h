#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/core/time.h"
#include "projections/projection.h"

// How domain values are written into cells. Days and instants are ISO text, because people read
// them in SQL; flags are 0 and 1. ISO text leaves a zero fraction out, so instants that are ordered
// or compared have an integer column of microseconds beside them.
namespace projections {

[[nodiscard]] inline Cell cell(std::string_view text) { return std::string{text}; }
[[nodiscard]] inline Cell cell(std::int64_t number) { return number; }
[[nodiscard]] inline Cell cell(core::Date date) { return core::format(date); }
[[nodiscard]] inline Cell cell(core::Timestamp at) { return core::format(at); }
[[nodiscard]] inline Cell cell(patient::Sequence sequence) { return sequence.get(); }
[[nodiscard]] inline Cell cell(patient::TherapistId therapist) { return therapist.get(); }
template <class T>
[[nodiscard]] Cell cell(const std::optional<T>& value) {
  return value ? cell(*value) : Cell{};
}
[[nodiscard]] inline Cell micros(core::Timestamp at) {
  return std::int64_t{at.time_since_epoch().count()};
}

// Lists are ordered by number, then by id; ids that are no number come last, all with this one.
inline constexpr std::int64_t kNoNumber = patient::kNumberMax + 1;
[[nodiscard]] inline std::int64_t list_number(const patient::PatientId& id) {
  return id.number().value_or(kNoNumber);
}

}  // namespace projections
