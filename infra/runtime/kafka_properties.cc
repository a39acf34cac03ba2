#include "infra/runtime/kafka_properties.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>

namespace infra::runtime {
namespace {

// What stands on both sides of the first =; none where either the sign or a name is missing.
std::optional<std::pair<std::string, std::string>> split(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) return std::nullopt;
  return std::pair{std::string{text.substr(0, equals)}, std::string{text.substr(equals + 1)}};
}

// KAFKA_PROPERTY_SECURITY_PROTOCOL → security.protocol
std::string property_of(std::string_view variable) {
  std::string name{variable.substr(kKafkaPropertyVariables.size())};
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
    return c == '_' ? '.' : static_cast<char>(std::tolower(c));
  });
  return name;
}

}  // namespace

core::Result<std::vector<KafkaProperty>, std::string> read_kafka_properties(
    std::span<const std::string> flags,
    const Variables& variables,
    std::span<const std::string> file) {
  std::vector<KafkaProperty> properties;
  for (const std::string& line : file) {
    const auto parts = split(line);
    if (!parts)
      return core::Failure{std::string{"kafka-property in the settings file takes NAME=VALUE"}};
    properties.push_back({parts->first, parts->second, "kafka-property in the settings file"});
  }
  for (const auto& [variable, value] : variables) {
    if (!variable.starts_with(kKafkaPropertyVariables) || value.empty()) continue;
    properties.push_back({property_of(variable), value, variable});
  }
  for (const std::string& flag : flags) {
    const auto parts = split(flag);
    if (!parts) return core::Failure{std::string{"--kafka-property takes NAME=VALUE"}};
    properties.push_back({parts->first, parts->second, "--kafka-property"});
  }
  return properties;
}

Variables process_variables() {
  Variables variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const auto parts = split(*entry);
    if (parts) variables.push_back(*parts);
  }
  return variables;
}

}  // namespace infra::runtime
