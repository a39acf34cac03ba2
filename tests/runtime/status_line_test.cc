#include "infra/runtime/status_line.h"

#include <gtest/gtest.h>

#include <sstream>

namespace {

using infra::runtime::StatusLine;

TEST(StatusLine, IsRewrittenInPlaceAndCutOffAtTheEdge) {
  std::ostringstream out;
  StatusLine status{out, true};
  status.show("one");
  status.show("two");
  EXPECT_EQ(out.str(), "\r\x1b[K\x1b[?7lone\x1b[?7h\r\x1b[K\x1b[?7ltwo\x1b[?7h");
}

TEST(StatusLine, IsNotWrittenAgainWhileItStaysAsItIs) {
  std::ostringstream out;
  StatusLine status{out, true};
  status.show("one");
  const std::string once = out.str();
  status.show("one");
  EXPECT_EQ(out.str(), once);
}

TEST(StatusLine, MakesRoomForLinesThatStay) {
  std::ostringstream out;
  StatusLine status{out, true};
  status.show("one");
  out.str("");
  status.above([&] { out << "for good\n"; });
  status.show("one");
  EXPECT_EQ(out.str(), "\r\x1b[Kfor good\n\r\x1b[K\x1b[?7lone\x1b[?7h");
}

TEST(StatusLine, IsClearedAtTheEnd) {
  std::ostringstream out;
  {
    StatusLine status{out, true};
    status.show("one");
    out.str("");
  }
  EXPECT_EQ(out.str(), "\r\x1b[K");
}

TEST(StatusLine, IsNothingWhereThereIsNoTerminal) {
  std::ostringstream out;
  {
    StatusLine status{out, false};
    status.show("one");
    status.above([&] { out << "for good\n"; });
    status.show("two");
  }
  EXPECT_EQ(out.str(), "for good\n");
}

}  // namespace
