#include <gtest/gtest.h>

#include <algorithm>

#include "tests/domain/given.h"

// Contracts signed and payment received: the search begins, in whichever order they come.
namespace {

using patient::Key;
using patient::None;
using patient::Patch;
using patient::Status;
using patient::Value;
using tests::given;

const Patch kSigned{{Key::vertraege_unterschrieben, true}};
const Patch kPaid{{Key::zahlung_eingegangen, true}};
const Patch kBoth{{Key::vertraege_unterschrieben, true}, {Key::zahlung_eingegangen, true}};
const Patch kUnpaid{{Key::zahlung_eingegangen, false}};

patient::Patch with(Patch patch, Key key, Value value) {
  patch.emplace_back(key, std::move(value));
  return patch;
}

std::ptrdiff_t status_changes(const patient::Decision& decision) {
  const auto& happenings = decision.value();
  return std::count_if(happenings.begin(), happenings.end(), [](const patient::Happening& one) {
    return std::holds_alternative<patient::StatusChanged>(one.event);
  });
}

void expect_searching_since_today(const tests::Scene& scene) {
  const patient::OnFile& patient = *scene.state().on_file();
  EXPECT_EQ(name(patient.fields.status()), name(Status::auf_der_suche));
  EXPECT_EQ(patient.fields[Key::startdatum], Value{tests::kToday});
  EXPECT_EQ(patient.status_since, tests::kNow);
}

TEST(PaymentRule, FiresAtCreationWithBoth) {
  expect_searching_since_today(given({}).when(tests::create(kBoth)));
}

TEST(PaymentRule, FiresWhenThePaymentComesAfterTheContracts) {
  expect_searching_since_today(given({tests::created(kSigned)}).when(tests::update(kPaid)));
}

TEST(PaymentRule, FiresWhenTheContractsComeAfterThePayment) {
  expect_searching_since_today(given({tests::created(kPaid)}).when(tests::update(kSigned)));
}

TEST(PaymentRule, FiresWhenBothComeTogether) {
  expect_searching_since_today(given({tests::created()}).when(tests::update(kBoth)));
}

TEST(PaymentRule, DoesNotFireOnOneAlone) {
  for (const Patch& one : {kSigned, kPaid}) {
    for (const auto& scene :
         {given({}).when(tests::create(one)), given({tests::created()}).when(tests::update(one))}) {
      EXPECT_EQ(scene.state().on_file()->fields.status(), Status::offen);
      EXPECT_TRUE(is_null(scene.state().on_file()->fields[Key::startdatum]));
    }
  }
}

TEST(PaymentRule, DoesNotFireAgainWhileBothStayTrue) {
  const auto both = with(kBoth, Key::startdatum, tests::kYesterday);
  given({tests::created(both)}).when(tests::update(kBoth)).nothing_happens();
  given({tests::created(both)})
      .when(tests::update({{Key::ort, "Bonn"}}))
      .then({{patient::Updated{}, {{Key::ort, None{}, "Bonn"}, tests::touched_today()}}});
}

TEST(PaymentRule, UndoesNothingWhenThePaymentIsReset) {
  auto searching = with(kBoth, Key::startdatum, tests::kYesterday);
  searching = with(searching, Key::status, Status::auf_der_suche);
  given({tests::created(searching)})
      .when(tests::update(kUnpaid))
      .then({{patient::Updated{},
              {{Key::zahlung_eingegangen, true, false}, tests::touched_today()}}});
}

TEST(PaymentRule, NeverOverwritesTheDayOfTheFirstStart) {
  const auto unpaid = with(kSigned, Key::startdatum, tests::kYesterday);
  given({tests::created(unpaid)})
      .when(tests::update(kPaid))
      .then(
          {{patient::Updated{}, {{Key::zahlung_eingegangen, false, true}, tests::touched_today()}},
           {patient::StatusChanged{}, {{Key::status, Status::offen, Status::auf_der_suche}}}});
}

TEST(PaymentRule, LeavesEveryStatusButOffen) {
  for (std::size_t at = 1; at < patient::kStatusCount; ++at) {
    const auto status = static_cast<Status>(at);
    SCOPED_TRACE(name(status));
    given({tests::created(with(kSigned, Key::status, status))})
        .when(tests::update(kPaid))
        .then({{patient::Updated{},
                {{Key::startdatum, None{}, tests::kToday},
                 {Key::zahlung_eingegangen, false, true},
                 tests::touched_today()}}});
    auto create = tests::create(kBoth);
    create.status = status;
    const auto scene = given({}).when(create);
    EXPECT_EQ(scene.state().on_file()->fields.status(), status);
    EXPECT_EQ(scene.state().on_file()->fields[Key::startdatum], Value{tests::kToday});
  }
}

// Whatever status the same update names, there is one change of it at most.
TEST(PaymentRule, MakesAtMostOneStatusChangeWithAnExplicitStatus) {
  for (std::size_t from = 0; from < patient::kStatusCount; ++from) {
    for (std::size_t to = 0; to < patient::kStatusCount; ++to) {
      const auto before = static_cast<Status>(from);
      const auto wanted = static_cast<Status>(to);
      SCOPED_TRACE(std::string{name(before)} + " to " + std::string{name(wanted)});
      const auto state = tests::fold({tests::created(with(kSigned, Key::status, before))});
      auto command = tests::update(kPaid);
      command.status = wanted;
      const auto decision = decide(command, state, tests::kNow);
      ASSERT_TRUE(decision);
      const auto expected = wanted == Status::offen ? Status::auf_der_suche : wanted;
      EXPECT_EQ(status_changes(decision), before == expected ? 0 : 1);
      if (before == expected) continue;
      const patient::Changes change{{Key::status, before, expected}};
      EXPECT_EQ(decision.value().back().changes, change);
    }
  }
}

TEST(PaymentRule, IsNotFiredByAChangeOfTheStatusAlone) {
  auto searching = with(kBoth, Key::startdatum, tests::kYesterday);
  searching = with(searching, Key::status, Status::in_therapie);
  const auto scene = given({tests::created(searching)}).when(patient::ChangeStatus{Status::offen});
  EXPECT_EQ(scene.state().on_file()->fields.status(), Status::offen);
}

}  // namespace
