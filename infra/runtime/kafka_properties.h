#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/core/result.h"
#include "infra/runtime/settings.h"

namespace infra::runtime {

// What each property of the Kafka client is set by: README.md has the same row.
inline constexpr SettingInfo kKafkaPropertySetting{
    "kafka-property", "KAFKA_PROPERTY_…", "NAME=VALUE", "", "a property of librdkafka; repeatable"};

inline constexpr std::string_view kKafkaPropertyVariables = "KAFKA_PROPERTY_";  // begin so

// One property of the Kafka client. Values are secrets: nobody prints them.
struct KafkaProperty {
  std::string name;    // as librdkafka calls it
  std::string value;   // what is behind the first =, as it stands
  std::string origin;  // the flag, variable or key that names it, for messages
};

using Variables = std::vector<std::pair<std::string, std::string>>;  // name and value

// In the order in which they are to be set: the file's, those of the variables KAFKA_PROPERTY_…
// (KAFKA_PROPERTY_SASL_USERNAME is sasl.username; an empty one says nothing), the flags'; what is
// set later wins. Whether there is such a property the client knows. The error is a sentence that
// names the flag or key that has no NAME=VALUE.
[[nodiscard]] core::Result<std::vector<KafkaProperty>, std::string> read_kafka_properties(
    std::span<const std::string> flags,
    const Variables& variables,
    std::span<const std::string> file);

// The variables of this process.
[[nodiscard]] Variables process_variables();

}  // namespace infra::runtime
