#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace infra::metrics {

// How things stand when somebody asks for the metrics. Plain values.
struct Snapshot {
  struct Projection {
    std::string name;
    bool there = false;  // else it is being made, and how far it is behind nobody can say
    std::int64_t lag_events = 0;
  };

  std::size_t connections = 0;               // kartei_http_connections
  bool writer = false;                       // kartei_writer
  std::int64_t turns = 0;                    // kartei_writer_turns_total
  std::size_t commands_waiting = 0;          // kartei_commands_waiting
  std::vector<Projection> projections = {};  // kartei_projection_…{projection}
};

}  // namespace infra::metrics
