#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace infra::metrics {

// How things stand when somebody asks for the metrics. Plain values; an optional that is empty has
// no sample.
struct Snapshot {
  struct PartitionLag {
    std::int32_t partition = 0;
    std::int64_t events = 0;
  };
  struct Projection {
    std::string name;
    bool there = false;  // else it is being made
    std::int64_t lag_events = 0;
    std::optional<double> lag_seconds = {};
    std::optional<std::int64_t> quarantined = {};  // patients
    std::vector<PartitionLag> partitions = {};
  };
  // Files of the import folder since the process began; each counts once.
  struct ImportFiles {
    std::int64_t processed = 0;
    std::int64_t duplicates = 0;
    std::int64_t refused = 0;  // the registration broke a rule
    std::int64_t failed = 0;   // the file could not be read
  };

  std::size_t connections = 0;                         // kartei_http_connections
  bool writer = false;                                 // kartei_writer
  std::int64_t turns = 0;                              // kartei_writer_turns_total
  std::size_t commands_waiting = 0;                    // kartei_commands_waiting
  std::vector<Projection> projections = {};            // kartei_projection_…{projection}
  std::optional<std::int64_t> expected_patients = {};  // kartei_expected_patients
  ImportFiles import_files = {};                       // kartei_import_files_total{outcome}
};

}  // namespace infra::metrics
