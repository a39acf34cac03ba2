#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <sstream>
#include <thread>

#include "tests/http/peer.h"
#include "tests/kafka/following.h"
#include "tests/rest/clients/served.h"
#include "tests/whole/made_up.h"
#include "tests/whole/rows.h"

// Registrations that come into the import folder of a real `kartei serve`, which looks each second.
namespace {

namespace fs = std::filesystem;
using testing_rest::Served;
using whole::Place;

constexpr std::chrono::seconds kPatience{60};

class ArrivingRegistrations : public ::testing::Test {
 protected:
  ArrivingRegistrations() {
    place.variables = {{"PATIENT_IMPORT_LOCAL_PATH", inbox()},
                       {"PATIENT_IMPORT_CHECK_INTERVAL_SECONDS", "1"}};
    fs::create_directory(inbox());
  }

  // So many more, each in a file of its own.
  void arrive(int count) {
    std::istringstream lines{whole::made_up_registrations(count, arrived_ + 1)};
    for (std::string line; std::getline(lines, line);) {
      place.write("inbox/" + std::to_string(++arrived_) + ".json", line);
    }
  }
  [[nodiscard]] std::size_t files_in(const fs::path& folder) const {
    if (!fs::is_directory(inbox() / folder)) return 0;
    const fs::directory_iterator entries{inbox() / folder};
    return static_cast<std::size_t>(std::count_if(
        begin(entries), end(entries), [](const auto& entry) { return entry.is_regular_file(); }));
  }
  // A round that moved something says so at its end.
  [[nodiscard]] bool await_an_empty_inbox() const {
    return testing_kafka::await_change(
        place.folder(), [&] { return files_in(".") == 0; }, kPatience);
  }
  void expect_each_is_one_patient() {
    const auto count = std::to_string(arrived_);
    EXPECT_EQ(files_in("processed"), static_cast<std::size_t>(arrived_));
    EXPECT_EQ(files_in("failed"), 0U);
    EXPECT_EQ(place.json({"patient", "list"}).at("data.total"), count);
    const std::string names = "SELECT count(DISTINCT nachname) FROM directory";
    EXPECT_EQ(place.json({"query", "sql", "directory", names}).at("data.rows.0.0"), count);
    whole::expect_in_order(place);
  }
  [[nodiscard]] fs::path inbox() const { return place.folder() / "inbox"; }

  Place place;
  int arrived_ = 0;
};

TEST_F(ArrivingRegistrations, AreOnePatientEachHoweverOftenTheServiceIsKilled) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random{seed};
  for (int cycle = 0; cycle < 4; ++cycle) {
    arrive(50);
    Served served{place};
    // Files are put away one after another: where any of them comes is a moment between two.
    const std::string name = std::to_string(arrived_ - static_cast<int>(random() % 50)) + ".json";
    const fs::path moved = inbox() / "processed" / name;
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (!fs::exists(moved) && std::chrono::steady_clock::now() < until) {
      std::this_thread::yield();
    }
    EXPECT_TRUE(fs::exists(moved)) << "it is not taken in";
    served.strike();
    EXPECT_EQ(served.end().status, -1);
  }
  Served served{place};
  EXPECT_TRUE(await_an_empty_inbox());
  EXPECT_EQ(served.stop().status, 0);
  expect_each_is_one_patient();
}

TEST_F(ArrivingRegistrations, AreOnePatientEachWhenItIsKilledBetweenTheLogAndTheMove) {
  arrive(20);
  place.write("inbox/processed", "a file where the folder should be");
  {
    Served served{place};
    EXPECT_TRUE(served.await("import: 20 imported, 0 known already, 0 refused, 20 left"));
    served.strike();
    EXPECT_EQ(served.end().status, -1);
  }
  EXPECT_EQ(place.json({"patient", "list"}).at("data.total"), "20");
  EXPECT_EQ(files_in("."), 21U);
  fs::remove(inbox() / "processed");
  Served served{place};
  EXPECT_TRUE(served.await("import: 0 imported, 20 known already, 0 refused, 0 left"));
  EXPECT_EQ(served.stop().status, 0);
  expect_each_is_one_patient();
}

TEST_F(ArrivingRegistrations, WaitWhileNobodyMayReadThemAndHoldUpNoOthers) {
  arrive(3);
  const fs::path closed = inbox() / "2.json";
  fs::permissions(closed, fs::perms::none);
  Served served{place};
  EXPECT_TRUE(served.await("io: a file in the import folder cannot be read: Permission denied"));
  EXPECT_TRUE(served.await("import: 2 imported, 0 known already, 0 refused, 1 left"));
  testing_http::Peer peer{served.port()};
  ASSERT_TRUE(peer.send(testing_http::request("GET /health/import")));
  EXPECT_NE(peer.answer().body.find("\"issues\":[\"io: a file"), std::string::npos);
  EXPECT_TRUE(fs::exists(closed));
  fs::permissions(closed, fs::perms::owner_read);
  EXPECT_TRUE(await_an_empty_inbox());
  EXPECT_EQ(served.stop().status, 0);
  expect_each_is_one_patient();
}

}  // namespace
