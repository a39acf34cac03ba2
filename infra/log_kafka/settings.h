#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace infra::log_kafka {

// Names and values of librdkafka, in the order they are set.
using Properties = std::vector<std::pair<std::string, std::string>>;

// Why the operator may not set this one: there is no such property, it does not take the value, or
// what Kartei promises rests on it. None: it may be set. Never repeats the value.
[[nodiscard]] std::optional<std::string> why_not(const std::string& name, const std::string& value);
// Whether Kartei keeps this one to itself.
[[nodiscard]] bool is_kept(std::string_view name);

// Where the log is.
struct Settings {
  std::string brokers;                  // host:port,host:port…
  std::string topic_prefix = "kartei";  // the dot is added
  Properties properties;                // of the operator, over our defaults; none is_kept()
  // Topics that other services read, which the writer announces events on. Whole names.
  std::vector<std::string> outbound_topics = {};
  // How long a broker may take to answer before it counts as away.
  std::chrono::milliseconds patience{5000};
  // Whether whoever waits for brokers has given up: asked between two questions to them, so that a
  // process that is told to stop need not wait as long as patience allows. Any thread.
  std::function<bool()> gives_up = {};
  // What the client says of itself, a line each: complaints, and all that the property `debug` asks
  // for. Called by its threads. It names addresses and topics, and no value that is a secret.
  std::function<void(std::string_view)> log = {};
};

// How the topics are made; what exists keeps its settings.
struct TopicSettings {
  std::int32_t replication = 0;  // 0: three, or as many as there are brokers
  Properties overrides;          // of Apache Kafka's topic settings: over our defaults
};

}  // namespace infra::log_kafka
