#pragma once

#include <cstdlib>

#include "tests/kafka/broker.h"

namespace testing_kafka {

// What the built program finds in its environment: a log of its own on the broker of this run.
class KafkaEnvironment {
 public:
  KafkaEnvironment() {
    ::setenv("KAFKA_BOOTSTRAP_SERVERS", settings.brokers.c_str(), 1);
    ::setenv("KAFKA_TOPIC_PREFIX", settings.topic_prefix.c_str(), 1);
  }
  ~KafkaEnvironment() {
    for (const char* variable :
         {"KAFKA_BOOTSTRAP_SERVERS", "KAFKA_TOPIC_PREFIX", "KAFKA_ENABLED", "KARTEI_OUTBOUND"})
      ::unsetenv(variable);
  }
  KafkaEnvironment(const KafkaEnvironment&) = delete;
  KafkaEnvironment& operator=(const KafkaEnvironment&) = delete;

  // Whether the programs that are started next have their log there, or in their folder.
  static void use_kafka(bool yes) { ::setenv("KAFKA_ENABLED", yes ? "true" : "false", 1); }

  const infra::log_kafka::Settings settings = fresh_settings();
};

}  // namespace testing_kafka
