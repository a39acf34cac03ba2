#include <gtest/gtest.h>

#include "tests/domain/given.h"

namespace {

using patient::Key;
using patient::None;
using patient::RefusalCode;
using patient::Status;
using patient::Value;
using tests::given;

TEST(Create, NamesEveryKeyThatIsNotNullWithItsDefaults) {
  given({})
      .when(tests::create({{Key::plz, "10115"}}))
      .then({{patient::Created{},
              {{Key::anrede, None{}, "Frau"},
               {Key::geschlecht, None{}, "weiblich"},
               {Key::vorname, None{}, "Ada"},
               {Key::nachname, None{}, "Beispiel"},
               {Key::plz, None{}, "10115"},
               {Key::vertraege_unterschrieben, None{}, false},
               {Key::status, None{}, Status::offen},
               {Key::zahlung_eingegangen, None{}, false},
               {Key::offen_fuer_gruppentherapie, None{}, false},
               {Key::offen_fuer_diga, None{}, false},
               {Key::bevorzugtes_therapeutengeschlecht, None{}, "Egal"},
               {Key::bevorzugtes_therapieverfahren, None{}, "egal"},
               {Key::created_at, None{}, tests::kToday}}}});
}

TEST(Create, LeavesUpdatedAtNullWhateverElseHappensAtCreation) {
  auto command =
      tests::create({{Key::vertraege_unterschrieben, true}, {Key::zahlung_eingegangen, true}});
  command.excluded = {tests::kWeiss};
  const auto scene = given({}).when(command);
  EXPECT_EQ(scene.state().on_file()->fields[Key::updated_at], Value{None{}});
  EXPECT_EQ(scene.state().on_file()->fields[Key::created_at], Value{tests::kToday});
}

TEST(Create, TakesAStatusFromTheBeginningWithoutAnEventOfItsOwn) {
  for (std::size_t at = 0; at < patient::kStatusCount; ++at) {
    const auto status = static_cast<Status>(at);
    SCOPED_TRACE(name(status));
    auto command = tests::create();
    command.status = status;
    const auto scene = given({}).when(command).then(
        {tests::created({{Key::status, status}, {Key::created_at, tests::kToday}})});
    EXPECT_EQ(scene.state().on_file()->status_since, tests::kNow);
  }
}

TEST(Create, ExcludesTherapistsOneAfterAnother) {
  auto command = tests::create();
  command.excluded = {tests::kWeiss, tests::kSchwarz};
  auto first = tests::excluded(tests::kWeiss, std::nullopt, tests::kToday);
  first.changes = {tests::therapists({}, {tests::kWeiss})};
  auto second = tests::excluded(tests::kSchwarz, std::nullopt, tests::kToday);
  second.changes = {tests::therapists({tests::kWeiss}, {tests::kWeiss, tests::kSchwarz})};
  given({}).when(command).then({tests::created({{Key::created_at, tests::kToday}}), first, second});
}

TEST(Create, ExcludesBeforeThePaymentRuleChangesTheStatus) {
  auto command =
      tests::create({{Key::vertraege_unterschrieben, true}, {Key::zahlung_eingegangen, true}});
  command.excluded = {tests::kWeiss};
  auto excluded = tests::excluded(tests::kWeiss, std::nullopt, tests::kToday);
  excluded.changes = {tests::therapists({}, {tests::kWeiss})};
  given({}).when(command).then(
      {tests::created({{Key::vertraege_unterschrieben, true},
                       {Key::zahlung_eingegangen, true},
                       {Key::startdatum, tests::kToday},
                       {Key::created_at, tests::kToday}}),
       excluded,
       {patient::StatusChanged{}, {{Key::status, Status::offen, Status::auf_der_suche}}}});
}

TEST(Create, KeepsTheRegistrationItCameFrom) {
  auto command = tests::create();
  command.registration = patient::Registration{{"token", "digest"}, R"({"a":1})", "2026-01-01"};
  auto expected = tests::created({{Key::created_at, tests::kToday}});
  expected.event = patient::Created{command.registration};
  const auto scene = given({}).when(command).then({expected});
  EXPECT_EQ(scene.state().registration, command.registration->identity);
}

TEST(Create, CountsTheContactsOfAnExpectedPatient) {
  const auto scene = given({tests::contacted(tests::kThen, "mail-2"),
                            tests::contacted(tests::kThen - std::chrono::days{3}, "mail-1")})
                         .when(tests::create())
                         .then({tests::created({{Key::letzter_kontakt, tests::kYesterday},
                                                {Key::created_at, tests::kToday}})});
  EXPECT_EQ(scene.state().last_contact->source, "mail-2");
  EXPECT_EQ(scene.state().contact_sources.size(), 2U);
  EXPECT_EQ(scene.state().sequence, patient::Sequence{3});
}

TEST(Create, IsRefusedOverAPatientWhoIsThereOrWasDeleted) {
  given({tests::created()}).when(tests::create()).refused(RefusalCode::already_exists);
  given({tests::created(), tests::deleted()}).when(tests::create()).refused(RefusalCode::deleted);
}

}  // namespace
