#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "domain/patient/state.h"

// Values to encode. Everyone in them is invented.
namespace samples {

using Random = std::mt19937_64;

[[nodiscard]] core::Uuid uuid(std::uint8_t fill);
[[nodiscard]] core::Date day(int year, unsigned month, unsigned day);

// Something of everything that the types can hold, at random.
[[nodiscard]] patient::Recorded any_recorded(Random& random);
[[nodiscard]] patient::State any_state(Random& random);
// Of the kind that `key` asks for, never null.
[[nodiscard]] patient::Value any_value(patient::Key key, Random& random);

// A patient like most: 25 keys with a value, two exclusions, some contacts, a few commands.
[[nodiscard]] patient::State typical_state();
[[nodiscard]] patient::Recorded typical_contact();

}  // namespace samples
