#include <gtest/gtest.h>

#include "tests/domain/given.h"

namespace {

using patient::Key;
using patient::None;
using patient::RefusalCode;
using patient::Status;
using patient::TherapistIds;
using tests::given;

TEST(Update, NamesOldAndNewOfEachKeyThatChanges) {
  given({tests::created({{Key::ort, "Köln"}})})
      .when(tests::update({{Key::vorname, "Grace"}, {Key::ort, None{}}, {Key::plz, "50667"}}))
      .then({{patient::Updated{},
              {{Key::vorname, "Ada", "Grace"},
               {Key::plz, None{}, "50667"},
               {Key::ort, "Köln", None{}},
               tests::touched_today()}}});
}

// The brief order of a patch is the wire order; a change list is sorted whatever the patch was.
TEST(Update, ListsItsChangesInWireOrder) {
  const auto scene = given({tests::created()})
                         .when(tests::update({{Key::vertraege_unterschrieben, true},
                                              {Key::zahlung_eingegangen, true}}));
  EXPECT_EQ(scene.state().on_file()->fields[Key::startdatum], patient::Value{tests::kToday});
  given({tests::created()})
      .when(
          tests::update({{Key::vertraege_unterschrieben, true}, {Key::zahlung_eingegangen, true}}))
      .then({{patient::Updated{},
              {{Key::vertraege_unterschrieben, false, true},
               {Key::startdatum, None{}, tests::kToday},
               {Key::zahlung_eingegangen, false, true},
               tests::touched_today()}},
             {patient::StatusChanged{}, {{Key::status, Status::offen, Status::auf_der_suche}}}});
}

TEST(Update, LeavesOutKeysThatHaveTheirValueAlready) {
  given({tests::created({{Key::ort, "Köln"}})})
      .when(tests::update({{Key::vorname, "Ada"}, {Key::ort, "Bonn"}}))
      .then({{patient::Updated{}, {{Key::ort, "Köln", "Bonn"}, tests::touched_today()}}});
}

TEST(Update, ThatChangesNothingIsNothing) {
  given({tests::created()}).when(patient::Update{}).nothing_happens();
  patient::Update same = tests::update({{Key::vorname, "Ada"}, {Key::ort, None{}}});
  same.status = Status::offen;
  same.excluded = {tests::kWeiss};
  given({tests::created(), tests::excluded(tests::kWeiss, "Streit")}).when(same).nothing_happens();
}

TEST(Update, MovesUpdatedAtOncePerDay) {
  given({tests::created(), tests::changed(Key::updated_at, tests::kYesterday)})
      .when(tests::update({{Key::ort, "Bonn"}}))
      .then({{patient::Updated{},
              {{Key::ort, None{}, "Bonn"}, {Key::updated_at, tests::kYesterday, tests::kToday}}}});
  given({tests::created(), tests::changed(Key::updated_at, tests::kToday)})
      .when(tests::update({{Key::ort, "Bonn"}}))
      .then({{patient::Updated{}, {{Key::ort, None{}, "Bonn"}}}});
}

TEST(Update, DoesItsEffectsInOrderFieldsThenExclusionsThenTheStatus) {
  patient::Update command = tests::update({{Key::ort, "Bonn"}});
  command.status = Status::in_therapie;
  command.excluded = {tests::kWeiss, tests::kSchwarz, tests::kBraun};
  auto schwarz = tests::excluded(tests::kSchwarz, std::nullopt, tests::kToday);
  schwarz.changes = {tests::therapists({tests::kWeiss}, {tests::kWeiss, tests::kSchwarz})};
  auto braun = tests::excluded(tests::kBraun, std::nullopt, tests::kToday);
  braun.changes = {tests::therapists({tests::kWeiss, tests::kSchwarz},
                                     {tests::kWeiss, tests::kSchwarz, tests::kBraun})};
  given({tests::created(), tests::excluded(tests::kWeiss, "Streit")})
      .when(command)
      .then({{patient::Updated{}, {{Key::ort, None{}, "Bonn"}, tests::touched_today()}},
             schwarz,
             braun,
             {patient::StatusChanged{}, {{Key::status, Status::offen, Status::in_therapie}}}});
}

TEST(Update, OfTheStatusAloneIsAStatusChangeAlone) {
  patient::Update command;
  command.status = Status::suche_abgebrochen;
  given({tests::created()})
      .when(command)
      .then({{patient::StatusChanged{},
              {{Key::status, Status::offen, Status::suche_abgebrochen}, tests::touched_today()}}});
}

TEST(Update, OfTheExclusionsAloneIsAnExclusionAlone) {
  patient::Update command;
  command.excluded = {tests::kWeiss};
  auto expected = tests::excluded(tests::kWeiss, std::nullopt, tests::kToday);
  expected.changes = {tests::therapists({}, {tests::kWeiss}), tests::touched_today()};
  given({tests::created()}).when(command).then({expected});
}

TEST(Update, KeepsReasonAndDayOfTherapistsWhoAreExcludedAlready) {
  patient::Update command;
  command.excluded = {tests::kWeiss, tests::kSchwarz};
  const auto scene =
      given({tests::created(), tests::excluded(tests::kWeiss, "Streit")}).when(command);
  const auto& exclusions = scene.state().on_file()->exclusions;
  EXPECT_EQ(exclusions.at(tests::kWeiss), (patient::Exclusion{"Streit", tests::kYesterday}));
  EXPECT_EQ(exclusions.at(tests::kSchwarz), (patient::Exclusion{std::nullopt, tests::kToday}));
}

// A stale client must never re-admit a therapist.
TEST(Update, IsRefusedWholeWhenItsListLacksATherapistWhoIsExcluded) {
  for (const TherapistIds& list :
       {TherapistIds{}, TherapistIds{tests::kWeiss}, TherapistIds{tests::kWeiss, tests::kBraun}}) {
    patient::Update command = tests::update({{Key::ort, "Bonn"}});
    command.excluded = list;
    const auto scene =
        given({tests::created(), tests::excluded(tests::kWeiss), tests::excluded(tests::kSchwarz)})
            .when(command)
            .refused(RefusalCode::invalid);
    EXPECT_TRUE(scene.refusal().fields.contains("ausgeschlossene_therapeuten"));
    EXPECT_EQ(scene.refusal().message.find("22"), std::string::npos);
  }
}

}  // namespace
