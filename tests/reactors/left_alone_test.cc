#include <gtest/gtest.h>

#include "infra/reactors/confirming.h"

// How long a communication service that failed is left alone.
namespace infra::reactors {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(LeftAlone, IsAsLongAsWeWouldByOurselvesOrAsItAskedFor) {
  EXPECT_EQ(left_alone(milliseconds{1000}, seconds{0}), milliseconds{1000});
  EXPECT_EQ(left_alone(milliseconds{1000}, seconds{3}), milliseconds{3000});
  EXPECT_EQ(left_alone(milliseconds{64'000}, seconds{3}), milliseconds{64'000});
}

TEST(LeftAlone, IsNeverOverFiveMinutes) {
  EXPECT_EQ(left_alone(milliseconds{1000}, seconds{301}), minutes{5});
  EXPECT_EQ(left_alone(milliseconds{1000}, seconds::max()), minutes{5});
}

}  // namespace
}  // namespace infra::reactors
