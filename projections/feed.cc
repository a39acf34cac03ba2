#include "projections/feed.h"

#include <algorithm>

#include "domain/core/expects.h"

namespace projections {
namespace {

// So much is kept for those who come behind, unless the last batch alone has more.
constexpr std::int64_t kKeptRecordsMax = 1000;
constexpr std::size_t kKeptBatchesMax = 16;
// At so many places the read models of one topic may stand at once.
constexpr std::size_t kPlacesMax = 4;

}  // namespace

Feed::Feed(const ports::Log& log, ports::EventCodec& codec, ports::Topic topic, Checkpoint from)
    : codec_(codec), topic_(topic), reading_(log, codec, topic, std::move(from)) {}

bool Feed::has(const Checkpoint& place) const {
  if (lost_) return false;
  return place == where() || std::any_of(recent_.begin(), recent_.end(), [&](const Batch& batch) {
           return batch.from == place;
         });
}

const Feed::Batch& Feed::next(const Checkpoint& place, std::size_t limit, Reach reach) {
  at_end_ = false;
  for (const Batch& batch : recent_) {
    if (batch.from == place) return batch;
  }
  core::expects(!lost_ && place == where(), "a feed is asked for what it has");
  lost_ = true;  // Unless all goes well.
  Batch batch = read(limit, reach);
  lost_ = false;
  at_end_ = reading_.at_end();
  if (batch.moved.empty()) return nothing_.emplace(std::move(batch));
  recent_.push_back(std::move(batch));
  forget_oldest();
  return recent_.back();
}

void Feed::forget_oldest() {
  std::int64_t records = 0;
  for (const Batch& batch : recent_) records += batch.records;
  while (recent_.size() > 1 && (records > kKeptRecordsMax || recent_.size() > kKeptBatchesMax)) {
    records -= recent_.front().records;
    recent_.pop_front();
  }
}

Feed::Batch Feed::read(std::size_t limit, Reach reach) {
  const Skipped before = reading_.skipped();
  Batch batch{.from = where()};
  std::vector<Item> items =
      reach == Reach::ready ? reading_.next_ready(limit) : reading_.next(limit);
  batch.records = static_cast<std::int64_t>(items.size());
  if (topic_ == ports::Topic::patient_events) {
    batch.states = decode_last(codec_, std::move(items));
  } else {
    batch.events = decode(codec_, std::move(items));
  }
  batch.moved = reading_.moved();
  batch.skipped = {reading_.skipped().wrong_partition - before.wrong_partition,
                   reading_.skipped().unknown_key - before.unknown_key};
  return batch;
}

// Of several that have the place, one that is ahead goes on, and the others are not needed: whoever
// comes to where it stands finds it there.
Feed& Feeds::at(const Checkpoint& place) {
  feeds_.remove_if([](const Feed& feed) { return feed.is_lost(); });
  auto found = feeds_.end();
  for (auto feed = feeds_.begin(); feed != feeds_.end(); ++feed) {
    const bool is_better = found == feeds_.end() || found->where() == place;
    if (is_better && feed->has(place)) found = feed;
  }
  if (found == feeds_.end()) {
    feeds_.emplace_front(log_, codec_, topic_, place);
    if (feeds_.size() > kPlacesMax) feeds_.pop_back();
    return feeds_.front();
  }
  feeds_.splice(feeds_.begin(), feeds_, found);
  feeds_.remove_if([&](const Feed& feed) { return &feed != &feeds_.front() && feed.has(place); });
  return feeds_.front();
}

}  // namespace projections
