#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include "tests/kafka/broker.h"
#include "tests/kafka/foreign.h"

// A control: what the fencing tests see of a real broker is not there where nobody fences. Should
// the mock cluster learn it one day, this control has to be another one.
namespace testing_kafka {
namespace {

// librdkafka's own imitation of a cluster, in this process.
class MockCluster {
 public:
  MockCluster() {
    rd_kafka_conf_t* config = rd_kafka_conf_new();
    rd_kafka_conf_set(config, "log_level", "0", nullptr, 0);
    client_ = rd_kafka_new(RD_KAFKA_PRODUCER, config, nullptr, 0);
    cluster_ = rd_kafka_mock_cluster_new(client_, 1);
  }
  ~MockCluster() {
    rd_kafka_mock_cluster_destroy(cluster_);
    rd_kafka_destroy(client_);
  }
  MockCluster(const MockCluster&) = delete;
  MockCluster& operator=(const MockCluster&) = delete;

  [[nodiscard]] std::string address() const { return rd_kafka_mock_cluster_bootstraps(cluster_); }
  void make_topic(const std::string& topic) {
    rd_kafka_mock_topic_create(cluster_, topic.c_str(), 1, 1);
  }

 private:
  rd_kafka_t* client_;
  rd_kafka_mock_cluster_t* cluster_;
};

// What a writer is told whose open transaction a newer one of the same id has ended.
std::string told_to_the_older(const std::string& topic, const std::string& address) {
  ForeignTransaction older{"taken-over", address};
  older.produce(topic, 0, "half");
  ForeignTransaction newer{"taken-over", address};
  newer.abort();
  return older.commit();
}

TEST(KafkaMockControl, OnlyARealBrokerFences) {
  MockCluster mock;
  mock.make_topic("control");
  make_topic("control", 1);
  EXPECT_EQ(told_to_the_older("control", mock.address()), "");
  EXPECT_EQ(told_to_the_older("control", brokers()), "_FENCED");
}

}  // namespace
}  // namespace testing_kafka
