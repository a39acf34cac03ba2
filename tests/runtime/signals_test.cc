#include "infra/runtime/signals.h"

#include <gtest/gtest.h>

namespace {

using infra::runtime::StopSignals;

TEST(StopSignals, AskInsteadOfEndingTheProcess) {
  for (const int signal : {SIGTERM, SIGINT}) {
    SCOPED_TRACE(signal);
    StopSignals signals;
    EXPECT_FALSE(signals.requested());
    ASSERT_EQ(std::raise(signal), 0);
    EXPECT_TRUE(signals.requested());
  }
}

TEST(StopSignals, ForgetTheOldRequestWithANewWatch) {
  {
    StopSignals signals;
    ASSERT_EQ(std::raise(SIGTERM), 0);
  }
  EXPECT_FALSE(StopSignals{}.requested());
}

TEST(StopSignalsDeathTest, EndTheProcessAtTheSecondRequest) {
  const auto twice = [] {
    StopSignals signals;
    static_cast<void>(std::raise(SIGTERM));
    static_cast<void>(std::raise(SIGTERM));
  };
  EXPECT_EXIT(twice(), ::testing::KilledBySignal(SIGTERM), "");
}

TEST(StopSignalsDeathTest, LeaveSignalsAsTheyFoundThem) {
  const auto afterwards = [] {
    { StopSignals signals; }
    static_cast<void>(std::raise(SIGINT));
  };
  EXPECT_EXIT(afterwards(), ::testing::KilledBySignal(SIGINT), "");
}

}  // namespace
