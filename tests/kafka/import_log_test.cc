#include <gtest/gtest.h>

#include "domain/handling/partitioner.h"
#include "infra/log_embedded/directory_lock.h"
#include "infra/sqlite/connection.h"
#include "tests/kafka/kafka_environment.h"
#include "tests/whole/made_up.h"
#include "tests/whole/rows.h"

// Outgrowing one machine: the embedded log of the built program moves to the broker.
namespace testing_kafka {
namespace {

using whole::Place;
using whole::Ran;
using whole::sample;
using whole::Words;

class ImportLog : public ::testing::Test {
 protected:
  ImportLog() { KafkaEnvironment::use_kafka(false); }

  static Ran expect(Place& place, int status, const Words& words) {
    SCOPED_TRACE(::testing::PrintToString(words));
    Ran ran = place.json(words);
    EXPECT_EQ(ran.status, status) << ran.out << ran.err;
    return ran;
  }
  static Ran import(Place& place, int status, const Place& source) {
    return expect(place, status, {"topics", "import", "--from", source.data().string()});
  }

  static std::string answers(Place& place) {
    std::string all;
    for (const Words& words : {Words{"patient", "list", "--limit", "1000"},
                               Words{"query", "letzter-kontakt"},
                               Words{"query", "exclusions"},
                               Words{"query", "status-summary"},
                               Words{"query", "status-durations"},
                               Words{"query", "contacts", "1"},
                               Words{"patient", "show", "4"},
                               Words{"patient", "show", "5", "--as-of", "2026-02-01T09:30:00Z"},
                               Words{"patient", "history", "3"},
                               Words{"patient", "history", "4"},
                               Words{"events", "verify"}}) {
      all += expect(place, 0, words).at("data") + '\n';
    }
    return all;
  }

  KafkaEnvironment environment;
  Place embedded;
  Place on_kafka;
};

TEST_F(ImportLog, AnswersEveryQueryAsBeforeAndGoesOn) {
  expect(embedded, 0, {"import", "registrations", sample("registrations")});
  expect(embedded, 0, {"import", "communications", sample("communication-events.jsonl")});
  expect(embedded, 0, {"patient", "exclude", "4", "301", "--reason", "Streit"});
  expect(embedded, 0, {"patient", "status", "5", "in_Therapie"});
  expect(embedded, 0, {"patient", "delete", "3"});
  expect(embedded, 0, {"events", "restate"});
  expect(embedded, 0, {"topics", "compact"});
  const std::string before = answers(embedded);
  const std::string rows = whole::rows_of(embedded);
  const std::string states = whole::states_of(embedded);

  KafkaEnvironment::use_kafka(true);
  EXPECT_EQ(import(on_kafka, 1, embedded).code(), R"("log_mismatch")");  // No topics yet.
  expect(on_kafka, 0, {"topics", "create", "--partitions", "5"});
  const Ran imported = import(on_kafka, 0, embedded);
  EXPECT_EQ(imported.at("data.equal"), "true");
  EXPECT_EQ(imported.at("data.partitions"), "5");
  EXPECT_EQ(imported.size("data.compared"), 7U);
  EXPECT_EQ(answers(on_kafka), before);
  EXPECT_EQ(whole::rows_of(on_kafka), rows);
  EXPECT_EQ(whole::states_of(on_kafka), states);
  whole::expect_in_order(on_kafka);

  const Ran again = import(on_kafka, 0, embedded);
  EXPECT_EQ(again.at("data.records"), "0");
  EXPECT_EQ(again.at("data.already_there"), imported.at("data.records"));

  const Ran registrations =
      expect(on_kafka, 0, {"import", "registrations", sample("registrations")});
  EXPECT_EQ(registrations.at("data.imported"), "0");
  const Words create = {"patient",
                        "create",
                        "--set",
                        "anrede=Frau",
                        "--set",
                        "geschlecht=weiblich",
                        "--set",
                        "vorname=Probe",
                        "--set",
                        "nachname=Danach"};
  const std::string id = expect(on_kafka, 0, create).at("data.patient.id");
  EXPECT_EQ(import(on_kafka, 1, embedded).code(), R"("log_mismatch")");  // It went on alone.
  KafkaEnvironment::use_kafka(false);
  EXPECT_EQ(expect(embedded, 0, create).at("data.patient.id"), id);
}

TEST_F(ImportLog, IsGoneOnWithAfterItWasKilled) {
  const std::string contacts = embedded.write("contacts.jsonl", whole::made_up_contacts(6000, 40));
  const std::string registrations =
      embedded.write("registrations.jsonl", whole::made_up_registrations(40));
  expect(embedded, 0, {"import", "registrations", registrations});
  expect(embedded, 0, {"import", "communications", contacts});
  KafkaEnvironment::use_kafka(true);
  bool on_the_way = false;  // Where the machine is too busy, the kill comes when all is copied.
  for (int tries = 0; tries < 5 && !on_the_way; ++tries) {
    const KafkaEnvironment own;
    Place place;
    expect(place, 0, {"topics", "create", "--partitions", "3"});
    const auto log = infra::log_kafka::KafkaLog::open(own.settings);
    const auto empty = log->ends(ports::Topic::patient_history);
    const pid_t pid = place.start_json({"topics", "import", "--from", embedded.data().string()});
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (log->ends(ports::Topic::patient_history) == empty) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "nothing is copied";
    }
    EXPECT_EQ(place.kill(pid).status, -1);
    const Ran imported = import(place, 0, embedded);
    EXPECT_EQ(imported.at("data.equal"), "true");
    on_the_way = imported.at("data.records") != "0" && imported.at("data.already_there") != "0";
    EXPECT_EQ(keys(*log, ports::Topic::patient_history).size(), 6040U);
    EXPECT_EQ(keys(*log, ports::Topic::patient_events).size(), 40U) << "the last of each patient";
    whole::expect_in_order(place);
  }
  EXPECT_TRUE(on_the_way);
}

TEST_F(ImportLog, IsRefusedWhereTheSourceIsNotWholeNotThereOrInUse) {
  expect(embedded, 0, {"import", "registrations", sample("registrations")});
  const Place empty;
  KafkaEnvironment::use_kafka(true);
  expect(on_kafka, 0, {"topics", "create"});
  EXPECT_EQ(import(on_kafka, 2, empty).code(), R"("usage")");
  {
    const infra::log_embedded::DirectoryLock somebody{embedded.data()};
    EXPECT_EQ(import(on_kafka, 6, embedded).code(), R"("locked")");
  }
  const auto file = embedded.data() / "log.db";
  const auto partition = handling::partition_of("1", ports::kPartitionsDefault);
  const std::string table = "history_" + std::to_string(partition.get());
  infra::sqlite::Connection{file, infra::sqlite::Open::read_write}.execute(
      "UPDATE " + table + " SET value = x'00' WHERE \"offset\" = (SELECT min(\"offset\") FROM " +
      table + " WHERE \"offset\" > 0)");
  const Ran damaged = import(on_kafka, 1, embedded);
  EXPECT_EQ(damaged.code(), R"("corrupt")");
  EXPECT_NE(damaged.at("error.message").find("restore it first"), std::string::npos) << damaged.out;
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  EXPECT_EQ(import(on_kafka, 1, embedded).code(), R"("corrupt")");
  const auto log = infra::log_kafka::KafkaLog::open(environment.settings);
  EXPECT_TRUE(keys(*log).empty());
}

}  // namespace
}  // namespace testing_kafka
