#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "domain/core/raw.h"
#include "domain/patient/value.h"
#include "infra/sqlite/connection.h"

// Named questions to the read models. Each takes an open connection to one generation's file and
// answers with the document that the command line prints as `data`; none of them writes.
namespace infra::queries {

struct ListFilter {
  std::optional<patient::Status> status;
  std::optional<std::string> search;  // substring of vorname, nachname or email, whatever the case
  std::int64_t page = 1;              // from 1
  std::int64_t limit = 20;            // 1 … 1000
};

// From `directory`. --------------------------------------------------------------------------

struct Shown {
  core::Raw data;                      // {"patient": the 36 keys, "sequence": n}
  patient::Sequence without_contacts;  // of the last event that is not a contact
};
// None: not on file.
[[nodiscard]] std::optional<Shown> show(sqlite::Connection& directory,
                                        const patient::PatientId& id);
[[nodiscard]] bool on_file(sqlite::Connection& directory, const patient::PatientId& id);
// {"data", "page", "limit", "total"}, by number, then by id.
[[nodiscard]] core::Raw list(sqlite::Connection& directory, const ListFilter& filter);
// {status: count}, all six.
[[nodiscard]] core::Raw status_summary(sqlite::Connection& directory);

// Any generation: whether, and why, the patient's last record could not be applied.
[[nodiscard]] std::optional<std::string> quarantine_error(sqlite::Connection& store,
                                                          const patient::PatientId& id);

}  // namespace infra::queries
