#pragma once

#include <string>

#include "tests/whole/process.h"

namespace whole {

inline constexpr const char* kReadModels[] = {
    "directory", "letzter_kontakt", "exclusions", "contacts", "status_history", "timeline"};

// Every row of every read model at the head of the log, who is in quarantine included; sorted, so
// that equal rows are equal texts.
[[nodiscard]] std::string rows_of(Place& place);

// Every row of the writer's states at the head of the log.
[[nodiscard]] std::string states_of(Place& place);

// Expects that the log and every read model are in order, and that each read model equals one that
// is made anew.
void expect_in_order(Place& place);

}  // namespace whole
