#include "tests/service/read_models.h"

// Rebuild, verify, preview, cut over, roll back and discard.
namespace testing_service {
namespace {

using infra::service::ProblemCode;

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

TEST_F(ReadModels, AnUnknownNameNamesTheKnownOnes) {
  for (const auto& problem : {kartei->rebuild({"directori"}, true).error(),
                              kartei->verify({"directori"}).error(),
                              kartei->preview("directori").error()}) {
    EXPECT_EQ(problem.code, ProblemCode::usage);
    EXPECT_NE(problem.message.find("letzter_kontakt"), std::string::npos);
  }
}

}  // namespace
}  // namespace testing_service
