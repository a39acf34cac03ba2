#include <gtest/gtest.h>

#include <vector>

#include "tests/domain/given.h"
#include "tests/domain/writer_world.h"

namespace {

using handling::Submission;
using tests::done;
using tests::said;
using tests::World;

const patient::PatientId kAda = tests::patient_number(1);

patient::Update moved_to(const std::string& town) {
  return tests::update({{patient::Key::ort, town}});
}

TEST(RepeatedCommand, AnswersTheFirstOutcomeWithThePatientAsItIsNow) {
  World world;
  const Submission creation = world.submission(tests::create());
  const auto first = world.handle(creation);
  EXPECT_EQ(said(first), "created");
  EXPECT_EQ(said(world.ask(moved_to("Bonn"), kAda)), "updated");

  const auto again = world.handle(creation);
  EXPECT_EQ(said(again), "again: created");
  EXPECT_EQ(done(again).patient, kAda);
  EXPECT_EQ(done(again).sequence, patient::Sequence{1});
  EXPECT_EQ(done(again).after.sequence, patient::Sequence{2});
  EXPECT_FALSE(done(again).position);
  EXPECT_EQ(world.history().size(), 2U);
}

TEST(RepeatedCommand, IsRecognisedAfterARestart) {
  World world;
  const Submission creation = world.submission(tests::create());
  EXPECT_EQ(said(world.handle(creation)), "created");
  world.restart();
  EXPECT_EQ(said(world.handle(creation)), "again: created");
  EXPECT_EQ(world.history().size(), 1U);
}

TEST(RepeatedCommand, IsRecognisedAfterTheDeletion) {
  World world;
  const Submission creation = world.submission(tests::create());
  EXPECT_EQ(said(world.handle(creation)), "created");
  EXPECT_EQ(said(world.ask(patient::Delete{}, kAda)), "deleted");
  const auto again = world.handle(creation);
  EXPECT_EQ(said(again), "again: created");
  EXPECT_EQ(done(again).after.on_file(), nullptr);
}

TEST(RepeatedCommand, WithOtherContentIsRefused) {
  World world;
  const Submission creation = world.submission(tests::create());
  EXPECT_EQ(said(world.handle(creation)), "created");
  Submission other = world.submission(moved_to("Bonn"), kAda);
  other.command_id = creation.command_id;
  EXPECT_EQ(said(world.handle(other)), "command_id_reused");
  EXPECT_EQ(world.history().size(), 1U);
}

TEST(RepeatedCommand, WithinOneBatchHappensOnce) {
  World world;
  const Submission creation = world.submission(tests::create());
  Submission other = world.submission(tests::create({{patient::Key::ort, "Bonn"}}));
  other.command_id = creation.command_id;
  const std::vector<Submission> batch{creation, creation, other};
  const auto answers = world.writer->handle(batch);
  EXPECT_EQ(said(answers[0]), "created");
  EXPECT_EQ(said(answers[1]), "again: created");
  EXPECT_EQ(done(answers[1]).patient, done(answers[0]).patient);
  EXPECT_EQ(said(answers[2]), "command_id_reused");
  EXPECT_EQ(world.history().size(), 1U);
}

// A state remembers 16 commands; what is in flight is remembered however much came after it.
TEST(RepeatedCommand, WithinOneBatchHappensOnceHoweverManyCameBetween) {
  World world;
  EXPECT_EQ(said(world.ask(tests::create())), "created");
  std::vector<Submission> batch;
  for (int number = 0; number < 20; ++number) {
    batch.push_back(world.submission(moved_to(std::to_string(number)), kAda));
  }
  batch.push_back(batch.front());
  const auto answers = world.writer->handle(batch);
  EXPECT_EQ(said(answers.back()), "again: updated");
  EXPECT_EQ(done(answers.back()).sequence, patient::Sequence{2});
  EXPECT_EQ(done(answers.back()).after.sequence, patient::Sequence{21});
  EXPECT_EQ(world.history().size(), 21U);
}

TEST(RepeatedCommand, IsForgottenBehindSixteenOthers) {
  World world;
  EXPECT_EQ(said(world.ask(tests::create())), "created");
  const Submission first = world.submission(moved_to("first"), kAda);
  EXPECT_EQ(said(world.handle(first)), "updated");
  for (int number = 1; number <= 15; ++number) {
    EXPECT_EQ(said(world.ask(moved_to(std::to_string(number)), kAda)), "updated");
  }
  EXPECT_EQ(said(world.handle(first)), "again: updated");
  EXPECT_EQ(said(world.ask(moved_to("16"), kAda)), "updated");
  EXPECT_EQ(said(world.handle(first)), "updated");
}

TEST(RepeatedCommand, ThatWasRefusedIsDecidedAgain) {
  World world;
  const Submission early = world.submission(moved_to("Bonn"), kAda);
  EXPECT_EQ(said(world.handle(early)), "not_found");
  EXPECT_EQ(said(world.ask(tests::create())), "created");
  EXPECT_EQ(said(world.handle(early)), "updated");
}

TEST(RepeatedRegistration, IsADuplicateWheneverItComes) {
  for (const char* token : {"token", ""}) {
    SCOPED_TRACE(token);
    World world;
    const auto form = tests::registration(token, "digest");
    EXPECT_EQ(said(world.ask(form)), "created");
    const auto duplicate = world.ask(form);
    EXPECT_EQ(said(duplicate), "again: nothing");
    EXPECT_EQ(done(duplicate).patient, kAda);
    world.restart();
    EXPECT_EQ(said(world.ask(form)), "again: nothing");
    EXPECT_EQ(said(world.ask(patient::Delete{}, kAda)), "deleted");
    EXPECT_EQ(said(world.ask(form)), "again: nothing");
    EXPECT_EQ(world.history().size(), 2U);
  }
}

TEST(RepeatedRegistration, WithOtherContentIsRefused) {
  World world;
  EXPECT_EQ(said(world.ask(tests::registration("token", "digest"))), "created");
  EXPECT_EQ(said(world.ask(tests::registration("token", "other"))), "registration_changed");
  EXPECT_EQ(said(world.ask(tests::registration("other", "digest"))), "created");
}

TEST(RepeatedRegistration, IsRecognisedWithinOneBatch) {
  World world;
  const std::vector<Submission> batch{world.submission(tests::registration("token", "digest")),
                                      world.submission(tests::registration("token", "digest")),
                                      world.submission(tests::registration("token", "other")),
                                      world.submission(tests::registration("", "digest"))};
  const auto answers = world.writer->handle(batch);
  EXPECT_EQ(said(answers[0]), "created");
  EXPECT_EQ(said(answers[1]), "again: nothing");
  EXPECT_EQ(done(answers[1]).patient, kAda);
  EXPECT_EQ(said(answers[2]), "registration_changed");
  EXPECT_EQ(said(answers[3]), "created");
}

}  // namespace
