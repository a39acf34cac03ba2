#include <gtest/gtest.h>

#include "infra/sqlite/connection.h"
#include "tests/whole/process.h"

namespace {

using whole::new_patient;
using whole::Place;

TEST(Contract, SqlOnlyReads) {
  Place place;
  ASSERT_EQ(place.json(new_patient("7")).status, 0);
  ASSERT_EQ(place.json({"patient", "list"}).status, 0);
  const std::string copy = (place.folder() / "copy.db").string();
  for (const std::string& sql : {std::string{"INSERT INTO directory(patient_id) VALUES ('9')"},
                                 std::string{"DELETE FROM directory"},
                                 "ATTACH '" + copy + "' AS x",
                                 std::string{"PRAGMA user_version = 3"},
                                 "VACUUM INTO '" + copy + "'",
                                 std::string{"SELECT load_extension('x')"},
                                 std::string{"SELECT 1; SELECT 2"},
                                 std::string{"DROP TABLE directory"},
                                 std::string{""},
                                 std::string{"SELECT"},
                                 std::string{"PRAGMA writable_schema = 1"},
                                 std::string{"PRAGMA journal_mode"},
                                 std::string{"WITH x(n) AS (SELECT 1) DELETE FROM directory"},
                                 std::string{"UPDATE directory SET ort = 'x' RETURNING ort"},
                                 std::string{"REPLACE INTO directory(patient_id) VALUES ('7')"},
                                 std::string{"CREATE TEMP TABLE x(n)"},
                                 std::string{"BEGIN IMMEDIATE"},
                                 std::string{"EXPLAIN DROP TABLE directory"},
                                 std::string{"SELECT * FROM pragma_journal_mode('delete')"},
                                 std::string{"SELECT writefile('x', 'y')"},
                                 std::string{"SELECT readfile('/etc/hostname')"},
                                 std::string{"DETACH main"},
                                 std::string{"SELECT 1; DROP TABLE directory"},
                                 std::string{"-- nothing"},
                                 std::string(100'000, '(')}) {
    SCOPED_TRACE(sql);
    const auto ran = place.json({"query", "sql", "directory", sql});
    EXPECT_EQ(ran.status, 4) << ran.out;
    EXPECT_EQ(ran.code(), "\"invalid\"");
  }
  EXPECT_FALSE(std::filesystem::exists(copy));
  const auto counted =
      place.json({"query", "sql", "directory", "SELECT count(*) AS n FROM directory"});
  EXPECT_EQ(counted.at("data"), "{\"columns\":[\"n\"],\"rows\":[[1]]}");
}

TEST(Contract, SqlGivesEveryKindOfCell) {
  Place place;
  ASSERT_EQ(place.json(new_patient("7")).status, 0);
  const auto ran = place.json(
      {"query", "sql", "directory", "SELECT 1 AS a, 0.5 AS b, 'ä' AS c, NULL AS d, x'00ff' AS e;"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.at("data"),
            R"({"columns":["a","b","c","d","e"],"rows":[[1,0.5,"ä",null,"00ff"]]})");
}

TEST(Contract, VerifyNamesEveryTamperedCell) {
  Place place;
  ASSERT_EQ(place.json(new_patient("7")).status, 0);
  ASSERT_EQ(place.json({"patient", "list"}).status, 0);
  {
    infra::sqlite::Connection connection{place.data() / "read/directory.g0001.db",
                                         infra::sqlite::Open::read_write};
    connection.execute("UPDATE directory SET nachname = 'Falsch'");
  }
  const auto ran = place.json({"projection", "verify", "directory"});
  EXPECT_EQ(ran.status, 7);
  EXPECT_EQ(ran.at("ok"), "true");
  EXPECT_EQ(ran.at("data.0.drift"),
            "[{\"patient_id\":7,\"table\":\"directory\",\"column\":\"nachname\",\"live\":"
            "\"Falsch\",\"rebuilt\":\"Probe\"}]")
      << ran.out;
  EXPECT_EQ(place.json({"projection", "rebuild", "directory"}).status, 0);
  EXPECT_EQ(place.json({"projection", "verify", "--all"}).status, 0);
}

}  // namespace
