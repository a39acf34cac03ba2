#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/core/result.h"
#include "infra/runtime/logging.h"

namespace infra::runtime {

// One thing that an operator can choose: as a flag, a variable or a line of the settings file.
struct SettingInfo {
  std::string_view name;         // flag `--name`, and the key in the file
  std::string_view variable;     // in the environment
  std::string_view placeholder;  // of the value, in help texts
  std::string_view otherwise;    // what holds when nobody says anything
  std::string_view meaning;
};
// Every setting. README.md shows the same table, and a test compares them.
[[nodiscard]] std::span<const SettingInfo> all_settings();

struct Settings {
  std::filesystem::path data;
  std::optional<std::string> brokers;  // given and enabled: the log is Kafka
  std::string topic_prefix;            // without the dot behind it
  std::vector<std::string> outbound;   // names of contracts with other services, each once
  LogLevel log_level = LogLevel::info;
  std::chrono::seconds import_check_interval{300};
  std::optional<std::filesystem::path> import_local_path;
  std::optional<std::filesystem::path> tokens;           // none: anybody may ask
  std::optional<std::filesystem::path> tls_certificate;  // there with tls_key, or neither is
  std::optional<std::filesystem::path> tls_key;
  std::optional<std::filesystem::path> tls_ca;             // none: the system's
  std::optional<std::string> advertise;                    // a URL; none: where it listens
  std::optional<std::filesystem::path> writer_token_file;  // none: a standby has no token
  std::optional<std::filesystem::path> access_log;
  std::optional<std::filesystem::path> read_log;
  std::chrono::days import_retention{30};  // of processed files; 0: for ever
  std::optional<std::string> import_gcs_bucket;
  std::string storage_endpoint;                             // URL of Google Cloud Storage
  bool storage_is_emulated = false;                         // nobody asks for credentials there
  std::optional<std::filesystem::path> google_credentials;  // none: the metadata server has them
  std::string gce_metadata_host;                            // HOST or HOST:PORT
  std::optional<std::string> confirmation_url;              // none: no mail; else the next two are
  std::optional<std::filesystem::path> confirmation_text;   // there
  std::optional<std::string> confirmation_sender;
  std::optional<std::string> confirmation_sender_name;
  std::optional<std::filesystem::path> confirmation_token_file;  // none: it wants no token
};

using GivenSettings = std::map<std::string, std::string>;  // by SettingInfo::name
using Environment = std::function<std::optional<std::string>(const std::string& variable)>;

// Flags over environment over file over what holds otherwise. The error is a sentence that names
// the flag, variable or key that is wrong; an unknown key in the file is wrong.
[[nodiscard]] core::Result<Settings, std::string> resolve(const GivenSettings& flags,
                                                          const Environment& environment,
                                                          const GivenSettings& file);

// The environment of this process.
[[nodiscard]] std::optional<std::string> process_environment(const std::string& variable);

}  // namespace infra::runtime
