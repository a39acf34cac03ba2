#include "infra/log_kafka/writer_group.h"

#include <unistd.h>

#include <array>

#include "infra/log_kafka/kafka_writer.h"
#include "infra/log_kafka/waiting.h"

namespace infra::log_kafka {
namespace {

constexpr int kPollMilliseconds = 100;
constexpr std::chrono::milliseconds kBetweenQuestions{20};

std::string own_name() {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  return std::string{"kartei@"} + host.data() + ':' + std::to_string(getpid());
}

// An owner that lives keeps its partition when others come and go (cooperative-sticky). Where it
// has read to is remembered nowhere: each turn begins a little before the end.
ClientProperties properties_for(const Settings& settings) {
  return {.defaults = {{"client.id", own_name()},
                       {"session.timeout.ms", "6000"},
                       {"heartbeat.interval.ms", "1000"},
                       {"socket.timeout.ms", "10000"},
                       {"fetch.wait.max.ms", "100"}},
          .fixed = {{"group.id", name_of(settings, InternalTopic::writer)},
                    {"partition.assignment.strategy", "cooperative-sticky"},
                    {"isolation.level", "read_committed"},
                    {"enable.auto.commit", "false"},
                    {"enable.auto.offset.store", "false"},
                    {"auto.offset.reset", "latest"}}};
}

// The brokers have just been started, or agree on who keeps the group.
bool passes_soon(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_NOT_COORDINATOR ||
         error == RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE ||
         error == RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS;
}

// The one whose turn it is, or any of them.
std::optional<Member> chosen_of(const rd_kafka_ConsumerGroupDescription_t& group) {
  std::optional<Member> found;
  for (std::size_t at = 0; at < rd_kafka_ConsumerGroupDescription_member_count(&group); ++at) {
    const auto* member = rd_kafka_ConsumerGroupDescription_member(&group, at);
    const auto* assignment = rd_kafka_MemberDescription_assignment(member);
    const auto* partitions =
        assignment == nullptr ? nullptr : rd_kafka_MemberAssignment_partitions(assignment);
    const bool has_turn = partitions != nullptr && partitions->cnt > 0;
    if (found && !has_turn) continue;
    found = Member{rd_kafka_MemberDescription_client_id(member),
                   rd_kafka_MemberDescription_host(member)};
  }
  return found;
}

rd_kafka_resp_err_t ask_who_writes(const Cluster& cluster, std::optional<Member>& found) {
  const Client& client = cluster.client();
  const std::string group = cluster.name(InternalTopic::writer);
  const Queue queue{rd_kafka_queue_new(client.get())};
  std::array<const char*, 1> groups{group.c_str()};
  rd_kafka_DescribeConsumerGroups(client.get(), groups.data(), groups.size(), nullptr, queue.get());
  const auto patience = static_cast<int>(cluster.settings().patience.count());
  const Event event{rd_kafka_queue_poll(queue.get(), patience)};
  if (!event) return RD_KAFKA_RESP_ERR__TIMED_OUT;
  if (const auto error = rd_kafka_event_error(event.get())) return error;
  std::size_t count = 0;
  const auto* const* described = rd_kafka_DescribeConsumerGroups_result_groups(
      rd_kafka_event_DescribeConsumerGroups_result(event.get()), &count);
  if (count == 0) return RD_KAFKA_RESP_ERR__BAD_MSG;
  const auto* error = rd_kafka_ConsumerGroupDescription_error(*described);
  if (error != nullptr) return rd_kafka_error_code(error);
  found = chosen_of(**described);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

// Where the end is librdkafka asks later: whoever writes until then must be behind our beginning.
// Writers that are older than ours do no harm.
void begin_before_the_end(rd_kafka_topic_partition_list_t& partitions) {
  constexpr std::int64_t kBefore = 100;
  for (int at = 0; at < partitions.cnt; ++at)
    partitions.elems[at].offset = RD_KAFKA_OFFSET_TAIL(kBefore);
}

}  // namespace

WriterGroup::WriterGroup(const Settings& settings, std::function<void()> changed)
    : changed_(std::move(changed)),
      client_(RD_KAFKA_CONSUMER,
              settings,
              properties_for(settings),
              {},
              [this](auto what, auto* partitions) { on_rebalance(what, partitions); }) {
  rd_kafka_poll_set_consumer(client_.get());
  const PartitionList topics{rd_kafka_topic_partition_list_new(1)};
  const std::string topic = name_of(settings, InternalTopic::writer);
  rd_kafka_topic_partition_list_add(topics.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
  const auto error = rd_kafka_subscribe(client_.get(), topics.get());
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) throw client_.broken("joining the writers", error);
  thread_ = std::thread{[this] { run(); }};
}

WriterGroup::~WriterGroup() {
  leaving_ = true;
  thread_.join();
}

void WriterGroup::run() {
  while (!leaving_) {
    const Message message{rd_kafka_consumer_poll(client_.get(), kPollMilliseconds)};
    if (message && message->err == RD_KAFKA_RESP_ERR_NO_ERROR) see(*message);
  }
  leave();
}

// What librdkafka offers to close a consumer at one go waits for brokers that are gone as long as
// the session lasts. Of a member without a partition librdkafka 2.0 tells the brokers nothing when
// it closes, and the next turn waits until its session is over: it gives up its subscription first.
void WriterGroup::leave() {
  const auto deadline = std::chrono::steady_clock::now() + kLeavingMax;
  if (turn_ == 0) static_cast<void>(rd_kafka_unsubscribe(client_.get()));
  Queue queue{rd_kafka_queue_new(client_.get())};
  const Error error{rd_kafka_consumer_close_queue(client_.get(), queue.get())};
  while (!error && rd_kafka_consumer_closed(client_.get()) == 0 &&
         std::chrono::steady_clock::now() < deadline) {
    const Event event{rd_kafka_queue_poll(queue.get(), kPollMilliseconds)};
    if (event && rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_REBALANCE) {
      on_rebalance(rd_kafka_event_error(event.get()),
                   rd_kafka_event_topic_partition_list(event.get()));
    }
  }
  queue.reset();
  client_.abandon();
}

void WriterGroup::on_rebalance(rd_kafka_resp_err_t what,
                               rd_kafka_topic_partition_list_t* partitions) {
  const bool assigned = what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
  if (assigned) begin_before_the_end(*partitions);
  const Error error{assigned ? rd_kafka_incremental_assign(client_.get(), partitions)
                             : rd_kafka_incremental_unassign(client_.get(), partitions)};
  if (partitions->cnt == 0) return;  // Others came or went.
  if (assigned && !error) {
    last_writer_ = 0;
    turn_ = ++turns_;
  } else {
    turn_ = 0;
  }
  changed_();
}

void WriterGroup::see(const rd_kafka_message_t& message) {
  const std::string_view key{static_cast<const char*>(message.key), message.key_len};
  if (key != kWriterKey) return;
  last_writer_ = message.offset;
  changed_();
}

std::optional<Member> present_writer(const Cluster& cluster) {
  const Waiting waiting{cluster.settings()};
  std::optional<Member> found;
  for (auto error = ask_who_writes(cluster, found); error != RD_KAFKA_RESP_ERR_NO_ERROR;
       error = ask_who_writes(cluster, found)) {
    if (!passes_soon(error) || waiting.is_over()) {
      throw cluster.client().broken("who is in the group " + cluster.name(InternalTopic::writer),
                                    error);
    }
    std::this_thread::sleep_for(kBetweenQuestions);
  }
  return found;
}

}  // namespace infra::log_kafka
