#include <gtest/gtest.h>

#include "tests/http/peer.h"
#include "tests/kafka/following.h"
#include "tests/rest/clients/served.h"

// A patient whose every word is a canary, imported, asked for and changed in every way: none of the
// lines that a service writes sings.
namespace {

namespace fs = std::filesystem;
using testing_rest::Served;
using whole::Place;

constexpr const char* kCanary = "Kanarienvogel";

std::string canaries(const std::string& birth) {
  const std::string name = kCanary;
  return R"({"patient_data":{"anrede":"Frau","geschlecht":"weiblich","vorname":")" + name +
         R"(","nachname":")" + name + R"(","ort":")" + name + R"(","strasse":")" + name +
         R"( 1","email":")" + name + R"(@example.org","telefon":")" + name + R"(","hausarzt":")" +
         name + R"(","krankenkasse":")" + name + R"(","geburtsdatum":")" + birth +
         R"(","symptome":["Einsamkeit"]},)" + R"("consent_metadata":{"signature_name":")" + name +
         R"("}})";
}

class Canaries : public ::testing::Test {
 protected:
  Canaries() {
    fs::create_directory(place.folder() / "inbox");
    place.variables = {{"KAFKA_LOG_LEVEL", "debug"},
                       {"KARTEI_ACCESS_LOG", log("access")},
                       {"KARTEI_READ_LOG", log("read")},
                       {"PATIENT_IMPORT_LOCAL_PATH", (place.folder() / "inbox").string()},
                       {"PATIENT_IMPORT_CHECK_INTERVAL_SECONDS", "1"}};
  }
  [[nodiscard]] std::string log(const std::string& name) const {
    return (place.folder() / (name + ".log")).string();
  }
  std::string ask(const Served& served, const std::string& line, const std::string& body = "") {
    const std::string type = body.empty() ? "" : "Content-Type: application/json\r\n";
    testing_http::Peer peer{served.port()};
    EXPECT_TRUE(peer.send(testing_http::request(line, type, body)));
    return peer.answer().body;
  }
  static bool sings(const std::string& text) { return text.find(kCanary) != std::string::npos; }

  Place place;
};

TEST_F(Canaries, SingInNoLineThatAServiceWrites) {
  const std::string name = kCanary;
  place.write("inbox/" + name + "-good.json", canaries("1990-01-31"));
  place.write("inbox/" + name + "-bad.json", canaries(name));
  place.write("inbox/" + name + "-broken.json", "{\"" + name + "\":");
  Served served{place};
  ASSERT_TRUE(served.await("import: 1 imported, 0 known already, 2 refused, 0 left"));
  // A command line waits until the read models show what is in the log; a request does not.
  EXPECT_TRUE(sings(place.json({"patient", "show", "1"}).out)) << "it is not on file";
  EXPECT_TRUE(sings(ask(served, "GET /api/patients/1")));
  EXPECT_TRUE(sings(ask(served, "GET /api/patients?search=" + name)));
  EXPECT_TRUE(sings(ask(served, "GET /api/patients/1/history")));
  EXPECT_TRUE(sings(ask(served, "GET /api/patients/1/communication")));
  static_cast<void>(ask(served, "GET /api/patients/" + name));
  static_cast<void>(ask(served, "GET /" + name + "?" + name + "=" + name));
  static_cast<void>(ask(served, name + " /api/patients"));
  static_cast<void>(ask(served, "PUT /api/patients/1", R"({"anrede":")" + name + "\"}"));
  static_cast<void>(ask(served, "PUT /api/patients/1", R"({"ort":")" + name + "2\"}"));
  static_cast<void>(ask(served, "POST /api/patients", "{\"" + name + "\""));
  static_cast<void>(
      ask(served, "POST /api/patients/1/excluded-therapists/7", R"({"reason":")" + name + "\"}"));
  EXPECT_EQ(place.json({"patient", "update", "1", "--set", "plz=" + name}).status, 4);
  for (const char* line : {"GET /metrics",
                           "GET /health",
                           "GET /health/ready",
                           "GET /health/import",
                           "GET /api/projections"})
    EXPECT_FALSE(sings(ask(served, line))) << line;
  const whole::Ran ended = served.stop();
  EXPECT_EQ(ended.status, 0);
  EXPECT_FALSE(sings(ended.out)) << ended.out;
  EXPECT_FALSE(sings(ended.err)) << ended.err;
  for (const char* kept : {"access", "read"}) {
    const std::string lines = whole::bytes_of(log(kept));
    EXPECT_NE(lines, "") << kept;
    EXPECT_FALSE(sings(lines)) << lines;
  }
  for (const auto& entry : fs::directory_iterator{place.folder() / "inbox/failed"}) {
    std::string reason = whole::bytes_of(entry.path());
    if (!entry.path().string().ends_with(".reason.json")) continue;
    const std::size_t file = reason.find(name);  // The name of the file that it lies beside.
    ASSERT_NE(file, std::string::npos) << reason;
    EXPECT_FALSE(sings(reason.substr(file + 1))) << reason;
  }
}

}  // namespace
