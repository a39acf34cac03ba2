#include "infra/gcs/bucket.h"

#include <gtest/gtest.h>

#include "tests/gcs/emulator.h"

// The steps that an emulator knows as the service does.
namespace {

using Objects = std::map<std::string, std::string>;

class BucketOfAnEmulator : public ::testing::Test {
 protected:
  testing_gcs::Emulator& emulator = testing_gcs::Emulator::shared();
  const std::string name = emulator.make_bucket();
  infra::outgoing::Client client;
  infra::gcs::Bucket bucket{emulator.url(), name, client, nullptr};
};

TEST_F(BucketOfAnEmulator, CopiesTheContentThatWasLookedAt) {
  emulator.put(name, "a", "one");
  const auto old = bucket.find("a");
  ASSERT_TRUE(old);
  const auto copy = bucket.copy(*old, "b");
  ASSERT_TRUE(copy);
  EXPECT_EQ(copy->md5, old->md5);
  EXPECT_NE(copy->generation, old->generation);
  emulator.put(name, "a", "two");
  EXPECT_FALSE(bucket.copy(*old, "c"));
  EXPECT_FALSE(bucket.read(*old));
  EXPECT_EQ(emulator.objects(name, ""), (Objects{{"a", "two"}, {"b", "one"}}));
}

}  // namespace
