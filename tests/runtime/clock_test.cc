#include "infra/runtime/clock.h"

#include <gtest/gtest.h>

namespace {

using infra::runtime::make_clock;

TEST(KarteiClock, StandsStillAtTheTimeAskedFor) {
  const auto clock = make_clock("2026-02-01T09:00:00Z");
  ASSERT_TRUE(clock);
  EXPECT_EQ(core::format(clock.value()->now()), "2026-02-01T09:00:00Z");
  EXPECT_EQ(clock.value()->now(), clock.value()->now());
}

TEST(KarteiClock, IsTheSystemsWithoutAWish) {
  const auto clock = make_clock(std::nullopt);
  ASSERT_TRUE(clock);
  const auto earliest = core::parse_timestamp("2020-01-01T00:00:00Z");
  EXPECT_GT(clock.value()->now(), *earliest);
}

TEST(KarteiClock, RefusesWhatIsNoTime) {
  for (const char* wrong : {"", "tomorrow", "2026-02-30T00:00:00Z", "25:00"}) {
    SCOPED_TRACE(wrong);
    const auto clock = make_clock(wrong);
    ASSERT_FALSE(clock);
    EXPECT_NE(clock.error().find("KARTEI_CLOCK"), std::string::npos);
  }
}

}  // namespace
