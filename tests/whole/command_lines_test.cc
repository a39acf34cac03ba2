#include <gtest/gtest.h>

#include <sys/stat.h>

#include <fstream>
#include <regex>

#include "tests/http/peer.h"
#include "tests/kafka/following.h"
#include "tests/rest/clients/served.h"
#include "tests/whole/made_up.h"
#include "tests/whole/rows.h"

// The command line while a service holds the data directory: the service runs it, and nobody who
// reads what it prints can tell.
namespace {

using testing_rest::Served;
using whole::new_patient;
using whole::Place;
using whole::Ran;
using whole::with;
using whole::Words;

Words numbered(Words words, int number) {
  const std::string digits = std::to_string(1000 + number);
  return with(std::move(words),
              {"--command-id",
               "00000000-0000-4000-8000-00000000" + digits,
               "--correlation-id",
               "00000000-0000-4000-9000-00000000" + digits});
}

// What differs between two runs of the same: which log it is, and what was measured.
std::string told(const Ran& ran) {
  static const std::regex kLog{
      "[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}"};
  static const std::regex kMeasured{R"x("(seconds|events_per_second|bytes_on_disk)":[0-9.e-]+)x"};
  std::string text = std::to_string(ran.status) + '\n' + ran.out;
  text = std::regex_replace(text, kLog, "LOG");
  return std::regex_replace(text, kMeasured, "\"$1\":N");
}

// A day of a practice: every verb that changes or asks, what is refused as well.
std::vector<std::pair<Words, std::string>> a_day(const std::string& samples) {
  std::vector<std::pair<Words, std::string>> lines;
  const auto line = [&](Words words, std::string in = "") {
    lines.emplace_back(std::move(words), std::move(in));
  };
  line(numbered(new_patient("1"), 1));
  line(numbered(new_patient("1"), 2));
  line(numbered(new_patient("1"), 1));
  line(numbered({"patient", "create", "-"}, 3),
       R"({"anrede":"Herr","geschlecht":"männlich","vorname":"Bo","nachname":"Muster"})");
  line({"patient", "create", "-"}, "{\"anrede\":");
  line({"import", "registrations", samples + "/registrations"});
  line({"import", "registrations", samples + "/registrations"});
  line({"import", "communications", "-"},
       whole::bytes_of(whole::sample("communication-events.jsonl")));
  line({"import", "communications", "none.jsonl"});
  line(numbered({"patient", "update", "1", "here.json"}, 4));
  line(numbered({"patient", "update", "1", "--set", "ort=Köln", "--expect", "1"}, 5));
  line({"patient", "update", "1", "--set", "unbekannt=1", "--set", "plz=zu lang für eine"});
  line(numbered({"patient", "status", "1", "in_Therapie"}, 6));
  line(numbered({"patient", "exclude", "1", "77", "--reason", "zu weit"}, 7));
  line(numbered({"patient", "include", "1", "77"}, 8));
  line(numbered({"patient", "contact", "1", "--at", "2026-01-20T10:00:00Z"}, 9));
  line(numbered({"patient", "update", "1", "--set", "ort=Bonn", "--dry-run"}, 10));
  line(numbered({"patient", "delete", "2"}, 11));
  for (const char* id : {"1", "2", "3", "999"}) {
    line({"patient", "show", id});
    line({"patient", "history", id});
    line({"query", "contacts", id});
  }
  line({"patient", "show", "1", "--as-of", "2026-01-15T00:00:00Z"});
  line({"patient", "list"});
  line({"patient", "list", "--search", "mu", "--limit", "2"});
  line({"query", "letzter-kontakt"});
  line({"query", "exclusions"});
  line({"query", "status-summary"});
  line({"query", "status-durations"});
  line({"query", "sql", "directory", "SELECT count(*) FROM directory"});
  line({"query", "sql", "directory", "DELETE FROM directory"});
  line({"projection", "preview", "directory"});
  line({"projection", "rebuild", "directory", "--no-cutover"});
  line({"projection", "preview", "directory"});
  line({"projection", "cutover", "directory"});
  line({"projection", "rollback", "directory"});
  line({"projection", "discard", "directory"});
  line({"projection", "rebuild", "--all"});
  line({"projection", "verify", "--all"});
  line({"projection", "rebuild", "nothing"});
  line({"projection", "list"});
  line({"events", "verify"});
  line({"events", "stats"});
  line({"events", "repair", "1"});
  line({"events", "repair", "999"});
  line({"events", "restate"});
  line({"events", "read", "--partition", "99"});
  line({"topics", "create", "--partitions", "12"});
  line({"topics", "create", "--partitions", "3"});
  line({"topics", "describe"});
  line({"topics", "compact"});
  line({"quarantine", "list"});
  line({"quarantine", "show", "1"});
  line({"dead-letters", "list"});
  line({"dead-letters", "show", "1"});
  line({"patient", "show"});
  line({"patient", "fly", "1"});
  line({"patient", "show", "--help"});
  line({"--config", "none.toml", "patient", "list"});
  return lines;
}

class CommandLines : public ::testing::Test {
 protected:
  Place place;
};

TEST_F(CommandLines, TellByteForByteTheSameWithAndWithoutAService) {
  Place alone;
  const Served served{place};
  for (Place* one : {&alone, &place}) {  // The service was started elsewhere.
    one->write("here.json", R"({"telefon":"0228 1234"})");
    one->start_in = one->folder();
  }
  const std::string samples = std::string{SOURCE_ROOT} + "/tests/data";
  for (const auto& [words, in] : a_day(samples)) {
    std::string line;
    for (const std::string& word : words) line += word + ' ';
    SCOPED_TRACE(line);
    const std::string by_itself = told(alone.json(words, in));
    EXPECT_EQ(told(place.json(words, in)), by_itself);
  }
  EXPECT_EQ(place.json({"patient", "show", "1"}).at("data.patient.telefon"), "\"0228 1234\"");
  const Ran doctor = place.run({"doctor"});  // Looks from outside.
  EXPECT_EQ(doctor.status, 0);
  EXPECT_NE(doctor.out.find("is held by process"), std::string::npos) << doctor.out;
}

TEST_F(CommandLines, AndRequestsWorkSideBySide) {
  const Served served{place};
  EXPECT_EQ(place.json(new_patient("1")).status, 0);
  testing_http::Peer peer{served.port()};
  ASSERT_TRUE(peer.send(testing_http::request(
      "PUT /api/patients/1", "Content-Type: application/json\r\n", R"({"ort":"Bonn"})")));
  EXPECT_EQ(peer.answer().status, 200);
  EXPECT_EQ(place.json({"patient", "show", "1"}).at("data.patient.ort"), "\"Bonn\"");
}

TEST_F(CommandLines, AFollowerRunsThemAsWell) {
  testing_kafka::Following follower{place};
  ASSERT_TRUE(follower.await("writer: this process has its turn")) << follower.said();
  const auto listens = [&] { return std::filesystem::exists(place.data() / "service.sock"); };
  ASSERT_TRUE(testing_kafka::await_change(place.data(), listens, std::chrono::seconds{60}));
  EXPECT_EQ(place.json(new_patient("1")).status, 0);
  EXPECT_EQ(place.json({"patient", "status", "1", "in_Therapie"}).status, 0);
  EXPECT_EQ(place.json({"patient", "list"}).at("data.data.0.status"), "\"in_Therapie\"");
  EXPECT_EQ(follower.stop().status, 0);
  EXPECT_EQ(place.json({"patient", "list"}).at("data.total"), "1");
}

TEST_F(CommandLines, OnAServiceThatWasKilledAreTheirOwnAgain) {
  {
    const Served served{place};
    EXPECT_EQ(place.json(new_patient("1")).status, 0);
    served.strike();
  }
  EXPECT_TRUE(std::filesystem::exists(place.data() / "service.sock"));
  EXPECT_EQ(place.json({"patient", "show", "1"}).status, 0);
  EXPECT_EQ(place.json(new_patient("2")).status, 0);
  const Served again{place};
  EXPECT_EQ(place.json(new_patient("3")).status, 0) << "by the one that came after it";
  EXPECT_EQ(place.json({"patient", "list"}).at("data.total"), "3");
}

TEST_F(CommandLines, AreNotForAServiceOfAnotherLog) {
  const Served served{place};
  const Ran other = place.json({"--kafka", "localhost:1", "patient", "list"});
  EXPECT_EQ(other.status, 1);
  EXPECT_EQ(other.code(), "\"log_mismatch\"");
  const Ran second = place.json({"serve", "--listen", "127.0.0.1:0"});
  EXPECT_EQ(second.status, 6);
  EXPECT_EQ(second.code(), "\"locked\"");
}

// The service would open them: one that blocks, one that is its own, and its log.
TEST_F(CommandLines, NameNoFileThatOnlyTheirOwnProcessCanRead) {
  const Served served{place};
  const auto pipe = place.folder() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const std::string log = (place.data() / "log.db").string();
  for (const std::string& file : {pipe.string(), std::string{"/dev/stdin"}, log}) {
    const Ran ran = place.json({"patient", "create", file}, "{}");
    EXPECT_EQ(ran.status, 2) << file << ran.out;
    EXPECT_NE(ran.out.find("hand it over as -"), std::string::npos) << ran.out;
  }
  EXPECT_EQ(place.json(new_patient("1")).status, 0);
}

// An import whose input does not end, and a service that is asked to stop.
TEST_F(CommandLines, DoNotKeepAServiceFromStopping) {
  Served served{place};
  const auto pipe = place.folder() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::fstream held_open{pipe};  // So that its reader does not come to its end.
  const pid_t import = place.start_reading(pipe, {"--json", "import", "communications", "-"});
  held_open << whole::made_up_contacts(600, 5) << std::flush;  // More than one batch.
  while (place.json({"events", "stats"}).out.find("contact_recorded") == std::string::npos) {
  }
  EXPECT_EQ(served.stop().status, 0);
  held_open << '\n' << std::flush;  // The program reads a pipe, which it was asked for.
  const Ran ran = place.end(import);
  EXPECT_EQ(ran.status, 6) << ran.out;
  EXPECT_EQ(ran.code(), "\"outcome_unknown\"");
}

}  // namespace
