#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace infra::log_kafka {

// Names and values of librdkafka, in the order they are set.
using Properties = std::vector<std::pair<std::string, std::string>>;

// Where the log is.
struct Settings {
  std::string brokers;                  // host:port,host:port…
  std::string topic_prefix = "kartei";  // the dot is added
  Properties properties;                // of the operator: over our defaults
  // Topics that other services read, which the writer announces events on. Whole names.
  std::vector<std::string> outbound_topics = {};
  // How long a broker may take to answer before it counts as away.
  std::chrono::milliseconds patience{5000};
};

// How the topics are made; what exists keeps its settings.
struct TopicSettings {
  std::int32_t replication = 0;  // 0: three, or as many as there are brokers
  Properties overrides;          // of Apache Kafka's topic settings: over our defaults
};

}  // namespace infra::log_kafka
