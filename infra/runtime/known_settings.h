#pragma once

#include <array>

#include "infra/runtime/settings.h"

// What an operator can choose, one line each. Included by settings.cc alone.
namespace infra::runtime {

inline constexpr std::string_view kData = "data";
inline constexpr std::string_view kKafka = "kafka";
inline constexpr std::string_view kKafkaEnabled = "kafka-enabled";
inline constexpr std::string_view kTopicPrefix = "kafka-topic-prefix";
inline constexpr std::string_view kOutbound = "outbound";
inline constexpr std::string_view kLogLevel = "log-level";
inline constexpr std::string_view kImportInterval = "import-check-interval";
inline constexpr std::string_view kImportPath = "import-local-path";
inline constexpr std::string_view kTokens = "tokens";
inline constexpr std::string_view kTlsCertificate = "tls-certificate";
inline constexpr std::string_view kTlsKey = "tls-key";
inline constexpr std::string_view kTlsCa = "tls-ca";
inline constexpr std::string_view kAdvertise = "advertise";
inline constexpr std::string_view kWriterTokenFile = "writer-token-file";
inline constexpr std::string_view kAccessLog = "access-log";
inline constexpr std::string_view kReadLog = "read-log";
inline constexpr std::string_view kImportRetention = "import-retention-days";
inline constexpr std::string_view kImportBucket = "import-gcs-bucket";
inline constexpr std::string_view kStorageEmulator = "storage-emulator-host";
inline constexpr std::string_view kGoogleCredentials = "google-application-credentials";
inline constexpr std::string_view kMetadataHost = "gce-metadata-host";
inline constexpr std::string_view kConfirmationUrl = "confirmation-url";
inline constexpr std::string_view kConfirmationText = "confirmation-text";
inline constexpr std::string_view kConfirmationSender = "confirmation-sender";
inline constexpr std::string_view kConfirmationSenderName = "confirmation-sender-name";
inline constexpr std::string_view kConfirmationTokenFile = "confirmation-token-file";

inline constexpr std::array<SettingInfo, 26> kSettings = {{
    {kData, "KARTEI_DATA", "DIR", "kartei-data", "folder of the log and the read models"},
    {kKafka, "KAFKA_BOOTSTRAP_SERVERS", "BROKERS", "", "keep the log on these Kafka brokers"},
    {kKafkaEnabled,
     "KAFKA_ENABLED",
     "BOOL",
     "true when brokers are named",
     "false: named brokers are not used"},
    {kTopicPrefix, "KAFKA_TOPIC_PREFIX", "TEXT", "kartei", "topic names begin with it and a dot"},
    {kOutbound, "KARTEI_OUTBOUND", "NAME,...", "", "tell these services of each event (Kafka)"},
    {kLogLevel, "KAFKA_LOG_LEVEL", "LEVEL", "info", "debug, info, warning, error or off"},
    {kImportInterval,
     "PATIENT_IMPORT_CHECK_INTERVAL_SECONDS",
     "SECONDS",
     "300",
     "how often a service looks for registrations"},
    {kImportPath, "PATIENT_IMPORT_LOCAL_PATH", "DIR", "", "folder that registrations arrive in"},
    {kTokens,
     "KARTEI_TOKENS",
     "FILE",
     "",
     "only who has a token of this file, which may change, may ask a service"},
    {kTlsCertificate,
     "KARTEI_TLS_CERTIFICATE",
     "FILE",
     "",
     "a service speaks TLS, with this certificate chain (PEM)"},
    {kTlsKey, "KARTEI_TLS_KEY", "FILE", "", "private key of the certificate (PEM)"},
    {kTlsCa,
     "KARTEI_TLS_CA",
     "FILE",
     "the system's",
     "certificates (PEM) that prove to a standby who the writer is"},
    {kAdvertise,
     "KARTEI_ADVERTISE",
     "URL",
     "where it listens",
     "where standbys reach this service when it writes (Kafka)"},
    {kWriterTokenFile,
     "KARTEI_WRITER_TOKEN_FILE",
     "FILE",
     "",
     "holds the token (operator) with which a standby hands command lines to the writer"},
    {kAccessLog, "KARTEI_ACCESS_LOG", "FILE", "", "a service appends a line for each request"},
    {kReadLog, "KARTEI_READ_LOG", "FILE", "", "a service appends who was shown which patient"},
    {kImportRetention,
     "PATIENT_IMPORT_RETENTION_DAYS",
     "DAYS",
     "30",
     "how long processed files are kept, 0: for ever"},
    {kImportBucket,
     "GCS_IMPORT_BUCKET",
     "NAME",
     "",
     "bucket of Google Cloud Storage that registrations arrive in"},
    {kStorageEmulator,
     "STORAGE_EMULATOR_HOST",
     "URL",
     "",
     "ask this instead of Google Cloud Storage, without credentials"},
    {kGoogleCredentials,
     "GOOGLE_APPLICATION_CREDENTIALS",
     "FILE",
     "",
     "key file of the service account that asks for the bucket"},
    {kMetadataHost,
     "GCE_METADATA_HOST",
     "HOST",
     "metadata.google.internal",
     "where credentials come from without a key file"},
    {kConfirmationUrl,
     "KARTEI_CONFIRMATION_URL",
     "URL",
     "",
     "a service posts the mail that confirms a registration here"},
    {kConfirmationText,
     "KARTEI_CONFIRMATION_TEXT",
     "FILE",
     "",
     "words of that mail: Markdown, the subject in line 1"},
    {kConfirmationSender, "KARTEI_CONFIRMATION_SENDER", "ADDRESS", "", "who that mail is from"},
    {kConfirmationSenderName, "KARTEI_CONFIRMATION_SENDER_NAME", "TEXT", "", "name beside it"},
    {kConfirmationTokenFile,
     "KARTEI_CONFIRMATION_TOKEN_FILE",
     "FILE",
     "",
     "holds the token with which that mail is posted"},
}};

}  // namespace infra::runtime
