#include "domain/handling/partitioner.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

// Computed apart from our code. The hash itself is compared with the Java client's in tests/domain.
TEST(Placement, OfAPatientNeverChanges) {
  struct Golden {
    std::string patient;
    std::int32_t of_12;
    std::int32_t of_64;
    std::int32_t of_1024;
  };
  const std::vector<Golden> golden{
      {"", 9, 25, 217},
      {"1", 3, 15, 911},
      {"21", 0, 44, 236},
      {"123", 5, 45, 813},
      {"4711", 10, 10, 266},
      {"100000001", 11, 19, 467},
      {"2147483647", 5, 53, 565},
      {"Zoë", 10, 30, 798},
  };
  for (const Golden& one : golden) {
    SCOPED_TRACE(one.patient);
    EXPECT_EQ(handling::partition_of(one.patient, 1), ports::Partition{0});
    EXPECT_EQ(handling::partition_of(one.patient, 12), ports::Partition{one.of_12});
    EXPECT_EQ(handling::partition_of(one.patient, 64), ports::Partition{one.of_64});
    EXPECT_EQ(handling::partition_of(one.patient, 1024), ports::Partition{one.of_1024});
  }
}

}  // namespace
