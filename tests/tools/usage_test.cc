#include <gtest/gtest.h>

#include "infra/codec/json.h"
#include "tests/tools/program.h"
#include "tools/kartei/present.h"

namespace {

using tests::Program;

using Words = std::vector<std::string>;

struct Wrong {
  Words line;
  std::string says;
};

Words confirming(const std::string& url) {
  return {"serve",
          "--confirmation-url",
          url,
          "--confirmation-text",
          "/nowhere/at/all",
          "--confirmation-sender",
          "praxis@example.org"};
}

const std::vector<Wrong>& wrong_lines() {
  static const std::vector<Wrong> all = {
      {{}, "subcommand is required"},
      {{"patience"}, "unknown command patience"},
      {{"patient"}, "subcommand is required"},
      {{"patient", "shwo", "7"}, "unknown command shwo"},
      {{"patient", "show"}, "ID is required"},
      {{"patient", "show", "7", "8"}, "too many arguments"},
      {{"patient", "show", "7", "--vorname=Ada"}, "unknown option --vorname;"},
      {{"patient", "show", "7", "--as-of", "yesterday"}, "--as-of is a time"},
      {{"patient", "show", "7", "--timeout", "-1"}, "--timeout"},
      {{"patient", "show", "7", "--timeout", "soon"}, "--timeout"},
      {{"patient", "list", "--limit", "0"}, "--limit"},
      {{"patient", "list", "--limit", "1001"}, "--limit"},
      {{"patient", "list", "--page", "0"}, "--page"},
      {{"patient", "list", "--status", "auf_der_suche"}, "--status is one of offen"},
      {{"patient", "create", "--set", "vorname"}, "--set takes KEY=VALUE"},
      {{"patient", "create", "--set", "=Ada"}, "--set takes KEY=VALUE"},
      {{"patient", "create", "--set", "ort=A", "--set", "ort=B"}, "--set names a key twice"},
      {{"patient", "create", "/nowhere/at/all.json"}, "cannot read"},
      {{"serve", "--advertise", "kartei:80"}, "--advertise is http://HOST:PORT"},
      {{"serve", "--advertise", "http://kartei.example"}, "--advertise is an address of https"},
      {{"serve", "--confirmation-url", "https://a.example"}, "needs what is written"},
      {confirming("http://a.example/mail"), "--confirmation-url is an address of https"},
      {confirming("a.example"), "--confirmation-url is a URL"},
      {confirming("https://a.example/mail"), "cannot read /nowhere/at/all"},
      {{"serve", "--listen", "8080"}, "--listen is HOST:PORT"},
      {{"serve", "--listen", ":8080"}, "--listen is HOST:PORT"},
      {{"serve", "--listen", "127.0.0.1:70000"}, "--listen is HOST:PORT"},
      {{"serve", "--listen", "0.0.0.0:0"}, "tokens"},
      {{"serve", "--listen", "[::]:0"}, "tokens"},
      {{"serve", "--tokens", "/nowhere/at/all"}, "/nowhere/at/all"},
      {{"patient", "delete", "7", "--expect", "maybe"}, "--expect is any, none, exists or"},
      {{"patient", "delete", "7", "--expect", "-3"}, "--expect"},
      {{"patient", "delete", "7", "--command-id", "7"}, "--command-id is a UUID"},
      {{"patient", "delete", "7", "--correlation-id", "7"}, "--correlation-id is a UUID"},
      {{"patient", "delete", "7", "--actor", ""}, "--actor is 1 to 100"},
      {{"patient", "delete", "7", "--actor", "a\tb"}, "--actor is 1 to 100"},
      {{"patient", "contact", "7"}, "--at is required"},
      {{"import", "registrations"}, "PATH is required"},
      {{"import", "registrations", "/nowhere"}, "cannot read /nowhere"},
      {{"query", "letzter-kontakt", "--before", "2026-02-30"}, "--before is a day"},
      {{"query", "letzter-kontakt", "--before", "2026-02-03", "--never"}, "--never"},
      {{"query", "exclusions", "--therapist", "Freud"}, "--therapist is a number"},
      {{"projection", "rebuild"}, "NAME…, or --all"},
      {{"projection", "rebuild", "directory", "--all"}, "NAME…, or --all"},
      {{"events", "read", "--topic", "patients"}, "--topic is patient-events or"},
      {{"events", "read", "--partition", "-1"}, "--partition"},
      {{"topics", "create", "--partitions", "0"}, "--partitions"},
      {{"topics", "create", "--replication", "3"}, "--replication can only be 1"},
      {{"topics", "import"}, "--from is required"},
      {{"topics", "import", "--from", "x"}, "name its brokers with --kafka"},
      {{"topics", "create", "--set", "segment.ms=1"}, "is for topics on Kafka"},
      {{"dead-letters", "show", "three"}, "N"},
      {{"patient", "list", "--config", "/nowhere.toml"}, "cannot read the settings file"},
      {{"patient", "list", "--data", ""}, "--data is empty"},
      {{"patient", "list", "--kafka-topic-prefix", ""}, "--kafka-topic-prefix is not"},
      {{"version", "--kafka-property", "debug"}, "--kafka-property takes NAME=VALUE"},
      {{"version", "--kafka-property", "sasl.pasword=x"}, "has no property sasl.pasword"},
      {{"version", "--kafka-property", "acks=1"}, "acks is not for the operator"},
  };
  return all;
}

TEST(Usage, IsDeclinedWithStatusTwoAndASentence) {
  const Program program;
  for (const Wrong& wrong : wrong_lines()) {
    SCOPED_TRACE(::testing::PrintToString(wrong.line));
    const auto ran = program.run(wrong.line);
    EXPECT_EQ(ran.status, 2);
    EXPECT_EQ(ran.out, "");
    EXPECT_TRUE(ran.err.starts_with("kartei: usage: ")) << ran.err;
    EXPECT_NE(ran.err.find(wrong.says), std::string::npos) << ran.err;
  }
  EXPECT_FALSE(program.has_data());
}

TEST(Usage, IsOneDocumentWithJsonWhereverTheFlagStands) {
  const Program program;
  for (const Wrong& wrong : wrong_lines()) {
    SCOPED_TRACE(::testing::PrintToString(wrong.line));
    Words line = wrong.line;
    line.emplace_back("--json");
    const auto ran = program.run(line);
    EXPECT_EQ(ran.status, 2);
    const auto document = infra::codec::read_json(ran.out);
    ASSERT_TRUE(document) << ran.out;
    EXPECT_EQ(kartei::member(document.value(), "ok"), core::Raw{false});
    const core::Raw& error = kartei::member(document.value(), "error");
    EXPECT_EQ(kartei::cell(kartei::member(error, "code")), "usage");
    EXPECT_NE(kartei::cell(kartei::member(error, "message")).find(wrong.says), std::string::npos);
  }
}

TEST(Usage, NeverRepeatsAValue) {
  const Program program;
  const std::vector<Words> lines = {
      {"patient", "show", "7", "Sommerfeld"},
      {"patient", "list", "--serch=Sommerfeld"},
      {"patient", "list", "--status", "Sommerfeld"},
      {"patient", "create", "--set", "Sommerfeld"},
      {"patient", "delete", "7", "--command-id", "Sommerfeld"},
      {"patient", "status", "7", "Sommerfeld"},
      {"patient", "show", "Sommerfeld\n"},
      {"patient", "contact", "7", "--at", "Sommerfeld"},
      {"patient", "exclude", "7", "Sommerfeld"},
  };
  for (const Words& line : lines) {
    SCOPED_TRACE(::testing::PrintToString(line));
    const auto ran = program.run(line);
    EXPECT_NE(ran.status, 0);
    EXPECT_EQ((ran.out + ran.err).find("Sommerfeld"), std::string::npos) << ran.err;
  }
}

TEST(Values, ThatBreakARuleAreInvalidAndNamed) {
  const Program program;
  const std::vector<std::pair<Words, std::string>> lines = {
      {{"patient", "show", "007"}, "id"},
      {{"patient", "status", "7", "offn"}, "status"},
      {{"patient", "exclude", "7", "Freud"}, "therapist_id"},
      {{"patient", "contact", "7", "--at", "gestern"}, "at"},
      {{"patient", "contact", "7", "--at", "2026-01-01", "--channel", "fax"}, "channel"},
      {{"patient", "contact", "7", "--at", "2026-01-01", "--source", "a\nb"}, "source"},
      {{"patient", "create", "--id", "-", "--set", "vorname=Ada"}, "id"},
      {{"patient", "create", "--set", "vorname=Ada"}, "nachname"},
      {{"patient", "update", "7", "--set", "symptome=Mobbing"}, "symptome"},
      {{"patient", "update", "7", "--set", "schuhgroesse=43"}, "schuhgroesse"},
  };
  for (const auto& [line, field] : lines) {
    SCOPED_TRACE(::testing::PrintToString(line));
    Words json = line;
    json.emplace_back("--json");
    const auto ran = program.run(json);
    EXPECT_EQ(ran.status, 4);
    const auto document = infra::codec::read_json(ran.out);
    ASSERT_TRUE(document) << ran.out;
    const core::Raw& error = kartei::member(document.value(), "error");
    EXPECT_EQ(kartei::cell(kartei::member(error, "code")), "invalid");
    const core::Raw& fields = kartei::member(kartei::member(error, "details"), "fields");
    EXPECT_FALSE(kartei::member(fields, field).is_null()) << ran.out;
  }
}

TEST(Values, FromInputThatIsNoJsonNameThePlace) {
  const Program program;
  for (const std::string& input : {std::string{}, std::string{"{\n \"vorname\": }"}}) {
    const auto ran = program.run({"patient", "create", "-"}, input);
    EXPECT_EQ(ran.status, 4);
    EXPECT_NE(ran.err.find("the input is no JSON: line "), std::string::npos) << ran.err;
  }
  const auto array = program.run({"patient", "create", "-"}, "[1]");
  EXPECT_EQ(array.status, 4);
  EXPECT_NE(array.err.find("no JSON object"), std::string::npos) << array.err;
}

}  // namespace
