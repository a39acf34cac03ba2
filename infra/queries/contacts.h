#pragma once

#include <cstdint>
#include <optional>

#include "domain/core/raw.h"
#include "domain/patient/value.h"
#include "infra/sqlite/connection.h"

namespace infra::queries {

struct ContactFilter {
  std::optional<core::Date>
      before;          // last contacted before this day; leaves out the never contacted
  bool never = false;  // the never contacted alone
  std::optional<std::int64_t> limit;
};

// From `letzter_kontakt`, with names from `directory` (attached as `directory`):
// [{"patient_id", "vorname", "nachname", "letzter_kontakt", "channel", "source"}], never contacted
// first, then longest ago first.
[[nodiscard]] core::Raw letzter_kontakt(sqlite::Connection& store, const ContactFilter& filter);

// From `exclusions`: [{"patient_id", "therapist_id", "reason", "since"}].
struct ExclusionFilter {
  std::optional<patient::PatientId> patient;
  std::optional<patient::TherapistId> therapist;
};
[[nodiscard]] core::Raw exclusions(sqlite::Connection& store, const ExclusionFilter& filter);

// From `contacts`: [{"source", "at", "channel", "direction", "therapist_id"}], newest first.
[[nodiscard]] core::Raw contacts(sqlite::Connection& store, const patient::PatientId& id);

// From `status_history`, as of `now`: [{"status", "patients", "days_median", "days_max"}]: how many
// patients ever had the status, and for how long it lasted (an open one lasts until `now`).
[[nodiscard]] core::Raw status_durations(sqlite::Connection& store, core::Timestamp now);

}  // namespace infra::queries
