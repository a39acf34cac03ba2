#include <gtest/gtest.h>

#include "tests/domain/given.h"

namespace {

using patient::ExcludeTherapist;
using patient::Exclusion;
using patient::IncludeTherapist;
using patient::TherapistExcluded;
using tests::given;
using tests::kSchwarz;
using tests::kToday;
using tests::kWeiss;
using tests::kYesterday;

TEST(Exclusion, KeepsReasonAndDay) {
  const auto scene = given({tests::created()})
                         .when(ExcludeTherapist{kWeiss, "Streit"})
                         .then({{TherapistExcluded{kWeiss, "Streit", kToday},
                                 {tests::therapists({}, {kWeiss}), tests::touched_today()}}});
  EXPECT_EQ(scene.state().on_file()->exclusions.at(kWeiss), (Exclusion{"Streit", kToday}));
}

TEST(Exclusion, NeedsNoReason) {
  given({tests::created()})
      .when(ExcludeTherapist{kWeiss, std::nullopt})
      .then({{TherapistExcluded{kWeiss, std::nullopt, kToday},
              {tests::therapists({}, {kWeiss}), tests::touched_today()}}});
}

TEST(Exclusion, ListsTherapistsInAscendingOrder) {
  given({tests::created(), tests::excluded(kSchwarz)})
      .when(ExcludeTherapist{kWeiss, std::nullopt})
      .then({{TherapistExcluded{kWeiss, std::nullopt, kToday},
              {tests::therapists({kSchwarz}, {kWeiss, kSchwarz}), tests::touched_today()}}});
}

// The list of the 36 keys does not change, so neither does updated_at.
TEST(Exclusion, AgainWithAnotherReasonChangesTheReasonAndKeepsTheDay) {
  for (const auto& before : {std::optional<std::string>{"Streit"}, std::optional<std::string>{}}) {
    const auto scene = given({tests::created(), tests::excluded(kWeiss, before)})
                           .when(ExcludeTherapist{kWeiss, "Umzug"})
                           .then({{TherapistExcluded{kWeiss, "Umzug", kYesterday}, {}}});
    EXPECT_EQ(scene.state().on_file()->exclusions.at(kWeiss), (Exclusion{"Umzug", kYesterday}));
  }
}

TEST(Exclusion, AgainWithoutAReasonOrWithTheSameIsNothing) {
  given({tests::created(), tests::excluded(kWeiss, "Streit")})
      .when(ExcludeTherapist{kWeiss, std::nullopt})
      .nothing_happens();
  given({tests::created(), tests::excluded(kWeiss, "Streit")})
      .when(ExcludeTherapist{kWeiss, "Streit"})
      .nothing_happens();
  given({tests::created(), tests::excluded(kWeiss)})
      .when(ExcludeTherapist{kWeiss, std::nullopt})
      .nothing_happens();
}

// No parser stands before a reason, and the codec writes no text that it could not read back.
TEST(Exclusion, IsRefusedWithAReasonThatIsNoText) {
  for (const std::string& reason : {std::string{"\xFF"}, std::string{"a\0b", 3}}) {
    const auto scene = given({tests::created()})
                           .when(ExcludeTherapist{kWeiss, reason})
                           .refused(patient::RefusalCode::invalid);
    EXPECT_TRUE(scene.refusal().fields.contains("reason"));
  }
}

TEST(Exclusion, IsRevokedByIncluding) {
  const auto scene =
      given({tests::created(), tests::excluded(kWeiss, "Streit"), tests::excluded(kSchwarz)})
          .when(IncludeTherapist{kWeiss})
          .then({{patient::TherapistExclusionRevoked{kWeiss},
                  {tests::therapists({kWeiss, kSchwarz}, {kSchwarz}), tests::touched_today()}}});
  EXPECT_FALSE(scene.state().on_file()->exclusions.contains(kWeiss));
}

TEST(Exclusion, OfNobodyIsNotRevoked) {
  given({tests::created(), tests::excluded(kSchwarz)})
      .when(IncludeTherapist{kWeiss})
      .nothing_happens();
}

TEST(Exclusion, AfterARevocationBeginsAnew) {
  const auto scene = given({tests::created(),
                            tests::excluded(kWeiss, "Streit"),
                            {patient::TherapistExclusionRevoked{kWeiss}, {}}})
                         .when(ExcludeTherapist{kWeiss, std::nullopt});
  EXPECT_EQ(scene.state().on_file()->exclusions.at(kWeiss), (Exclusion{std::nullopt, kToday}));
}

}  // namespace
