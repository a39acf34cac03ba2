#include "infra/log_kafka/last_writer.h"

#include <array>

#include "infra/log_kafka/kafka_writer.h"

namespace infra::log_kafka {
namespace {

constexpr std::size_t kRecordsPerPoll = 10'000;
constexpr std::array kFromTheBeginning{ports::Start{ports::Partition{0}, ports::Offset{0}}};

}  // namespace

LastWriter::LastWriter(const std::shared_ptr<const Cluster>& cluster)
    : reader_(cluster, InternalTopic::writer, kFromTheBeginning, TopicReader::Ahead::little) {}

// In the order of their epochs, which are their offsets: the last one that comes is the last one.
const std::string& LastWriter::address() {
  const auto sink = [this](const ports::Record& record) {
    if (record.key == kWriterKey) address_ = address_of(record.value.value_or(""));
  };
  while (reader_.poll_ready(kRecordsPerPoll, sink) > 0) {
  }
  return address_;
}

}  // namespace infra::log_kafka
