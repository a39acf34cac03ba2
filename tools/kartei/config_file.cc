#include "tools/kartei/config_file.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>

#include "infra/runtime/kafka_properties.h"
#include "tools/kartei/answer.h"

namespace kartei {

ConfigFile read_config_file(const std::string& path) {
  std::ifstream file{path};
  if (!file || std::filesystem::is_directory(path)) {
    decline_usage("cannot read the settings file " + path);
  }
  std::vector<CLI::ConfigItem> items;
  try {
    items = CLI::ConfigTOML{}.from_config(file);
  } catch (const CLI::Error&) {
    decline_usage("the settings file " + path + " is no TOML");
  }
  ConfigFile given;
  for (const CLI::ConfigItem& item : items) {
    if (item.name == "++" || item.name == "--") continue;  // where a section begins and ends
    const std::string key = item.fullname();
    if (key == infra::runtime::kKafkaPropertySetting.name && given.kafka_properties.empty()) {
      given.kafka_properties = item.inputs;
      continue;
    }
    if (item.inputs.size() != 1) {
      decline_usage(key + " in the settings file needs one value");
    }
    if (!given.settings.emplace(key, item.inputs.front()).second) {
      decline_usage(key + " is in the settings file twice");
    }
  }
  return given;
}

}  // namespace kartei
