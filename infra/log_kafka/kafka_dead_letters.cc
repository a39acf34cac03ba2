#include "infra/log_kafka/kafka_dead_letters.h"

#include <vector>

#include "infra/log_kafka/plain_append.h"

namespace infra::log_kafka {
namespace {

constexpr InternalTopic kTopic = InternalTopic::dead_letters;
constexpr std::size_t kRecordsPerPoll = 10'000;

}  // namespace

void KafkaDeadLetters::demand_topic() const {
  if (cluster_->layout().partitions[static_cast<std::size_t>(kTopic)]) return;
  throw core::Broken(core::Breakage::log_mismatch,
                     "Kafka at " + cluster_->settings().brokers + ": there is no topic " +
                         cluster_->name(kTopic) + "; `kartei topics create` makes it");
}

// A record that was handed out is not handed out again, whatever breaks behind it.
void KafkaDeadLetters::read_on(const ports::Sink& sink) {
  if (!reader_) {
    demand_topic();
    const ports::Start start{ports::Partition{0}, ports::Offset{position_}};
    reader_ = std::make_unique<TopicReader>(
        cluster_, kTopic, std::span{&start, 1}, TopicReader::Ahead::little);
  }
  try {
    const auto note = [&](const ports::Record& record) {
      sink(record);
      position_ = record.offset.get() + 1;
    };
    while (reader_->poll(kRecordsPerPoll, note) > 0) {
    }
  } catch (...) {
    reader_.reset();
    throw;
  }
}

void KafkaDeadLetters::put(std::span<const Entry> entries) {
  demand_topic();
  std::vector<PlainRecord> records;
  records.reserve(entries.size());
  for (const Entry& entry : entries) records.push_back({0, entry.key, entry.value});
  append_plainly(*cluster_, kTopic, records);
}

}  // namespace infra::log_kafka
