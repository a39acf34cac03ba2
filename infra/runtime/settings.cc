#include "infra/runtime/settings.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <cstdlib>

#include "infra/runtime/known_settings.h"

namespace infra::runtime {
namespace {

constexpr std::size_t kTopicPrefixMax = 200;  // a topic's whole name may have 249 characters
constexpr std::int64_t kDayInSeconds = 86'400;
constexpr std::int64_t kRetentionDaysMax = 36'500;

// A value and how to call it when it is wrong.
struct Given {
  std::string value;
  std::string origin;
};

class Reader {
 public:
  Reader(const GivenSettings& flags, const Environment& environment, const GivenSettings& file)
      : flags_(flags), environment_(environment), file_(file) {}

  [[nodiscard]] std::optional<Given> find(std::string_view name) const {
    const auto* info = std::find_if(kSettings.begin(), kSettings.end(), [&](const auto& setting) {
      return setting.name == name;
    });
    const std::string key{name};
    if (const auto flag = flags_.find(key); flag != flags_.end()) {
      return Given{flag->second, "--" + key};
    }
    const std::string variable{info->variable};
    if (const auto value = environment_(variable)) return Given{*value, variable};
    if (const auto line = file_.find(key); line != file_.end()) {
      return Given{line->second, key + " in the settings file"};
    }
    return std::nullopt;
  }

 private:
  const GivenSettings& flags_;
  const Environment& environment_;
  const GivenSettings& file_;
};

std::optional<bool> parse_bool(std::string_view text) {
  std::string lower{text};
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  if (lower == "true" || lower == "yes" || lower == "on" || lower == "1") return true;
  if (lower == "false" || lower == "no" || lower == "off" || lower == "0") return false;
  return std::nullopt;
}

bool is_topic_prefix(std::string_view text) {
  return !text.empty() && text.size() <= kTopicPrefixMax &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return c < 128 && (std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-');
         });
}

// Throws a sentence: the functions below are steps of `resolve`, which turns it into its error.
struct Wrong {
  std::string sentence;
};

std::optional<std::string> read_brokers(const Reader& reader) {
  const auto brokers = reader.find(kKafka);
  const bool named = brokers && !brokers->value.empty();
  bool enabled = named;
  if (const auto given = reader.find(kKafkaEnabled)) {
    const auto value = parse_bool(given->value);
    if (!value) throw Wrong{given->origin + " is neither true nor false"};
    enabled = *value;
    if (enabled && !named) {
      throw Wrong{given->origin + " is true, but no brokers are named (KAFKA_BOOTSTRAP_SERVERS)"};
    }
  }
  if (!enabled) return std::nullopt;
  return brokers->value;
}

std::vector<std::string> read_names(const Given& given) {
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin <= given.value.size();) {
    const std::size_t end = std::min(given.value.find(',', begin), given.value.size());
    const std::string name = given.value.substr(begin, end - begin);
    if (name.empty()) throw Wrong{given.origin + " has an empty name"};
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    begin = end + 1;
  }
  return names;
}

std::optional<std::int64_t> parse_whole(std::string_view text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return number;
}

std::chrono::seconds read_interval(const Given& given) {
  const std::int64_t seconds = parse_whole(given.value).value_or(0);
  if (seconds < 1 || seconds > kDayInSeconds) {
    throw Wrong{given.origin + " is no whole number of seconds from 1 to 86400"};
  }
  return std::chrono::seconds{seconds};
}

std::chrono::days read_retention(const Given& given) {
  const std::int64_t days = parse_whole(given.value).value_or(-1);
  if (days < 0 || days > kRetentionDaysMax) {
    throw Wrong{given.origin + " is no whole number of days from 0 to 36500"};
  }
  return std::chrono::days{days};
}

void refuse_unknown(const GivenSettings& file) {
  for (const auto& [key, value] : file) {
    const auto known = [&key = key](const SettingInfo& setting) { return setting.name == key; };
    if (std::none_of(kSettings.begin(), kSettings.end(), known)) {
      throw Wrong{"the settings file has an unknown key: " + key};
    }
  }
}

std::optional<std::string> read_text(const Reader& reader, std::string_view name) {
  const auto given = reader.find(name);
  if (!given || given->value.empty()) return std::nullopt;
  return given->value;
}

std::optional<std::filesystem::path> read_path(const Reader& reader, std::string_view name) {
  return read_text(reader, name);
}

void read_service(const Reader& reader, Settings& settings) {
  settings.tokens = read_path(reader, kTokens);
  settings.tls_certificate = read_path(reader, kTlsCertificate);
  settings.tls_key = read_path(reader, kTlsKey);
  settings.tls_ca = read_path(reader, kTlsCa);
  if (const auto given = reader.find(kAdvertise); given && !given->value.empty())
    settings.advertise = given->value;
  settings.writer_token_file = read_path(reader, kWriterTokenFile);
  settings.access_log = read_path(reader, kAccessLog);
  settings.read_log = read_path(reader, kReadLog);
  if (settings.tls_certificate && !settings.tls_key) {
    throw Wrong{reader.find(kTlsCertificate)->origin + " needs its key (KARTEI_TLS_KEY)"};
  }
  if (settings.tls_key && !settings.tls_certificate) {
    throw Wrong{reader.find(kTlsKey)->origin + " needs its certificate (KARTEI_TLS_CERTIFICATE)"};
  }
}

void read_import(const Reader& reader, Settings& settings) {
  if (const auto given = reader.find(kImportInterval)) {
    settings.import_check_interval = read_interval(*given);
  }
  if (const auto given = reader.find(kImportRetention)) {
    settings.import_retention = read_retention(*given);
  }
  settings.import_local_path = read_path(reader, kImportPath);
  settings.import_gcs_bucket = read_text(reader, kImportBucket);
  const auto emulator = read_text(reader, kStorageEmulator);
  settings.storage_is_emulated = emulator.has_value();
  const std::string endpoint = emulator.value_or("https://storage.googleapis.com");
  const bool has_scheme = endpoint.find("://") != std::string::npos;  // or it is plain HTTP
  settings.storage_endpoint = has_scheme ? endpoint : "http://" + endpoint;
  settings.google_credentials = read_path(reader, kGoogleCredentials);
  settings.gce_metadata_host =
      read_text(reader, kMetadataHost).value_or("metadata.google.internal");
}

void read_confirmation(const Reader& reader, Settings& settings) {
  settings.confirmation_url = read_text(reader, kConfirmationUrl);
  settings.confirmation_text = read_path(reader, kConfirmationText);
  settings.confirmation_sender = read_text(reader, kConfirmationSender);
  settings.confirmation_sender_name = read_text(reader, kConfirmationSenderName);
  settings.confirmation_token_file = read_path(reader, kConfirmationTokenFile);
  const bool complete = settings.confirmation_text && settings.confirmation_sender;
  if (settings.confirmation_url && !complete) {
    throw Wrong{reader.find(kConfirmationUrl)->origin +
                " needs what is written (KARTEI_CONFIRMATION_TEXT) and who it is from "
                "(KARTEI_CONFIRMATION_SENDER)"};
  }
}

Settings read(const Reader& reader) {
  Settings settings;
  const auto data = reader.find(kData);
  if (data && data->value.empty()) throw Wrong{data->origin + " is empty"};
  settings.data = data ? data->value : "kartei-data";

  settings.brokers = read_brokers(reader);

  const auto prefix = reader.find(kTopicPrefix);
  if (prefix && !is_topic_prefix(prefix->value)) {
    throw Wrong{prefix->origin + " is not 1 to 200 of the characters A-Z a-z 0-9 . _ -"};
  }
  settings.topic_prefix = prefix ? prefix->value : "kartei";

  if (const auto given = reader.find(kOutbound); given && !given->value.empty()) {
    settings.outbound = read_names(*given);
    if (!settings.brokers)
      throw Wrong{given->origin + " needs brokers: only on Kafka somebody reads"};
  }
  if (const auto given = reader.find(kLogLevel)) {
    const auto level = parse_log_level(given->value);
    if (!level) throw Wrong{given->origin + " is none of debug, info, warning, error, off"};
    settings.log_level = *level;
  }
  read_service(reader, settings);
  read_import(reader, settings);
  read_confirmation(reader, settings);
  return settings;
}

}  // namespace

std::span<const SettingInfo> all_settings() { return kSettings; }

core::Result<Settings, std::string> resolve(const GivenSettings& flags,
                                            const Environment& environment,
                                            const GivenSettings& file) {
  try {
    refuse_unknown(file);
    return read(Reader{flags, environment, file});
  } catch (const Wrong& wrong) {
    return core::Failure{wrong.sentence};
  }
}

std::optional<std::string> process_environment(const std::string& variable) {
  const char* value = std::getenv(variable.c_str());
  if (value == nullptr) return std::nullopt;
  return std::string{value};
}

}  // namespace infra::runtime
