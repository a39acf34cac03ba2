#include <gtest/gtest.h>

#include <iostream>

#include "tests/kafka/kafka_environment.h"
#include "tests/rest/clients/served.h"

// `kartei serve` with its log on the broker.
namespace testing_kafka {
namespace {

TEST(KafkaServe, AClientWrittenFromTheDocumentAloneDoesAMorningsWork) {
  const KafkaEnvironment environment;
  whole::Place place;
  ASSERT_EQ(place.json({"topics", "create", "--partitions", "5"}).status, 0);
  testing_rest::Served served{place};
  ASSERT_TRUE(served.await("writer: this process has its turn"));
  const whole::Ran ran = testing_rest::morning(served.url());
  EXPECT_EQ(ran.status, 0) << ran.out;
  std::cout << ran.out;
  EXPECT_EQ(served.stop().status, 0);
}

}  // namespace
}  // namespace testing_kafka
