#include "infra/log_kafka/kafka_writer.h"

#include <algorithm>

#include "domain/core/broken.h"
#include "domain/core/expects.h"
#include "infra/log_kafka/topic_reader.h"

namespace infra::log_kafka {
namespace {

constexpr std::size_t kRecordsPerPoll = 10'000;
constexpr std::string_view kBeforeAddress = R"({"address":")";
constexpr std::string_view kBehindAddress = R"("})";

bool is_plain(char character) {
  return character >= ' ' && character <= '~' && character != '"' && character != '\\';
}

std::vector<Outgoing> outgoing(std::span<const ports::NewRecord> records) {
  std::vector<Outgoing> outgoing;
  outgoing.reserve(records.size());
  for (const ports::NewRecord& record : records) {
    std::optional<std::string_view> value;
    if (record.value) value = *record.value;
    outgoing.push_back({internal(record.topic), record.partition.get(), record.key, value});
  }
  return outgoing;
}

}  // namespace

std::string writer_value(std::string_view address) {
  std::string value{kBeforeAddress};
  for (const char character : address) value += is_plain(character) ? character : '?';
  return value.append(kBehindAddress);
}

std::string address_of(std::string_view value) {
  if (!value.starts_with(kBeforeAddress) || !value.ends_with(kBehindAddress) ||
      value.size() < kBeforeAddress.size() + kBehindAddress.size())
    return "";
  value.remove_prefix(kBeforeAddress.size());
  value.remove_suffix(kBehindAddress.size());
  return std::all_of(value.begin(), value.end(), is_plain) ? std::string{value} : "";
}

std::vector<std::int64_t> writers_since(const std::shared_ptr<const Cluster>& cluster,
                                        std::int64_t from) {
  const std::vector<ports::Start> start{{ports::Partition{0}, ports::Offset{from}}};
  TopicReader reader{cluster, InternalTopic::writer, start, TopicReader::Ahead::little};
  std::vector<std::int64_t> epochs;
  const auto sink = [&](const ports::Record& record) {
    if (record.key == kWriterKey) epochs.push_back(record.offset.get());
  };
  while (reader.poll(kRecordsPerPoll, sink) > 0) {
  }
  return epochs;
}

KafkaWriter::KafkaWriter(std::shared_ptr<Cluster> cluster, std::string_view address)
    : cluster_(std::move(cluster)), producer_(std::make_unique<TransactionalProducer>(*cluster_)) {
  const std::string value = writer_value(address);
  const Outgoing record{InternalTopic::writer, 0, kWriterKey, value};
  const auto result = producer_->append({&record, 1});
  if (result.is_superseded)
    throw core::Broken(core::Breakage::locked, "another writer took this log over meanwhile");
  if (result.outcome != TransactionalProducer::Outcome::committed)
    throw core::Broken(result.kind, result.why);
  epoch_ = result.offsets.front();
}

ports::Appended KafkaWriter::append_and_announce(
    std::span<const ports::NewRecord> records, std::span<const ports::Announcement> announcements) {
  if (fenced_ || (!producer_->is_usable() && !renew())) return ports::Fenced{};
  auto result = producer_->append(outgoing(records), announcements);
  switch (result.outcome) {
    case TransactionalProducer::Outcome::committed: {
      ports::Committed committed;
      committed.offsets.reserve(result.offsets.size());
      for (const std::int64_t offset : result.offsets) committed.offsets.emplace_back(offset);
      return committed;
    }
    case TransactionalProducer::Outcome::fenced: fenced_ = true; return ports::Fenced{};
    case TransactionalProducer::Outcome::not_appended: throw core::Broken(result.kind, result.why);
    case TransactionalProducer::Outcome::unknown: break;
  }
  return ports::Unknown{std::move(result.why)};
}

bool KafkaWriter::still_owner() {
  if (fenced_) return false;
  if (!producer_->is_usable()) return renew();
  const Outgoing tick{InternalTopic::writer, 0, ports::kTickKey, ""};
  const auto result = producer_->append({&tick, 1});
  if (result.outcome == TransactionalProducer::Outcome::committed) return true;
  fenced_ = result.outcome == TransactionalProducer::Outcome::fenced;
  return !fenced_ && renew();
}

bool KafkaWriter::renew() {
  const auto is_last = [&] { return writers_since(cluster_, epoch_) == std::vector{epoch_}; };
  fenced_ = !is_last();
  if (fenced_) return false;
  producer_ = std::make_unique<TransactionalProducer>(*cluster_);
  fenced_ = !is_last();
  return !fenced_;
}

}  // namespace infra::log_kafka
