#include <algorithm>
#include <optional>

#include "domain/core/text.h"
#include "domain/patient/value.h"
#include "domain/patient/weekday.h"

namespace patient {
namespace {

using core::Failure;
using core::Raw;
using Parsed = core::Result<Value, std::string>;

constexpr std::int64_t kKilometresMax = 1000;

std::string list(std::span<const std::string_view> choices) {
  std::string names;
  for (const std::string_view choice : choices) {
    if (!names.empty()) names += ", ";
    names += choice;
  }
  return names;
}

Parsed parse_text(const KeyInfo& key, const Raw& raw) {
  const auto* text = raw.as<std::string>();
  if (text == nullptr) return Failure{std::string{"must be a text"}};
  const auto characters = core::count_characters(*text);
  if (!characters) return Failure{std::string{"must be valid UTF-8 without NUL"}};
  if (key.limit > 0 && *characters > key.limit) {
    return Failure{"must have at most " + std::to_string(key.limit) + " characters, has " +
                   std::to_string(*characters)};
  }
  if (key.access == Access::required && !core::has_visible_character(*text)) {
    return Failure{std::string{"must not be empty"}};
  }
  return Value{*text};
}

Parsed parse_choice(const KeyInfo& key, const Raw& raw) {
  const auto* text = raw.as<std::string>();
  if (text != nullptr &&
      std::find(key.choices.begin(), key.choices.end(), *text) != key.choices.end()) {
    return Value{*text};
  }
  return Failure{"must be one of: " + list(key.choices)};
}

Parsed parse_flag(const Raw& raw) {
  if (const auto* flag = raw.as<bool>()) return Value{*flag};
  return Failure{std::string{"must be true or false"}};
}

Parsed parse_day(const Raw& raw) {
  const auto* text = raw.as<std::string>();
  const auto date = text != nullptr ? core::parse_date(*text) : std::nullopt;
  if (!date) return Failure{std::string{"must be a date that exists, YYYY-MM-DD"}};
  return Value{*date};
}

Parsed parse_symptoms(const KeyInfo& key, const Raw& raw) {
  const auto* array = raw.as<Raw::Array>();
  if (array == nullptr) return Failure{std::string{"must be a list of symptoms"}};
  if (array->empty() || array->size() > key.limit) {
    return Failure{"must name 1 to " + std::to_string(key.limit) + " symptoms, names " +
                   std::to_string(array->size())};
  }
  Symptoms symptoms;
  for (const Raw& element : *array) {
    const auto* text = element.as<std::string>();
    if (text == nullptr ||
        std::find(key.choices.begin(), key.choices.end(), *text) == key.choices.end()) {
      return Failure{"entry " + std::to_string(symptoms.size() + 1) +
                     " is not a known symptom; known: " + list(key.choices)};
    }
    if (std::find(symptoms.begin(), symptoms.end(), *text) != symptoms.end()) {
      return Failure{"entry " + std::to_string(symptoms.size() + 1) + " repeats an earlier one"};
    }
    symptoms.push_back(*text);
  }
  return Value{std::move(symptoms)};
}

// `HH:MM`, minutes since midnight; `24:00` ends a day.
std::optional<std::int16_t> parse_clock_time(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  if (!digit(0) || !digit(1) || !digit(3) || !digit(4)) return std::nullopt;
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (minute > 59 || hour > 24 || (hour == 24 && minute != 0)) return std::nullopt;
  return static_cast<std::int16_t>(hour * 60 + minute);
}

std::optional<Slot> parse_slot(const Raw& raw) {
  const auto* text = raw.as<std::string>();
  if (text == nullptr || text->size() != 11 || (*text)[5] != '-') return std::nullopt;
  const auto from = parse_clock_time(std::string_view{*text}.substr(0, 5));
  const auto to = parse_clock_time(std::string_view{*text}.substr(6));
  if (!from || !to || *from >= *to) return std::nullopt;
  return Slot{*from, *to};
}

std::optional<std::size_t> parse_weekday(std::string_view name) {
  for (const auto& names : {kWeekdays, kWeekdaysEnglish}) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  }
  return std::nullopt;
}

Parsed parse_availability(const Raw& raw) {
  constexpr std::size_t kSlotsMax = 48;
  const auto* days = raw.as<Raw::Object>();
  if (days == nullptr) return Failure{std::string{"must be an object of weekdays"}};
  Availability availability;
  for (const auto& [day_name, day_raw] : *days) {
    const auto day = parse_weekday(day_name);
    if (!day) return Failure{"names a day that is none of: " + list(kWeekdays)};
    if (availability.days[*day]) return Failure{std::string{kWeekdays[*day]} + " is named twice"};
    const auto* array = day_raw.as<Raw::Array>();
    if (array == nullptr || array->size() > kSlotsMax) {
      return Failure{std::string{kWeekdays[*day]} + " must be a list of slots"};
    }
    std::vector<Slot> slots;
    for (const Raw& element : *array) {
      const auto slot = parse_slot(element);
      if (!slot) {
        return Failure{std::string{kWeekdays[*day]} + ", slot " + std::to_string(slots.size() + 1) +
                       ": must be HH:MM-HH:MM with the start before the end"};
      }
      slots.push_back(*slot);
    }
    availability.days[*day] = std::move(slots);
  }
  return Value{std::move(availability)};
}

Parsed parse_radius(const Raw& raw) {
  const auto* object = raw.as<Raw::Object>();
  if (object != nullptr && object->size() == 1 && object->front().first == "max_km") {
    const auto* kilometres = object->front().second.as<std::int64_t>();
    if (kilometres != nullptr && *kilometres >= 0 && *kilometres <= kKilometresMax) {
      return Value{Radius{static_cast<std::int32_t>(*kilometres)}};
    }
  }
  return Failure{std::string{R"(must be {"max_km": N} with a whole number from 0 to 1000)"}};
}

Parsed parse_status_value(const Raw& raw) {
  const auto* text = raw.as<std::string>();
  const auto status = text != nullptr ? parse_status(*text) : std::nullopt;
  if (!status) return Failure{"must be one of: " + known_statuses()};
  return Value{*status};
}

Parsed parse_therapists(const Raw& raw) {
  const auto* array = raw.as<Raw::Array>();
  if (array == nullptr) return Failure{std::string{"must be a list of therapist numbers"}};
  TherapistIds therapists;
  for (const Raw& element : *array) {
    const auto* number = element.as<std::int64_t>();
    if (number == nullptr || *number < 1 || *number > kNumberMax) {
      return Failure{std::string{"must hold whole numbers from 1 on"}};
    }
    therapists.emplace_back(*number);
  }
  std::sort(therapists.begin(), therapists.end());
  therapists.erase(std::unique(therapists.begin(), therapists.end()), therapists.end());
  return Value{std::move(therapists)};
}

}  // namespace

Parsed parse(Key key, const Raw& raw) {
  const KeyInfo& known = info(key);
  if (raw.is_null()) {
    // null clears: an optional key becomes null, a key that is never null its default. What others
    // rely on (the status, the exclusions) is not cleared by leaving it out.
    if (known.access == Access::optional) return Value{None{}};
    const bool resettable = known.kind == Kind::flag || known.kind == Kind::choice;
    if (known.access == Access::defaulted && resettable) return default_of(key);
    return Failure{std::string{"must not be null"}};
  }
  switch (known.kind) {
    case Kind::identity: break;
    case Kind::text: return parse_text(known, raw);
    case Kind::choice: return parse_choice(known, raw);
    case Kind::flag: return parse_flag(raw);
    case Kind::date: return parse_day(raw);
    case Kind::symptoms: return parse_symptoms(known, raw);
    case Kind::availability: return parse_availability(raw);
    case Kind::radius: return parse_radius(raw);
    case Kind::status: return parse_status_value(raw);
    case Kind::therapists: return parse_therapists(raw);
  }
  return Failure{std::string{"cannot be set"}};
}

}  // namespace patient
