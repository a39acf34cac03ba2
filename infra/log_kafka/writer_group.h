#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "infra/log_kafka/cluster.h"

namespace infra::log_kafka {

// Who may write: the member of the consumer group `<prefix>.writer` that the one partition of the
// topic of the same name is assigned to. While one lives, this process is a member. A thread of its
// own keeps it so, however long its owner takes over other work; the group hears nothing of a
// process for six seconds before it chooses another.
class WriterGroup {
 public:
  // Joins. `changed` is called by the group's thread whenever turn() or last_writer() has changed.
  // Throws core::Broken (io) on a property that librdkafka does not take; brokers that are away are
  // no error, they are asked again and again.
  WriterGroup(const Settings& settings, std::function<void()> changed);
  // Leaves, so that another member gets its turn at once. At most kLeavingMax.
  ~WriterGroup();
  WriterGroup(const WriterGroup&) = delete;
  WriterGroup& operator=(const WriterGroup&) = delete;

  static constexpr std::chrono::milliseconds kLeavingMax{2000};

  // 0: it is not our turn. Else its number: another one later is another turn, and in between
  // somebody else may have written. Any thread.
  [[nodiscard]] std::int64_t turn() const { return turn_; }

  // The epoch of the last writer that was seen, in this turn or shortly before it; 0: none. Any
  // thread.
  [[nodiscard]] std::int64_t last_writer() const { return last_writer_; }

 private:
  void run();
  void leave();
  void on_rebalance(rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t* partitions);
  void see(const rd_kafka_message_t& message);

  std::function<void()> changed_;
  std::atomic<std::int64_t> turn_ = 0;
  std::atomic<std::int64_t> last_writer_ = 0;
  std::atomic<bool> leaving_ = false;
  std::int64_t turns_ = 0;  // the thread's own
  Client client_;
  std::thread thread_;  // last: it uses what is above
};

// A member of the group, as others see it.
struct Member {
  std::string name;  // kartei@HOST:PID, by its own account
  std::string host;  // the address that the brokers know
};
// Whose turn it is, or who waits for it; none: the group is empty. Asks without joining. Throws
// core::Broken (broker_unavailable).
[[nodiscard]] std::optional<Member> present_writer(const Cluster& cluster);

}  // namespace infra::log_kafka
