#include "domain/patient/value.h"

#include "domain/core/match.h"
#include "domain/patient/weekday.h"

namespace patient {

using core::Raw;

Value default_of(Key key) {
  const KeyInfo& known = info(key);
  if (known.access != Access::defaulted) return None{};
  switch (known.kind) {
    case Kind::flag: return false;
    case Kind::status: return Status::offen;
    case Kind::therapists: return TherapistIds{};
    default: break;
  }
  if (key == Key::bevorzugtes_therapeutengeschlecht) return std::string{"Egal"};
  return std::string{"egal"};
}

bool fits(Key key, const Value& value) {
  const KeyInfo& known = info(key);
  if (is_null(value)) return known.access == Access::optional || known.access == Access::derived;
  switch (known.kind) {
    case Kind::identity: return false;
    case Kind::text:
    case Kind::choice: return std::holds_alternative<std::string>(value);
    case Kind::flag: return std::holds_alternative<bool>(value);
    case Kind::date: return std::holds_alternative<core::Date>(value);
    case Kind::symptoms: return std::holds_alternative<Symptoms>(value);
    case Kind::availability: return std::holds_alternative<Availability>(value);
    case Kind::radius: return std::holds_alternative<Radius>(value);
    case Kind::status: return std::holds_alternative<Status>(value);
    case Kind::therapists: return std::holds_alternative<TherapistIds>(value);
  }
  return false;
}

Fields::Fields() : groups_(defaults()) {}

const Fields::Groups& Fields::defaults() {
  static const Groups groups = [] {
    const core::CopyOnWrite<Group> nulls{Group{}};
    Groups made{nulls, nulls, nulls, nulls, nulls, nulls};
    for (const KeyInfo& known : all_keys()) {
      const std::size_t at = index(known.key);
      made[at / kGroupSize].own()[at % kGroupSize] = default_of(known.key);
    }
    return made;
  }();
  return groups;
}

namespace {

std::string clock_time(std::int16_t minutes) {
  const auto two_digits = [](int number) {
    return std::string{static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
  };
  return two_digits(minutes / 60) + ':' + two_digits(minutes % 60);
}

Raw availability_to_raw(const Availability& availability) {
  Raw::Object days;
  for (std::size_t day = 0; day < kWeekdays.size(); ++day) {
    if (!availability.days[day]) continue;
    Raw::Array slots;
    for (const Slot& slot : *availability.days[day]) {
      slots.push_back(Raw{clock_time(slot.from) + '-' + clock_time(slot.to)});
    }
    days.emplace_back(std::string{kWeekdays[day]}, Raw{std::move(slots)});
  }
  return Raw{std::move(days)};
}

}  // namespace

Raw to_raw(const Value& value) {
  return core::match(
      value,
      [](None) { return Raw{Raw::Null{}}; },
      [](bool flag) { return Raw{flag}; },
      [](const std::string& text) { return Raw{text}; },
      [](core::Date date) { return Raw{core::format(date)}; },
      [](Status status) { return Raw{std::string{name(status)}}; },
      [](const Symptoms& symptoms) {
        Raw::Array names;
        for (const std::string& symptom : symptoms) names.push_back(Raw{symptom});
        return Raw{std::move(names)};
      },
      [](const Availability& availability) { return availability_to_raw(availability); },
      [](Radius radius) {
        return Raw{Raw::Object{{"max_km", Raw{std::int64_t{radius.max_km}}}}};
      },
      [](const TherapistIds& therapists) {
        Raw::Array numbers;
        for (const TherapistId therapist : therapists) numbers.push_back(Raw{therapist.get()});
        return Raw{std::move(numbers)};
      });
}

}  // namespace patient
