#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/core/result.h"
#include "domain/ports/codec.h"
#include "domain/ports/log.h"

// The log checked against itself: folding a patient's history gives exactly the state in the
// patient's last record of `patient-events`. What repairs a patient uses the same fold.
namespace projections {

struct LogProblem {
  std::string code;  // "undecodable", "state_differs", "sequence_gap", …
  std::optional<patient::PatientId> patient;
  std::string message;  // names topic, partition and offset, never content
};

struct LogReport {
  std::int64_t patients = 0;
  std::int64_t events = 0;  // records of patient-history
  std::vector<LogProblem> problems;
};

// Called with the number of records read so far, of both topics.
using Counted = std::function<void(std::int64_t)>;

// Reads both topics once, a partition at a time. Memory: the states of one partition.
[[nodiscard]] LogReport check_log(const ports::Log& log,
                                  ports::EventCodec& codec,
                                  const Counted& counted);

// Every patient of one partition as its history says; a patient whose history cannot be folded is
// reported to `problems` and left out.
using Folded = std::map<patient::PatientId, patient::State>;
[[nodiscard]] Folded fold_history(const ports::Log& log,
                                  ports::EventCodec& codec,
                                  ports::Partition partition,
                                  std::vector<LogProblem>& problems,
                                  const Counted& counted);

}  // namespace projections
