#pragma once

#include <functional>
#include <span>

#include "projections/worker.h"

// A rebuild from nothing, many times faster than feeding events one by one, and with the same rows.
// State projections: of each patient only the last record counts (the fold), so one scan keeps
// bytes and decodes once per patient. History projections: one scan, bulk inserts. Indexes last.
namespace projections {

enum class Phase { load, index, catch_up };
struct RebuildProgress {
  Phase phase;
  std::int64_t done;     // offsets of the log passed by, markers and compacted ones too
  std::int64_t total;    // at the end that the log had when the load began
  std::int64_t records;  // read so far
};
using OnProgress = std::function<void(const RebuildProgress&)>;

// What is rebuilt together: all of state, or all of history.
struct Building {
  const Projection& projection;
  ReadStore& store;
};

struct Rebuilt {
  std::int64_t records = 0;  // read from the log while loading and catching up, each once
  Skipped skipped;
};

struct RebuildParts {
  const ports::Log& log;
  ports::EventCodec& codec;
  std::span<const Building> buildings;
  OnProgress progress = [](const RebuildProgress&) {};
  std::int32_t code_version = kCodeVersion;
};

// Loads every store that is still loading, builds its indexes, and brings all to the end of the
// log. Resumes where an earlier rebuild of the same stores was interrupted. The stores may be of
// both kinds. Throws core::Broken; what was committed stays and is not done again.
Rebuilt rebuild(const RebuildParts& parts);

}  // namespace projections
