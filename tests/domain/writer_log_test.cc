#include <gtest/gtest.h>

#include <map>
#include <set>
#include <vector>

#include "domain/core/broken.h"
#include "domain/handling/partitioner.h"
#include "tests/domain/given.h"
#include "tests/domain/random_commands.h"
#include "tests/domain/writer_world.h"

// What the writer and the log owe each other: one transaction, whatever goes wrong.
namespace {

using handling::Submission;
using infra::log_memory::Fault;
using patient::PatientId;
using tests::done;
using tests::patient_number;
using tests::said;
using tests::World;

const PatientId kAda = patient_number(1);

patient::Update moved_to(const std::string& town) {
  return tests::update({{patient::Key::ort, town}});
}

std::string breakage(World& world, const Submission& submission) {
  try {
    return said(world.handle(submission));
  } catch (const core::Broken& broken) {
    return broken.kind() == core::Breakage::locked ? "locked" : "broken";
  }
}

TEST(Batch, SeesItsOwnEarlierCommandsAndIsOneTransaction) {
  World world;
  const std::vector<Submission> batch{
      world.submission(tests::create()),
      world.submission(moved_to("Bonn"), kAda),
      world.submission(tests::create(), kAda),
      world.submission(patient::ExcludeTherapist{tests::kWeiss, "Streit"}, kAda),
      world.submission(moved_to("Bonn"), kAda),
      world.submission(patient::Delete{}, kAda),
      world.submission(moved_to("Köln"), kAda)};
  const auto answers = world.writer->handle(batch);
  const std::vector<const char*> expected{"created",
                                          "updated",
                                          "already_exists",
                                          "therapist_excluded",
                                          "nothing",
                                          "deleted",
                                          "deleted"};
  for (std::size_t at = 0; at < expected.size(); ++at) EXPECT_EQ(said(answers[at]), expected[at]);
  EXPECT_TRUE(std::holds_alternative<patient::Refusal>(answers.back()));
  EXPECT_EQ(world.disk->appends, 1);
  EXPECT_EQ(world.history().size(), 4U);
}

TEST(Batch, TellsEachCommandWhereItsLastEventStands) {
  World world;
  auto both = tests::create(
      {{patient::Key::vertraege_unterschrieben, true}, {patient::Key::zahlung_eingegangen, true}});
  const auto answer = world.ask(both);
  EXPECT_EQ(said(answer), "created, status_changed");
  const auto& position = done(answer).position;
  ASSERT_TRUE(position);
  EXPECT_EQ(position->partition, handling::partition_of("1", 3));
  // Behind the genesis and its marker: created, status_changed.
  EXPECT_EQ(position->events, ports::Offset{3});
  EXPECT_EQ(position->history, ports::Offset{3});
}

TEST(Batch, KeysRecordsByPatientAndBySequence) {
  World world;
  EXPECT_EQ(said(world.ask(tests::create())), "created");
  EXPECT_EQ(said(world.ask(moved_to("Bonn"), kAda)), "updated");
  const auto at = static_cast<std::size_t>(handling::partition_of("1", 3).get());
  std::vector<std::string> keys;
  for (const auto& topic : world.disk->topics) {
    for (const auto& record : topic[at]) keys.push_back(record.key);
  }
  EXPECT_EQ(keys, (std::vector<std::string>{"__genesis", "1", "1", "__genesis", "1/1", "1/2"}));
}

TEST(Batch, ThatAppendsNothingChecksThatTheWriterStillOwnsTheLog) {
  World world;
  EXPECT_EQ(said(world.ask(tests::create())), "created");
  const auto other = world.log.open_writer("other");
  Submission dry = world.submission(moved_to("Bonn"), kAda);
  dry.dry_run = true;
  EXPECT_EQ(breakage(world, dry), "locked");
  EXPECT_TRUE(world.writer->fenced());
  EXPECT_EQ(breakage(world, world.submission(moved_to("Bonn"), kAda)), "locked");
  EXPECT_EQ(world.history().size(), 1U);
}

TEST(Fault, FencedIsAnUnknownOutcomeAndThenALockedLog) {
  World world;
  EXPECT_EQ(said(world.ask(tests::create())), "created");
  const auto other = world.log.open_writer("other");
  EXPECT_FALSE(world.writer->fenced());
  EXPECT_EQ(breakage(world, world.submission(moved_to("Bonn"), kAda)), "outcome_unknown");
  EXPECT_TRUE(world.writer->fenced());
  EXPECT_EQ(breakage(world, world.submission(moved_to("Bonn"), kAda)), "locked");
  EXPECT_EQ(world.history().size(), 1U);
}

TEST(Fault, RefusedIsThrownAndTheNextBatchGoesOn) {
  World world;
  world.plan(Fault::refused);
  const Submission creation = world.submission(tests::create());
  EXPECT_EQ(breakage(world, creation), "broken");
  EXPECT_TRUE(world.history().empty());
  EXPECT_EQ(said(world.handle(creation)), "created");
  EXPECT_EQ(world.history().size(), 1U);
}

TEST(Fault, UnknownIsResolvedAndTheBatchIsInTheLogExactlyOnce) {
  for (const Fault fault : {Fault::unknown_committed, Fault::unknown_lost}) {
    SCOPED_TRACE(fault == Fault::unknown_committed ? "committed" : "lost");
    World world;
    EXPECT_EQ(said(world.ask(tests::create())), "created");
    world.plan(fault);
    const Submission update = world.submission(moved_to("Bonn"), kAda);
    const std::vector<Submission> batch{update, world.submission(tests::create())};
    const auto answers = world.writer->handle(batch);
    EXPECT_EQ(said(answers[0]), "updated");
    EXPECT_EQ(said(answers[1]), "created");
    EXPECT_EQ(done(answers[1]).patient, patient_number(2));
    ASSERT_TRUE(done(answers[0]).position);
    EXPECT_EQ(done(answers[0]).position->events, ports::Offset{4});
    EXPECT_EQ(done(answers[0]).position->history, ports::Offset{4});
    EXPECT_EQ(world.history().size(), 3U);
    EXPECT_TRUE(world.states->all() == world.last_states());

    EXPECT_EQ(said(world.handle(update)), "again: updated");
    EXPECT_EQ(said(world.ask(moved_to("Köln"), kAda)), "updated");
    EXPECT_EQ(world.history().size(), 4U);
  }
}

TEST(Fault, UnknownAgainAndAgainIsAnUnknownOutcomeInTheEnd) {
  World world;
  for (std::int64_t later = 0; later < 3; ++later) world.plan(Fault::unknown_lost, later);
  const Submission creation = world.submission(tests::create());
  EXPECT_EQ(breakage(world, creation), "outcome_unknown");
  EXPECT_EQ(said(world.handle(creation)), "created");
  EXPECT_EQ(world.history().size(), 1U);
}

TEST(Fault, UndecidedIsDecidedByTheNextBatch) {
  for (const Fault fault : {Fault::unknown_committed, Fault::unknown_lost}) {
    SCOPED_TRACE(fault == Fault::unknown_committed ? "committed" : "lost");
    World world;
    world.plan(fault);
    world.disk->openings_to_refuse = 2;
    const Submission creation = world.submission(tests::create());
    EXPECT_EQ(breakage(world, creation), "outcome_unknown");
    EXPECT_EQ(breakage(world, creation), "broken");
    const bool committed = fault == Fault::unknown_committed;
    EXPECT_EQ(breakage(world, creation), committed ? "again: created" : "created");
    EXPECT_EQ(world.history().size(), 1U);
    EXPECT_FALSE(world.writer->fenced());
  }
}

// A writer that was opened before catching up broke decided on states without its predecessor's.
TEST(Fault, StatesThatCannotCatchUpLeaveTheOutcomeOpen) {
  World world;
  world.plan(Fault::unknown_committed);
  world.states->break_catching_up(2);
  const Submission creation = world.submission(tests::create());
  EXPECT_EQ(breakage(world, creation), "outcome_unknown");
  EXPECT_EQ(breakage(world, creation), "broken");
  EXPECT_EQ(breakage(world, creation), "again: created");
  EXPECT_EQ(done(world.ask(tests::create())).patient, patient_number(2));
  EXPECT_EQ(world.history().size(), 2U);
}

std::map<PatientId, patient::State> fold(const std::vector<patient::Recorded>& history) {
  std::map<PatientId, patient::State> states;
  for (const patient::Recorded& recorded : history) {
    patient::State& state = states[recorded.envelope.patient_id];
    EXPECT_EQ(recorded.envelope.sequence, following(state.sequence));
    state = evolve(std::move(state), recorded);
  }
  return states;
}

// Random batches, random faults: what the log says, what the events carry and what the writer
// knows is the same, and every command that was answered happened once.
TEST(Simulation, HistoryFoldsToTheStatesWhateverGoesWrong) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    World world;
    tests::RandomCommands random{seed};
    std::set<patient::CommandId> answered;
    for (int round = 0; round < 12; ++round) {
      world.clock.set(tests::kNow + std::chrono::hours{random.number(200)});
      if (random.one_in(3)) world.plan(static_cast<Fault>(random.number(4)));
      if (random.one_in(8)) world.disk->openings_to_refuse = 1;
      std::vector<Submission> batch;
      for (std::size_t size = random.number(5) + 1; size > 0; --size) {
        const auto number = static_cast<std::int64_t>(random.number(3)) + 1;
        batch.push_back(world.submission(random.next(tests::kNow), patient_number(number)));
      }
      for (int attempt = 0; attempt < 5; ++attempt) {
        try {
          const auto answers = world.writer->handle(batch);
          if (said(answers.front()) == "outcome_unknown") continue;
          for (std::size_t at = 0; at < batch.size(); ++at) {
            const auto* one = std::get_if<handling::Done>(&answers[at]);
            if (one != nullptr && !one->events.empty()) answered.insert(batch[at].command_id);
          }
          break;
        } catch (const core::Broken&) {
          continue;
        }
      }
    }
    const auto history = world.history();
    EXPECT_TRUE(fold(history) == world.last_states());
    EXPECT_TRUE(world.states->all() == world.last_states());
    std::set<patient::CommandId> recorded;
    for (const auto& one : history) recorded.insert(one.envelope.command_id);
    EXPECT_TRUE(recorded == answered);
  }
}

}  // namespace
