#include "domain/handling/partitioner.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace {

// From Apache Kafka's own tests of its Java client (UtilsTest.testMurmur2).
TEST(Partitioner, HashesAsTheJavaClientDoes) {
  const std::vector<std::pair<std::string, std::int32_t>> golden{
      {"21", -973932308},
      {"foobar", -790332482},
      {"a-little-bit-long-string", -985981536},
      {"a-little-bit-longer-string", -1486304829},
      {"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971},
      {"abc", 479470107},
  };
  for (const auto& [text, hash] : golden) {
    EXPECT_EQ(static_cast<std::int32_t>(handling::murmur2(text)), hash) << text;
  }
}

TEST(Partitioner, PutsEveryPatientIntoAPartitionThatExists) {
  EXPECT_EQ(handling::partition_of("foobar", 1), ports::Partition{0});
  EXPECT_EQ(handling::partition_of("foobar", 12),
            ports::Partition{static_cast<std::int32_t>((-790332482 & 0x7fffffff) % 12)});
  std::vector<int> patients(12);
  for (int number = 1; number <= 1200; ++number) {
    const auto partition = handling::partition_of(std::to_string(number), 12);
    ++patients.at(static_cast<std::size_t>(partition.get()));
  }
  for (const int count : patients) EXPECT_GT(count, 50);
}

}  // namespace
