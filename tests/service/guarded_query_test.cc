#include "infra/sqlite/guarded_query.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace {

namespace fs = std::filesystem;
using infra::sqlite::guarded_query;

constexpr infra::sqlite::QueryLimits kLimits{3, std::chrono::minutes{5}};

class GuardedQuery : public ::testing::Test {
 protected:
  GuardedQuery() {
    std::string pattern = (fs::temp_directory_path() / "guarded.XXXXXX").string();
    folder = mkdtemp(pattern.data());
    file = folder / "model.db";
    infra::sqlite::Connection connection{file, infra::sqlite::Open::create};
    connection.execute(
        "CREATE TABLE t (id INTEGER, name TEXT, bytes BLOB);"
        "INSERT INTO t VALUES (1, 'Ada', x'00ff'), (2, NULL, NULL)");
  }
  ~GuardedQuery() override { fs::remove_all(folder); }

  std::int64_t rows() {
    infra::sqlite::Connection connection{file, infra::sqlite::Open::read_only};
    return connection.number("SELECT count(*) FROM t");
  }

  fs::path folder;
  fs::path file;
};

TEST_F(GuardedQuery, AnswersASelectWithItsColumnsAndRows) {
  const auto table =
      guarded_query(file, "SELECT id, name, bytes, id * 1.5 FROM t ORDER BY id;", kLimits);
  ASSERT_TRUE(table);
  EXPECT_EQ(table.value().columns.size(), 4U);
  ASSERT_EQ(table.value().rows.size(), 2U);
  EXPECT_EQ(std::get<std::int64_t>(table.value().rows[0][0]), 1);
  EXPECT_EQ(std::get<std::string>(table.value().rows[0][1]), "Ada");
  EXPECT_EQ(std::get<std::string>(table.value().rows[0][2]), "00ff");
  EXPECT_EQ(std::get<double>(table.value().rows[0][3]), 1.5);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(table.value().rows[1][1]));
}

TEST_F(GuardedQuery, TakesCommonTableExpressionsAndFunctions) {
  EXPECT_TRUE(
      guarded_query(file,
                    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 3)"
                    " SELECT max(x), upper(name) FROM n, t",
                    kLimits));
}

TEST_F(GuardedQuery, RefusesWhatWouldWriteOrReachAnotherFile) {
  const std::string other = (folder / "other.db").string();
  for (const std::string& statement : {std::string{"INSERT INTO t VALUES (3, 'x', NULL)"},
                                       std::string{"DELETE FROM t"},
                                       std::string{"UPDATE t SET id = 9"},
                                       std::string{"DROP TABLE t"},
                                       std::string{"CREATE TABLE u (x)"},
                                       "ATTACH '" + other + "' AS o",
                                       "VACUUM INTO '" + other + "'",
                                       std::string{"VACUUM"},
                                       std::string{"PRAGMA user_version = 7"},
                                       std::string{"PRAGMA wal_checkpoint"},
                                       std::string{"BEGIN IMMEDIATE"},
                                       std::string{"SELECT load_extension('x')"},
                                       std::string{"SELECT 1; DELETE FROM t"},
                                       std::string{"CREATE TEMP TABLE u AS SELECT * FROM t"},
                                       std::string{"REINDEX"}}) {
    SCOPED_TRACE(statement);
    EXPECT_FALSE(guarded_query(file, statement, kLimits));
  }
  EXPECT_EQ(rows(), 2);
  EXPECT_FALSE(fs::exists(other));
}

TEST_F(GuardedQuery, ExplainsWhatIsNoStatement) {
  EXPECT_FALSE(guarded_query(file, "", kLimits));
  EXPECT_FALSE(guarded_query(file, "-- nothing", kLimits));
  EXPECT_FALSE(guarded_query(file, "SELEKT 1", kLimits));
  EXPECT_FALSE(guarded_query(file, "SELECT missing FROM t", kLimits));
  EXPECT_FALSE(guarded_query(file, std::string{"SELECT 1\0 DELETE", 16}, kLimits));
}

TEST_F(GuardedQuery, EndsWhatTakesTooLong) {
  const auto endless = guarded_query(
      file,
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
      {3, std::chrono::milliseconds{20}});
  ASSERT_FALSE(endless);
  EXPECT_NE(endless.error().find("takes too long"), std::string::npos);
}

TEST_F(GuardedQuery, RefusesAnAnswerWithMoreRowsThanAllowed) {
  const std::string four = "SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4";
  EXPECT_FALSE(guarded_query(file, four, kLimits));
  EXPECT_TRUE(guarded_query(file, four + " LIMIT 3", kLimits));
}

}  // namespace
