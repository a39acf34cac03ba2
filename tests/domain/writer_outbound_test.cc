#include <gtest/gtest.h>

#include "domain/core/broken.h"
#include "tests/domain/given.h"
#include "tests/domain/writer_world.h"

// What other services are told, and that they are told exactly what is in the log.
namespace {

using infra::log_memory::Fault;
using tests::patient_number;
using tests::said;
using tests::World;

patient::Update moved_to(const std::string& town) {
  return tests::update({{patient::Key::ort, town}});
}

// Says which event it was; knows no deletions.
std::optional<ports::Announcement> of_the_test(const patient::Recorded& recorded,
                                               const patient::State& after) {
  if (after.on_file() == nullptr) return std::nullopt;
  return ports::Announcement{"topic",
                             recorded.envelope.patient_id.text(),
                             std::to_string(recorded.envelope.sequence.get()) + ' ' +
                                 std::string{name(type_of(recorded.event))}};
}

std::vector<std::string> announced(const World& world) {
  std::vector<std::string> values;
  for (const auto& announcement : world.disk->announcements) {
    EXPECT_EQ(announcement.topic, "topic");
    EXPECT_EQ(announcement.key, "1");
    values.push_back(announcement.value);
  }
  return values;
}

using Values = std::vector<std::string>;

class Outbound : public ::testing::Test {
 protected:
  Outbound() { world.restart({of_the_test}); }
  World world;
};

TEST_F(Outbound, TellsEachEventOnceInTheOrderOfTheLog) {
  auto both = tests::create(
      {{patient::Key::vertraege_unterschrieben, true}, {patient::Key::zahlung_eingegangen, true}});
  EXPECT_EQ(said(world.ask(both)), "created, status_changed");
  EXPECT_EQ(said(world.ask(moved_to("Bonn"), patient_number(1))), "updated");
  EXPECT_EQ(announced(world), (Values{"1 created", "2 status_changed", "3 updated"}));
}

TEST_F(Outbound, TellsNothingOfWhatTheContractDoesNotKnow) {
  EXPECT_EQ(said(world.ask(tests::create())), "created");
  EXPECT_EQ(said(world.ask(patient::Delete{}, patient_number(1))), "deleted");
  EXPECT_EQ(announced(world), Values{"1 created"});
}

TEST_F(Outbound, TellsNothingOfWhatWasNotAppended) {
  EXPECT_EQ(said(world.ask(tests::create())), "created");
  handling::Submission dry = world.submission(moved_to("Bonn"), patient_number(1));
  dry.dry_run = true;
  EXPECT_EQ(said(world.handle(dry)), "updated");
  world.plan(Fault::refused);
  EXPECT_THROW(static_cast<void>(world.ask(moved_to("Bonn"), patient_number(1))), core::Broken);
  EXPECT_EQ(announced(world), Values{"1 created"});
}

TEST_F(Outbound, IsToldOnceWhateverBecomesOfTheAppend) {
  for (const Fault fault : {Fault::unknown_committed, Fault::unknown_lost}) {
    World other;
    other.restart({of_the_test});
    other.plan(fault);
    EXPECT_EQ(said(other.ask(tests::create())), "created");
    EXPECT_EQ(announced(other), Values{"1 created"});
  }
}

TEST_F(Outbound, RefusesAnEventThatIsTooLargeForThem) {
  world.restart({[](const patient::Recorded&, const patient::State&) {
    return std::optional{ports::Announcement{"topic", "1", std::string(1'000'000, 'x')}};
  }});
  EXPECT_EQ(said(world.ask(tests::create())), "invalid");
  EXPECT_EQ(announced(world), Values{});
}

}  // namespace
