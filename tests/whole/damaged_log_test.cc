#include <gtest/gtest.h>

#include <random>

#include "tests/whole/damage.h"
#include "tests/whole/rows.h"

// The log is the truth. Where it is damaged, gone or another one, nothing is told as if it were
// not.
namespace {

namespace fs = std::filesystem;
using whole::Place;
using whole::Ran;
using whole::Words;

const std::vector<Words>& questions() {
  static const std::vector<Words> all = {{"patient", "list", "--limit", "100"},
                                         {"query", "contacts", "1"},
                                         {"patient", "history", "3"}};
  return all;
}

void remove_caches(Place& place) {
  fs::remove_all(place.data() / "read");
  fs::remove(place.data() / "states.db");
}

TEST(ADamagedLog, IsFoundOrHarmlessWhicheverBitIsFlipped) {
  Place sound;
  whole::fill(sound);
  std::vector<std::string> truth;
  for (const Words& words : questions()) truth.push_back(sound.json(words).at("data"));
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random{seed};
  const std::uintmax_t size = fs::file_size(sound.data() / "log.db");
  int found = 0;
  constexpr int kFlips = 80;
  for (int flip = 0; flip < kFlips; ++flip) {
    // Each hundredth of the file once; the first bytes are SQLite's header.
    const std::uintmax_t byte = flip < 20 ? random() % 100 : size * (random() % 10000) / 10000;
    const int bit = static_cast<int>(random() % 8);
    SCOPED_TRACE("byte " + std::to_string(byte) + " bit " + std::to_string(bit));
    Place place;
    place.copy_data_of(sound);
    whole::flip_bit(place.data() / "log.db", byte, bit);
    const Ran checked = place.json({"events", "verify"});
    EXPECT_TRUE(checked.status == 0 || checked.status == 7 ||
                (checked.status == 1 && checked.code() == "\"corrupt\"") ||
                (checked.status == 1 && checked.code() == "\"log_mismatch\""))
        << checked.status << checked.out << checked.err;
    EXPECT_TRUE(checked.status != 7 || checked.at("data.problems") != "[]");
    found += checked.status == 0 ? 0 : 1;
    remove_caches(place);
    for (std::size_t at = 0; at < truth.size(); ++at) {
      const Ran asked = place.json(questions()[at]);
      if (asked.status == 0) {
        EXPECT_EQ(asked.at("data"), truth[at]) << "told as if nothing had happened";
      } else {
        EXPECT_EQ(asked.status, 1) << asked.out;
        EXPECT_NE(checked.status, 0) << "a question fails on what the check calls sound";
      }
    }
  }
  EXPECT_GT(found, kFlips / 4);
}

TEST(ADamagedLog, IsNamedWithThePlaceOfTheRecord) {
  Place place;
  whole::fill(place);
  const std::string bytes = whole::bytes_of(place.data() / "log.db");
  int flipped = 0;  // in both topics
  for (std::size_t at = 0; (at = bytes.find("Annegret", at)) != std::string::npos; ++at) {
    whole::flip_bit(place.data() / "log.db", at, 0);
    ++flipped;
  }
  ASSERT_GE(flipped, 2);
  const Ran checked = place.json({"events", "verify"});
  EXPECT_EQ(checked.status, 7) << checked.out;
  EXPECT_EQ(checked.at("ok"), "true");
  EXPECT_EQ(checked.at("data.problems.0.code"), "\"corrupt\"");
  EXPECT_NE(checked.out.find("log.db"), std::string::npos) << checked.out;
  EXPECT_NE(checked.out.find("offset"), std::string::npos) << checked.out;
  EXPECT_EQ(checked.out.find("nnegret"), std::string::npos) << "no personal value";
  const Ran doctor = place.json({"doctor"});
  EXPECT_EQ(doctor.status, 7) << doctor.out;
  EXPECT_NE(doctor.out.find("backup"), std::string::npos) << doctor.out;
  remove_caches(place);
  const Ran asked = place.json({"patient", "list"});
  EXPECT_EQ(asked.status, 1) << asked.out;
  EXPECT_EQ(asked.code(), "\"corrupt\"");
  EXPECT_NE(asked.out.find("offset"), std::string::npos) << asked.out;
}

// Every verb that opens the log says no in the same way, and makes nothing.
void expect_mismatch(Place& place, const std::string& what_to_do = "put log.db back") {
  const std::string log_before =
      fs::exists(place.data() / "log.db") ? whole::bytes_of(place.data() / "log.db") : "none";
  for (const Words& words : {whole::new_patient(""),
                             Words{"patient", "list"},
                             Words{"patient", "history", "1"},
                             Words{"projection", "verify", "--all"},
                             Words{"import", "registrations", whole::sample("registrations")}}) {
    SCOPED_TRACE(::testing::PrintToString(words));
    const Ran ran = place.json(words);
    EXPECT_EQ(ran.status, 1) << ran.out;
    EXPECT_EQ(ran.code(), "\"log_mismatch\"") << ran.out;
    EXPECT_NE(ran.out.find(what_to_do), std::string::npos) << ran.out;
  }
  const std::string log_after =
      fs::exists(place.data() / "log.db") ? whole::bytes_of(place.data() / "log.db") : "none";
  EXPECT_EQ(log_after, log_before);
}

TEST(AMissingLog, IsNotReplacedByANewOne) {
  Place sound;
  whole::fill(sound);
  const std::vector<std::vector<const char*>> without = {
      {"log.db"}, {"log.db", "log.head"}, {"log.db", "read", "log.head"}, {"log.db", "states.db"}};
  for (const auto& gone : without) {
    SCOPED_TRACE(::testing::PrintToString(gone));
    Place place;
    place.copy_data_of(sound);
    for (const char* file : gone) fs::remove_all(place.data() / file);
    expect_mismatch(place);
  }
}

TEST(AnEmptyLog, IsNotTakenForANewOne) {
  Place place;
  whole::fill(place);
  whole::empty(place.data() / "log.db");
  expect_mismatch(place);
  fs::remove(place.data() / "log.head");
  expect_mismatch(place);
}

TEST(AnotherLog, IsRefusedWithOrWithoutItsHead) {
  Place place;
  whole::fill(place);
  Place other;
  ASSERT_EQ(other.json(whole::new_patient("")).status, 0);
  fs::copy_file(
      other.data() / "log.db", place.data() / "log.db", fs::copy_options::overwrite_existing);
  expect_mismatch(place, "log.head beside it is of another log");
  fs::copy_file(
      other.data() / "log.head", place.data() / "log.head", fs::copy_options::overwrite_existing);
  expect_mismatch(place, "delete the read models");
  fs::remove(place.data() / "log.head");
  expect_mismatch(place, "delete the read models");
  remove_caches(place);
  EXPECT_EQ(place.json({"patient", "list"}).at("data.total"), "1");
  EXPECT_EQ(place.json(whole::new_patient("")).status, 0);
}

TEST(AnOlderLog, IsRefusedAndTheNewerOneIsWelcomeAgain) {
  Place place;
  whole::fill(place);
  const std::string older = whole::bytes_of(place.data() / "log.db");
  ASSERT_EQ(place.json({"patient", "update", "1", "--set", "ort=Ulm"}).status, 0);
  ASSERT_EQ(place.json({"patient", "show", "1"}).at("data.patient.ort"), "\"Ulm\"");
  const std::string rows = whole::rows_of(place);
  const std::string newer = whole::bytes_of(place.data() / "log.db");
  const std::string head = whole::bytes_of(place.data() / "log.head");
  place.write("data/log.db", older);
  const Ran with_head = place.json({"patient", "show", "1"});
  EXPECT_EQ(with_head.status, 1);
  EXPECT_EQ(with_head.code(), "\"corrupt\"") << "records that the head knows are missing";
  fs::remove(place.data() / "log.head");
  const Ran ran = place.json({"patient", "show", "1"});
  EXPECT_EQ(ran.status, 1) << ran.out;
  EXPECT_EQ(ran.code(), "\"log_mismatch\"") << ran.out;
  EXPECT_EQ(place.json({"patient", "update", "1", "--set", "ort=Bonn"}).code(), "\"log_mismatch\"");
  place.write("data/log.db", newer);
  place.write("data/log.head", head);
  EXPECT_EQ(whole::rows_of(place), rows);
  whole::expect_in_order(place);
}

}  // namespace
