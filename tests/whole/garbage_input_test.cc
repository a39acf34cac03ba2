#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/whole/made_up.h"
#include "tests/whole/rows.h"

// Input that nobody meant to send. The program says what is wrong in bounded time, repeats nothing
// that may be personal, and takes everything else in.
namespace {

using whole::Place;
using whole::Ran;
using whole::Words;

// Stands where personal values stand; no error text may hold it.
constexpr const char* kCanary = "Kanarienvogel";

std::string text_of(char byte, std::size_t count) { return std::string(count, byte); }

std::string repeated(const std::string& part, std::size_t count) {
  std::string all;
  for (std::size_t at = 0; at < count; ++at) all += part;
  return all;
}

std::string registration(const std::string& members) {
  return R"({"patient_data":{"anrede":"Frau","geschlecht":"weiblich","vorname":"Kanarienvogel",)"
         R"("nachname":"Kanarienvogel","symptome":["Mobbing"])" +
         members + "}}";
}

struct Document {
  const char* what;
  std::string bytes;
};

std::vector<Document> broken_documents() {
  const std::string canary = kCanary;
  const std::string nested = repeated(R"({"Kanarienvogel":)", 20'000);
  return {
      {"nothing", ""},
      {"blanks", " \n\t\r\n "},
      {"NUL bytes", text_of('\0', 1000)},
      {"a NUL inside a text", registration(",\"ort\":\"" + canary + std::string(1, '\0') + "\"")},
      {"a byte order mark of UTF-16", "\xFF\xFE{\0}\0"},
      {"invalid UTF-8", registration(",\"ort\":\"" + canary + "\xC3\x28\"")},
      {"half a surrogate", registration(R"(,"ort":"Kanarienvogel\ud800")")},
      {"arrays in arrays", text_of('[', 1'000'000)},
      {"objects in objects", nested + "1" + text_of('}', 20'000)},
      {"a huge number", registration(R"(,"raeumliche_verfuegbarkeit":{"max_km":1e999})")},
      {"a long number", registration(",\"erfahrung_mit_psychotherapie\":" + text_of('9', 9999))},
      {"the same key twice", registration(R"(,"vorname":"Kanarienvogel")")},
      {"a key that is unknown", registration(R"(,"schuhgroesse":"Kanarienvogel")")},
      {"a text where a list belongs",
       registration(R"(,"zeitliche_verfuegbarkeit":"Kanarienvogel")")},
      {"a day that is none", registration(R"(,"geburtsdatum":"Kanarienvogel")")},
      {"a patient of wrong values",
       R"({"anrede":"Kanarienvogel","geburtsdatum":"Kanarienvogel","status":"Kanarienvogel",)"
       R"("email":["Kanarienvogel"],"symptome":["Kanarienvogel"]})"},
      {"one too long", registration(",\"strasse\":\"" + repeated(canary, 1000) + "\"")},
      {"cut off", registration("").substr(0, 90)},
      {"two documents", registration("") + registration("")},
      {"a text", "\"Kanarienvogel\""},
      {"a number", "7"},
      {"null", "null"},
      {"a page", "<html><body>Kanarienvogel</body></html>"},
      {"a table", "vorname;nachname\nKanarienvogel;Kanarienvogel\n"}};
}

void expect_refused(const Ran& ran, const std::string& code) {
  EXPECT_EQ(ran.status, 4) << ran.status << ran.err;
  EXPECT_EQ(code, "\"invalid\"") << ran.out.substr(0, 500);
  EXPECT_EQ((ran.out + ran.err).find(kCanary), std::string::npos) << ran.out.substr(0, 500);
  EXPECT_LT(ran.out.size() + ran.err.size(), 3000U);
}

TEST(AGarbledRegistration, IsRefusedWithoutRepeatingAValueAndTheRestIsTaken) {
  Place place;
  int good = 0;
  for (const Document& document : broken_documents()) {
    SCOPED_TRACE(document.what);
    const std::string file = place.write("broken.json", document.bytes);
    const std::string fine = place.write("fine.jsonl", whole::made_up_registrations(1, ++good));
    const Ran ran = place.json({"import", "registrations", file, fine});
    expect_refused(ran, ran.at("data.refused.0.code"));
    EXPECT_EQ(ran.at("data.imported"), "1");
    const Ran people = place.run({"import", "registrations", file});
    EXPECT_EQ(people.status, 4);
    EXPECT_EQ((people.out + people.err).find(kCanary), std::string::npos) << people.out;
  }
  EXPECT_EQ(place.json({"patient", "list"}).at("data.total"), std::to_string(good));
}

TEST(AGarbledDocument, IsRefusedByEveryOtherReaderToo) {
  Place place;
  ASSERT_EQ(place.json(whole::new_patient("7")).status, 0);
  for (const Document& document : broken_documents()) {
    SCOPED_TRACE(document.what);
    const std::string file = place.write("broken.json", document.bytes);
    for (const Words& words : {Words{"patient", "create", file},
                               Words{"patient", "update", "7", file},
                               Words{"patient", "create", "-"}}) {
      const Ran ran = place.json(words, document.bytes);
      expect_refused(ran, ran.code());
    }
    const Ran lines = place.json({"import", "communications", file});
    expect_refused(lines, lines.at("data.refused.0.code"));
  }
  EXPECT_EQ(place.json({"patient", "show", "7"}).at("data.sequence"), "1");
  whole::expect_in_order(place);
}

TEST(AGarbledDocument, OfFiftyMegabytesInOneLineIsReadToItsEndOrRefused) {
  Place place;
  const std::string file =
      place.write("long.json", "{\"" + repeated(kCanary, 50'000'000 / 13) + "\":1}");
  for (const char* what : {"registrations", "communications"}) {
    const Ran ran = place.json({"import", what, file});
    expect_refused(ran, ran.at("data.refused.0.code"));
  }
  std::filesystem::remove(file);
}

TEST(AnEnvelope, ThatIsOddIsRefusedOrIgnoredAndTheNextLineIsTaken) {
  Place place;
  ASSERT_EQ(place.json(whole::new_patient("1")).status, 0);
  const std::string fine = whole::made_up_contacts(1, 1);
  const auto with = [&](const std::string& old, const std::string& now) {
    std::string line = fine;
    return line.replace(line.find(old), old.size(), now);
  };
  const std::vector<std::string> odd = {
      with("\"patient_id\":1", "\"patient_id\":-1"),
      with("\"patient_id\":1", "\"patient_id\":1e300"),
      with("\"patient_id\":1", "\"patient_id\":99999999999999999999"),
      with("\"patient_id\":1", "\"patient_id\":1.5"),
      with("\"patient_id\":1", "\"patient_id\":\"Kanarienvogel Kanarienvogel\""),
      with("\"patient_id\":1", "\"patient_id\":[1]"),
      with("2025-11-01T08:00:00Z", "9999-12-31T23:59:59Z"),
      with("2025-11-01T08:00:00Z", "2025-13-01T08:00:00Z"),
      with("2025-11-01T08:00:00Z", "Kanarienvogel"),
      with("\"email.sent\"", "\"Kanarienvogel\""),
      with("\"email.sent\"", "null"),
      with("979024ce-362f-42e1-8942-000000000000", ""),
      with("{\"email_id\":1,\"patient_id\":1}", "\"Kanarienvogel\"")};
  std::string lines;
  for (const std::string& line : odd) lines += line;
  const Ran ran = place.json({"import", "communications", "-"}, lines + fine);
  EXPECT_TRUE(ran.status == 0 || ran.status == 4) << ran.out << ran.err;
  EXPECT_EQ(ran.at("data.imported"), "1") << ran.out;
  EXPECT_EQ((ran.out + ran.err).find(kCanary), std::string::npos) << ran.out;
  EXPECT_EQ(std::stoul(ran.at("data.ignored")) + ran.size("data.refused"), odd.size()) << ran.out;
  EXPECT_EQ(place.json({"query", "contacts", "1"}).size("data"), 1U);
}

TEST(APath, ThatIsNoFileIsRefused) {
  Place place;
  std::filesystem::create_directories(place.folder() / "folder.json");
  const std::string loop = place.folder() / "loop.json";
  std::filesystem::create_symlink("loop.json", loop);
  const std::string closed = place.write("closed.json", "{}");
  std::filesystem::permissions(closed, std::filesystem::perms::none);
  for (const Words& words : {Words{"import", "registrations", loop},
                             Words{"import", "registrations", closed},
                             Words{"import", "communications", text_of('x', 5000)},
                             Words{"patient", "create", place.folder() / "folder.json"},
                             Words{"patient", "create", loop},
                             Words{"patient", "create", closed},
                             Words{"--config", closed, "patient", "list"},
                             Words{"--config", place.folder(), "patient", "list"}}) {
    SCOPED_TRACE(::testing::PrintToString(words));
    const Ran ran = place.json(words);
    EXPECT_EQ(ran.status, 2) << ran.out << ran.err;
    EXPECT_EQ(ran.code(), "\"usage\"");
  }
  const Ran folder = place.json({"import", "registrations", place.folder() / "folder.json"});
  EXPECT_EQ(folder.status, 0) << "a folder without files: " << folder.out;
}

// Each word in turn for every place of a command line that takes one.
TEST(AGarbledWord, NeverEndsTheProgramInAnotherWayThanWritten) {
  Place place;
  ASSERT_EQ(place.json(whole::new_patient("7")).status, 0);
  const std::vector<std::string> words = {"",
                                          " ",
                                          "-1",
                                          "--",
                                          "-",
                                          "0",
                                          "007",
                                          "9223372036854775808",
                                          "-9223372036854775809",
                                          "1e999",
                                          "nan",
                                          "0x7",
                                          "../../etc/passwd",
                                          "'; DROP TABLE directory; --",
                                          "%s%n%d",
                                          "\x01\x1b[2J",
                                          "\xFF\xFE",
                                          "\xF0\x9F\x98\x80",
                                          "=",
                                          "{\"a\":",
                                          text_of('A', 100'000)};
  const std::vector<Words> lines = {{"patient", "show", "?"},
                                    {"patient", "show", "7", "--as-of", "?"},
                                    {"patient", "list", "--search", "?"},
                                    {"patient", "list", "--page", "?"},
                                    {"patient", "list", "--limit", "?"},
                                    {"patient", "update", "7", "--set", "?"},
                                    {"patient", "update", "7", "--set", "max_km=?"},
                                    {"patient", "status", "7", "?"},
                                    {"patient", "include", "7", "?"},
                                    {"patient", "contact", "7", "--at", "?"},
                                    {"patient", "delete", "8", "--expect", "?"},
                                    {"patient", "delete", "8", "--actor", "?"},
                                    {"query", "letzter-kontakt", "--before", "?"},
                                    {"query", "sql", "?", "SELECT 1"},
                                    {"query", "sql", "directory", "?"},
                                    {"patient", "show", "7", "--wait-for", "?"},
                                    {"patient", "show", "7", "--timeout", "?"},
                                    {"events", "read", "--partition", "?"},
                                    {"events", "read", "--from", "?"},
                                    {"projection", "rebuild", "?"},
                                    {"dead-letters", "show", "?"},
                                    {"?"},
                                    {"--log-level", "?", "version"}};
  for (const Words& line : lines) {
    for (const std::string& word : words) {
      SCOPED_TRACE(::testing::PrintToString(line) + ' ' + word.substr(0, 40));
      Words filled = line;
      for (std::string& one : filled) {
        if (one.find('?') != std::string::npos) one.replace(one.find('?'), 1, word);
      }
      const Ran ran = place.json(filled);
      EXPECT_TRUE(ran.status == 0 || (ran.status >= 2 && ran.status <= 5))
          << ran.status << ran.out.substr(0, 500) << ran.err;
      EXPECT_NE(ran.keys(""), "") << "one document, whatever happens: " << ran.out.substr(0, 500);
    }
  }
  EXPECT_EQ(place.json({"patient", "show", "7"}).at("data.sequence"), "1");
  whole::expect_in_order(place);
}

}  // namespace
