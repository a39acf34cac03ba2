#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "domain/core/broken.h"
#include "infra/codec/digest.h"
#include "infra/codec/json.h"
#include "infra/log_embedded/embedded_log.h"
#include "infra/runtime/clock.h"
#include "infra/runtime/ids.h"
#include "infra/service/kartei.h"
#include "infra/sqlite/connection.h"

// Rebuild, verify, preview, cut over, roll back and discard on a whole data directory.
namespace {

namespace fs = std::filesystem;
using core::Raw;
using infra::service::Kartei;
using infra::service::ProblemCode;
using patient::Key;
using patient::PatientId;

class ReadModels : public ::testing::Test {
 protected:
  ReadModels() {
    std::string pattern = (fs::temp_directory_path() / "kartei-XXXXXX").string();
    folder = mkdtemp(pattern.data());
    open();
    for (int number = 1; number <= 9; ++number) {
      run({std::nullopt,
           patient::Create{{{Key::anrede, std::string{"Frau"}},
                            {Key::geschlecht, std::string{"weiblich"}},
                            {Key::vorname, "Vorname" + std::to_string(number)},
                            {Key::nachname, std::string{"Probe"}}},
                           std::nullopt,
                           {patient::TherapistId{number}},
                           std::nullopt}});
    }
  }
  ~ReadModels() override {
    kartei.reset();
    fs::remove_all(folder);
  }

  void open() {
    kartei.reset();
    kartei = std::make_unique<Kartei>(infra::service::Surroundings{
        folder,
        clock,
        ids,
        [this](std::string_view notice) { notices.emplace_back(notice); },
        [this](const infra::service::Progress&) { ++progress; }});
  }

  struct Asked {
    std::optional<PatientId> patient;
    patient::Command command;
  };
  void run(const Asked& asked) {
    const std::vector<handling::Submission> submissions{
        {patient::CommandId{ids.random()},
         infra::codec::command_digest(asked.patient, asked.command),
         asked.patient,
         asked.command,
         handling::ExpectAny{},
         "test",
         patient::CorrelationId{ids.random()}}};
    ASSERT_TRUE(std::holds_alternative<handling::Done>(kartei->handle(submissions).front()));
  }
  void move(std::int64_t patient, const std::string& town) {
    run({PatientId::numbered(patient), patient::Update{{{Key::ort, town}}, {}, {}}});
  }

  // "live 1" …, as `projection list` says it of one projection.
  std::vector<std::string> generations(const std::string& name) {
    std::vector<std::string> found;
    const Raw listed = kartei->projections();
    for (const Raw& row : std::get<Raw::Array>(listed.value)) {
      if (text(row, "name") != name) continue;
      const auto* number = std::get_if<std::int64_t>(&field(row, "generation").value);
      found.push_back(text(row, "state") + (number ? ' ' + std::to_string(*number) : ""));
    }
    return found;
  }

  static const Raw& field(const Raw& object, std::string_view key) {
    for (const auto& [name, value] : std::get<Raw::Object>(object.value)) {
      if (name == key) return value;
    }
    throw std::runtime_error("no field " + std::string{key});
  }
  static std::string text(const Raw& object, std::string_view key) {
    return std::get<std::string>(field(object, key).value);
  }

  // How the live directory has a patient's town, by plain SQL.
  std::string town(std::int64_t patient) {
    const auto answer = kartei->sql(
        "directory",
        "SELECT ort FROM directory WHERE patient_id = '" + std::to_string(patient) + "'",
        {});
    if (!answer) return answer.error().message;
    const auto& row = std::get<Raw::Array>(field(answer.value().data, "rows").value).at(0);
    const auto* found = std::get_if<std::string>(&std::get<Raw::Array>(row.value).at(0).value);
    return found != nullptr ? *found : "";
  }
  // Somebody else's hand in a read model, behind our back.
  void tamper(const std::string& file, const std::string& statement) {
    kartei.reset();
    infra::sqlite::Connection{folder / "read" / file, infra::sqlite::Open::read_write}.execute(
        statement);
    open();
  }

  fs::path folder;
  infra::runtime::FixedClock clock{std::chrono::sys_days{std::chrono::year{2026} / 2 / 3}};
  infra::runtime::Ids ids;
  std::vector<std::string> notices;
  int progress = 0;
  std::unique_ptr<Kartei> kartei;
  using Names = std::vector<std::string>;
};

TEST_F(ReadModels, AreNotBuiltBeforeSomebodyAsks) {
  EXPECT_EQ(generations("directory"), Names{"not built yet"});
  move(3, "Bonn");
  EXPECT_EQ(town(3), "Bonn");
  EXPECT_EQ(generations("directory"), Names{"live 1"});
  EXPECT_EQ(generations("timeline"), Names{"not built yet"});
}

TEST_F(ReadModels, ARebuildGoesLiveAndLeavesTheOldOneToGoBackTo) {
  EXPECT_EQ(town(3), "");
  const auto rebuilt = kartei->rebuild({}, true);
  ASSERT_TRUE(rebuilt);
  for (const Raw& row : std::get<Raw::Array>(rebuilt.value().value)) {
    EXPECT_TRUE(std::get<bool>(field(row, "cutover").value));
    EXPECT_GT(std::get<std::int64_t>(field(row, "events").value), 0);
  }
  EXPECT_GT(progress, 0);
  EXPECT_EQ(generations("directory"), (Names{"previous 1", "live 2"}));
  move(3, "Bonn");
  EXPECT_EQ(town(3), "Bonn");
  ASSERT_TRUE(kartei->roll_back("directory"));
  EXPECT_EQ(generations("directory"), (Names{"live 1", "previous 2"}));
  EXPECT_EQ(town(3), "Bonn") << "an old generation is brought to the head before it answers";
  ASSERT_TRUE(kartei->discard("directory"));
  EXPECT_EQ(generations("directory"), Names{"live 1"});
  EXPECT_FALSE(fs::exists(folder / "read" / "directory.g0002.db"));
  const auto nothing = kartei->roll_back("directory");
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, ProblemCode::not_found);
}

TEST_F(ReadModels, VerifyFindsNothingUntilAHandWasInThem) {
  auto checked = kartei->verify({});
  ASSERT_TRUE(checked);
  EXPECT_FALSE(checked.value().found);
  tamper("directory.g0001.db", "UPDATE directory SET nachname = 'Anders' WHERE patient_id = '4'");
  tamper("exclusions.g0001.db", "DELETE FROM exclusions WHERE patient_id = '5'");
  checked = kartei->verify({});
  ASSERT_TRUE(checked);
  EXPECT_TRUE(checked.value().found);
  std::map<std::string, std::size_t> drifts;
  for (const Raw& row : std::get<Raw::Array>(checked.value().data.value)) {
    const auto& drift = std::get<Raw::Array>(field(row, "drift").value);
    drifts[text(row, "name")] = drift.size();
    if (text(row, "name") != "directory") continue;
    const Raw& one = drift.at(0);
    EXPECT_EQ(std::get<std::int64_t>(field(one, "patient_id").value), 4);
    EXPECT_EQ(text(one, "column"), "nachname");
    EXPECT_EQ(text(one, "live"), "Anders");
    EXPECT_EQ(text(one, "rebuilt"), "Probe");
  }
  EXPECT_EQ(drifts,
            (std::map<std::string, std::size_t>{{"directory", 1},
                                                {"letzter_kontakt", 0},
                                                {"exclusions", 1},
                                                {"contacts", 0},
                                                {"status_history", 0},
                                                {"timeline", 0}}));
  for (const auto& entry : fs::directory_iterator{folder / "read"}) {
    EXPECT_EQ(entry.path().string().find("verify"), std::string::npos) << "left behind";
  }
  ASSERT_TRUE(kartei->rebuild({"directory", "exclusions"}, true));
  EXPECT_FALSE(kartei->verify({}).value().found);
}

TEST_F(ReadModels, PreviewShowsWhatAShadowWouldChangeAndChangesNothing) {
  const auto none = kartei->preview("directory");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ProblemCode::not_found);
  EXPECT_EQ(town(3), "");
  tamper("directory.g0001.db", "UPDATE directory SET ort = 'Anders' WHERE patient_id = '3'");
  ASSERT_TRUE(kartei->rebuild({"directory"}, false));
  EXPECT_EQ(generations("directory"), (Names{"live 1", "shadow 2"}));
  move(4, "Bonn");
  const auto seen = kartei->preview("directory");
  ASSERT_TRUE(seen);
  EXPECT_EQ(std::get<Raw::Array>(field(seen.value().data, "drift").value).size(), 1U)
      << "both stand at the head; what came meanwhile is in both";
  EXPECT_EQ(town(3), "Anders");
  ASSERT_TRUE(kartei->cut_over("directory"));
  EXPECT_EQ(town(3), "");
  EXPECT_EQ(town(4), "Bonn");
  EXPECT_FALSE(kartei->cut_over("directory")) << "there is no shadow any more";
}

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

TEST_F(ReadModels, AnUnknownNameNamesTheKnownOnes) {
  for (const auto& problem : {kartei->rebuild({"directori"}, true).error(),
                              kartei->verify({"directori"}).error(),
                              kartei->preview("directori").error()}) {
    EXPECT_EQ(problem.code, ProblemCode::usage);
    EXPECT_NE(problem.message.find("letzter_kontakt"), std::string::npos);
  }
}

}  // namespace
