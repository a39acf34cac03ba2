#include "infra/log_kafka/topic_reader.h"

#include <algorithm>
#include <array>

#include "domain/core/expects.h"
#include "infra/log_kafka/waiting.h"

namespace infra::log_kafka {
namespace {

constexpr std::size_t kMessagesPerBatch = 1000;
constexpr int kWaitMilliseconds = 50;

ClientProperties properties_for(TopicReader::Ahead ahead) {
  ClientProperties properties{.defaults = {{"fetch.wait.max.ms", "100"},
                                           {"socket.timeout.ms", "10000"},
                                           {"fetch.error.backoff.ms", "100"}},
                              .fixed = {{"isolation.level", "read_committed"},
                                        {"check.crcs", "true"},
                                        {"enable.partition.eof", "true"},
                                        {"enable.auto.commit", "false"},
                                        {"enable.auto.offset.store", "false"},
                                        {"auto.offset.reset", "error"}}};
  const bool little = ahead == TopicReader::Ahead::little;
  // Not below: librdkafka 2.0 pauses a whole second where more than this lies ready.
  properties.defaults.emplace_back("queued.min.messages", little ? "100000" : "1000000");
  properties.defaults.emplace_back("fetch.message.max.bytes", little ? "4096" : "4194304");
  return properties;
}

core::Timestamp time_of(const rd_kafka_message_t& message) {
  const std::int64_t milliseconds = rd_kafka_message_timestamp(&message, nullptr);
  return core::Timestamp{std::chrono::milliseconds{milliseconds}};
}

void arrived(rd_kafka_t*, void* cluster) { static_cast<const Cluster*>(cluster)->on_arrival()(); }

std::string_view view(const void* bytes, std::size_t size) {
  return {static_cast<const char*>(bytes), size};
}

}  // namespace

TopicReader::TopicReader(std::shared_ptr<const Cluster> cluster,
                         InternalTopic topic,
                         std::span<const ports::Start> starts,
                         Ahead ahead)
    : TopicReader(cluster, cluster->name(topic), topic, starts, ahead) {}

TopicReader::TopicReader(std::shared_ptr<const Cluster> cluster,
                         const std::string& topic,
                         std::span<const ports::Start> starts,
                         Ahead ahead)
    : TopicReader(std::move(cluster), topic, std::nullopt, starts, ahead) {}

TopicReader::TopicReader(std::shared_ptr<const Cluster> cluster,
                         std::string name,
                         std::optional<InternalTopic> internal,
                         std::span<const ports::Start> starts,
                         Ahead ahead)
    : cluster_(std::move(cluster)),
      name_(std::move(name)),
      internal_(internal),
      client_(RD_KAFKA_CONSUMER, cluster_->settings(), properties_for(ahead)),
      handle_(client_.topic(name_)),
      queue_(rd_kafka_queue_new(client_.get())) {
  if (cluster_->on_arrival() && ahead == Ahead::records_by_the_million) {
    rd_kafka_queue_cb_event_enable(queue_.get(), arrived, const_cast<Cluster*>(cluster_.get()));
  }
  prefetch_metadata();
  for (const ports::Start& start : starts) {
    const std::int32_t partition = start.partition.get();
    if (rd_kafka_consume_start_queue(handle_.get(), partition, start.offset.get(), queue_.get()) !=
        0) {
      throw client_.broken(name_ + '/' + std::to_string(partition), rd_kafka_last_error());
    }
    partitions_.push_back(partition);
    positions_.emplace(partition, start.offset.get());
  }
}

TopicReader::~TopicReader() {
  fetched_.clear();
  for (const std::int32_t partition : partitions_) {
    rd_kafka_consume_stop(handle_.get(), partition);
  }
}

// Otherwise the first record waits half a second for what the client does not know.
void TopicReader::prefetch_metadata() const {
  const rd_kafka_metadata_t* answer = nullptr;
  const auto patience = static_cast<int>(cluster_->settings().patience.count());
  const auto error = rd_kafka_metadata(client_.get(), 0, handle_.get(), &answer, patience);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) throw client_.broken("no answer", error);
  const Metadata metadata{answer};
  for (int at = 0; at < metadata->topic_cnt; ++at) {
    const rd_kafka_metadata_topic_t& topic = metadata->topics[at];
    if (topic.err != RD_KAFKA_RESP_ERR_NO_ERROR)
      throw client_.broken(std::string{"the topic "} + topic.topic, topic.err);
  }
}

// What lies ready is handed out without asking anyone. Only when there is nothing the brokers are
// asked where the end is, and it is read up to there: an end that librdkafka reported may be old.
std::size_t TopicReader::poll(std::size_t limit, const ports::Sink& sink) {
  if (limit == 0) return 0;
  const std::size_t ready = poll_ready(limit, sink);
  if (ready > 0) return ready;
  const std::vector<std::int64_t> ends = this->ends();
  const Waiting waiting{cluster_->settings(), 3};
  while (fetched_.empty() && !stands_at(ends)) {
    if (waiting.is_over()) throw client_.broken("reading " + name_, RD_KAFKA_RESP_ERR__TIMED_OUT);
    await_one();
    take(limit);
  }
  return hand_out(limit, sink);
}

std::vector<std::int64_t> TopicReader::ends() const {
  return internal_ ? cluster_->ends(*internal_, partitions_) : cluster_->ends(name_, partitions_);
}

std::size_t TopicReader::poll_ready(std::size_t limit, const ports::Sink& sink) {
  if (fetched_.empty()) take(limit);
  return hand_out(limit, sink);
}

// librdkafka reports an end only when a fetch came back empty, after fetch.wait.max.ms. Where our
// own writer has just ended a transaction, what is left to read is known to be its marker.
bool TopicReader::stands_at(const std::vector<std::int64_t>& ends) {
  for (std::size_t at = 0; at < partitions_.size(); ++at) {
    std::int64_t& position = positions_.at(partitions_[at]);
    const std::int64_t end = ends[at];
    const bool is_ours = internal_ && cluster_->is_own_end(*internal_, partitions_[at], end);
    if (position + 1 == end && is_ours) position = end;
    if (position < end) return false;
  }
  return true;
}

void TopicReader::take(std::size_t limit) {
  std::array<rd_kafka_message_t*, kMessagesPerBatch> batch;
  const std::size_t wanted = std::min(limit, batch.size());
  const auto count = rd_kafka_consume_batch_queue(queue_.get(), 0, batch.data(), wanted);
  std::vector<Message> messages;
  for (std::ptrdiff_t at = 0; at < count; ++at)
    messages.emplace_back(batch[static_cast<std::size_t>(at)]);
  for (Message& message : messages) keep(std::move(message));
}

void TopicReader::await_one() {
  Message message{rd_kafka_consume_queue(queue_.get(), kWaitMilliseconds)};
  if (message) keep(std::move(message));
}

// The end of a partition counts only behind what was fetched before it: it is kept in its place.
void TopicReader::keep(Message message) {
  switch (message->err) {
    case RD_KAFKA_RESP_ERR_NO_ERROR: fetched_.push_back(std::move(message)); return;
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
      if (!fetched_.empty()) {
        fetched_.push_back(std::move(message));
      } else {
        std::int64_t& position = positions_.at(message->partition);
        position = std::max(position, message->offset);
      }
      return;
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
      return;  // The client tries again; whoever polls has a deadline.
    default:
      throw client_.broken(
          name_ + '/' + std::to_string(message->partition) + '@' + std::to_string(message->offset),
          message->err);
  }
}

// A record counts as read when the sink has returned: one that throws gets it again.
std::size_t TopicReader::hand_out(std::size_t limit, const ports::Sink& sink) {
  std::size_t count = 0;
  while (!fetched_.empty()) {
    const rd_kafka_message_t& message = *fetched_.front();
    std::int64_t& position = positions_.at(message.partition);
    if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      position = std::max(position, message.offset);
    } else {
      if (count == limit) break;
      std::optional<std::string_view> value;
      if (message.payload != nullptr) value = view(message.payload, message.len);
      sink({ports::Partition{message.partition},
            ports::Offset{message.offset},
            time_of(message),
            view(message.key, message.key_len),
            value});
      position = std::max(position, message.offset + 1);
      ++count;
    }
    fetched_.pop_front();
  }
  return count;
}

ports::Offset TopicReader::position(ports::Partition partition) const {
  const auto found = positions_.find(partition.get());
  core::expects(found != positions_.end(), "the reader was opened for this partition");
  return ports::Offset{found->second};
}

}  // namespace infra::log_kafka
