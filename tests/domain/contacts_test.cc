#include <gtest/gtest.h>

#include <chrono>

#include "tests/domain/given.h"

namespace {

using patient::Key;
using patient::None;
using patient::RecordContact;
using patient::RefusalCode;
using patient::Reporter;
using patient::Value;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::microseconds;
using tests::contact;
using tests::given;
using tests::kNow;
using tests::kThen;
using tests::kToday;
using tests::kYesterday;

TEST(Contact, MovesLetzterKontaktToItsOwnDay) {
  const auto scene =
      given({tests::created()})
          .when(RecordContact{contact(kThen - days{3}, "mail-1")})
          .then({{patient::ContactRecorded{contact(kThen - days{3}, "mail-1")},
                  {{Key::letzter_kontakt, None{}, kYesterday - days{3}}, tests::touched_today()}}});
  EXPECT_EQ(scene.state().last_contact,
            (patient::LastContact{kThen - days{3}, patient::Channel::phone, "mail-1"}));
}

TEST(Contact, MovesTheDateForward) {
  given({tests::created(), tests::contacted(kThen, "mail-1")})
      .when(RecordContact{contact(kNow, "mail-2")})
      .then({{patient::ContactRecorded{contact(kNow, "mail-2")},
              {{Key::letzter_kontakt, kYesterday, kToday}, tests::touched_today()}}});
}

TEST(Contact, NeverMovesTheDateBackButIsRecorded) {
  const auto scene =
      given({tests::created(), tests::contacted(kThen, "mail-2")})
          .when(RecordContact{contact(kThen - days{30}, "mail-1")})
          .then({{patient::ContactRecorded{contact(kThen - days{30}, "mail-1")}, {}}});
  EXPECT_EQ(scene.state().on_file()->fields[Key::letzter_kontakt], Value{kYesterday});
  EXPECT_EQ(scene.state().last_contact->source, "mail-2");
  EXPECT_EQ(scene.state().contact_sources.size(), 2U);
}

TEST(Contact, OnTheSameDayMovesTheInstantButNoKey) {
  const auto scene =
      given({tests::created(), tests::contacted(kThen, "mail-1")})
          .when(RecordContact{contact(kThen + hours{1}, "mail-2")})
          .then({{patient::ContactRecorded{contact(kThen + hours{1}, "mail-2")}, {}}});
  EXPECT_EQ(scene.state().last_contact->source, "mail-2");
}

TEST(Contact, WithASourceThatIsKnownIsNothing) {
  for (const auto at : {kThen, kThen - days{9}, kNow}) {
    for (const auto reporter : {Reporter::clerk, Reporter::ingest}) {
      given({tests::created(), tests::contacted(kThen, "mail-1")})
          .when(RecordContact{contact(at, "mail-1"), reporter})
          .nothing_happens();
    }
  }
  given({tests::contacted(kThen, "mail-1")})
      .when(RecordContact{contact(kThen, "mail-1"), Reporter::ingest})
      .nothing_happens();
}

TEST(Contact, MayBeUpToADayInTheFuture) {
  const auto tomorrow = kNow + days{1};
  given({tests::created()})
      .when(RecordContact{contact(tomorrow, "mail-1")})
      .then({{patient::ContactRecorded{contact(tomorrow, "mail-1")},
              {{Key::letzter_kontakt, None{}, kToday + days{1}}, tests::touched_today()}}});
  for (const auto reporter : {Reporter::clerk, Reporter::ingest}) {
    const auto scene =
        given({tests::created()})
            .when(RecordContact{contact(tomorrow + microseconds{1}, "mail-1"), reporter})
            .refused(RefusalCode::invalid);
    EXPECT_TRUE(scene.refusal().fields.contains("at"));
  }
  given({})
      .when(RecordContact{contact(tomorrow + microseconds{1}, "mail-1"), Reporter::ingest})
      .refused(RefusalCode::invalid);
}

TEST(Contact, OfAnUnknownPatientIsAMistakeToAClerkAndExpectedByIngest) {
  given({}).when(RecordContact{contact(kThen, "mail-1")}).refused(RefusalCode::not_found);
  given({tests::contacted(kThen, "mail-1")})
      .when(RecordContact{contact(kThen, "mail-2")})
      .refused(RefusalCode::not_found);
  const auto scene = given({})
                         .when(RecordContact{contact(kThen, "mail-1"), Reporter::ingest})
                         .then({{patient::ContactRecorded{contact(kThen, "mail-1")}, {}}});
  EXPECT_TRUE(std::holds_alternative<patient::Expected>(scene.state().standing));
  EXPECT_EQ(scene.state().on_file(), nullptr);
}

TEST(Contact, OfADeletedPatientIsRefusedWhoeverReportsIt) {
  for (const auto reporter : {Reporter::clerk, Reporter::ingest}) {
    given({tests::created(), tests::contacted(kThen, "mail-1"), tests::deleted()})
        .when(RecordContact{contact(kThen, "mail-1"), reporter})
        .refused(RefusalCode::deleted);
  }
}

// An older source delivered again is recorded again; no answer changes by it.
TEST(Contact, RemembersTheLast256Sources) {
  patient::Happenings past{tests::created()};
  for (int number = 0; number < 256; ++number) {
    past.push_back(tests::contacted(kThen, "mail-" + std::to_string(number)));
  }
  given(past).when(RecordContact{contact(kThen, "mail-0")}).nothing_happens();
  past.push_back(tests::contacted(kThen, "mail-256"));
  auto scene = given(past);
  EXPECT_EQ(scene.state().contact_sources.size(), patient::kRememberedSourcesMax);
  scene.when(RecordContact{contact(kThen, "mail-1")}).nothing_happens();
  const auto last_contact = scene.state().last_contact;
  scene.when(RecordContact{contact(kThen, "mail-0")})
      .then({{patient::ContactRecorded{contact(kThen, "mail-0")}, {}}});
  EXPECT_EQ(scene.state().last_contact, last_contact);
}

TEST(Contact, DoesNotCountAmongTheEventsThatAreNoContacts) {
  const auto scene =
      given({tests::created(), tests::changed(Key::ort, "Bonn"), tests::contacted(kThen, "m")});
  EXPECT_EQ(scene.state().sequence, patient::Sequence{3});
  EXPECT_EQ(scene.state().sequence_without_contacts, patient::Sequence{2});
}

}  // namespace
