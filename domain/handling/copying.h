#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "domain/ports/log.h"

// One log copied into another: a log that outgrows its machine moves to another kind of log.
namespace handling {

struct Copied {
  std::int64_t records = 0;        // appended by this run, to both topics
  std::int64_t already_there = 0;  // by an earlier one
};

// What one transaction holds at most, but for a single record that is larger.
struct CopyLimits {
  std::size_t records = 1000;
  std::size_t bytes = 4'000'000;
};

// Called with the records passed by and how many there are in all.
using CopyProgress = std::function<void(std::int64_t done, std::int64_t total)>;

// Appends to `target` the last record of each patient of `source`'s patient-events, and its whole
// history but for what erasures removed: what the most thorough compaction keeps, so that nothing
// that was erased is written anew. Keys and bytes stay, and so do ids, sequences and times in them;
// the order within a patient too, and within a partition while both logs have as many. Where they
// have not, records go where murmur2 of the patient puts them. The target keeps its own
// incarnation, genesis and offsets.
//
// The transactions are small, and each leaves a beginning of the same sequence of records: a run
// that was interrupted is gone on with by another one. `source` must not change meanwhile. Throws
// core::Broken: log_mismatch before anything is appended when the target holds anything but such a
// beginning, or when a record of the source lies where nobody looks for it and the logs have not as
// many partitions; locked when another writer takes the target over; broker_unavailable when the
// outcome of an append is not known.
Copied copy_log(const ports::Log& source,
                ports::Log& target,
                const CopyProgress& progress,
                CopyLimits limits = {});

}  // namespace handling
