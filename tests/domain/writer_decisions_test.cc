#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "tests/domain/given.h"
#include "tests/domain/writer_world.h"

// What the writer adds to the decider: numbers, expectations, quarantine, dry runs, sizes, clocks.
namespace {

using handling::Expect;
using handling::Submission;
using patient::PatientId;
using tests::done;
using tests::patient_number;
using tests::said;
using tests::World;

patient::Command ingested(const std::string& source) {
  return patient::RecordContact{tests::contact(tests::kThen, source), patient::Reporter::ingest};
}

patient::Update moved_to(const std::string& town) {
  return tests::update({{patient::Key::ort, town}});
}

TEST(Numbers, GoUpFromTheHighestEverCreated) {
  World world;
  EXPECT_EQ(done(world.ask(tests::create())).patient, patient_number(1));
  EXPECT_EQ(done(world.ask(tests::create(), patient_number(40))).patient, patient_number(40));
  EXPECT_EQ(done(world.ask(tests::create())).patient, patient_number(41));
  EXPECT_EQ(said(world.ask(patient::Delete{}, patient_number(41))), "deleted");
  EXPECT_EQ(done(world.ask(tests::create())).patient, patient_number(42));
  EXPECT_EQ(done(world.ask(tests::create(), patient_number(7))).patient, patient_number(7));
  EXPECT_EQ(said(world.ask(tests::create(), PatientId::parse("p-99"))), "created");
  EXPECT_EQ(done(world.ask(tests::create())).patient, patient_number(43));
}

TEST(Numbers, PassOverExpectedAndQuarantinedPatientsWithoutCountingThem) {
  World world;
  EXPECT_EQ(said(world.ask(ingested("mail-1"), patient_number(2))), "contact_recorded");
  EXPECT_EQ(said(world.ask(ingested("mail-2"), patient_number(900))), "contact_recorded");
  world.states->quarantine(patient_number(3));
  EXPECT_EQ(done(world.ask(tests::create())).patient, patient_number(1));
  EXPECT_EQ(done(world.ask(tests::create())).patient, patient_number(4));
  EXPECT_EQ(said(world.ask(tests::create(), patient_number(2))), "created");
  EXPECT_EQ(done(world.ask(tests::create())).patient, patient_number(5));
}

TEST(Numbers, AreGivenOnceWithinABatch) {
  World world;
  const std::vector<Submission> batch{world.submission(ingested("mail-1"), patient_number(2)),
                                      world.submission(tests::create()),
                                      world.submission(tests::create()),
                                      world.submission(tests::create(), patient_number(10)),
                                      world.submission(tests::create())};
  const auto answers = world.writer->handle(batch);
  const std::array<std::int64_t, 5> numbers{2, 1, 3, 10, 11};
  for (std::size_t at = 0; at < numbers.size(); ++at) {
    EXPECT_EQ(done(answers[at]).patient, patient_number(numbers[at]));
  }
}

TEST(Numbers, EndAtTheLargestThatJsonKeepsExactly) {
  World world;
  EXPECT_EQ(said(world.ask(tests::create(), patient_number(patient::kNumberMax))), "created");
  EXPECT_EQ(said(world.ask(tests::create())), "invalid");
}

TEST(Expect, IsRefusedUnlessItHoldsAndSaysWhereThePatientIs) {
  struct Row {
    const char* name;
    Expect expect;
    // create: never seen, expected, on file, deleted; update: the same
    std::array<const char*, 4> create;
    std::array<const char*, 4> update;
  };
  constexpr const char* kWrong = "wrong_expected_sequence";
  constexpr const char* kExists = "already_exists";
  const std::vector<Row> rows{
      {"any",
       handling::ExpectAny{},
       {"created", "created", kExists, "deleted"},
       {"not_found", "not_found", "updated", "deleted"}},
      {"none",
       handling::ExpectNone{},
       {"created", "created", kExists, "deleted"},
       {"not_found", "not_found", kWrong, "deleted"}},
      {"exists",
       handling::ExpectExists{},
       {kWrong, kWrong, kExists, "deleted"},
       {"not_found", "not_found", "updated", "deleted"}},
      {"the right sequence",
       patient::Sequence{1},
       {kWrong, "created", kExists, "deleted"},
       {"not_found", "not_found", "updated", "deleted"}},
      {"a wrong sequence",
       patient::Sequence{7},
       {kWrong, kWrong, kExists, "deleted"},
       {"not_found", "not_found", kWrong, "deleted"}},
      {"unchanged since its creation",
       handling::ExpectUnchanged{patient::Sequence{1}},
       {kWrong, kWrong, kExists, "deleted"},
       {"not_found", "not_found", "updated", "deleted"}},
      {"unchanged since another event",
       handling::ExpectUnchanged{patient::Sequence{7}},
       {kWrong, kWrong, kExists, "deleted"},
       {"not_found", "not_found", kWrong, "deleted"}},
  };
  const PatientId id = patient_number(5);
  for (const Row& row : rows) {
    for (std::size_t standing = 0; standing < 4; ++standing) {
      for (const bool create : {true, false}) {
        SCOPED_TRACE(std::string{row.name} + (create ? ", create, " : ", update, ") +
                     std::to_string(standing));
        World world;
        if (standing == 1) {
          EXPECT_EQ(said(world.ask(ingested("mail-1"), id)), "contact_recorded");
        }
        if (standing >= 2) {
          EXPECT_EQ(said(world.ask(tests::create(), id)), "created");
        }
        if (standing == 3) {
          EXPECT_EQ(said(world.ask(patient::Delete{}, id)), "deleted");
        }
        Submission asked =
            world.submission(create ? patient::Command{tests::create()} : moved_to("Bonn"), id);
        asked.expect = row.expect;
        EXPECT_EQ(said(world.handle(asked)), (create ? row.create : row.update)[standing]);
      }
    }
  }
}

TEST(Expect, NamesTheActualSequenceAndComesBeforeOtherRefusals) {
  World world;
  EXPECT_EQ(said(world.ask(tests::create())), "created");
  EXPECT_EQ(said(world.ask(moved_to("Bonn"), patient_number(1))), "updated");
  const auto future =
      patient::RecordContact{tests::contact(tests::kNow + std::chrono::days{9}, "mail-1")};
  for (const patient::Command& command :
       {patient::Command{moved_to("Bonn")}, patient::Command{future}}) {
    Submission asked = world.submission(command, patient_number(1));
    asked.expect = patient::Sequence{1};
    const auto answer = world.handle(asked);
    ASSERT_EQ(said(answer), "wrong_expected_sequence");
    EXPECT_EQ(std::get<patient::Refusal>(answer).actual, patient::Sequence{2});
  }
}

TEST(Expect, UnchangedIsNotSpoiltByContactsThatCameIn) {
  World world;
  const PatientId id = patient_number(1);
  EXPECT_EQ(said(world.ask(tests::create())), "created");
  EXPECT_EQ(said(world.ask(ingested("mail-1"), id)), "contact_recorded");
  Submission asked = world.submission(moved_to("Bonn"), id);
  asked.expect = handling::ExpectUnchanged{patient::Sequence{1}};
  EXPECT_EQ(said(world.handle(asked)), "updated");
  EXPECT_EQ(said(world.ask(ingested("mail-2"), id)), "contact_recorded");
  asked = world.submission(moved_to("Köln"), id);
  asked.expect = handling::ExpectUnchanged{patient::Sequence{1}};
  const auto answer = world.handle(asked);
  ASSERT_EQ(said(answer), "wrong_expected_sequence");
  const auto& refusal = std::get<patient::Refusal>(answer);
  EXPECT_EQ(refusal.actual, patient::Sequence{3}) << "not 4, which is the second contact's";
  EXPECT_NE(refusal.message.find("not a contact is at sequence 3"), std::string::npos);
}

TEST(Quarantine, RefusesEveryCommandUntilARestatementHealsIt) {
  World world;
  EXPECT_EQ(said(world.ask(tests::create())), "created");
  const PatientId id = patient_number(1);
  const patient::State folded = world.states->find(id);
  world.states->quarantine(id);
  EXPECT_EQ(said(world.ask(moved_to("Bonn"), id)), "quarantined");
  EXPECT_EQ(said(world.ask(tests::create(), id)), "quarantined");
  EXPECT_EQ(said(world.ask(patient::Delete{}, id)), "quarantined");
  Submission repair = world.submission(patient::Restate{}, id);
  repair.folded = folded;
  EXPECT_EQ(said(world.handle(repair)), "restated");
  EXPECT_EQ(said(world.ask(moved_to("Bonn"), id)), "updated");
}

TEST(Quarantine, LetsNoRegistrationInThatMayBeOfThePatientWhoCannotBeRead) {
  World world;
  EXPECT_EQ(said(world.ask(tests::registration("token", "digest"))), "created");
  const PatientId id = patient_number(1);
  const patient::State folded = world.states->find(id);
  world.states->quarantine(id);
  EXPECT_EQ(said(world.ask(tests::registration("token", "digest"))), "quarantined");
  EXPECT_EQ(said(world.ask(tests::registration("another", "other"))), "quarantined");
  EXPECT_EQ(said(world.ask(tests::create())), "created")
      << "without a registration nothing is lost";
  Submission repair = world.submission(patient::Restate{}, id);
  repair.folded = folded;
  EXPECT_EQ(said(world.handle(repair)), "restated");
  EXPECT_EQ(said(world.ask(tests::registration("token", "digest"))), "again: nothing");
  EXPECT_EQ(said(world.ask(tests::registration("another", "other"))), "created");
}

// A fold knows the log as it was read, not what came behind it.
TEST(Restatement, IsRefusedWhenThePatientHasGoneOnSinceTheFold) {
  World world;
  EXPECT_EQ(said(world.ask(tests::create())), "created");
  const PatientId id = patient_number(1);
  Submission restate = world.submission(patient::Restate{}, id);
  restate.folded = world.states->find(id);
  const std::vector<Submission> batch{world.submission(moved_to("Bonn"), id), restate};
  EXPECT_EQ(said(world.writer->handle(batch)[1]), "wrong_expected_sequence") << "in its batch";
  EXPECT_EQ(said(world.handle(restate)), "wrong_expected_sequence") << "before it";
  restate.folded = world.states->find(id);
  EXPECT_EQ(said(world.handle(restate)), "restated");
}

TEST(DryRun, AnswersAsTheCommandWouldAndAppendsNothing) {
  World world;
  Submission dry = world.submission(tests::create());
  dry.dry_run = true;
  const auto answer = world.handle(dry);
  EXPECT_EQ(said(answer), "created");
  EXPECT_EQ(done(answer).patient, patient_number(1));
  EXPECT_EQ(done(answer).sequence, patient::Sequence{1});
  EXPECT_FALSE(done(answer).position);
  EXPECT_EQ(world.records(ports::Topic::patient_events), 0U);

  // Neither is it seen by others, nor remembered.
  const std::vector<Submission> batch{dry, world.submission(moved_to("Bonn"), patient_number(1))};
  const auto answers = world.writer->handle(batch);
  EXPECT_EQ(said(answers[1]), "not_found");
  dry.dry_run = false;
  EXPECT_EQ(said(world.handle(dry)), "created");
}

TEST(Size, OfARecordIsLimitedAndTheRestOfTheBatchIsIn) {
  World world;
  const std::string large(ports::kRecordBytesMax, 'x');
  const auto too_large = tests::create({{patient::Key::empfehler_der_unterstuetzung, large}});
  const auto fits = tests::create(
      {{patient::Key::empfehler_der_unterstuetzung, large.substr(0, large.size() - 2000)}});
  const std::vector<Submission> batch{
      world.submission(too_large), world.submission(tests::create()), world.submission(fits)};
  const auto answers = world.writer->handle(batch);
  EXPECT_EQ(said(answers[0]), "invalid");
  EXPECT_EQ(done(answers[1]).patient, patient_number(1));
  EXPECT_EQ(said(answers[2]), "created");
  EXPECT_EQ(world.history().size(), 2U);
}

TEST(RecordedAt, NeverGoesBackWhenTheClockDoes) {
  World world;
  EXPECT_EQ(said(world.ask(tests::create())), "created");
  world.clock.set(tests::kNow - std::chrono::days{2});
  EXPECT_EQ(said(world.ask(moved_to("Bonn"), patient_number(1))), "updated");
  EXPECT_EQ(said(world.ask(tests::create(), patient_number(2))), "created");
  world.clock.set(tests::kNow + std::chrono::hours{1});
  EXPECT_EQ(said(world.ask(moved_to("Köln"), patient_number(1))), "updated");
  const auto& ada = world.states->find(patient_number(1));
  EXPECT_EQ(ada.recorded_at, tests::kNow + std::chrono::hours{1});
  for (const auto& recorded : world.history()) {
    if (recorded.envelope.patient_id != patient_number(1)) continue;
    EXPECT_GE(recorded.envelope.recorded_at, tests::kNow);
  }
  EXPECT_EQ(world.states->find(patient_number(2)).recorded_at, tests::kNow - std::chrono::days{2});
}

}  // namespace
