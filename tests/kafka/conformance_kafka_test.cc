#include "tests/kafka/broker.h"
#include "tests/logs/conformance.h"

namespace testing_logs {
namespace {

INSTANTIATE_TEST_SUITE_P(Kafka, LogConformance, ::testing::Values(testing_kafka::kafka_home));

}  // namespace
}  // namespace testing_logs
