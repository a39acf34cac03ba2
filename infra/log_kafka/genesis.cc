#include "infra/log_kafka/genesis.h"

#include <charconv>

#include "infra/log_kafka/topic_reader.h"

namespace infra::log_kafka {
namespace {

constexpr std::int32_t kFormat = 1;
constexpr std::size_t kRecordsPerPoll = 100;

// Takes `expected` off the front of `text`, or says that it is not there.
bool skip(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

std::optional<std::int32_t> number(std::string_view& text) {
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

}  // namespace

std::string genesis_value(const ports::LogIdentity& log) {
  return R"({"incarnation":")" + log.incarnation.get().text() + R"(","partitions":)" +
         std::to_string(log.partitions) + R"(,"format":)" + std::to_string(kFormat) + '}';
}

First first_of(std::string_view key, std::optional<std::string_view> value) {
  const First other{First::Kind::something_else, std::nullopt};
  if (key != ports::kGenesisKey || !value) return other;
  constexpr std::size_t kUuidSize = 36;
  std::string_view text = *value;
  if (!skip(text, R"({"incarnation":")")) return other;
  const auto incarnation = core::Uuid::parse(text.substr(0, kUuidSize));
  if (!incarnation) return other;
  text.remove_prefix(kUuidSize);
  if (!skip(text, R"(","partitions":)")) return other;
  const auto partitions = number(text);
  if (!partitions || !skip(text, R"(,"format":)")) return other;
  const auto format = number(text);
  if (!format) return other;
  if (*format > kFormat) return {First::Kind::newer_format, std::nullopt};
  return {First::Kind::genesis, ports::LogIdentity{ports::Incarnation{*incarnation}, *partitions}};
}

std::vector<First> firsts(const std::shared_ptr<const Cluster>& cluster,
                          InternalTopic topic,
                          std::int32_t partitions) {
  std::vector<ports::Start> starts;
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    starts.push_back({ports::Partition{partition}, ports::Offset{0}});
  }
  std::vector<First> firsts(static_cast<std::size_t>(partitions));
  std::int32_t missing = partitions;
  TopicReader reader{cluster, topic, starts, TopicReader::Ahead::little};
  const auto sink = [&](const ports::Record& record) {
    First& first = firsts[static_cast<std::size_t>(record.partition.get())];
    if (first.kind != First::Kind::nothing) return;
    first = first_of(record.key, record.value);
    --missing;
  };
  while (missing > 0 && reader.poll(kRecordsPerPoll, sink) > 0) {
  }
  return firsts;
}

}  // namespace infra::log_kafka
