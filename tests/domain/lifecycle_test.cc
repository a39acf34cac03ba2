#include <gtest/gtest.h>

#include "tests/domain/given.h"

namespace {

using patient::Delete;
using patient::RefusalCode;
using tests::given;

TEST(Deletion, ClosesThePatientAndKeepsWhatIdentifiesIt) {
  auto created = tests::created();
  created.event =
      patient::Created{patient::Registration{{"token", "digest"}, std::nullopt, std::nullopt}};
  const auto scene = given({created,
                            tests::excluded(tests::kWeiss, "Streit"),
                            tests::contacted(tests::kThen, "mail-1")})
                         .when(Delete{})
                         .then({tests::deleted()});
  EXPECT_TRUE(std::holds_alternative<patient::Gone>(scene.state().standing));
  EXPECT_EQ(scene.state().sequence, patient::Sequence{4});
  EXPECT_EQ(scene.state().registration, (patient::RegistrationIdentity{"token", "digest"}));
  EXPECT_EQ(scene.state().commands.size(), 4U);
  EXPECT_EQ(scene.state().commands.back().events, patient::EventTypes{patient::EventType::deleted});
  EXPECT_EQ(scene.state().last_contact, std::nullopt);
  EXPECT_TRUE(scene.state().contact_sources.empty());
}

TEST(Deletion, HappensOnce) {
  given({tests::created(), tests::deleted()}).when(Delete{}).refused(RefusalCode::deleted);
}

TEST(Erasure, ForgetsTheRegistrationAsWell) {
  auto created = tests::created();
  created.event =
      patient::Created{patient::Registration{{"token", "digest"}, std::nullopt, std::nullopt}};
  const auto scene = given({created, {patient::Erased{}, {}}});
  EXPECT_TRUE(std::holds_alternative<patient::Gone>(scene.state().standing));
  EXPECT_EQ(scene.state().registration, std::nullopt);
}

TEST(Restatement, ChangesNothingButTheSequence) {
  const patient::Happenings past{tests::created(), tests::excluded(tests::kWeiss, "Streit")};
  const auto before = tests::fold(past);
  const auto scene = given(past).when(patient::Restate{}).then({{patient::Restated{}, {}}});
  EXPECT_EQ(scene.state().standing, before.standing);
  EXPECT_EQ(scene.state().sequence, patient::Sequence{3});
}

TEST(State, RemembersTheLast16CommandsWithAllTheirEvents) {
  auto command = tests::update({{patient::Key::ort, "Bonn"}});
  command.status = patient::Status::in_therapie;
  command.excluded = {tests::kWeiss};
  const auto scene = given({tests::created()}).when(command);
  const auto& remembered = scene.state().commands.back();
  EXPECT_EQ(remembered.sequence, patient::Sequence{4});
  EXPECT_EQ(remembered.events,
            (patient::EventTypes{patient::EventType::updated,
                                 patient::EventType::therapist_excluded,
                                 patient::EventType::status_changed}));

  patient::Happenings past{tests::created()};
  for (int number = 0; number < 20; ++number) {
    past.push_back(tests::changed(patient::Key::ort, std::to_string(number)));
  }
  const auto state = tests::fold(past);
  ASSERT_EQ(state.commands.size(), patient::kRememberedCommandsMax);
  EXPECT_EQ(state.commands.front().sequence, patient::Sequence{6});
  EXPECT_EQ(state.commands.back().sequence, patient::Sequence{21});
}

// Only a damaged log has such events: they move the sequence and change what they can.
TEST(Evolve, IsTotal) {
  const std::vector<patient::Happening> every{
      tests::changed(patient::Key::ort, "Bonn"),
      tests::excluded(tests::kWeiss),
      {patient::TherapistExclusionRevoked{tests::kWeiss}, {}},
      {patient::StatusChanged{}, {}},
      tests::contacted(tests::kThen, "mail-1"),
      tests::deleted(),
      {patient::Erased{}, {}},
      {patient::Restated{}, {}}};
  for (const patient::Happenings& past : {patient::Happenings{},
                                          {tests::contacted(tests::kThen, "mail-0")},
                                          {tests::created(), tests::deleted()}}) {
    for (const patient::Happening& happening : every) {
      SCOPED_TRACE(tests::describe({happening}));
      auto longer = past;
      longer.push_back(happening);
      const auto state = tests::fold(longer);
      EXPECT_EQ(state.sequence.get(), static_cast<std::int64_t>(longer.size()));
      EXPECT_EQ(state.on_file(), nullptr);
    }
  }
}

}  // namespace
