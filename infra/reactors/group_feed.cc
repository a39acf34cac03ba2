#include "infra/reactors/group_feed.h"

#include <algorithm>
#include <span>

namespace infra::reactors {
namespace {

constexpr ports::Topic kTopic = ports::Topic::patient_history;

}  // namespace

GroupFeed::GroupFeed(ports::Log& log, std::string group) : log_(log), group_(std::move(group)) {
  const std::vector<ports::Offset> ends = log_.ends(kTopic);
  for (std::size_t at = 0; at < ends.size(); ++at)
    done_.push_back({ports::Partition{static_cast<std::int32_t>(at)}, ends[at]});
  const std::vector<ports::Start> known = log_.group_offsets(group_);
  for (const ports::Start& start : known) {
    const auto at = static_cast<std::size_t>(start.partition.get());
    // Behind the end is the place of a log that was there before this one.
    if (at < done_.size()) done_[at].offset = std::min(done_[at].offset, start.offset);
  }
  if (known.size() < done_.size()) commit_anew();
  reader_ = log_.open_reader(kTopic, done_);
}

std::size_t GroupFeed::poll(std::size_t limit, const ports::Sink& sink) {
  return reader_->poll(limit, sink);
}

void GroupFeed::commit(ports::Partition partition, ports::Offset offset) {
  ports::Start& done = done_[static_cast<std::size_t>(partition.get())];
  const ports::Start next{partition, ports::Offset{offset.get() + 1}};
  log_.commit_group_offsets(group_, std::span{&next, 1});
  done = next;
}

void GroupFeed::commit_all() {
  std::vector<ports::Start> moved;
  for (const ports::Start& done : done_) {
    const ports::Offset reached = reader_->position(done.partition);
    if (reached > done.offset) moved.push_back({done.partition, reached});
  }
  if (moved.empty()) return;
  log_.commit_group_offsets(group_, moved);
  for (const ports::Start& start : moved)
    done_[static_cast<std::size_t>(start.partition.get())] = start;
}

void GroupFeed::commit_anew() { log_.commit_group_offsets(group_, done_); }

std::int64_t GroupFeed::lag() const {
  const std::vector<ports::Offset> ends = log_.ends(kTopic);
  std::int64_t lag = 0;
  for (std::size_t at = 0; at < done_.size(); ++at)
    lag += std::max<std::int64_t>(0, ends[at].get() - done_[at].offset.get());
  return lag;
}

}  // namespace infra::reactors
