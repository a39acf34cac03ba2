#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace infra::log_kafka {

// A topic as the brokers describe it.
struct DescribedTopic {
  std::string name;
  bool internal = true;  // of the log itself; false: other services read it
  std::int32_t partitions = 0;
  std::int32_t replication = 1;
  std::map<std::string, std::string> settings = {};
  std::string trouble = {};  // why the brokers do not tell all of it, or what they lack
};

// What about its settings endangers what is in it, or makes writing fail: one sentence each, with
// what to do. Settings that the brokers do not tell are not judged.
[[nodiscard]] std::vector<std::string> faults_of(const DescribedTopic& topic);

}  // namespace infra::log_kafka
