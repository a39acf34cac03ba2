#include <gtest/gtest.h>

#include "tests/whole/damage.h"
#include "tests/whole/made_up.h"
#include "tests/whole/rows.h"

// A disk that is full at any point, and a folder that nobody may write to.
namespace {

namespace fs = std::filesystem;
using whole::Place;
using whole::Ran;
using whole::Words;

constexpr const char* kCommand = "0f8fad5b-d9cb-469f-a165-70867728950e";
constexpr std::size_t kStep = 2048;

std::size_t largest_file_in(const fs::path& folder) {
  std::uintmax_t largest = 0;
  for (const auto& entry : fs::recursive_directory_iterator{folder}) {
    if (entry.is_regular_file()) largest = std::max(largest, entry.file_size());
  }
  return largest;
}

// Nothing but `io` and `outcome_unknown` may come of a disk that is full.
void expect_documented(const Ran& ran) {
  EXPECT_TRUE(ran.status == 0 || ran.status == 1 || ran.status == 6)
      << ran.status << ran.out << ran.err;
  if (ran.status == 1 && !ran.out.empty()) {
    EXPECT_EQ(ran.code(), "\"io\"") << ran.out;
  }
  if (ran.status == 6) {
    EXPECT_EQ(ran.code(), "\"outcome_unknown\"") << ran.out;
  }
}

// The command on a copy of `before` where no file may be larger than `room`, then or later.
Ran run_with(std::size_t room, Place& place, const Place& before, const Words& words) {
  place.copy_data_of(before);
  place.largest_file = room;
  Ran ran = place.json(words);
  expect_documented(ran);
  return ran;
}

TEST(AFullDisk, LosesNothingThatWasAnsweredWhereverItStrikes) {
  Place before;
  whole::fill(before);
  const Words create = whole::with(whole::new_patient("77"), {"--command-id", kCommand});
  int refused = 0;
  const std::size_t enough = largest_file_in(before.data()) + 200'000;
  for (std::size_t room = kStep; room < enough; room += kStep * (room < 50'000 ? 1 : 8)) {
    SCOPED_TRACE(room);
    Place place;
    const Ran ran = run_with(room, place, before, create);
    refused += ran.status == 0 ? 0 : 1;
    place.largest_file = 0;
    if (ran.status == 0) {
      EXPECT_EQ(place.json({"patient", "show", "77"}).status, 0) << "answered and lost";
    }
    const Ran again = place.json(create);
    ASSERT_EQ(again.status, 0) << again.out << again.err;
    EXPECT_EQ(again.at("data.sequence"), "1");
    EXPECT_EQ(place.json({"patient", "list"}).at("data.total"), "12");
  }
  EXPECT_GT(refused, 0);
}

// So large a transaction that the room for it ends at many of its pages.
TEST(AFullDisk, InTheMiddleOfATransactionLeavesAllOfItOrNothing) {
  Place before;
  whole::fill(before);
  const Words import = {
      "import", "registrations", before.write("more.jsonl", whole::made_up_registrations(400))};
  int refused = 0;
  int imported = 0;
  for (std::size_t room = 16 * kStep; imported < 3 && refused < 100; room += 16 * kStep) {
    SCOPED_TRACE(room);
    Place place;
    const Ran ran = run_with(room, place, before, import);
    ++(ran.status == 0 ? imported : refused);
    place.largest_file = 0;
    const std::string total = place.json({"patient", "list"}).at("data.total");
    EXPECT_TRUE(total == "411" || (total == "11" && ran.status != 0)) << total << ran.out;
    const Ran again = place.json(import);
    ASSERT_EQ(again.status, 0) << again.out << again.err;
    EXPECT_EQ(again.at(total == "411" ? "data.duplicates" : "data.imported"), "400") << again.out;
    EXPECT_EQ(place.json({"patient", "list"}).at("data.total"), "411");
  }
  EXPECT_EQ(imported, 3);
  EXPECT_GT(refused, 3);
}

TEST(AFullDisk, LeavesANewFolderThatCanStillBeUsed) {
  for (std::size_t room = 0; room < 300'000; room += 6 * kStep) {
    SCOPED_TRACE(room);
    Place place;
    place.largest_file = room + kStep;
    expect_documented(place.json(whole::new_patient("1")));
    place.largest_file = 0;
    const Ran again = place.json(whole::new_patient("1"));
    EXPECT_TRUE(again.status == 0 || again.code() == "\"already_exists\"") << again.out;
    EXPECT_EQ(place.json({"patient", "list"}).at("data.total"), "1");
  }
}

TEST(AFullDisk, MakesReadModelsWaitAndTellsNothingWrong) {
  Place before;
  whole::fill(before);
  const std::string truth = before.json({"patient", "list"}).at("data");
  const std::string rows = whole::rows_of(before);
  fs::remove_all(before.data() / "read");
  int refused = 0;
  int answered = 0;
  for (std::size_t room = 4 * kStep; room < 240'000; room += 6 * kStep) {
    SCOPED_TRACE(room);
    Place place;
    const Ran ran = run_with(room, place, before, {"patient", "list"});
    ++(ran.status == 0 ? answered : refused);
    if (ran.status == 0) {
      EXPECT_EQ(ran.at("data"), truth);
    }
    expect_documented(place.json({"projection", "rebuild", "--all"}));
    place.largest_file = 0;
    EXPECT_EQ(whole::rows_of(place), rows);
  }
  EXPECT_GT(refused, 0);
  EXPECT_GT(answered, 0);
}

class ClosedDoors {
 public:
  explicit ClosedDoors(const fs::path& folder) : folder_(folder) { set(fs::perm_options::remove); }
  ~ClosedDoors() { set(fs::perm_options::add); }
  ClosedDoors(const ClosedDoors&) = delete;
  ClosedDoors& operator=(const ClosedDoors&) = delete;

 private:
  void set(fs::perm_options how) const {
    for (const fs::path& path : {folder_, folder_ / "read"}) {
      fs::permissions(path, fs::perms::owner_write, how);
      for (const auto& entry : fs::directory_iterator{path}) {
        if (entry.is_regular_file()) fs::permissions(entry, fs::perms::owner_write, how);
      }
    }
  }

  fs::path folder_;
};

TEST(AReadOnlyFolder, IsRefusedWithItsNameAndStaysAsItWas) {
  Place place;
  whole::fill(place);
  const std::string rows = whole::rows_of(place);
  {
    const ClosedDoors closed{place.data()};
    for (const Words& words : {whole::new_patient(""),
                               Words{"patient", "list"},
                               Words{"projection", "rebuild", "--all"},
                               Words{"events", "verify"}}) {
      SCOPED_TRACE(::testing::PrintToString(words));
      const Ran ran = place.json(words);
      EXPECT_EQ(ran.status, 1) << ran.out << ran.err;
      EXPECT_EQ(ran.code(), "\"io\"");
      EXPECT_NE(ran.out.find(place.data()), std::string::npos) << ran.out;
    }
  }
  EXPECT_EQ(whole::rows_of(place), rows);
}

TEST(AStandardOutput, ThatIsFullIsNoSuccess) {
  Place place;
  ASSERT_EQ(place.json(whole::new_patient("")).status, 0);
  const std::string command = "KARTEI_DATA='" + place.data().string() +
                              "' " KARTEI_PROGRAM " patient list > /dev/full 2> " +
                              place.write("err", "");
  EXPECT_EQ(WEXITSTATUS(std::system(command.c_str())), 1);
  EXPECT_NE(whole::bytes_of(place.folder() / "err").find("could not be written"),
            std::string::npos);
}

}  // namespace
