#include "infra/service/board.h"

#include <gtest/gtest.h>

namespace {

using infra::service::behind_since;
using infra::service::Board;
using Time = std::chrono::steady_clock::time_point;

constexpr Time kEarlier{std::chrono::seconds{100}};
constexpr Time kLater{std::chrono::seconds{200}};

Board::Entry entry() { return {{}, {ports::Incarnation{core::Uuid{}}, {}}}; }

TEST(Board, AReadModelIsBehindSinceItsKeeperFirstSawRecordsThatItHasNotApplied) {
  EXPECT_EQ(behind_since(nullptr, 3, kEarlier), kEarlier);
  const Board::Entry at_the_end = entry();
  EXPECT_EQ(behind_since(&at_the_end, 3, kLater), kLater);
}

TEST(Board, AReadModelThatStaysBehindIsSoSinceThen) {
  Board::Entry behind = entry();
  behind.behind_since = kEarlier;
  EXPECT_EQ(behind_since(&behind, 3, kLater), kEarlier);
}

TEST(Board, AReadModelThatCameToTheEndIsNotBehind) {
  Board::Entry behind = entry();
  behind.behind_since = kEarlier;
  EXPECT_EQ(behind_since(&behind, 0, kLater), std::nullopt);
}

}  // namespace
