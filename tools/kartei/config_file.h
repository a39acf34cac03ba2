#pragma once

#include <string>
#include <vector>

#include "infra/runtime/settings.h"

namespace kartei {

struct ConfigFile {
  infra::runtime::GivenSettings settings;
  std::vector<std::string> kafka_properties;  // NAME=VALUE: the one key that takes a list
};

// The keys and values of a settings file (TOML as CLI11 reads it). Keys in a section get its name
// and a dot in front, and so are unknown to the settings. Throws the usage error when the file
// cannot be read, or has a list where one value belongs.
[[nodiscard]] ConfigFile read_config_file(const std::string& path);

}  // namespace kartei
