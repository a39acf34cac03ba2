#include "tools/kartei/follow_status.h"

#include <gtest/gtest.h>

namespace {

using infra::service::Host;
using kartei::FollowStatus;
using std::chrono::milliseconds;

// A writer with two read models that have come so far.
Host::Health writer(std::int64_t first, std::int64_t second) {
  Host::Health health;
  health.opened = true;
  health.writer = true;
  health.models = {{.name = "a", .there = true, .position = first, .lag_events = 1},
                   {.name = "b", .there = true, .position = second, .lag_events = 7}};
  return health;
}

TEST(FollowStatus, SaysHowFarTheSlowestReadModelHasCome) {
  FollowStatus status;
  EXPECT_EQ(status.line(writer(900, 893), {}), "writer: 893 read, 7 behind, 0/s");
}

TEST(FollowStatus, HasTheRateOfTheLastWholeSecond) {
  FollowStatus status;
  FollowStatus::Time now{};
  EXPECT_EQ(status.line(writer(100, 100), now), "writer: 100 read, 7 behind, 0/s");
  now += milliseconds{500};
  EXPECT_EQ(status.line(writer(300, 300), now), "writer: 300 read, 7 behind, 0/s");
  now += milliseconds{1500};
  EXPECT_EQ(status.line(writer(1100, 1100), now), "writer: 1100 read, 7 behind, 500/s");
  now += milliseconds{900};
  EXPECT_EQ(status.line(writer(1200, 1200), now), "writer: 1200 read, 7 behind, 500/s");
  now += milliseconds{100};
  EXPECT_EQ(status.line(writer(1200, 1200), now), "writer: 1200 read, 7 behind, 100/s");
}

TEST(FollowStatus, HasNoRateBelowNothingWhenAReadModelBeginsAnew) {
  FollowStatus status;
  FollowStatus::Time now{};
  EXPECT_EQ(status.line(writer(100, 100), now), "writer: 100 read, 7 behind, 0/s");
  now += milliseconds{1000};
  EXPECT_EQ(status.line(writer(100, 10), now), "writer: 10 read, 7 behind, 0/s");
}

TEST(FollowStatus, SaysWhatOtherServicesSentAndWhatWaits) {
  FollowStatus status;
  FollowStatus::Time now{};
  Host::Health health = writer(5, 5);
  health.writer = false;
  EXPECT_EQ(status.line(health, now), "standby: 5 read, 7 behind, 0/s");
  health.consumed = {.recorded = 30, .dead = 2};
  health.commands_waiting = 4;
  health.models[0].quarantined = 1;
  now += milliseconds{2000};
  EXPECT_EQ(status.line(health, now),
            "standby: 5 read, 7 behind, 0/s; quarantined patients: 1; commands waiting: 4; "
            "contacts taken in: 30, 15/s; dead letters: 2");
}

TEST(FollowStatus, SaysWhatKeepsItFromGoingOn) {
  FollowStatus status;
  Host::Health health;
  health.writing.trouble = "nobody answers\nat x:1";
  health.projecting.trouble = health.writing.trouble;
  EXPECT_EQ(status.line(health, {}),
            "opening the log; nobody answers\xEF\xBF\xBD"
            "at x:1");
  health.opened = true;
  health.models = {{.name = "a", .there = false}};
  health.projecting.trouble = "no room";
  EXPECT_EQ(status.line(health, {}),
            "standby; read models being made: 1; nobody answers\xEF\xBF\xBD"
            "at x:1; read models: no room");
}

}  // namespace
