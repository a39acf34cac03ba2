#include "projections/worker.h"

namespace projections {

Applied& Applied::operator+=(const Applied& other) {
  records += other.records;
  steps += other.steps;
  quarantined += other.quarantined;
  healed += other.healed;
  skipped.wrong_partition += other.skipped.wrong_partition;
  skipped.unknown_key += other.skipped.unknown_key;
  return *this;
}

Worker::Worker(Parts parts, std::int32_t code_version)
    : parts_(parts),
      code_version_(code_version),
      target_(parts.projection, parts.store),
      own_(parts.log, parts.codec, target_.topic()),
      feeds_(parts.feeds != nullptr ? *parts.feeds : own_) {
  static_cast<void>(feeds_.at(checkpoint()));  // Another log shows here.
  const Change again = read_again(target_, parts_.log, parts_.codec, code_version_);
  if (!again.quarantined.empty() || !again.healed.empty()) target_.commit(again);
}

Applied Worker::apply(std::size_t limit, Feed::Reach reach) {
  Feed& feed = feeds_.at(checkpoint());
  const Feed::Batch& batch = feed.next(checkpoint(), limit, reach);
  at_end_ = feed.at_end();
  Change change =
      target_.projection().of_state()
          ? state_change(target_, batch.states, code_version_)
          : history_change(target_, parts_.log, parts_.codec, batch.events, code_version_);
  change.checkpoints = batch.moved;
  if (!change.checkpoints.empty()) target_.commit(change);
  return {batch.records,
          static_cast<std::int64_t>(change.steps.size()),
          static_cast<std::int64_t>(change.quarantined.size()),
          static_cast<std::int64_t>(change.healed.size()),
          batch.skipped};
}

Applied Worker::catch_up(std::size_t batch) {
  Applied all;
  do {
    all += apply(batch);
  } while (!at_end());
  return all;
}

Applied catch_up(const ports::Log& log,
                 ports::EventCodec& codec,
                 const Projection& projection,
                 ReadStore& store) {
  return Worker{{log, codec, projection, store}}.catch_up();
}

}  // namespace projections
