#include "infra/log_kafka/last_writer.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "infra/log_kafka/kafka_writer.h"
#include "tests/kafka/broker.h"

// Where the writer is: what it says in the log, and what others read there.
namespace testing_kafka {
namespace {

using infra::log_kafka::address_of;
using infra::log_kafka::KafkaLog;
using infra::log_kafka::LastWriter;
using infra::log_kafka::writer_value;

TEST(KafkaLastWriter, HasItsAddressInAFormThatIsFrozen) {
  EXPECT_EQ(writer_value("https://kartei.example:8443"),
            R"({"address":"https://kartei.example:8443"})");
  EXPECT_EQ(writer_value("a\"b\\c\nd\x80"), R"({"address":"a?b?c?d?"})");
  EXPECT_EQ(address_of(R"({"address":"https://kartei.example:8443"})"),
            "https://kartei.example:8443");
  EXPECT_EQ(address_of(R"({"address":""})"), "");
}

TEST(KafkaLastWriter, IsNowhereWhereTheBytesAreSomethingElse) {
  for (const char* value : {"",
                            "{}",
                            R"({"address":")",
                            R"({"address":"})",
                            R"({"address":"a","b":"c"})",
                            R"({"address":"a\"})",
                            R"({"address":"a)",
                            "{\"address\":\"a\n\"}"})
    EXPECT_EQ(address_of(value), "") << value;
}

// Asks until the answer is `address`, at most a minute.
bool await_address(LastWriter& last, const std::string& address) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes{1};
  while (last.address() != address) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

TEST(KafkaLastWriter, IsTheOneOfTheLatestEpoch) {
  const auto settings = with_log();
  const auto log = KafkaLog::open(settings);
  const auto early = log->last_writer();
  EXPECT_EQ(early->address(), "");
  for (const char* address : {"http://one:1", "http://two:2", "http://three:3"}) {
    const auto writer = KafkaLog::open(settings)->open_writer(address);
    EXPECT_TRUE(await_address(*early, address)) << address;
    EXPECT_TRUE(await_address(*log->last_writer(), address)) << address;
  }
  const auto silent = KafkaLog::open(settings)->open_writer("");
  EXPECT_TRUE(await_address(*early, ""));
}

}  // namespace
}  // namespace testing_kafka
