#include <gtest/gtest.h>

#include <regex>
#include <thread>

#include "tests/http/tls_peer.h"
#include "tests/kafka/following.h"
#include "tests/kafka/two_services.h"
#include "tests/whole/made_up.h"

// Command lines on the data directory of a standby: the writer decides them.
namespace testing_kafka {
namespace {

using whole::new_patient;
using whole::Place;
using whole::Ran;
using whole::with;
using whole::Words;

std::string uuid(int number) {
  return "00000000-0000-4000-8000-00000000" + std::to_string(1000 + number);
}
Words numbered(Words words, int number) {
  return with(std::move(words),
              {"--command-id", uuid(number), "--correlation-id", uuid(number + 5000)});
}

// What differs between two logs: which it is, where in it something stands, ids of an import.
std::string told(const Ran& ran) {
  static const std::regex kPosition{R"x("position":"[^"]*")x"};
  static const std::regex kRandom{
      "[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"};
  return std::to_string(ran.status) + '\n' +
         std::regex_replace(std::regex_replace(ran.out, kPosition, "P"), kRandom, "ID");
}

// A morning of a practice, one line after another, with what each was told. Every writer of the run
// takes in what other tests sent of patients with numbers: these have names.
std::vector<std::string> morning(Place& place) {
  const std::string samples = std::string{SOURCE_ROOT} + "/tests/data";
  std::vector<std::string> all;
  const auto line = [&](const Words& words, const std::string& in = "") {
    all.push_back(told(place.json(words, in)));
  };
  line(numbered(new_patient("ada"), 1));
  line(numbered(new_patient("ada"), 2));
  line(numbered(new_patient("ada"), 1));
  line(numbered({"patient", "create", "-", "--id", "bo"}, 3),
       R"({"anrede":"Herr","geschlecht":"männlich","vorname":"Bo","nachname":"Muster"})");
  line({"import", "registrations", samples + "/registrations"});
  line({"import", "registrations", samples + "/registrations"});
  line({"import", "communications", "-"},
       whole::bytes_of(whole::sample("communication-events.jsonl")));
  line(numbered({"patient", "update", "ada", "--set", "ort=Köln", "--expect", "1"}, 4));
  line(numbered({"patient", "update", "ada", "--set", "ort=Ulm", "--expect", "1"}, 5));
  line({"patient", "update", "ada", "--set", "plz=zu lang für eine"});
  line(numbered({"patient", "status", "ada", "in_Therapie", "--actor", "Empfang"}, 6));
  line(numbered({"patient", "exclude", "ada", "77", "--reason", "zu weit"}, 7));
  line(numbered({"patient", "exclude", "ada", "78"}, 8));
  line(numbered({"patient", "include", "ada", "78"}, 9));
  line(numbered({"patient", "contact", "ada", "--at", "2026-01-20T10:00:00Z"}, 10));
  line(numbered({"patient", "update", "ada", "--set", "ort=Bonn", "--dry-run"}, 11));
  line(numbered({"patient", "delete", "bo"}, 12));
  line(numbered({"patient", "status", "bo", "offen"}, 13));
  line({"patient", "status", "cleo", "offen"});
  line({"events", "repair", "ada"});
  EXPECT_EQ(place.json({"events", "restate"}).at("data.left_out"), "0");
  for (const char* id : {"ada", "bo", "cleo"}) {
    line({"patient", "show", id});
    line({"patient", "history", id});
    line({"query", "contacts", id});
  }
  line({"patient", "list", "--status", "in_Therapie"});
  line({"query", "exclusions"});
  return all;
}

TEST_F(TwoServices, AMorningsCommandLinesAreToldAtTheStandbyWhatTheyAreToldAtTheWriter) {
  const std::vector<std::string> at_standby = morning(other);
  EXPECT_EQ(standby->stop().status, 0);
  EXPECT_EQ(writer->stop().status, 0);
  whole::expect_in_order(one);

  const KafkaEnvironment elsewhere;
  Place place;
  ASSERT_EQ(place.json({"topics", "create", "--partitions", "5"}).status, 0);
  Served served{place};
  ASSERT_TRUE(served.await(kWriter));
  const std::vector<std::string> at_writer = morning(place);
  EXPECT_EQ(at_standby, at_writer);
  EXPECT_NE(at_writer.at(4).find(R"("imported":)"), std::string::npos) << at_writer.at(4);
  EXPECT_EQ(served.stop().status, 0);
}

TEST_F(TwoServices, AKilledWriterLeavesOutcomesThatAreTrueAndMayBeRepeated) {
  constexpr int kLines = 40;
  const auto create = [&](int number) {
    return other.json(with(new_patient(""), {"--command-id", uuid(number)}));
  };
  std::vector<Ran> first;
  for (int number = 0; number < kLines / 2; ++number) first.push_back(create(number));
  std::thread killer{[&] { writer->strike(); }};
  while (first.size() < kLines) first.push_back(create(static_cast<int>(first.size())));
  killer.join();
  ASSERT_TRUE(standby->await(kWriter));

  for (int number = 0; number < kLines; ++number) {
    SCOPED_TRACE(number);
    const Ran& before = first[static_cast<std::size_t>(number)];
    const Ran again = create(number);
    ASSERT_EQ(again.status, 0) << again.out;
    if (before.status != 0) {
      EXPECT_TRUE(before.code() == R"("locked")" || before.code() == R"("outcome_unknown")")
          << before.out;
      EXPECT_NE(before.out.find("again"), std::string::npos) << before.out;
      continue;
    }
    EXPECT_EQ(again.at("data.deduplicated"), "true");
    EXPECT_EQ(again.at("data.patient.id"), before.at("data.patient.id"));
    EXPECT_EQ(again.at("data.sequence"), before.at("data.sequence"));
  }
  EXPECT_EQ(first.front().status, 0) << first.front().out;
  EXPECT_EQ(other.json({"patient", "list"}).at("data.total"), std::to_string(kLines));
  EXPECT_EQ(standby->stop().status, 0);
  whole::expect_in_order(other);
}

TEST_F(TwoServices, AFollowerThatStandsByHandsCommandLinesOverAsWell) {
  EXPECT_EQ(standby->stop().status, 0);
  Following follower{other};
  ASSERT_TRUE(follower.await(kPassesOnTo + writer->url())) << follower.said();
  EXPECT_EQ(other.json(new_patient("1")).status, 0);
  EXPECT_EQ(one.json({"patient", "show", "1"}).status, 0);
  EXPECT_EQ(follower.stop().status, 0);
  EXPECT_EQ(writer->stop().status, 0);
}

TEST_F(TwoServices, RegistrationsThatArriveAtTheStandbyAreTakenInByTheWriter) {
  EXPECT_EQ(standby->stop().status, 0);
  const auto arrived = other.folder() / "arrived";
  std::filesystem::create_directory(arrived);
  standby.emplace(other,
                  Words{"--import-local-path", arrived.string(), "--import-check-interval", "1"});
  ASSERT_TRUE(standby->await(kPassesOnTo + writer->url()));
  std::filesystem::copy_file(
      std::string{SOURCE_ROOT} + "/tests/data/registrations/01-sommerfeld.json",
      arrived / "one.json");
  EXPECT_TRUE(standby->await("import: 1 imported, 0 known already, 0 refused, 0 left"));
  EXPECT_TRUE(std::filesystem::exists(arrived / "processed/one.json"));
  EXPECT_EQ(one.json({"patient", "list"}).at("data.total"), "1");
  EXPECT_EQ(standby->stop().status, 0);
  EXPECT_EQ(writer->stop().status, 0);
}

// A token of that role: for the tokens of a service, and alone in a file.
struct OwnToken {
  OwnToken(Place& place, const char* name, const char* role) {
    const Ran made = place.json({"token", name, role});
    const auto text = [&](const std::string& path) {
      return *infra::codec::read_json(made.at(path)).value().as<std::string>();
    };
    line = text("data.line") + '\n';
    file = place.write(std::string{"token-"} + role, text("data.token") + '\n');
  }
  std::string line;
  std::string file;
};

TEST(KafkaServe, AWriterThatWantsTokensTakesCommandLinesWithTheStandbysOwn) {
  const KafkaEnvironment environment;
  const testing_http::Certificate certificate;
  const infra::http::Tls tls = certificate.files();
  Place one;
  Place other;
  const OwnToken clerk{other, "Empfang", "clerk"};
  const OwnToken machine{other, "zweiter Rechner", "operator"};
  ASSERT_EQ(one.json({"topics", "create", "--partitions", "5"}).status, 0);
  Served writer{one,
                {"--tokens",
                 one.write("tokens", clerk.line + machine.line),
                 "--tls-certificate",
                 tls.certificate_chain_file,
                 "--tls-key",
                 tls.private_key_file}};
  ASSERT_TRUE(writer.await(kWriter));
  const auto ask = [&](const Words& options) {
    Served standby{other, with({"--tls-ca", tls.certificate_chain_file}, options)};
    EXPECT_TRUE(standby.await(kPassesOnTo + writer.url()));
    const Ran ran = other.json(with(new_patient("ada"), {"--actor", "Anna am Empfang"}));
    EXPECT_EQ(standby.stop().status, 0);
    return ran;
  };
  const Ran without = ask({});
  EXPECT_EQ(without.code(), R"("locked")");
  EXPECT_NE(without.out.find("takes changes with a token alone (--writer-token-file"),
            std::string::npos)
      << without.out;
  const Ran as_clerk = ask({"--writer-token-file", clerk.file});
  EXPECT_EQ(as_clerk.code(), R"("locked")");
  EXPECT_NE(as_clerk.out.find("does not take the token of this one"), std::string::npos)
      << as_clerk.out;
  const Ran done = ask({"--writer-token-file", machine.file});
  EXPECT_EQ(done.status, 0) << done.out;
  EXPECT_EQ(writer.stop().status, 0);
  EXPECT_EQ(one.json({"patient", "history", "ada"}).at("data.0.actor"), R"("Anna am Empfang")");
}

}  // namespace
}  // namespace testing_kafka
