#include <fstream>

#include "domain/core/broken.h"
#include "infra/log_embedded/embedded_log.h"
#include "tests/service/read_models.h"

// Read models that are damaged, would lose somebody, or are of another log.
namespace testing_service {
namespace {

using infra::service::ProblemCode;

TEST_F(ReadModels, AShadowThatWouldLoseAPatientDoesNotGoLive) {
  EXPECT_EQ(town(3), "");
  // The live one has not yet read what the shadow cannot read: it is asked before it is blamed.
  kartei.reset();
  {
    auto log = infra::log_embedded::EmbeddedLog::open(
        folder, clock, infra::log_embedded::Access::read_write);
    std::optional<ports::Partition> home;
    const auto reader =
        log->open_reader(ports::Topic::patient_events, ports::from_the_beginning(*log));
    while (reader->poll(100, [&](const ports::Record& record) {
      if (record.key == "3") home = record.partition;
    }) > 0) {
    }
    ASSERT_TRUE(home);
    const std::vector<ports::NewRecord> bad{
        {ports::Topic::patient_events, *home, "3", std::string{"\xFF\xFF"}}};
    ASSERT_TRUE(std::holds_alternative<ports::Committed>(log->open_writer("")->append(bad)));
  }
  open();
  const auto rebuilt = kartei->rebuild({"directory"}, true);
  ASSERT_TRUE(rebuilt);
  const Raw& row = std::get<Raw::Array>(rebuilt.value().value).at(0);
  EXPECT_TRUE(std::get<bool>(field(row, "cutover").value)) << "the live one has lost it as well";
  const auto shown = kartei->show(PatientId::numbered(3), {});
  ASSERT_FALSE(shown);
  EXPECT_EQ(shown.error().code, ProblemCode::quarantined);
  // A live one that still shows the patient, as an older program's may.
  tamper("directory.g0002.db", "DELETE FROM quarantine");
  const auto again = kartei->rebuild({"directory"}, true);
  ASSERT_TRUE(again);
  const Raw& kept = std::get<Raw::Array>(again.value().value).at(0);
  EXPECT_FALSE(std::get<bool>(field(kept, "cutover").value));
  ASSERT_FALSE(notices.empty());
  EXPECT_NE(notices.back().find("patient 3 would be quarantined"), std::string::npos);
  ASSERT_TRUE(kartei->repair(PatientId::numbered(3), "test"));
  EXPECT_TRUE(kartei->show(PatientId::numbered(3), {}));
  EXPECT_TRUE(kartei->cut_over("directory"));
}

TEST_F(ReadModels, ADamagedFileIsMadeAgainAndSaidSo) {
  EXPECT_EQ(town(3), "");
  kartei.reset();
  std::ofstream{folder / "read" / "directory.g0001.db"} << "no database";
  open();
  move(3, "Bonn");
  EXPECT_EQ(town(3), "Bonn");
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_NE(notices.front().find("directory was made again"), std::string::npos);
}

// A page that only a question touches: bringing the read model to the head sees nothing of it.
TEST_F(ReadModels, DamageThatAQuestionMeetsIsMendedAndTheQuestionAnswered) {
  move(3, "Bonn");
  EXPECT_EQ(town(3), "Bonn");
  tamper("directory.g0001.db",
         "PRAGMA writable_schema = ON;"
         "UPDATE sqlite_master SET rootpage = 1000000 WHERE name = 'directory'");
  EXPECT_EQ(town(3), "Bonn");
  ASSERT_FALSE(notices.empty());
  EXPECT_NE(notices.back().find("directory was made again"), std::string::npos);
  EXPECT_TRUE(kartei->show(PatientId::numbered(3), {}));
}

TEST_F(ReadModels, AreNotRebuiltFromALogThatTookTheirLogsPlace) {
  EXPECT_EQ(town(3), "");
  kartei.reset();
  fs::remove(folder / "log.db");
  fs::remove(folder / "log.head");
  static_cast<void>(infra::log_embedded::EmbeddedLog::create(
      folder, ports::kPartitionsDefault, ports::Incarnation{ids.random()}, clock));
  open();
  try {
    static_cast<void>(kartei->rebuild({}, true));
    ADD_FAILURE() << "it was rebuilt";
  } catch (const core::Broken& broken) {
    EXPECT_EQ(broken.kind(), core::Breakage::log_mismatch);
    EXPECT_NE(std::string{broken.what()}.find("states.db"), std::string::npos);
  }
}

}  // namespace
}  // namespace testing_service
