#pragma once

#include <string>

// Invented documents, as many as a test needs, one a line.
namespace whole {

// Registrations with tokens. Number n is called "Probe<n>", counted from `first`.
[[nodiscard]] std::string made_up_registrations(int count, int first = 1);

// Communication events, each with a source of its own: contacts of the patients 1 to `patients` in
// turn.
[[nodiscard]] std::string made_up_contacts(int count, int patients);

}  // namespace whole
