#include "infra/log_kafka/transactional_producer.h"

#include <algorithm>

#include "domain/core/expects.h"

namespace infra::log_kafka {
namespace {

constexpr std::int64_t kNotDelivered = -1;
constexpr int kFullQueueMilliseconds = 10;
constexpr int kAbortMilliseconds = 2000;

ClientProperties properties_for(const Settings& settings) {
  return {.defaults = {{"transaction.timeout.ms", "15000"},
                       {"message.timeout.ms", "12000"},
                       {"socket.timeout.ms", "10000"},
                       {"linger.ms", "1"},
                       {"compression.codec", "lz4"},
                       {"queue.buffering.max.messages", "1000000"}},
          .fixed = {{"transactional.id", settings.topic_prefix + ".writer"},
                    {"enable.idempotence", "true"}}};
}

// The original system's consumers know no lz4, and find a patient by Java's murmur2.
const Properties kForOthers = {{"compression.codec", "gzip"}, {"partitioner", "murmur2_random"}};

// Whether they gave this answer; the client's own errors are that there was none, for example.
bool is_of_brokers(rd_kafka_resp_err_t error) { return error > RD_KAFKA_RESP_ERR__END; }

std::string text_of(const Error& error) {
  return std::string{rd_kafka_error_name(error.get())} + ": " + rd_kafka_error_string(error.get());
}

}  // namespace

TransactionalProducer::TransactionalProducer(Cluster& cluster)
    : cluster_(cluster),
      client_(RD_KAFKA_PRODUCER,
              cluster.settings(),
              properties_for(cluster.settings()),
              [this](const rd_kafka_message_t& message) { delivered(message); }) {
  for (std::size_t at = 0; at < kLogTopics.size(); ++at) {
    topics_[at] = client_.topic(cluster.name(kLogTopics[at]));
  }
  for (const std::string& name : cluster.settings().outbound_topics) {
    outbound_topics_.emplace(name, client_.topic(name, kForOthers));
  }
  const auto patience = static_cast<int>(cluster.settings().patience.count());
  const Error error{rd_kafka_init_transactions(client_.get(), patience)};
  if (error)
    throw client_.broken("becoming the writer: " + text_of(error),
                         rd_kafka_error_code(error.get()));
  prefetch_metadata();
}

// Otherwise the first record to each topic waits a second for what the client does not know.
void TransactionalProducer::prefetch_metadata() const {
  const rd_kafka_metadata_t* answer = nullptr;
  const auto patience = static_cast<int>(cluster_.settings().patience.count());
  const auto error = rd_kafka_metadata(client_.get(), 0, nullptr, &answer, patience);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) throw client_.broken("no answer", error);
  const Metadata metadata{answer};
}

TransactionalProducer::Result TransactionalProducer::append(
    std::span<const Outgoing> records, std::span<const ports::Announcement> announcements) {
  core::expects(usable_, "a producer whose transaction did not end well is not used again");
  if (records.empty()) return {Outcome::committed};
  const int requests_before = client_.end_transaction_requests();
  offsets_.assign(records.size(), kNotDelivered);
  announced_ = 0;
  if (const Error error{rd_kafka_begin_transaction(client_.get())})
    return given_up(requests_before, text_of(error), rd_kafka_error_code(error.get()));
  for (std::size_t number = 0; number < records.size(); ++number) {
    const auto error = produce(records[number], number);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
      return given_up(requests_before, rd_kafka_err2name(error), error);
  }
  for (const ports::Announcement& announcement : announcements) {
    const auto error = produce(announcement);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
      return given_up(requests_before, rd_kafka_err2name(error), error);
  }
  // Without a limit librdkafka would ask for ever where the brokers are gone.
  const auto limit = static_cast<int>(2 * cluster_.settings().patience.count());
  if (const Error error{rd_kafka_commit_transaction(client_.get(), limit)})
    return given_up(requests_before, text_of(error), rd_kafka_error_code(error.get()));
  // A second request may still be under way, and would decide the next transaction (KAFKA-17754).
  usable_ = client_.end_transaction_requests() == requests_before + 1;
  if (announced_ != announcements.size()) {
    usable_ = false;
    return {Outcome::unknown, {}, "it was committed, but the brokers did not confirm all of it"};
  }
  return committed(records);
}

rd_kafka_resp_err_t TransactionalProducer::produce(const Outgoing& record, std::size_t number) {
  return produce(topics_[static_cast<std::size_t>(record.topic)].get(),
                 record.partition,
                 record.key,
                 record.value,
                 &offsets_[number]);
}

rd_kafka_resp_err_t TransactionalProducer::produce(const ports::Announcement& announcement) {
  const auto topic = outbound_topics_.find(announcement.topic);
  core::expects(topic != outbound_topics_.end(), "announcements are of the outbound topics");
  return produce(topic->second.get(),
                 RD_KAFKA_PARTITION_UA,  // The topic's own number of them counts.
                 announcement.key,
                 announcement.value,
                 nullptr);
}

rd_kafka_resp_err_t TransactionalProducer::produce(rd_kafka_topic_t* topic,
                                                   std::int32_t partition,
                                                   std::string_view key,
                                                   std::optional<std::string_view> value,
                                                   std::int64_t* offset) {
  while (rd_kafka_produce(topic,
                          partition,
                          RD_KAFKA_MSG_F_COPY,
                          value ? const_cast<char*>(value->data()) : nullptr,  // It is copied.
                          value ? value->size() : 0,
                          key.data(),
                          key.size(),
                          offset) != 0) {
    if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL) return rd_kafka_last_error();
    rd_kafka_poll(client_.get(), kFullQueueMilliseconds);
  }
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

void TransactionalProducer::delivered(const rd_kafka_message_t& message) {
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  if (message._private == nullptr) {
    ++announced_;
  } else {
    *static_cast<std::int64_t*>(message._private) = message.offset;
  }
}

TransactionalProducer::Result TransactionalProducer::committed(std::span<const Outgoing> records) {
  for (std::size_t number = 0; number < records.size(); ++number) {
    if (offsets_[number] < 0) {
      usable_ = false;
      return {Outcome::unknown, {}, "it was committed, but the brokers did not say where"};
    }
  }
  std::map<std::pair<InternalTopic, std::int32_t>, std::int64_t> lasts;
  for (std::size_t number = 0; number < records.size(); ++number) {
    std::int64_t& last = lasts[{records[number].topic, records[number].partition}];
    last = std::max(last, offsets_[number]);
  }
  // Behind the last record of each partition is the marker.
  for (const auto& [place, last] : lasts) cluster_.note_end(place.first, place.second, last + 2);
  return {Outcome::committed, std::move(offsets_)};
}

// Without a request to commit nothing was, and once the client is gone nothing will be. The abort
// spares the readers the wait for the transaction's timeout, and asks whether there is a newer
// producer: brokers 4.1 may answer the request to commit of one that they are fencing with an error
// that says nothing. Should it not get through, a commit may still be under way, and only what was
// sent in the end counts.
TransactionalProducer::Result TransactionalProducer::given_up(int requests_before,
                                                              const std::string& what,
                                                              rd_kafka_resp_err_t why) {
  usable_ = false;
  int sent = client_.end_transaction_requests() - requests_before;
  bool aborted = false;
  if (!is_fenced() && (sent == 0 || is_of_brokers(why))) {
    const Error error{rd_kafka_abort_transaction(client_.get(), kAbortMilliseconds)};
    aborted = !error && sent == 0;
  }
  Result result{Outcome::not_appended};
  result.is_superseded = is_fenced();
  const core::Broken broken = client_.broken(what, why);
  result.why = broken.what();
  if (broken.kind() == core::Breakage::io) result.kind = core::Breakage::io;
  for (TopicHandle& topic : topics_) topic.reset();
  outbound_topics_.clear();
  client_.shut_down();
  if (!aborted) sent = client_.end_transaction_requests() - requests_before;
  if (sent > 0) {
    result.outcome = Outcome::unknown;
  } else if (result.is_superseded) {
    result.outcome = Outcome::fenced;
  }
  return result;
}

bool TransactionalProducer::is_fenced() const {
  const auto error = rd_kafka_fatal_error(client_.get(), nullptr, 0);
  return error == RD_KAFKA_RESP_ERR__FENCED || error == RD_KAFKA_RESP_ERR_PRODUCER_FENCED ||
         error == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH;
}

}  // namespace infra::log_kafka
