#include "infra/log_kafka/kafka_inbox.h"

namespace infra::log_kafka {
namespace {

// How long partitions that were added, or a topic that is made, may be overlooked.
constexpr std::chrono::milliseconds kBetweenLooks{1000};

ports::Message message_of(const ports::Record& record) {
  return {record.partition, record.offset, record.appended_at, record.value};
}

}  // namespace

KafkaInbox::KafkaInbox(std::shared_ptr<const Cluster> cluster,
                       const std::string& topic,
                       std::string_view group,
                       Notice notice)
    : cluster_(std::move(cluster)),
      topic_(topic),
      notice_(std::move(notice)),
      client_(RD_KAFKA_CONSUMER,
              cluster_->settings(),
              {.defaults = {{"socket.timeout.ms", "10000"}},
               .fixed = {{"isolation.level", "read_committed"}}}),
      offsets_(*cluster_, group, topic) {}

// A topic that goes, or is made again, under our hands is its owner's business: it passes, and the
// next look finds out what there is. What the sink throws is none of that.
std::optional<std::size_t> KafkaInbox::poll(std::size_t limit, const ports::MessageSink& sink) {
  bool in_sink = false;
  try {
    if (looked_at_ == Clock::time_point::min() || Clock::now() >= looked_at_ + kBetweenLooks)
      look();
    if (!reader_) return std::nullopt;
    return reader_->poll(limit, [&](const ports::Record& record) {
      in_sink = true;
      sink(message_of(record));
      in_sink = false;
    });
  } catch (const core::Broken& broken) {
    if (in_sink || broken.kind() != core::Breakage::log_mismatch) throw;
    throw core::Broken(core::Breakage::broker_unavailable, broken.what());
  }
}

void KafkaInbox::commit() {
  if (!reader_) return;
  std::vector<ports::Start> moved;
  for (const ports::Start& before : done_) {
    const ports::Offset now = reader_->position(before.partition);
    if (now != before.offset) moved.push_back({before.partition, now});
  }
  offsets_.write(moved);
  for (const ports::Start& now : moved) group_[now.partition.get()] = now.offset.get();
  for (ports::Start& before : done_) before.offset = reader_->position(before.partition);
}

void KafkaInbox::go_back() noexcept {
  reader_.reset();
  looked_at_ = Clock::time_point::min();
}

bool KafkaInbox::read_again(ports::Partition partition,
                            ports::Offset offset,
                            const ports::MessageSink& sink) {
  if (partition.get() >= count_partitions()) return false;
  const Bounds there = bounds(partition.get());
  if (offset.get() < there.begin || offset.get() >= there.end) return false;
  const ports::Start start{partition, offset};
  TopicReader reader{cluster_, topic_, {&start, 1}, TopicReader::Ahead::little};
  bool found = false;
  reader.poll(1, [&](const ports::Record& record) {
    found = record.offset == offset;  // Behind it: it was compacted away.
    if (found) sink(message_of(record));
  });
  return found;
}

std::int32_t KafkaInbox::count_partitions() const {
  const TopicHandle handle = client_.topic(topic_);
  const rd_kafka_metadata_t* answer = nullptr;
  const auto patience = static_cast<int>(cluster_->settings().patience.count());
  const auto error = rd_kafka_metadata(client_.get(), 0, handle.get(), &answer, patience);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) throw client_.broken("no answer", error);
  const Metadata metadata{answer};
  const rd_kafka_metadata_topic_t& topic = metadata->topics[0];
  if (topic.err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) return 0;
  if (topic.err != RD_KAFKA_RESP_ERR_NO_ERROR)
    throw client_.broken("the topic " + topic_, topic.err);
  return topic.partition_cnt;
}

KafkaInbox::Bounds KafkaInbox::bounds(std::int32_t partition) const {
  Bounds bounds{};
  const auto patience = static_cast<int>(cluster_->settings().patience.count());
  const auto error = rd_kafka_query_watermark_offsets(
      client_.get(), topic_.c_str(), partition, &bounds.begin, &bounds.end, patience);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
    throw client_.broken("the beginning of " + topic_ + '/' + std::to_string(partition), error);
  return bounds;
}

// What is read already goes on where it stands, which may be behind what is committed. Where it is
// not we who committed last, somebody else has written meanwhile or an operator has moved the
// group: its place counts, not ours.
void KafkaInbox::look() {
  const std::int32_t partitions = count_partitions();
  std::map<std::int32_t, std::int64_t> group;
  if (partitions > 0) {
    for (const ports::Start& one : offsets_.read(partitions)) {
      group.emplace(one.partition.get(), one.offset.get());
    }
  }
  const auto read = static_cast<std::int32_t>(done_.size());
  const bool goes_on = reader_ != nullptr && partitions >= read && group == group_;
  if (!goes_on || partitions > read) {
    group_ = std::move(group);
    std::vector<ports::Start> done = starts(partitions);
    std::vector<ports::Start> from = done;
    for (std::size_t at = 0; goes_on && at < done_.size(); ++at) {
      done[at] = done_[at];
      from[at].offset = reader_->position(done_[at].partition);
    }
    reader_.reset();
    done_ = std::move(done);
    if (partitions > 0) reader_ = std::make_unique<TopicReader>(cluster_, topic_, from);
  }
  looked_at_ = Clock::now();
}

std::vector<ports::Start> KafkaInbox::starts(std::int32_t partitions) const {
  std::vector<ports::Start> starts;
  for (std::int32_t number = 0; number < partitions; ++number) {
    const auto own = group_.find(number);
    const auto committed =
        own == group_.end() ? std::nullopt : std::optional<std::int64_t>{own->second};
    starts.push_back({ports::Partition{number}, ports::Offset{start(number, committed)}});
  }
  return starts;
}

// What was deleted before it was read cannot be had back: that is said, and what is there is read.
// An end before the group's place is another topic of the same name, or one that lost its end:
// reading again does no harm, passing over would.
std::int64_t KafkaInbox::start(std::int32_t partition,
                               std::optional<std::int64_t> committed) const {
  const Bounds there = bounds(partition);
  if (!committed) return there.begin;
  const std::string place = topic_ + '/' + std::to_string(partition);
  if (*committed < there.begin) {
    notice_(place + ": messages " + std::to_string(*committed) + " to " +
            std::to_string(there.begin - 1) + " were deleted before they were taken in");
    return there.begin;
  }
  if (*committed <= there.end) return *committed;
  notice_(place + ": ends at " + std::to_string(there.end) + ", before " +
          std::to_string(*committed) +
          ", which was taken in last; it was made again, and is read from its beginning");
  return there.begin;
}

}  // namespace infra::log_kafka
