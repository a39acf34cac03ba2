#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace infra::metrics {

// How things stand when somebody asks for the metrics. Plain values.
struct Snapshot {
  struct Lag {
    std::int64_t events = 0;
    // For how long the read model's keeper has known of records that it has not applied, without
    // having come to the end of the partition meanwhile; 0 when it is there.
    std::chrono::nanoseconds time{};
  };
  struct Projection {
    std::string name;
    bool there = false;  // else it is being made, and how far it is behind nobody can say
    std::int64_t lag_events = 0;
    std::chrono::nanoseconds lag_time{};     // the longest of its partitions
    std::vector<Lag> lag_by_partition = {};  // there are as many as in the log
    std::int64_t quarantined = 0;            // patients whose records cannot be applied
  };
  // Messages of other services, by what came of them.
  struct Consumed {
    std::int64_t recorded = 0;
    std::int64_t duplicates = 0;
    std::int64_t ignored = 0;
    std::int64_t dead = 0;
  };
  // What came as files. A file holds one registration: those that were refused are the failed.
  struct Import {
    std::int64_t processed = 0;  // files
    std::int64_t failed = 0;
    std::int64_t imported = 0;  // registrations
    std::int64_t duplicates = 0;
  };
  // The mails that confirm registrations.
  struct Confirmations {
    std::int64_t sent = 0;
    std::int64_t skipped = 0;
    std::int64_t refused = 0;
    std::int64_t retried = 0;  // attempts
    std::int64_t lag = 0;      // offsets of the log
  };

  std::size_t connections = 0;                // kartei_http_connections
  bool writer = false;                        // kartei_writer
  std::int64_t turns = 0;                     // kartei_writer_turns_total
  std::size_t commands_waiting = 0;           // kartei_commands_waiting
  std::optional<std::int64_t> expected = {};  // kartei_expected_patients; none: not known yet
  Consumed consumed = {};                     // kartei_messages_consumed_total{outcome}
  std::optional<Import> import = {};          // kartei_import_…_total{outcome}; none: no place
  // kartei_confirmation_mails_total{outcome}, kartei_confirmation_lag_events; none: no such mails
  std::optional<Confirmations> confirmations = {};
  std::vector<Projection> projections = {};  // kartei_projection_…{projection}
};

}  // namespace infra::metrics
