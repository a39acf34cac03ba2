#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "infra/log_kafka/kafka_log.h"
#include "tools/bench/filled_log.h"

namespace bench {

// A log that nobody has used, with the topics' usual settings.
[[nodiscard]] infra::log_kafka::Settings new_log(const std::string& brokers);

// The writer that the program has, its log on Kafka and its states in a folder.
class OnKafka {
 public:
  OnKafka(const std::filesystem::path& folder,
          const infra::log_kafka::Settings& settings,
          OwnLog::Limits limits = {});
  // The writer goes, with the states it keeps in memory.
  void close_writer();

  [[nodiscard]] handling::Writer& writer() { return *writer_; }
  [[nodiscard]] ports::Log& log() { return *log_; }
  [[nodiscard]] ports::EventCodec& codec() { return codec_; }

  StridingClock clock;

 private:
  infra::runtime::Ids ids_;
  infra::codec::ProtobufEventCodec codec_;
  std::unique_ptr<infra::log_kafka::KafkaLog> log_;
  std::unique_ptr<infra::states::WriterStates> states_;
  std::unique_ptr<handling::Writer> writer_;
};

}  // namespace bench
