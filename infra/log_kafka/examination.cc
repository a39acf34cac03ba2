#include "infra/log_kafka/examination.h"

#include <algorithm>
#include <functional>
#include <set>
#include <thread>

#include "domain/core/broken.h"
#include "infra/log_kafka/broker_releases.h"
#include "infra/log_kafka/described_topics.h"
#include "infra/log_kafka/kafka_log.h"
#include "infra/log_kafka/opening.h"
#include "infra/log_kafka/trial.h"

namespace infra::log_kafka {
namespace {

constexpr std::chrono::milliseconds kClocksMax{2000};
constexpr std::chrono::milliseconds kBetweenLooks{100};

class Examination {
 public:
  explicit Examination(const Settings& settings) : settings_(settings) {}

  [[nodiscard]] std::vector<Symptom> run() {
    symptoms_.push_back({"client", true, "librdkafka " + client_version()});
    guarded("brokers", [&] {
      cluster_ = std::make_shared<Cluster>(settings_);
      topics_ = describe_topics(*cluster_);
      well("brokers", "Kafka at " + settings_.brokers + " answers; " + broker_releases(*cluster_));
    });
    if (!topics_) return std::move(symptoms_);
    bool all_there = true;
    for (const DescribedTopic& topic : *topics_) all_there = check_topic(topic) && all_there;
    if (!all_there) return std::move(symptoms_);
    guarded("transactions", [&] { check_transaction(); });
    guarded("genesis", [&] { check_genesis(); });
    guarded("open transactions", [&] { check_open_transactions(); });
    return std::move(symptoms_);
  }

 private:
  void well(const std::string& check, const std::string& message) {
    symptoms_.push_back({check, true, message});
  }
  void ill(const std::string& check, const std::string& message) {
    symptoms_.push_back({check, false, message});
  }
  // What cannot be looked at is a symptom too.
  void guarded(const std::string& check, const std::function<void()>& look) {
    try {
      look();
    } catch (const core::Broken& broken) {
      ill(check, broken.what());
    }
  }

  // Whether it is there.
  bool check_topic(const DescribedTopic& topic) {
    const std::string check = "topic " + topic.name;
    if (topic.partitions == 0) {
      ill(check,
          topic.trouble.empty() ? "there is none; `kartei topics create` makes it" : topic.trouble);
      return false;
    }
    std::vector<std::string> faults = faults_of(topic);
    if (!topic.trouble.empty()) faults.push_back(topic.trouble);
    for (const std::string& fault : faults) ill(check, fault);
    if (faults.empty()) {
      well(check,
           std::to_string(topic.partitions) +
               (topic.partitions == 1 ? " partition, " : " partitions, ") +
               std::to_string(topic.replication) + (topic.replication == 1 ? " copy" : " copies"));
    }
    return true;
  }

  void check_genesis() {
    const Found found = look(cluster_);
    if (!found.is_complete) {
      ill("genesis",
          "some partitions do not begin with their genesis; `kartei topics create` ends a creation "
          "that was interrupted");
      return;
    }
    partitions_ = found.log->partitions;
    well("genesis",
         "log " + found.log->incarnation.get().text() + ", " + std::to_string(partitions_) +
             " partitions, each begins with its genesis");
  }

  void check_transaction() {
    const auto ahead = try_transaction(*cluster_);
    well("transactions", "the brokers begin, take and abort them");
    const std::string difference = std::to_string(ahead.count()) + " ms";
    if (ahead > kClocksMax || ahead < -kClocksMax) {
      ill("clocks",
          "the brokers' clock is " + difference + " ahead of this machine's; let both follow the " +
              "same time server: times in the log and lags are wrong by as much");
    } else {
      well("clocks", "the brokers' clock is " + difference + " ahead of this machine's");
    }
  }

  struct Place {
    InternalTopic topic;
    std::int32_t partition;
    std::int64_t end;  // of what was written when the examination began, decided or not
  };

  // A transaction that goes on is decided within milliseconds. One that is not within our patience
  // hangs: nobody reads what comes behind it.
  void check_open_transactions() {
    if (partitions_ == 0) return;
    std::vector<Place> open;
    for (const InternalTopic topic : kInternalTopics) {
      const auto ends = written_ends(*cluster_, topic, partitions_of(topic, partitions_));
      for (std::size_t number = 0; number < ends.size(); ++number) {
        open.push_back({topic, static_cast<std::int32_t>(number), ends[number]});
      }
    }
    const auto deadline = std::chrono::steady_clock::now() + settings_.patience;
    while (true) {
      std::erase_if(open, [&](const Place& place) { return stable_end(place) >= place.end; });
      if (open.empty() || std::chrono::steady_clock::now() > deadline) break;
      std::this_thread::sleep_for(kBetweenLooks);
    }
    for (const Place& place : open) {
      const std::int64_t stable = stable_end(place);
      const std::string name = cluster_->name(place.topic);
      const std::string partition = std::to_string(place.partition);
      ill("open transactions",
          name + " partition " + partition + ": a transaction hangs at offset " +
              std::to_string(stable) + ", and " + std::to_string(place.end - stable) +
              " offsets behind it cannot be read; the brokers abort it when its timeout is over "
              "(transaction.timeout.ms of who began it), and at once: `kafka-transactions.sh abort "
              "--topic " +
              name + " --partition " + partition + " --start-offset " + std::to_string(stable) +
              '`');
    }
    if (open.empty()) well("open transactions", "none: readers see all that is written");
  }

  [[nodiscard]] std::int64_t stable_end(const Place& place) const {
    return cluster_->ends(place.topic, {&place.partition, 1}).front();
  }

  const Settings& settings_;
  std::vector<Symptom> symptoms_;
  std::shared_ptr<Cluster> cluster_;
  std::optional<std::vector<DescribedTopic>> topics_;
  std::int32_t partitions_ = 0;
};

}  // namespace

std::vector<Symptom> examine(const Settings& settings) { return Examination{settings}.run(); }

}  // namespace infra::log_kafka
