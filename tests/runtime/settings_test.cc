#include "infra/runtime/settings.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "infra/runtime/kafka_properties.h"

namespace {

using infra::runtime::GivenSettings;
using infra::runtime::LogLevel;
using infra::runtime::resolve;
using infra::runtime::Settings;

core::Result<Settings, std::string> resolved(const GivenSettings& flags,
                                             const GivenSettings& variables,
                                             const GivenSettings& file) {
  const auto environment = [&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
  return resolve(flags, environment, file);
}

TEST(Settings, HaveDefaults) {
  const auto settings = resolved({}, {}, {});
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings.value().data, "kartei-data");
  EXPECT_EQ(settings.value().brokers, std::nullopt);
  EXPECT_EQ(settings.value().topic_prefix, "kartei");
  EXPECT_EQ(settings.value().log_level, LogLevel::info);
  EXPECT_EQ(settings.value().import_check_interval, std::chrono::seconds{300});
  EXPECT_EQ(settings.value().import_retention, std::chrono::days{30});
}

TEST(Settings, TakeFlagsOverEnvironmentOverFile) {
  const GivenSettings flags{{"data", "from-flag"}};
  const GivenSettings variables{{"KARTEI_DATA", "from-environment"}};
  const GivenSettings file{{"data", "from-file"}};
  EXPECT_EQ(resolved(flags, variables, file).value().data, "from-flag");
  EXPECT_EQ(resolved({}, variables, file).value().data, "from-environment");
  EXPECT_EQ(resolved({}, {}, file).value().data, "from-file");
}

TEST(Settings, UseNamedBrokersUnlessTheyAreSwitchedOff) {
  const GivenSettings named{{"KAFKA_BOOTSTRAP_SERVERS", "kafka:9092"}};
  EXPECT_EQ(resolved({}, named, {}).value().brokers, "kafka:9092");
  const GivenSettings off{{"KAFKA_BOOTSTRAP_SERVERS", "kafka:9092"}, {"KAFKA_ENABLED", "False"}};
  EXPECT_EQ(resolved({}, off, {}).value().brokers, std::nullopt);
  const GivenSettings empty{{"KAFKA_BOOTSTRAP_SERVERS", ""}};
  EXPECT_EQ(resolved({}, empty, {}).value().brokers, std::nullopt);
}

TEST(Settings, SayWhereAServiceIsReachedAndWhomItBelieves) {
  const auto settings =
      resolved({{"advertise", "https://kartei.example"}}, {{"KARTEI_TLS_CA", "a"}}, {});
  EXPECT_EQ(settings.value().advertise, "https://kartei.example");
  EXPECT_EQ(settings.value().tls_ca, "a");
  EXPECT_EQ(resolved({}, {{"KARTEI_WRITER_TOKEN_FILE", "b"}}, {}).value().writer_token_file, "b");
  EXPECT_EQ(resolved({}, {}, {}).value().writer_token_file, std::nullopt);
  EXPECT_EQ(resolved({}, {{"KARTEI_ADVERTISE", ""}}, {}).value().advertise, std::nullopt);
  EXPECT_EQ(resolved({}, {}, {}).value().tls_ca, std::nullopt);
}

TEST(Settings, HaveTheFilesOfAService) {
  const auto settings = resolved({{"tokens", "a"}, {"access-log", "b"}},
                                 {{"KARTEI_TLS_CERTIFICATE", "c"}, {"KARTEI_READ_LOG", "d"}},
                                 {{"tls-key", "e"}});
  ASSERT_TRUE(settings) << settings.error();
  EXPECT_EQ(settings.value().tokens, "a");
  EXPECT_EQ(settings.value().access_log, "b");
  EXPECT_EQ(settings.value().tls_certificate, "c");
  EXPECT_EQ(settings.value().read_log, "d");
  EXPECT_EQ(settings.value().tls_key, "e");
  EXPECT_EQ(resolved({{"tokens", ""}}, {}, {}).value().tokens, std::nullopt);
}

TEST(Settings, RefuseACertificateWithoutItsKeyAndAKeyWithoutItsCertificate) {
  EXPECT_EQ(resolved({{"tls-certificate", "c"}}, {}, {}).error(),
            "--tls-certificate needs its key (KARTEI_TLS_KEY)");
  EXPECT_EQ(resolved({{"tls-certificate", "c"}}, {}, {{"tls-key", ""}}).error(),
            "--tls-certificate needs its key (KARTEI_TLS_KEY)");
  EXPECT_EQ(resolved({}, {{"KARTEI_TLS_KEY", "k"}}, {}).error(),
            "KARTEI_TLS_KEY needs its certificate (KARTEI_TLS_CERTIFICATE)");
}

TEST(Settings, RefuseWhatTheyCannotRead) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"KARTEI_DATA", ""},
      {"KAFKA_ENABLED", "perhaps"},
      {"KAFKA_ENABLED", "true"},
      {"KAFKA_TOPIC_PREFIX", ""},
      {"KAFKA_TOPIC_PREFIX", "with blank"},
      {"KAFKA_LOG_LEVEL", "loud"},
      {"PATIENT_IMPORT_CHECK_INTERVAL_SECONDS", "0"},
      {"PATIENT_IMPORT_CHECK_INTERVAL_SECONDS", "5m"},
      {"PATIENT_IMPORT_CHECK_INTERVAL_SECONDS", "99999999999999999999"},
      {"PATIENT_IMPORT_RETENTION_DAYS", ""},
      {"PATIENT_IMPORT_RETENTION_DAYS", "-1"},
      {"PATIENT_IMPORT_RETENTION_DAYS", "36501"},
      {"PATIENT_IMPORT_RETENTION_DAYS", "30d"},
  };
  for (const auto& [variable, value] : wrong) {
    SCOPED_TRACE(variable + "=" + value);
    const auto settings = resolved({}, {{variable, value}}, {});
    ASSERT_FALSE(settings);
    EXPECT_NE(settings.error().find(variable), std::string::npos) << settings.error();
  }
}

TEST(Settings, KeepProcessedFilesForAsManyDaysAsTheyAreTold) {
  const GivenSettings year{{"PATIENT_IMPORT_RETENTION_DAYS", "365"}};
  EXPECT_EQ(resolved({}, year, {}).value().import_retention, std::chrono::days{365});
  const GivenSettings forever{{"import-retention-days", "0"}};
  EXPECT_EQ(resolved(forever, year, {}).value().import_retention, std::chrono::days{0});
}

TEST(Settings, KnowABucketAndWhomToAskForIt) {
  const auto none = resolved({}, {}, {}).value();
  EXPECT_EQ(none.import_gcs_bucket, std::nullopt);
  EXPECT_EQ(none.storage_endpoint, "https://storage.googleapis.com");
  EXPECT_FALSE(none.storage_is_emulated);
  EXPECT_EQ(none.gce_metadata_host, "metadata.google.internal");
  const auto all = resolved(
      {{"import-gcs-bucket", "box"}},
      {{"STORAGE_EMULATOR_HOST", "localhost:9023"}, {"GOOGLE_APPLICATION_CREDENTIALS", "key.json"}},
      {{"gce-metadata-host", "h:1"}});
  ASSERT_TRUE(all) << all.error();
  EXPECT_EQ(all.value().import_gcs_bucket, "box");
  EXPECT_EQ(all.value().storage_endpoint, "http://localhost:9023");
  EXPECT_TRUE(all.value().storage_is_emulated);
  EXPECT_EQ(all.value().google_credentials, "key.json");
  EXPECT_EQ(all.value().gce_metadata_host, "h:1");
  EXPECT_EQ(resolved({{"storage-emulator-host", "https://h"}}, {}, {}).value().storage_endpoint,
            "https://h");
}

TEST(Settings, RefuseAnUnknownKeyInTheFileByItsName) {
  const auto settings = resolved({}, {}, {{"dta", "somewhere"}});
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error(), "the settings file has an unknown key: dta");
}

TEST(Settings, AreAllInTheReadme) {
  std::ifstream file{SOURCE_ROOT "/README.md"};
  std::stringstream readme;
  readme << file.rdbuf();
  std::set<std::string_view> names;
  for (const auto& setting : infra::runtime::all_settings()) {
    SCOPED_TRACE(setting.name);
    names.insert(setting.name);
    const std::string row =
        "| `--" + std::string{setting.name} + "` | `" + std::string{setting.variable} + "` |";
    EXPECT_NE(readme.str().find(row), std::string::npos) << "README.md lacks: " << row;
  }
  EXPECT_EQ(names.size(), infra::runtime::all_settings().size());
  const auto& property = infra::runtime::kKafkaPropertySetting;
  EXPECT_NE(readme.str().find("| `--" + std::string{property.name} + "` | `" +
                              std::string{property.variable} + "` |"),
            std::string::npos);
}

}  // namespace
