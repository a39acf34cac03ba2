#pragma once

#include <deque>
#include <list>

#include "projections/target.h"

namespace projections {

// One topic from a place on, batch by batch: each is read and decoded once, however many read
// models apply it. Keeps what it read last for those who come behind. Used by one thread; the log
// and the codec must outlive it.
class Feed {
 public:
  struct Batch {
    Checkpoint from;
    std::int64_t records = 0;                 // of patients, tombstones too
    std::vector<DecodedPatient> states = {};  // of `patient-events`
    std::vector<DecodedItem> events = {};     // of `patient-history`
    Reading::Moved moved = {};                // where it ends
    Skipped skipped = {};
  };
  enum class Reach { log, ready };  // as far as the log goes; as far as it has come already

  // Throws core::Broken (log_mismatch) when `from` cannot be a place of this log.
  Feed(const ports::Log& log, ports::EventCodec& codec, ports::Topic topic, Checkpoint from);

  // Whether it can say what follows `place`.
  [[nodiscard]] bool has(const Checkpoint& place) const;
  // After an exception: it has nothing any more.
  [[nodiscard]] bool is_lost() const { return lost_; }
  [[nodiscard]] const Checkpoint& where() const { return reading_.where(); }

  // What follows `place`, which it has: up to `limit` records, or as many as somebody before took
  // there. Holds until the next call.
  [[nodiscard]] const Batch& next(const Checkpoint& place, std::size_t limit, Reach reach);
  // Whether the last one found nothing more in the log.
  [[nodiscard]] bool at_end() const { return at_end_; }

 private:
  [[nodiscard]] Batch read(std::size_t limit, Reach reach);
  void forget_oldest();

  ports::EventCodec& codec_;
  ports::Topic topic_;
  Reading reading_;
  std::deque<Batch> recent_;      // one follows the other; the last ends where the reading stands
  std::optional<Batch> nothing_;  // the last one, when nothing came
  bool at_end_ = false;
  bool lost_ = false;
};

// The feeds of one topic, for read models that stand at a few places: one for each place. Those
// that come together go on together. Used by one thread.
class Feeds {
 public:
  Feeds(const ports::Log& log, ports::EventCodec& codec, ports::Topic topic)
      : log_(log), codec_(codec), topic_(topic) {}

  // One that has `place`. Holds until the next call; throws what Feed's constructor does.
  [[nodiscard]] Feed& at(const Checkpoint& place);

 private:
  const ports::Log& log_;
  ports::EventCodec& codec_;
  ports::Topic topic_;
  std::list<Feed> feeds_;  // latest used first
};

}  // namespace projections
