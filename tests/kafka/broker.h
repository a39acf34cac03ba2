#pragma once

#include <memory>
#include <string>
#include <vector>

#include "infra/log_kafka/kafka_log.h"
#include "tests/logs/log_home.h"

namespace testing_kafka {

// The version of Apache Kafka that this run is against: KARTEI_TEST_KAFKA, or 3.9.1.
[[nodiscard]] std::string version();

// host:port of the broker that this run has for itself. It is started before the first test and
// wiped behind the last, or when the program is gone, however it ended.
[[nodiscard]] const std::string& brokers();

// The same broker for a user who may do nothing but what ACLs allow, with SASL/PLAIN.
[[nodiscard]] const std::string& user_brokers();
inline constexpr const char* kUser = "kartei";
inline constexpr const char* kPassword = "geheim";

// As a machine that loses its power, and comes back with the same data at the same address.
void kill_broker();
void start_broker_again();
// It keeps its connections, and answers nobody.
void pause_broker();
void resume_broker();

// Where a log with a prefix of its own is, or would be.
[[nodiscard]] infra::log_kafka::Settings fresh_settings();

// Where a new log is that no other test uses.
[[nodiscard]] infra::log_kafka::Settings with_log(std::int32_t partitions = 3);

// How often a fault is to strike: so often, or as often as KARTEI_FAULT_CYCLES says.
[[nodiscard]] int fault_cycles(int otherwise);

// The keys in a topic, the log's own ones aside.
[[nodiscard]] std::vector<std::string> keys(const ports::Log& log,
                                            ports::Topic topic = ports::Topic::patient_events);

// A log in topics of its own, for the suite that every log passes.
[[nodiscard]] std::unique_ptr<testing_logs::Home> kafka_home(std::int32_t partitions);

}  // namespace testing_kafka
