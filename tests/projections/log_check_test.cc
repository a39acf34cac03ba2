#include "projections/log_check.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "domain/handling/partitioner.h"
#include "domain/patient/decider.h"
#include "tests/projections/world.h"

namespace testing_projections {
namespace {

using patient::PatientId;
using projections::check_log;
using projections::LogReport;

const PatientId kAda = PatientId::numbered(1);
constexpr auto kUncounted = [](std::int64_t) {};

class LogCheckTest : public ::testing::Test {
 protected:
  LogCheckTest() {
    world.act_many(150, false);
    const bool ada_lives = world.state(kAda).on_file() != nullptr;
    EXPECT_TRUE(ada_lives) << "choose a seed with which patient 1 is on file";
  }

  LogReport check() { return check_log(world.log, world.codec, kUncounted); }

  // The codes of what is wrong, each with its patient; "-": it names none.
  std::vector<std::string> wrong() {
    std::vector<std::string> codes;
    for (const auto& problem : check().problems) {
      EXPECT_NE(problem.message.find("offset"), std::string::npos) << "no place: " << problem.code;
      codes.push_back(problem.code + ' ' + (problem.patient ? problem.patient->text() : "-"));
    }
    return codes;
  }

  [[nodiscard]] ports::Partition partition_of(const PatientId& id) const {
    return handling::partition_of(id.text(), world.log.identity().partitions);
  }
  void append(ports::Topic topic, const std::string& key, std::optional<std::string> value) {
    const std::vector<ports::NewRecord> records{{topic, partition_of(kAda), key, std::move(value)}};
    ASSERT_TRUE(
        std::holds_alternative<ports::Committed>(world.log.open_writer("")->append(records)));
  }

  // An event that goes on from what Ada is, and her state behind it.
  [[nodiscard]] patient::Recorded next_event(std::int64_t steps = 1) {
    const patient::State& state = world.state(kAda);
    return {{patient::EventId{core::Uuid{{9, 9}}},
             kAda,
             patient::Sequence{state.sequence.get() + steps},
             state.recorded_at,
             state.recorded_at,
             "test",
             patient::CommandId{core::Uuid{{9, 8}}},
             patient::Digest{1},
             patient::CorrelationId{core::Uuid{{9, 7}}},
             std::nullopt},
            patient::Restated{},
            {}};
  }
  static std::string history_key(const patient::Recorded& event) {
    return kAda.text() + '/' + std::to_string(event.envelope.sequence.get());
  }
  void append_history(const patient::Recorded& event) {
    append(ports::Topic::patient_history, history_key(event), world.codec.encode_history(event));
  }
  void append_state(const patient::Recorded& event, const patient::State& state) {
    append(ports::Topic::patient_events, kAda.text(), world.codec.encode_event(event, state));
  }
  void append_both(const patient::Recorded& event) {
    append_history(event);
    append_state(event, patient::evolve(world.state(kAda), event));
  }

  using Codes = std::vector<std::string>;
  World world{3, 12};
};

TEST_F(LogCheckTest, FindsNothingInASoundLogWithDeletedAndErasedPatients) {
  const LogReport report = check();
  EXPECT_TRUE(report.problems.empty()) << report.problems.front().message;
  EXPECT_GT(report.patients, 5);
  EXPECT_GT(report.events, 60);
  append_both(next_event());
  EXPECT_EQ(check().events, report.events + 1);
  EXPECT_EQ(wrong(), Codes{});
}

TEST_F(LogCheckTest, CountsTheRecordsOfBothTopicsAsItGoes) {
  std::int64_t counted = 0;
  static_cast<void>(
      check_log(world.log, world.codec, [&](std::int64_t records) { counted += records; }));
  std::int64_t records = 0;
  for (const auto topic : {ports::Topic::patient_events, ports::Topic::patient_history}) {
    const auto reader = world.log.open_reader(topic, ports::from_the_beginning(world.log));
    while (const auto read = reader->poll(100, [](const ports::Record&) {})) {
      records += static_cast<std::int64_t>(read);
    }
  }
  EXPECT_EQ(counted, records);
}

TEST_F(LogCheckTest, NamesAStateThatIsNotWhatTheHistoryFoldsTo) {
  const auto event = next_event();
  append_history(event);
  EXPECT_EQ(wrong(), Codes{"state_differs 1"}) << "an event that only the history has";
  append_state(event, patient::evolve(world.state(kAda), event));
  EXPECT_EQ(wrong(), Codes{});
  patient::State other = patient::evolve(world.state(kAda), event);
  other.last_contact.reset();
  other.contact_sources.push_back(4);
  append_state(event, other);
  EXPECT_EQ(wrong(), Codes{"state_differs 1"});
}

TEST_F(LogCheckTest, NamesAGapInTheSequence) {
  append_both(next_event(2));
  const Codes codes = wrong();
  EXPECT_EQ(codes, (Codes{"sequence_gap 1", "no_history 1"}));
}

TEST_F(LogCheckTest, NamesAnEventThatCameTwice) {
  const auto event = next_event();
  append_both(event);
  append_history(event);
  EXPECT_EQ(wrong(), (Codes{"sequence_gap 1", "no_history 1"}));
}

TEST_F(LogCheckTest, NamesAKeyThatIsNotTheEvents) {
  const auto event = next_event();
  append(ports::Topic::patient_history, kAda.text() + "/999", world.codec.encode_history(event));
  EXPECT_EQ(wrong(), (Codes{"key_differs 1", "no_history 1"}));
}

TEST_F(LogCheckTest, NamesTimeThatGoesBack) {
  auto event = next_event();
  event.envelope.recorded_at -= std::chrono::hours{1};
  append_both(event);
  EXPECT_EQ(wrong(), Codes{"time_goes_back 1"});
}

TEST_F(LogCheckTest, NamesAPatientWhomOnlyOneTopicKnows) {
  append(ports::Topic::patient_events, kAda.text(), std::nullopt);
  const auto report = check();
  ASSERT_EQ(report.problems.size(), 1U);
  EXPECT_EQ(report.problems.front().code, "no_state");
  EXPECT_EQ(report.problems.front().patient, kAda);
}

TEST_F(LogCheckTest, NamesWhatNobodyCanReadInEitherTopic) {
  world.append_unreadable(kAda);
  const Codes codes = wrong();
  EXPECT_EQ(std::count(codes.begin(), codes.end(), "undecodable 1"), 2);
  EXPECT_EQ(codes.size(), 2U);
}

TEST_F(LogCheckTest, NamesWhatLiesInTheWrongPartitionOrHasNoPatientsKey) {
  world.append_unknown_key();
  EXPECT_EQ(wrong(), (Codes{"bad_key -", "undecodable 1", "no_history 1"}));
  World other{4, 12};
  other.append_to_wrong_partition();
  const auto report = check_log(other.log, other.codec, kUncounted);
  ASSERT_EQ(report.problems.size(), 2U);
  for (const auto& problem : report.problems) EXPECT_EQ(problem.code, "wrong_partition");
}

TEST_F(LogCheckTest, SaysNothingOfWhatARecordHolds) {
  world.append_unreadable(kAda);
  for (const auto& problem : check().problems) {
    EXPECT_EQ(problem.message.find("nobody can read"), std::string::npos) << problem.message;
  }
}

TEST_F(LogCheckTest, FoldsEveryPatientOfAPartitionButThoseItReports) {
  std::vector<projections::LogProblem> problems;
  const auto fold = [&] {
    return projections::fold_history(
        world.log, world.codec, partition_of(kAda), problems, kUncounted);
  };
  const auto folded = fold();
  EXPECT_TRUE(problems.empty());
  ASSERT_TRUE(folded.contains(kAda));
  for (const auto& [id, state] : folded) EXPECT_EQ(state, world.state(id)) << id.text();
  world.append_unreadable(kAda);
  EXPECT_FALSE(fold().contains(kAda));
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems.front().patient, kAda);
}

}  // namespace
}  // namespace testing_projections
