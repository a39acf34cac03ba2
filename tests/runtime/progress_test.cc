#include "infra/runtime/progress.h"

#include <gtest/gtest.h>

#include <sstream>

namespace {

using infra::runtime::ProgressReporter;
using infra::runtime::StatusLine;
using std::chrono::milliseconds;

struct ManualTime {
  std::chrono::steady_clock::time_point now{};
  ProgressReporter::Now source() {
    return [this] { return now; };
  }
};

TEST(Progress, OfShortWorkIsSilent) {
  std::ostringstream out;
  ManualTime time;
  {
    StatusLine status{out, true};
    ProgressReporter reporter{out, status, time.source()};
    reporter.report("rebuild", 0, 100);
    time.now += milliseconds{100};
    reporter.report("rebuild", 100, 100);
  }
  EXPECT_EQ(out.str(), "");
}

TEST(Progress, WithoutATerminalIsAPlainLineEveryThreeSeconds) {
  std::ostringstream out;
  ManualTime time;
  StatusLine status{out, false};
  ProgressReporter reporter{out, status, time.source()};
  for (int i = 0; i <= 60; ++i) {
    reporter.report("rebuild", i * 100, 12000);
    time.now += milliseconds{100};
  }
  EXPECT_EQ(out.str(),
            "rebuild: 3000 of 12000, 1000/s, 25 %, 9 s left\n"
            "rebuild: 6000 of 12000, 1000/s, 50 %, 6 s left\n");
}

TEST(Progress, OnATerminalRewritesOneLineAndClearsIt) {
  std::ostringstream out;
  ManualTime time;
  {
    StatusLine status{out, true};
    ProgressReporter reporter{out, status, time.source()};
    reporter.report("verify", 0, 0);
    time.now += milliseconds{500};
    reporter.report("verify", 50, 0);
  }
  EXPECT_EQ(out.str(), "\r\x1b[K\x1b[?7lverify: 50, 100/s\x1b[?7h\r\x1b[K");
}

TEST(Progress, CountsTheRateFromWhereTheWorkWasTakenUp) {
  std::ostringstream out;
  ManualTime time;
  StatusLine status{out, false};
  ProgressReporter reporter{out, status, time.source()};
  reporter.report("rebuild", 900'000, 1'000'000);
  time.now += milliseconds{3000};
  reporter.report("rebuild", 900'300, 1'000'000);
  EXPECT_EQ(out.str(), "rebuild: 900300 of 1000000, 100/s, 90 %, 16 min 37 s left\n");
}

TEST(Progress, StartsAfreshWithAnotherPieceOfWork) {
  std::ostringstream out;
  ManualTime time;
  StatusLine status{out, false};
  ProgressReporter reporter{out, status, time.source()};
  reporter.report("directory", 0, 100);
  time.now += milliseconds{2900};
  reporter.report("timeline", 0, 100);
  time.now += milliseconds{2900};
  reporter.report("timeline", 50, 100);
  EXPECT_EQ(out.str(), "");
}

}  // namespace
