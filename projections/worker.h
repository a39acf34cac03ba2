#pragma once

#include "projections/feed.h"

namespace projections {

struct Applied {
  std::int64_t records = 0;  // of patients, tombstones too
  std::int64_t steps = 0;    // patients replaced, events added or removed
  std::int64_t quarantined = 0;
  std::int64_t healed = 0;
  Skipped skipped;
  Applied& operator+=(const Applied& other);
};

// Keeps one read model up with the log: rows, quarantine and checkpoint in one transaction per
// batch. Used by one thread. After an exception it has lost its place: make a new one, which goes
// on from the store's checkpoint. Whatever it is given must outlive it.
class Worker {
 public:
  struct Parts {
    const ports::Log& log;
    ports::EventCodec& codec;
    const Projection& projection;
    ReadStore& store;
    // Of its topic, to read and decode once what others apply as well; none: its own.
    Feeds* feeds = nullptr;
  };
  static constexpr std::size_t kBatchMax = 1000;

  // Takes the store over and reads again what an older version could not read. Throws core::Broken:
  // log_mismatch when the store is of another log, locked when a later worker took over.
  explicit Worker(Parts parts, std::int32_t code_version = kCodeVersion);

  // One batch of up to `limit` records, in one transaction.
  Applied apply(std::size_t limit = kBatchMax) { return apply(limit, Feed::Reach::log); }
  // The same of what has come already: the log is not asked where its end is.
  Applied apply_ready(std::size_t limit = kBatchMax) { return apply(limit, Feed::Reach::ready); }
  // Whether the last one found nothing more in the log.
  [[nodiscard]] bool at_end() const { return at_end_; }
  // Batches until the end.
  Applied catch_up(std::size_t batch = kBatchMax);

  [[nodiscard]] const Checkpoint& checkpoint() const { return target_.checkpoint(); }
  [[nodiscard]] bool is_quarantined(const patient::PatientId& id) const {
    return target_.is_quarantined(id);
  }
  [[nodiscard]] std::size_t quarantined_count() const { return target_.quarantined_count(); }

 private:
  Applied apply(std::size_t limit, Feed::Reach reach);

  Parts parts_;
  std::int32_t code_version_;
  Target target_;
  Feeds own_;
  Feeds& feeds_;
  bool at_end_ = false;
};

// Brings a store to the end of the log.
Applied catch_up(const ports::Log& log,
                 ports::EventCodec& codec,
                 const Projection& projection,
                 ReadStore& store);

}  // namespace projections
