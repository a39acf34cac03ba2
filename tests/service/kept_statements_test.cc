#include <gtest/gtest.h>

#include "infra/sqlite/statement.h"

// A connection keeps statements that were let go. Whoever gets one back must not be able to tell.
namespace {

using infra::sqlite::Connection;
using infra::sqlite::Statement;

class KeptStatements : public ::testing::Test {
 protected:
  KeptStatements() {
    connection.execute("CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1), (2)");
  }
  Connection connection{":memory:", infra::sqlite::Open::create};
};

TEST_F(KeptStatements, TwoOfTheSameTextAtATimeAreEachTheirOwn) {
  const std::string sql = "SELECT n FROM t ORDER BY n";
  { Statement{connection, sql}.run(); }
  Statement one{connection, sql};
  Statement other{connection, sql};
  ASSERT_TRUE(one.step() && one.step() && other.step());
  EXPECT_EQ(one.integer(0), 2);
  EXPECT_EQ(other.integer(0), 1);
}

TEST_F(KeptStatements, OneLetGoHalfwayBeginsAgainAndStandsInNobodysWay) {
  const std::string sql = "SELECT n FROM t ORDER BY n";
  {
    Statement half{connection, sql};
    ASSERT_TRUE(half.step());
  }
  Statement again{connection, sql};
  ASSERT_TRUE(again.step());
  EXPECT_EQ(again.integer(0), 1);
  again.reset();
  {
    Statement half{connection, sql};
    ASSERT_TRUE(half.step());
  }
  EXPECT_TRUE(connection.try_execute("DROP TABLE t"));
}

TEST_F(KeptStatements, OneTakenAgainRemembersNoValue) {
  const std::string sql = "SELECT ?1";
  {
    Statement bound{connection, sql};
    ASSERT_TRUE(bound.bind(1, std::int64_t{7}).step());
  }
  Statement unbound{connection, sql};
  ASSERT_TRUE(unbound.step());
  EXPECT_TRUE(unbound.is_null(0));
}

TEST_F(KeptStatements, OneTakenAgainSeesTheTablesAsTheyAreNow) {
  const std::string sql = "SELECT * FROM t WHERE n = 1";
  { Statement{connection, sql}.run(); }
  connection.execute("ALTER TABLE t ADD COLUMN m INTEGER DEFAULT 5");
  Statement again{connection, sql};
  ASSERT_TRUE(again.step());
  ASSERT_EQ(again.columns(), 2);
  EXPECT_EQ(again.integer(1), 5);
}

TEST_F(KeptStatements, OneThatFailedFailsAgainForTheSameReasonAndNoOther) {
  connection.execute("CREATE UNIQUE INDEX u ON t (n)");
  const std::string sql = "INSERT INTO t VALUES (?1)";
  EXPECT_THROW(Statement(connection, sql).bind(1, std::int64_t{1}).run(), infra::sqlite::Error);
  EXPECT_NO_THROW(Statement(connection, sql).bind(1, std::int64_t{3}).run());
  EXPECT_THROW(Statement(connection, sql).bind(1, std::int64_t{3}).run(), infra::sqlite::Error);
}

TEST_F(KeptStatements, MoreThanAreKeptAreNoTrouble) {
  for (int round = 0; round < 2; ++round) {
    for (std::int64_t number = 0; number < 100; ++number) {
      Statement select{connection, "SELECT " + std::to_string(number)};
      ASSERT_TRUE(select.step());
      EXPECT_EQ(select.integer(0), number);
    }
  }
}

}  // namespace
