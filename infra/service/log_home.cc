#include "infra/service/log_home.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "domain/core/broken.h"
#include "infra/log_embedded/embedded_log.h"
#include "infra/log_kafka/examination.h"
#include "infra/log_kafka/kafka_log.h"
#include "infra/log_kafka/last_writer.h"
#include "infra/log_kafka/writer_group.h"

namespace infra::service {
namespace {

using core::Raw;
using log_embedded::EmbeddedLog;
using log_kafka::KafkaLog;

[[noreturn]] void mismatch(const DataDirectory& directory, const std::string& what) {
  throw core::Broken(core::Breakage::log_mismatch, directory.path().string() + ": " + what);
}

// Who holds the directory has it to itself.
class OnlyCandidate final : public Candidacy {
 public:
  [[nodiscard]] std::int64_t turn() const override { return 1; }
  void begin() override {}
  [[nodiscard]] bool superseded() const override { return false; }
  [[nodiscard]] std::string writer_address() override { return ""; }
};

class GroupMember final : public Candidacy {
 public:
  GroupMember(const log_kafka::Settings& settings, KafkaLog& log, std::function<void()> changed)
      : log_(log), group_(settings, std::move(changed)) {}
  [[nodiscard]] std::int64_t turn() const override { return group_.turn(); }
  void begin() override {
    last_writer_.reset();
    log_.reclaim();
  }
  [[nodiscard]] bool superseded() const override {
    const std::int64_t ours = log_.last_epoch();
    return ours > 0 && group_.last_writer() > ours;
  }
  [[nodiscard]] std::string writer_address() override {
    auto last_writer = last_writer_ ? std::move(last_writer_) : log_.last_writer();
    std::string address = last_writer->address();
    last_writer_ = std::move(last_writer);
    return address;
  }

 private:
  KafkaLog& log_;
  log_kafka::WriterGroup group_;
  std::unique_ptr<log_kafka::LastWriter> last_writer_;  // none: not asked, or it lost its place
};

// `log.db` in the data directory.
class EmbeddedHome final : public LogHome {
 public:
  explicit EmbeddedHome(std::unique_ptr<EmbeddedLog> log) : log_(std::move(log)) {}

  [[nodiscard]] ports::Log& log() override { return *log_; }
  [[nodiscard]] std::vector<std::string> damage() const override { return log_->check(); }
  [[nodiscard]] std::vector<Finding> examine() const override {
    std::vector<Finding> findings;
    for (const std::string& one : damage()) {
      findings.push_back({"log", false, one + "; restore it from a backup"});
    }
    if (findings.empty()) {
      findings.push_back(
          {"log", true, "log.db is sound: every record has its checksum and its place"});
    }
    return findings;
  }
  [[nodiscard]] std::optional<std::string> present_writer() const override { return std::nullopt; }
  [[nodiscard]] std::unique_ptr<Candidacy> stand_for_writer(std::function<void()>) override {
    return std::make_unique<OnlyCandidate>();
  }
  void set_on_arrival(std::function<void()>) override {}
  [[nodiscard]] std::optional<std::chrono::milliseconds> compaction_interval() const override {
    return std::nullopt;
  }
  [[nodiscard]] Raw::Object details() const override {
    return {{"bytes_on_disk", Raw{static_cast<std::int64_t>(log_->size_bytes())}}};
  }

 private:
  std::unique_ptr<EmbeddedLog> log_;
};

// Topics on Apache Kafka. The brokers check their bytes, and librdkafka each batch's checksum.
class KafkaHome final : public LogHome {
 public:
  explicit KafkaHome(const log_kafka::Settings& settings)
      : settings_(settings), log_(KafkaLog::open(settings)) {}

  [[nodiscard]] ports::Log& log() override { return *log_; }
  [[nodiscard]] std::vector<std::string> damage() const override { return {}; }
  [[nodiscard]] std::vector<Finding> examine() const override { return {}; }
  [[nodiscard]] std::optional<std::string> present_writer() const override {
    return log_->present_writer();
  }
  [[nodiscard]] std::unique_ptr<Candidacy> stand_for_writer(
      std::function<void()> changed) override {
    return std::make_unique<GroupMember>(settings_, *log_, std::move(changed));
  }
  void set_on_arrival(std::function<void()> on_arrival) override {
    log_->set_on_arrival(std::move(on_arrival));
  }
  [[nodiscard]] std::optional<std::chrono::milliseconds> compaction_interval() const override {
    return std::min(log_->tick_interval(ports::Topic::patient_events),
                    log_->tick_interval(ports::Topic::patient_history));
  }
  [[nodiscard]] Raw::Object details() const override {
    return {{"brokers", Raw{settings_.brokers}}, {"prefix", Raw{settings_.topic_prefix}}};
  }
  [[nodiscard]] std::optional<Mail> mail(const Surroundings& surroundings) const override {
    return Mail{
        log_->open_inbox(ingest::kCommunicationEvents, ingest::kIngestGroup, surroundings.notice),
        log_->open_dead_letters()};
  }

 private:
  log_kafka::Settings settings_;
  std::unique_ptr<KafkaLog> log_;
};

// Read models whose log is missing or empty: a new log over them would hide what is lost.
[[noreturn]] void refuse_orphans(const DataDirectory& directory) {
  mismatch(directory,
           "there are read models, but log.db is missing or empty, and a new log over them would "
           "hide what is lost; put log.db back, or name another data directory");
}

bool is_emptied(const DataDirectory& directory) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(directory.path() / "log.db", error);
  return !error && bytes == 0 && directory.has_caches();
}

std::unique_ptr<EmbeddedLog> create_embedded(const Surroundings& surroundings,
                                             const DataDirectory& directory,
                                             std::int32_t partitions) {
  directory.demand_held();
  if (directory.has_caches()) refuse_orphans(directory);
  return EmbeddedLog::create(directory.path(),
                             partitions,
                             ports::Incarnation{surroundings.ids.random()},
                             surroundings.clock);
}

log_kafka::Settings kafka_settings(const Surroundings& surroundings) {
  log_kafka::Settings settings = *surroundings.kafka;
  for (const Outbound outbound : surroundings.outbound) {
    for (std::string& topic : topics_of(outbound)) {
      settings.outbound_topics.push_back(std::move(topic));
    }
  }
  return settings;
}

// What is in log.db would seem to be gone, and its read models are not Kafka's.
void refuse_embedded(const DataDirectory& directory) {
  if (!EmbeddedLog::exists(directory.path())) return;
  mismatch(directory,
           "this folder has an embedded log; name another data directory for the log on Kafka");
}

}  // namespace

std::vector<Finding> examine_brokers(const Surroundings& surroundings) {
  std::vector<Finding> findings;
  if (!surroundings.kafka) return findings;
  for (log_kafka::Symptom& one : log_kafka::examine(kafka_settings(surroundings))) {
    findings.push_back({std::move(one.check), one.well, std::move(one.message)});
  }
  return findings;
}

std::unique_ptr<LogHome> open_log_home(const Surroundings& surroundings,
                                       const DataDirectory& directory) {
  if (surroundings.kafka) {
    refuse_embedded(directory);
    return std::make_unique<KafkaHome>(kafka_settings(surroundings));
  }
  const auto access =
      directory.held() ? log_embedded::Access::read_write : log_embedded::Access::read_only;
  if (is_emptied(directory)) refuse_orphans(directory);
  const bool there = !directory.held() || EmbeddedLog::exists(directory.path());
  return std::make_unique<EmbeddedHome>(
      there ? EmbeddedLog::open(directory.path(), surroundings.clock, access)
            : create_embedded(surroundings, directory, ports::kPartitionsDefault));
}

void create_log(const Surroundings& surroundings,
                const DataDirectory& directory,
                std::int32_t partitions,
                const log_kafka::TopicSettings& topics) {
  if (surroundings.kafka) {
    refuse_embedded(directory);
    const ports::Incarnation incarnation{surroundings.ids.random()};
    return KafkaLog::create(kafka_settings(surroundings), partitions, incarnation, topics);
  }
  if (EmbeddedLog::exists(directory.path())) return;
  static_cast<void>(create_embedded(surroundings, directory, partitions));
}

}  // namespace infra::service
