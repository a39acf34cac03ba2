#include "infra/service/board.h"

#include <gtest/gtest.h>

namespace {

using infra::service::Board;
using infra::service::lags_since;
using infra::service::PartitionLag;
using Time = std::chrono::steady_clock::time_point;

constexpr Time kEarlier{std::chrono::seconds{100}};
constexpr Time kLater{std::chrono::seconds{200}};

Board::Entry entry() { return {{}, {ports::Incarnation{core::Uuid{}}, {}}}; }

using Lags = std::vector<PartitionLag>;

TEST(Board, AReadModelIsBehindSinceItsKeeperFirstSawRecordsThatItHasNotApplied) {
  EXPECT_EQ(lags_since(nullptr, {3}, kEarlier), (Lags{{3, kEarlier}}));
  Board::Entry at_the_end = entry();
  at_the_end.lags = {{0}};
  EXPECT_EQ(lags_since(&at_the_end, {3}, kLater), (Lags{{3, kLater}}));
}

TEST(Board, AReadModelThatStaysBehindIsSoSinceThen) {
  Board::Entry behind = entry();
  behind.lags = {{2, kEarlier}};
  EXPECT_EQ(lags_since(&behind, {3}, kLater), (Lags{{3, kEarlier}}));
}

TEST(Board, AReadModelThatCameToTheEndIsNotBehind) {
  Board::Entry behind = entry();
  behind.lags = {{2, kEarlier}};
  EXPECT_EQ(lags_since(&behind, {0}, kLater), (Lags{{0}}));
}

TEST(Board, EachPartitionIsBehindForItself) {
  Board::Entry before = entry();
  before.lags = {{2, kEarlier}, {5, kEarlier}, {0}};
  EXPECT_EQ(lags_since(&before, {1, 0, 4}, kLater), (Lags{{1, kEarlier}, {0}, {4, kLater}}));
}

}  // namespace
