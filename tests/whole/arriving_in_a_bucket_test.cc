#include <gtest/gtest.h>

#include <mutex>
#include <sstream>

#include "infra/http/server.h"
#include "tests/gcs/emulator.h"
#include "tests/http/peer.h"
#include "tests/kafka/following.h"
#include "tests/rest/clients/served.h"
#include "tests/whole/made_up.h"
#include "tests/whole/rows.h"

// Registrations that come into a bucket of an emulator, which a real `kartei serve` looks into each
// second.
namespace {

using testing_rest::Served;
using whole::Place;

constexpr std::chrono::seconds kPatience{60};

// Stands before the emulator and, while it is told to, lets no object be copied.
class Gate {
 public:
  explicit Gate(std::string behind) : behind_(std::move(behind)) {}
  [[nodiscard]] std::string host() const { return "127.0.0.1:" + std::to_string(server_.port()); }

 private:
  infra::http::Response answer(const infra::http::Request& request) {
    if (request.target.find("/copyTo/") != std::string::npos) return {503, "", {}, "not now"};
    const std::lock_guard lock{mutex_};
    auto given = client_.send({request.method, behind_ + request.target, {}, request.body});
    return {given.status, "application/json", {}, std::move(given.body)};
  }

  std::string behind_;
  std::mutex mutex_;  // for the client
  infra::outgoing::Client client_;
  infra::http::Server server_{
      {{"127.0.0.1"}}, [this](const auto& request, auto reply) { reply.send(answer(request)); }};
};

class ArrivingInABucket : public ::testing::Test {
 protected:
  ArrivingInABucket() {
    place.variables = {{"GCS_IMPORT_BUCKET", bucket},
                       {"STORAGE_EMULATOR_HOST", emulator.url()},
                       {"PATIENT_IMPORT_CHECK_INTERVAL_SECONDS", "1"}};
  }
  void arrive(int count) {
    std::istringstream lines{whole::made_up_registrations(count)};
    int arrived = 0;
    for (std::string line; std::getline(lines, line);) {
      emulator.put(bucket, std::to_string(++arrived) + ".json", line);
    }
  }
  [[nodiscard]] std::size_t count(const std::string& prefix) {
    return emulator.objects(bucket, prefix).size();
  }
  std::string health(const Served& served) {
    testing_http::Peer peer{served.port()};
    EXPECT_TRUE(peer.send(testing_http::request("GET /health/import")));
    return peer.answer().body;
  }

  Place place;
  testing_gcs::Emulator& emulator = testing_gcs::Emulator::shared();
  const std::string bucket = emulator.make_bucket();
};

TEST_F(ArrivingInABucket, AreOnePatientEachWhenItIsKilledBetweenTheLogAndTheMove) {
  arrive(20);
  emulator.put(bucket, "broken.json", "{");
  const Gate gate{emulator.url()};
  place.variables["STORAGE_EMULATOR_HOST"] = gate.host();
  {
    Served served{place};
    EXPECT_TRUE(served.await("import: 20 imported, 0 known already, 0 refused, 21 left"));
    EXPECT_NE(
        health(served).find("io: a file in the import bucket cannot be moved: HTTP status 503"),
        std::string::npos);
    served.strike();
    EXPECT_EQ(served.end().status, -1);
  }
  EXPECT_EQ(place.json({"patient", "list"}).at("data.total"), "20");
  EXPECT_EQ(count(""), 21U);
  place.variables["STORAGE_EMULATOR_HOST"] = emulator.url();
  Served served{place};
  EXPECT_TRUE(served.await("import: 0 imported, 20 known already, 1 refused, 0 left"));
  EXPECT_EQ(served.stop().status, 0);
  EXPECT_EQ(place.json({"patient", "list"}).at("data.total"), "20");
  EXPECT_EQ(count(""), 0U);
  EXPECT_EQ(count("processed/"), 20U);
  EXPECT_EQ(count("failed/"), 2U);
  whole::expect_in_order(place);
}

TEST_F(ArrivingInABucket, HoldUpNoFolderWhenTheBucketOrItsCredentialsAreBroken) {
  place.variables["PATIENT_IMPORT_LOCAL_PATH"] = place.folder() / "inbox";
  std::filesystem::create_directory(place.folder() / "inbox");
  place.write("inbox/1.json", whole::made_up_registrations(1));
  place.variables.erase("STORAGE_EMULATOR_HOST");
  place.variables["GOOGLE_APPLICATION_CREDENTIALS"] = place.folder() / "nothing";
  Served served{place};
  EXPECT_TRUE(served.await("import: 1 imported, 0 known already, 0 refused, 0 left"));
  EXPECT_TRUE(
      served.await("io: the import bucket cannot be listed: the credentials file cannot be read"));
  EXPECT_NE(health(served).find("\"issues\":[\"io: the import bucket cannot be listed"),
            std::string::npos);
  EXPECT_EQ(served.stop().status, 0);
}

}  // namespace
