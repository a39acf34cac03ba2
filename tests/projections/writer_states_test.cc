#include "infra/states/writer_states.h"

#include <gtest/gtest.h>

#include <fstream>

#include "infra/codec/digest.h"
#include "infra/states/standby.h"
#include "projections/states/states.h"
#include "tests/projections/scratch_folder.h"
#include "tests/projections/world.h"

namespace testing_projections {
namespace {

namespace fs = std::filesystem;
using infra::states::WriterStates;
using patient::PatientId;

patient::Create creation() {
  return {{{patient::Key::anrede, std::string{"Frau"}},
           {patient::Key::geschlecht, std::string{"weiblich"}},
           {patient::Key::vorname, std::string{"Ada"}},
           {patient::Key::nachname, std::string{"Probe"}}},
          std::nullopt,
          {},
          std::nullopt};
}

constexpr auto kSilent = [](const projections::RebuildProgress&) {};

class WriterStatesTest : public ::testing::Test {
 protected:
  WriterStatesTest() { world.act_many(200, false); }
  infra::states::Opened open() {
    return infra::states::open_or_rebuild(folder.path(), world.log, world.codec, kSilent);
  }
  void expect_all(WriterStates& states) {
    std::int64_t highest = 0;
    for (int i = 0; i < 40; ++i) {
      const PatientId id = world.random_patient();
      const patient::State& expected = world.state(id);
      EXPECT_EQ(states.find(id), expected);
      for (const auto& command : expected.commands) EXPECT_EQ(states.by_command(command.id), id);
      const bool created = std::holds_alternative<patient::OnFile>(expected.standing) ||
                           std::holds_alternative<patient::Gone>(expected.standing);
      if (created) highest = std::max(highest, id.number().value_or(0));
    }
    EXPECT_GE(states.highest_number(), highest);
    EXPECT_EQ(states.expected_patients(), expected_patients().size());
    EXPECT_EQ(states.find(PatientId::numbered(999)), patient::State{});
    EXPECT_EQ(states.by_command(patient::CommandId{core::Uuid{{77}}}), std::nullopt);
    EXPECT_EQ(states.by_registration("unheard of"), std::nullopt);
  }
  std::vector<PatientId> expected_patients() {
    std::vector<PatientId> all;
    for (const auto& [id, state] : world.states()) {
      if (std::holds_alternative<patient::Expected>(state.standing)) all.push_back(id);
    }
    return all;
  }
  // What the writer would hand over after the last append of `id`.
  ports::States::Advance advance(const PatientId& id, std::int64_t offset) {
    return {id,
            world.state(id),
            ports::Partition{0},
            ports::Offset{offset},
            patient::EventId{core::Uuid{{8}}}};
  }
  World world{5, 20};
  ScratchFolder folder;
};

TEST_F(WriterStatesTest, AMissingFileIsRebuiltAndReported) {
  auto opened = open();
  EXPECT_TRUE(opened.rebuilt_because);
  expect_all(*opened.states);
  opened.states.reset();
  opened = open();
  EXPECT_FALSE(opened.rebuilt_because);
  expect_all(*opened.states);
}

TEST_F(WriterStatesTest, ADamagedFileIsRebuilt) {
  open().states.reset();
  std::ofstream{folder.path() / "states.db"} << std::string(4096, 'x');
  const auto opened = open();
  EXPECT_TRUE(opened.rebuilt_because);
  expect_all(*opened.states);
}

TEST_F(WriterStatesTest, AnotherLogIsRefusedNotRebuilt) {
  open().states.reset();
  World younger{5, 20};
  EXPECT_THROW(
      (void)infra::states::open_or_rebuild(folder.path(), younger.log, younger.codec, kSilent),
      core::Broken);
}

TEST_F(WriterStatesTest, CatchesUpWithTheLog) {
  const auto opened = open();
  world.act_many(100, false);
  opened.states->catch_up(world.log);
  expect_all(*opened.states);
}

TEST_F(WriterStatesTest, KnowsWhatWasAdvancedBeforeAndAfterItIsWritten) {
  const projections::Projection projection = projections::states_projection(world.codec);
  auto store = infra::read_models::SqliteStore::create(
      folder.path() / "small.db", projection, world.log.identity());
  store->take_over();
  store->finish_loading();
  WriterStates states{std::move(store), world.codec, {3, 5}};  // Everything falls out of the cache.
  std::int64_t offset = 10;
  std::map<PatientId, patient::State> known;
  for (int i = 0; i < 60; ++i) {
    const PatientId id = world.random_patient();
    if (world.state(id).sequence.get() == 0) continue;
    known.insert_or_assign(id, world.state(id));
    states.advance({advance(id, ++offset)});
    EXPECT_LE(states.unwritten(), 6U);
    for (const auto& [other, state] : known) {
      EXPECT_EQ(states.find(other), state);
      if (state.registration) {
        EXPECT_TRUE(states.by_registration(state.registration->key()));
      }
      EXPECT_EQ(states.by_command(state.commands.back().id), other);
    }
  }
  states.flush();
  EXPECT_EQ(states.unwritten(), 0U);
  const auto reopened =
      infra::read_models::SqliteStore::open(folder.path() / "small.db", projection);
  EXPECT_EQ(reopened->checkpoint().partitions[0].last, ports::Offset{offset});
}

TEST_F(WriterStatesTest, CountsExpectedPatientsUntilTheyAreCreated) {
  const auto opened = open();
  const PatientId expected = PatientId::numbered(500);
  const std::size_t before = opened.states->expected_patients();
  patient::Contact contact;
  contact.source = infra::codec::contact_source(std::string{"sent-before-its-patient-was-there"});
  world.command(expected, patient::RecordContact{contact, patient::Reporter::ingest});
  opened.states->advance({advance(expected, 1'000)});
  EXPECT_EQ(opened.states->expected_patients(), before + 1);
  world.command(expected, creation());
  opened.states->advance({advance(expected, 1'001)});
  EXPECT_EQ(opened.states->expected_patients(), before);
}

TEST_F(WriterStatesTest, AreCountedByAStandbyThatFollowsThem) {
  infra::states::Standby standby{
      infra::states::load_or_rebuild(folder.path(), world.log, world.codec, kSilent),
      world.log,
      world.codec};
  const std::vector<PatientId> before = expected_patients();
  ASSERT_FALSE(before.empty());
  EXPECT_EQ(standby.expected_patients(), before.size());
  world.command(before.front(), creation());
  standby.follow([] { return true; });
  EXPECT_EQ(standby.expected_patients(), before.size() - 1);
}

TEST_F(WriterStatesTest, NamesQuarantinedPatientsUntilTheyHeal) {
  const auto opened = open();
  const PatientId ada = PatientId::numbered(1);
  world.append_unreadable(ada);
  opened.states->catch_up(world.log);
  EXPECT_TRUE(opened.states->quarantined(ada));
  EXPECT_FALSE(opened.states->quarantined(PatientId::numbered(2)));
  world.restate(ada);
  opened.states->catch_up(world.log);
  EXPECT_FALSE(opened.states->quarantined(ada));
  EXPECT_EQ(opened.states->find(ada), world.state(ada));
}

}  // namespace
}  // namespace testing_projections
