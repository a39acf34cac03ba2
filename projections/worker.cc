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
      reading_(parts.log, parts.codec, target_.topic(), target_.checkpoint()) {
  const Change again = read_again(target_, parts_.log, parts_.codec, code_version_);
  if (!again.quarantined.empty() || !again.healed.empty()) target_.commit(again);
}

Applied Worker::apply(std::size_t limit) {
  const Skipped before = reading_.skipped();
  return apply(reading_.next(limit), before);
}

Applied Worker::apply_ready(std::size_t limit) {
  const Skipped before = reading_.skipped();
  return apply(reading_.next_ready(limit), before);
}

Applied Worker::apply(std::vector<Item> items, const Skipped& before) {
  const auto records = static_cast<std::int64_t>(items.size());
  Change change = target_.projection().of_state()
                      ? state_change(target_, parts_.codec, items, code_version_)
                      : history_change(target_,
                                       parts_.log,
                                       parts_.codec,
                                       decode(parts_.codec, std::move(items)),
                                       code_version_);
  change.checkpoints = reading_.moved();
  if (!change.checkpoints.empty()) target_.commit(change);
  return {records,
          static_cast<std::int64_t>(change.steps.size()),
          static_cast<std::int64_t>(change.quarantined.size()),
          static_cast<std::int64_t>(change.healed.size()),
          {reading_.skipped().wrong_partition - before.wrong_partition,
           reading_.skipped().unknown_key - before.unknown_key}};
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
