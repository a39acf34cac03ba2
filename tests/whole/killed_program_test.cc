#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <fstream>
#include <random>

#include "tests/whole/made_up.h"
#include "tests/whole/rows.h"

// `kill -9` at random moments. A moment is a number of bytes that the program has written, between
// none and what an undisturbed run writes: that is how far it has come, whatever the machine.
namespace {

using whole::Place;
using whole::Ran;
using whole::Words;

constexpr int kCycles = 20;
constexpr int kCyclesMax = 200;  // where it takes luck to strike in the middle
constexpr std::int64_t kNever = std::int64_t{1} << 60;

class Moments {
 public:
  explicit Moments(std::int64_t last) : any_(1, std::max<std::int64_t>(1, last)) {}
  std::int64_t next() { return any_(random_); }
  [[nodiscard]] std::string seed() const { return "seed " + std::to_string(seed_); }

 private:
  std::random_device::result_type seed_ = std::random_device{}();
  std::mt19937_64 random_{seed_};
  std::uniform_int_distribution<std::int64_t> any_;
};

std::string count_of(Place& place, const std::string& model, const std::string& what) {
  return place.json({"query", "sql", model, "SELECT " + what + " FROM " + model})
      .at("data.rows.0.0");
}

TEST(AKilledImport, OfRegistrationsIsFinishedByRepeatingItAndMakesNobodyTwice) {
  const std::string registrations = whole::made_up_registrations(1100);
  const auto import = [&](Place& place) {
    return place.start_json({"import", "registrations", place.folder() / "all.jsonl"});
  };
  Place whole_run;
  whole_run.write("all.jsonl", registrations);
  Moments moments{whole_run.kill_after(kNever, import(whole_run)).wrote};
  SCOPED_TRACE(moments.seed());
  for (int cycle = 0; cycle < kCycles; ++cycle) {
    Place place;
    place.write("all.jsonl", registrations);
    const Ran first = place.kill_after(moments.next(), import(place));
    if (first.status == 0) {
      EXPECT_EQ(first.at("data.imported"), "1100");
    }
    const Ran again = place.end(import(place));
    ASSERT_EQ(again.status, 0) << again.out << again.err;
    const int already = std::stoi(again.at("data.duplicates"));
    EXPECT_EQ(std::stoi(again.at("data.imported")), 1100 - already);
    EXPECT_TRUE(already == 0 || already == 500 || already == 1000 || already == 1100)
        << already << ": a transaction is in the log as a whole or not at all";
    EXPECT_EQ(count_of(place, "directory", "count(*)"), "1100");
    EXPECT_EQ(count_of(place, "directory", "count(DISTINCT nachname)"), "1100");
    EXPECT_EQ(count_of(place, "timeline", "count(*)"), "1100");
    if (cycle % 5 == 0) whole::expect_in_order(place);
  }
}

TEST(AKilledImport, OfContactsIsFinishedByRepeatingItAndCountsNothingTwice) {
  Place place;
  const std::string registrations = place.write("all.jsonl", whole::made_up_registrations(10));
  ASSERT_EQ(place.json({"import", "registrations", registrations}).status, 0);
  const std::string contacts = place.write("contacts.jsonl", whole::made_up_contacts(1100, 10));
  const Words import = {"import", "communications", contacts};
  Place whole_run;
  whole_run.copy_data_of(place);
  Moments moments{whole_run.kill_after(kNever, whole_run.start_json(import)).wrote};
  const std::string expected = whole::rows_of(whole_run);
  SCOPED_TRACE(moments.seed());
  for (int cycle = 0; cycle < kCycles; ++cycle) {
    Place killed;
    killed.copy_data_of(place);
    static_cast<void>(killed.kill_after(moments.next(), killed.start_json(import)));
    const Ran again = killed.json(import);
    ASSERT_EQ(again.status, 0) << again.out << again.err;
    const int already = std::stoi(again.at("data.duplicates"));
    EXPECT_EQ(std::stoi(again.at("data.imported")), 1100 - already);
    EXPECT_EQ(count_of(killed, "contacts", "count(*)"), "1100");
    EXPECT_EQ(count_of(killed, "timeline", "count(*)"), "1110");
    if (cycle % 5 == 0) whole::expect_in_order(killed);
  }
  whole::expect_in_order(whole_run);
}

// Kills an import between its first transaction (500 documents) and its second: it is given `lines`
// in a file, and then white space by a pipe, of which more cannot go in there than the pipe holds
// before all of the file is taken.
void kill_behind_a_transaction(Place& place, const std::string& content, const std::string& lines) {
  constexpr std::size_t kMoreThanAPipeHolds = 1'000'000;
  const std::filesystem::path pipe = place.folder() / ("pipe-" + content);
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const std::string file = place.write("first.jsonl", lines);
  const pid_t import = place.start_reading(pipe, {"--json", "import", content, file, "-"});
  const auto before = ::signal(SIGPIPE, SIG_IGN);
  {
    std::ofstream into{pipe};
    into << std::string(kMoreThanAPipeHolds, ' ') << std::flush;
    EXPECT_TRUE(into.good()) << "it ended by itself";
    EXPECT_EQ(place.kill(import).status, -1);
  }
  ::signal(SIGPIPE, before);
}

TEST(AKilledImport, GoesOnBehindItsLastTransaction) {
  Place place;
  kill_behind_a_transaction(place, "registrations", whole::made_up_registrations(700));
  const std::string registrations = place.write("all.jsonl", whole::made_up_registrations(1100));
  const Ran first = place.json({"import", "registrations", registrations});
  EXPECT_EQ(first.at("data.duplicates") + ' ' + first.at("data.imported"), "500 600");
  EXPECT_EQ(count_of(place, "directory", "count(DISTINCT nachname)"), "1100");

  kill_behind_a_transaction(place, "communications", whole::made_up_contacts(700, 10));
  const std::string contacts = place.write("contacts.jsonl", whole::made_up_contacts(1100, 10));
  const Ran second = place.json({"import", "communications", contacts});
  EXPECT_EQ(second.at("data.duplicates") + ' ' + second.at("data.imported"), "500 600");
  EXPECT_EQ(count_of(place, "timeline", "count(*)"), "2200");
  whole::expect_in_order(place);
}

std::string command_id(int number) {
  const std::string digits = std::to_string(100000 + number);
  return "0f8fad5b-d9cb-469f-a165-708677" + digits;
}

TEST(AKilledCommand, IsInTheLogOnceWhenItWasAnsweredAndAtMostOnceOtherwise) {
  Place place;
  const auto create = [&](int number) {
    return place.start_json(
        whole::with(whole::new_patient(""), {"--command-id", command_id(number)}));
  };
  ASSERT_EQ(place.end(create(0)).status, 0);
  Moments moments{place.kill_after(kNever, create(1)).wrote + 2000};
  SCOPED_TRACE(moments.seed());
  int answered = 2;
  int happened = 2;
  constexpr int kCommands = 60;
  for (int number = 2; number < kCommands; ++number) {
    const Ran ran = place.kill_after(moments.next(), create(number));
    const std::string total = place.json({"patient", "list", "--limit", "1"}).at("data.total");
    const bool is_in = std::stoi(total) == happened + 1;
    ASSERT_TRUE(is_in || std::stoi(total) == happened) << total;
    happened += is_in ? 1 : 0;
    if (ran.at("ok") == "true") {
      ++answered;
      EXPECT_TRUE(is_in) << "answered and lost: " << ran.out;
    }
  }
  EXPECT_LT(answered, kCommands);
  for (int number = 0; number < kCommands; ++number) {
    const Ran again = place.end(create(number));
    EXPECT_EQ(again.status, 0) << again.out << again.err;
    EXPECT_EQ(again.at("data.sequence"), "1");
  }
  EXPECT_EQ(count_of(place, "directory", "count(*)"), std::to_string(kCommands));
  EXPECT_EQ(count_of(place, "timeline", "count(*)"), std::to_string(kCommands));
  whole::expect_in_order(place);
}

// What lies in the folder of the read models, generations without their numbers.
std::string left_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator{folder}) {
    const std::string name = file.path().filename().string();
    names.push_back(name.substr(0, name.find('.')));
  }
  std::sort(names.begin(), names.end());
  return ::testing::PrintToString(names);
}

// The catalog and one generation of each read model.
constexpr const char* kSound =
    "{ \"catalog\", \"contacts\", \"directory\", \"exclusions\", \"letzter_kontakt\", "
    "\"status_history\", \"timeline\" }";

TEST(AKilledRebuild, LeavesTheAnswersAsTheyWereAndTheNextOneGoesOn) {
  Place place;
  const std::string all = place.write("all.jsonl", whole::made_up_registrations(300));
  ASSERT_EQ(place.json({"import", "registrations", all}).status, 0);
  const std::string before = whole::rows_of(place);
  const Words rebuild = {"projection", "rebuild", "--all"};
  Moments moments{place.kill_after(kNever, place.start_json(rebuild)).wrote};
  SCOPED_TRACE(moments.seed());
  for (const char* model : whole::kReadModels) {
    ASSERT_EQ(place.json({"projection", "discard", model}).status, 0);
  }
  int went_on = 0;
  for (int cycle = 0; cycle < (went_on > 0 ? kCycles : kCyclesMax); ++cycle) {
    static_cast<void>(place.kill_after(moments.next(), place.start_json(rebuild)));
    EXPECT_EQ(whole::rows_of(place), before);
    const Ran again = place.json(rebuild);
    ASSERT_EQ(again.status, 0) << again.out << again.err;
    went_on += again.err.find("going on with generation") != std::string::npos ? 1 : 0;
    EXPECT_EQ(whole::rows_of(place), before);
  }
  EXPECT_GT(went_on, 0) << "no rebuild went on where the killed one was";
  whole::expect_in_order(place);
  for (const char* model : whole::kReadModels) {
    EXPECT_EQ(place.json({"projection", "discard", model}).status, 0);
  }
  EXPECT_EQ(left_in(place.data() / "read"), kSound) << "a killed rebuild leaves nothing behind";
}

TEST(AKilledCheck, LeavesNothingBehind) {
  Place place;
  const std::string all = place.write("all.jsonl", whole::made_up_registrations(300));
  ASSERT_EQ(place.json({"import", "registrations", all}).status, 0);
  whole::expect_in_order(place);
  const Words verify = {"projection", "verify", "--all"};
  Moments moments{place.kill_after(kNever, place.start_json(verify)).wrote};
  SCOPED_TRACE(moments.seed());
  for (int cycle = 0; cycle < kCycles; ++cycle) {
    static_cast<void>(place.kill_after(moments.next(), place.start_json(verify)));
  }
  whole::expect_in_order(place);
  EXPECT_EQ(left_in(place.data() / "read"), kSound);
}

}  // namespace
