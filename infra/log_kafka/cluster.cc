#include "infra/log_kafka/cluster.h"

#include <algorithm>
#include <thread>

#include "infra/log_kafka/waiting.h"

namespace infra::log_kafka {
namespace {

// For offsets_for_times: the end, not the first record of a time (ListOffsets, LATEST).
constexpr std::int64_t kLatest = -1;

constexpr std::chrono::milliseconds kBetweenQuestions{20};

// A partition that is being made, or was while we did not look, or moves to another broker.
bool passes_soon(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION ||
         error == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION ||
         error == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
         error == RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH ||
         error == RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH ||
         error == RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE ||
         error == RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE ||
         error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
}

int milliseconds(std::chrono::milliseconds time) { return static_cast<int>(time.count()); }

}  // namespace

InternalTopic internal(ports::Topic topic) {
  return topic == ports::Topic::patient_events ? InternalTopic::patient_events
                                               : InternalTopic::patient_history;
}

std::string name_of(const Settings& settings, InternalTopic topic) {
  switch (topic) {
    case InternalTopic::patient_events:
      return settings.topic_prefix + '.' + std::string{name(ports::Topic::patient_events)};
    case InternalTopic::patient_history:
      return settings.topic_prefix + '.' + std::string{name(ports::Topic::patient_history)};
    case InternalTopic::writer: return settings.topic_prefix + ".writer";
    case InternalTopic::dead_letters: break;
  }
  return settings.topic_prefix + ".dead-letters";
}

std::int32_t partitions_of(InternalTopic topic, std::int32_t log_partitions) {
  const bool one = topic == InternalTopic::writer || topic == InternalTopic::dead_letters;
  return one ? 1 : log_partitions;
}

Cluster::Cluster(const Settings& settings)
    : settings_(settings),
      client_(RD_KAFKA_CONSUMER,
              settings,
              {.defaults = {{"socket.timeout.ms", "10000"}},
               .fixed = {{"isolation.level", "read_committed"}}}) {
  for (std::size_t at = 0; at < kInternalTopics.size(); ++at) {
    topics_[at] = client_.topic(name(kInternalTopics[at]));
  }
  for (const std::string& name : settings.outbound_topics) {
    outbound_topics_.push_back(client_.topic(name));
  }
}

Cluster::Layout Cluster::layout() const {
  const rd_kafka_metadata_t* answer = nullptr;
  const auto error =
      rd_kafka_metadata(client_.get(), 0, nullptr, &answer, milliseconds(settings_.patience));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) throw client_.broken("no answer", error);
  const Metadata metadata{answer};
  Layout layout;
  layout.brokers = metadata->broker_cnt;
  const std::span topics{metadata->topics, static_cast<std::size_t>(metadata->topic_cnt)};
  for (const rd_kafka_metadata_topic_t& topic : topics) {
    const auto which = std::find_if(kInternalTopics.begin(),
                                    kInternalTopics.end(),
                                    [&](InternalTopic one) { return name(one) == topic.topic; });
    const auto& outbound = settings_.outbound_topics;
    const bool announced =
        std::find(outbound.begin(), outbound.end(), topic.topic) != outbound.end();
    if (which == kInternalTopics.end() && !announced) continue;  // Somebody's, whom we read.
    if (topic.err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) continue;
    if (topic.err == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE) {
      layout.has_leaders = false;
    } else if (topic.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      throw client_.broken(std::string{"the topic "} + topic.topic, topic.err);
    }
    if (which == kInternalTopics.end()) {
      layout.outbound.insert(topic.topic);
    } else {
      layout.partitions[static_cast<std::size_t>(*which)] = topic.partition_cnt;
    }
    const std::span partitions{topic.partitions, static_cast<std::size_t>(topic.partition_cnt)};
    for (const rd_kafka_metadata_partition_t& partition : partitions) {
      if (partition.leader < 0) layout.has_leaders = false;
    }
  }
  return layout;
}

std::vector<std::int64_t> Cluster::ends(InternalTopic topic,
                                        std::span<const std::int32_t> partitions) const {
  std::vector<std::int64_t> ends = this->ends(name(topic), partitions);
  const std::lock_guard lock{mutex_};
  for (std::size_t at = 0; at < partitions.size(); ++at) {
    const auto own = own_ends_.find({topic, partitions[at]});
    if (own != own_ends_.end()) ends[at] = std::max(ends[at], own->second);
  }
  return ends;
}

std::vector<std::int64_t> Cluster::ends(const std::string& topic,
                                        std::span<const std::int32_t> partitions) const {
  std::vector<std::int64_t> ends;
  const Waiting waiting{settings_};
  for (auto error = ask_ends(topic, partitions, ends); error != RD_KAFKA_RESP_ERR_NO_ERROR;
       error = ask_ends(topic, partitions, ends)) {
    if (!passes_soon(error) || waiting.is_over())
      throw client_.broken("the end of " + topic, error);
    refresh(topic);
    std::this_thread::sleep_for(kBetweenQuestions);
  }
  return ends;
}

// The client learns which partitions there are now, and who leads them.
void Cluster::refresh(const std::string& topic) const {
  const TopicHandle handle = client_.topic(topic);
  const rd_kafka_metadata_t* answer = nullptr;
  const auto error =
      rd_kafka_metadata(client_.get(), 0, handle.get(), &answer, milliseconds(settings_.patience));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) throw client_.broken("no answer", error);
  const Metadata metadata{answer};
}

rd_kafka_resp_err_t Cluster::ask_ends(const std::string& topic,
                                      std::span<const std::int32_t> partitions,
                                      std::vector<std::int64_t>& ends) const {
  const PartitionList list{rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size()))};
  for (const std::int32_t partition : partitions) {
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset = kLatest;
  }
  const auto error =
      rd_kafka_offsets_for_times(client_.get(), list.get(), milliseconds(settings_.patience));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return error;
  ends.clear();
  for (const std::int32_t partition : partitions) {
    const auto* answer = rd_kafka_topic_partition_list_find(list.get(), topic.c_str(), partition);
    if (answer->err != RD_KAFKA_RESP_ERR_NO_ERROR) return answer->err;
    ends.push_back(answer->offset);
  }
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

void Cluster::note_end(InternalTopic topic, std::int32_t partition, std::int64_t end) {
  const std::lock_guard lock{mutex_};
  std::int64_t& known = own_ends_[{topic, partition}];
  known = std::max(known, end);
}

bool Cluster::is_own_end(InternalTopic topic, std::int32_t partition, std::int64_t end) const {
  const std::lock_guard lock{mutex_};
  const auto own = own_ends_.find({topic, partition});
  return own != own_ends_.end() && own->second == end;
}

}  // namespace infra::log_kafka
