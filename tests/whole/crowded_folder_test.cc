#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "tests/whole/made_up.h"
#include "tests/whole/rows.h"

// Several processes at one data directory: one holds it, the others read or wait their turn.
namespace {

using whole::Place;
using whole::Ran;
using whole::Words;

TEST(TwoProcesses, OneHoldsTheFolderTheOtherReadsAndIsToldWhoWrites) {
  Place place;
  ASSERT_EQ(place.json(whole::new_patient("")).status, 0);
  ASSERT_EQ(place.json({"patient", "list"}).status, 0);
  // An import that has committed its first batch and waits for more to come.
  const std::string pipe = place.folder() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const pid_t holder = place.start_reading(pipe, {"--json", "import", "communications", "-"});
  const int writing = ::open(pipe.c_str(), O_WRONLY);
  const std::string lines = whole::made_up_contacts(600, 1);
  ASSERT_EQ(::write(writing, lines.data(), lines.size()), static_cast<ssize_t>(lines.size()));
  // Nobody else may ask for the lock before the holder has it: the file says who has.
  const auto is_held = [&] {
    const std::string text = whole::bytes_of(place.data() / "kartei.lock");
    return text.find(std::to_string(holder)) != std::string::npos;
  };
  for (int tries = 0; tries < 1'000'000 && !is_held(); ++tries) std::this_thread::yield();
  ASSERT_TRUE(is_held());
  const Ran second = place.json({"patient", "update", "1", "--set", "ort=Ulm"});
  EXPECT_EQ(second.status, 6) << second.out;
  EXPECT_EQ(second.code(), "\"locked\"");
  EXPECT_NE(second.out.find(std::to_string(holder)), std::string::npos) << second.out;
  for (const Words& words : {Words{"projection", "rebuild", "--all"},
                             Words{"projection", "verify", "--all"},
                             Words{"events", "repair", "1"},
                             Words{"events", "restate"},
                             Words{"topics", "compact"},
                             whole::new_patient("")}) {
    SCOPED_TRACE(::testing::PrintToString(words));
    EXPECT_EQ(place.json(words).code(), "\"locked\"");
  }
  const Ran list = place.json({"patient", "list"});
  EXPECT_EQ(list.status, 0) << list.out;
  EXPECT_EQ(list.at("data.total"), "1");
  EXPECT_NE(list.at("lag_events"), "");
  EXPECT_EQ(place.json({"query", "contacts", "1"}).code(), "\"rebuilding\"");
  EXPECT_EQ(place.json({"events", "verify"}).status, 0);
  EXPECT_EQ(place.json({"projection", "list"}).status, 0);
  ASSERT_EQ(::close(writing), 0);
  const Ran held = place.end(holder);
  EXPECT_EQ(held.status, 0) << held.out;
  EXPECT_EQ(held.at("data.imported"), "600");
  EXPECT_EQ(place.json({"query", "contacts", "1"}).size("data"), 600U);
  whole::expect_in_order(place);
}

TEST(ManyProcesses, StartedAtOnceAreServedOrToldToTryAgainAndNothingIsLost) {
  Place place;
  int served = 0;
  for (int round = 0; round < 4; ++round) {
    std::vector<pid_t> all;
    for (int number = 0; number < 8; ++number) {
      all.push_back(place.start_json(whole::new_patient("")));
    }
    for (const pid_t pid : all) {
      const Ran ran = place.end(pid);
      if (ran.status == 0) {
        ++served;
      } else {
        EXPECT_EQ(ran.status, 6) << ran.out << ran.err;
        EXPECT_EQ(ran.code(), "\"locked\"");
      }
    }
  }
  EXPECT_GE(served, 4);
  EXPECT_EQ(place.json({"patient", "list"}).at("data.total"), std::to_string(served));
  whole::expect_in_order(place);
}

TEST(ALockFile, OfADeadProcessHoldsNobodyUp) {
  Place place;
  ASSERT_EQ(place.json(whole::new_patient("")).status, 0);
  place.write("data/kartei.lock", "1\n");
  EXPECT_EQ(place.json(whole::new_patient("")).status, 0);
}

TEST(AFolder, MayHaveAnyName) {
  for (const char* name : {"mit Leer zeichen",
                           "Grüße-ß-漢",
                           "a?mode=memory",
                           "50%25#x",
                           "it's \"q\"",
                           "-data",
                           "tief/er/liegend",
                           "end."}) {
    SCOPED_TRACE(name);
    Place place;
    place.data_name = name;
    ASSERT_EQ(place.json(whole::new_patient("")).status, 0);
    EXPECT_EQ(place.json({"patient", "list"}).at("data.total"), "1");
    EXPECT_TRUE(std::filesystem::exists(place.data() / "log.db"));
    EXPECT_EQ(place.json({"query", "exclusions"}).status, 0);
    EXPECT_EQ(place.json({"projection", "rebuild", "--all"}).status, 0);
    whole::expect_in_order(place);
  }
}

TEST(AFolder, ReachedThroughALinkIsTheSameFolder) {
  Place place;
  ASSERT_EQ(place.json(whole::new_patient("")).status, 0);
  const auto link = place.folder() / "link";
  std::filesystem::create_directory_symlink("data", link);
  EXPECT_EQ(place.json({"--data", link, "patient", "list"}).at("data.total"), "1");
  ASSERT_EQ(place.json(whole::with({"--data", link}, whole::new_patient(""))).status, 0);
  EXPECT_EQ(place.json({"patient", "list"}).at("data.total"), "2");
}

}  // namespace
