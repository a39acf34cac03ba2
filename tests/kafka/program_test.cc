#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <map>
#include <sstream>

#include "infra/codec/json.h"
#include "tests/kafka/broker.h"
#include "tests/kafka/foreign_eyes.h"
#include "tests/whole/rows.h"

// The built program, with its log on the broker.
namespace testing_kafka {
namespace {

using whole::Place;
using whole::Ran;
using whole::sample;
using whole::Words;

class KafkaProgram : public ::testing::Test {
 protected:
  KafkaProgram() {
    const auto settings = fresh_settings();
    ::setenv("KAFKA_BOOTSTRAP_SERVERS", settings.brokers.c_str(), 1);
    ::setenv("KAFKA_TOPIC_PREFIX", settings.topic_prefix.c_str(), 1);
  }
  ~KafkaProgram() override {
    for (const char* variable :
         {"KAFKA_BOOTSTRAP_SERVERS", "KAFKA_TOPIC_PREFIX", "KAFKA_ENABLED", "KARTEI_OUTBOUND"}) {
      ::unsetenv(variable);
    }
  }

  static Ran expect(Place& place, int status, const Words& words) {
    SCOPED_TRACE(::testing::PrintToString(words));
    Ran ran = place.json(words);
    EXPECT_EQ(ran.status, status) << ran.out << ran.err;
    return ran;
  }

  // A morning's work.
  static void work(Place& place) {
    expect(place, 0, {"import", "registrations", sample("registrations")});
    expect(place, 0, {"import", "registrations", sample("registrations")});
    expect(place, 4, {"import", "registrations", sample("registrations-bad")});
    const Ran contacts =
        expect(place, 0, {"import", "communications", sample("communication-events.jsonl")});
    EXPECT_EQ(contacts.at("data.imported") + ' ' + contacts.at("data.duplicates"), "42 4");
    expect(place, 0, {"patient", "exclude", "4", "301", "--reason", "Streit"});
    expect(place, 0, {"patient", "include", "4", "301"});
    expect(place, 0, {"patient", "status", "5", "in_Therapie"});
    expect(place, 0, {"patient", "delete", "3"});
    expect(place, 3, {"patient", "show", "3"});
    expect(place, 4, {"patient", "status", "5", "gesund"});
  }

  // What people are answered: the rows of the read models but for what each run invents.
  static std::string answers(Place& place) {
    std::string all;
    for (const Words& words : {Words{"patient", "list", "--limit", "1000"},
                               Words{"query", "letzter-kontakt"},
                               Words{"query", "exclusions"},
                               Words{"query", "status-summary"},
                               Words{"query", "contacts", "1"},
                               Words{"events", "verify"}}) {
      all += expect(place, 0, words).at("data") + '\n';
    }
    return all;
  }
};

TEST_F(KafkaProgram, DoesWhatItDoesOnTheEmbeddedLog) {
  Place on_kafka;
  expect(on_kafka, 0, {"topics", "create", "--partitions", "5"});
  work(on_kafka);
  const std::string answered = answers(on_kafka);
  whole::expect_in_order(on_kafka);

  ::setenv("KAFKA_ENABLED", "false", 1);
  Place embedded;
  work(embedded);
  EXPECT_EQ(answers(embedded), answered);
}

TEST_F(KafkaProgram, ComesBackRowForRowWhenItsDataDirectoryIsGone) {
  Place place;
  expect(place, 0, {"topics", "create", "--partitions", "5"});
  work(place);
  const std::string before = whole::rows_of(place);
  const std::string states = whole::states_of(place);
  std::filesystem::remove_all(place.data());
  EXPECT_EQ(whole::rows_of(place), before);
  EXPECT_EQ(whole::states_of(place), states);
}

TEST_F(KafkaProgram, SaysWhichCommandMakesTheTopicsThatAreMissing) {
  Place place;
  const Ran ran = expect(place, 1, {"patient", "list"});
  EXPECT_EQ(ran.code(), R"("log_mismatch")");
  EXPECT_NE(ran.at("error.message").find("kartei topics create"), std::string::npos);
}

TEST_F(KafkaProgram, RefusesADirectoryThatHasAnEmbeddedLogAndTheCachesOfAnotherLog) {
  Place place;
  ::setenv("KAFKA_ENABLED", "false", 1);
  expect(place, 0, {"import", "registrations", sample("registrations")});
  ::setenv("KAFKA_ENABLED", "true", 1);
  expect(place, 1, {"topics", "create"});
  std::filesystem::remove(place.data() / "log.db");
  expect(place, 0, {"topics", "create"});
  EXPECT_EQ(expect(place, 1, {"patient", "status", "1", "offen"}).code(), R"("log_mismatch")");
}

TEST_F(KafkaProgram, WithoutABrokerSaysSoAndNamesTheAddress) {
  ::setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1", 1);
  Place place;
  for (const Words& words : {Words{"patient", "list"}, Words{"topics", "create"}}) {
    const Ran ran = expect(place, 6, words);
    EXPECT_EQ(ran.code(), R"("broker_unavailable")");
    EXPECT_NE(ran.at("error.message").find("Kafka at 127.0.0.1:1: "), std::string::npos);
  }
}

TEST_F(KafkaProgram, TellsOtherServicesEachEventInTheirOwnForm) {
  ::setenv("KARTEI_OUTBOUND", "curavani", 1);
  Place place;
  expect(place, 0, {"topics", "create", "--partitions", "5"});
  work(place);
  std::map<std::string, int> types;
  std::map<std::string, std::string> last;
  for (const std::string& line : foreign_lines("patient-events", 56)) {
    // Partition, offset, key, value, and where their own murmur2 puts the key.
    const std::size_t brace = line.find('{');
    std::istringstream head{line.substr(0, brace)};
    std::string partition, offset, key;
    head >> partition >> offset >> key;
    EXPECT_EQ(line.substr(line.rfind(' ') + 1), partition);
    const auto message = infra::codec::read_json(line.substr(brace, line.rfind('}') + 1 - brace));
    ASSERT_TRUE(message) << line;
    Ran envelope;
    envelope.document = message.value();
    EXPECT_EQ(envelope.at("payload.patient_id"), key);
    ++types[std::get<std::string>(infra::codec::read_json(envelope.at("eventType")).value().value)];
  }
  // Patient 99 is only expected: of that contact nobody is told.
  EXPECT_EQ(types,
            (std::map<std::string, int>{{"patient.created", 12},
                                        {"patient.updated", 41},
                                        {"patient.status_changed", 1},
                                        {"patient.therapist_excluded", 1},
                                        {"patient.deleted", 1}}));
}

TEST_F(KafkaProgram, OfTwoCommandsAtTheSameTimeOneMayHaveToTryAgainAndEachIsDoneOnce) {
  Place place;
  Place elsewhere;
  expect(place, 0, {"topics", "create", "--partitions", "3"});
  const Words create = whole::new_patient("");
  std::array commands{create, create};
  for (std::size_t number = 0; number < commands.size(); ++number) {
    commands[number].insert(
        commands[number].end(),
        {"--command-id", "0f8fad5b-d9cb-469f-a165-70867728950" + std::to_string(number)});
  }
  const pid_t one = place.start_json(commands[0]);
  const pid_t other = elsewhere.start_json(commands[1]);
  for (const Ran& ran : {place.end(one), elsewhere.end(other)}) {
    if (ran.status == 0) continue;
    EXPECT_EQ(ran.status, 6) << ran.out << ran.err;
    const std::string code = ran.code();
    EXPECT_TRUE(code == R"("locked")" || code == R"("outcome_unknown")") << ran.out << ran.err;
  }
  for (const Words& command : commands) expect(place, 0, command);
  EXPECT_EQ(expect(place, 0, {"patient", "list"}).at("data.total"), "2");
}

}  // namespace
}  // namespace testing_kafka
