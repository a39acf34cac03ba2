#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "tests/rest/clients/served.h"

// Input without a limit, on standard input and in files: it is refused in words, and no process
// holds much of it. On a data directory that a service has, that one reads it.
namespace {

using testing_rest::Served;
using whole::Place;
using whole::Ran;
using whole::Words;

constexpr std::int64_t kRoomKb = 96 * 1024;  // for a few documents of 4 MB each while they are read

class EndlessInput : public ::testing::Test {
 protected:
  // AddressSanitizer keeps 256 MB of what a process has freed, unless it is told otherwise.
  EndlessInput() {
    const char* const options = std::getenv("ASAN_OPTIONS");
    place.variables["ASAN_OPTIONS"] =
        (options == nullptr ? "" : options + std::string{":"}) + "quarantine_size_mb=8";
  }
  Ran reading(const std::string& file, const Words& words) {
    Words all{"--json"};
    all.insert(all.end(), words.begin(), words.end());
    return place.end(place.start_reading(file, all));
  }

  Place place;
};

TEST_F(EndlessInput, IsRefusedByTheServiceThatReadsItAndFillsNoMemory) {
  const Served served{place};
  EXPECT_EQ(place.json(whole::new_patient("1")).status, 0);
  const std::int64_t before = served.memory_peak_kb();
  for (const Words& words :
       {Words{"patient", "create", "-"}, Words{"patient", "update", "1", "-"}}) {
    const Ran ran = reading("/dev/zero", words);
    EXPECT_EQ(ran.status, 2) << ran.out;
    EXPECT_NE(ran.out.find("has more than 4194304 bytes"), std::string::npos) << ran.out;
  }
  for (const char* what : {"registrations", "communications"}) {
    const Ran ran = reading("/dev/zero", {"import", what, "-"});
    EXPECT_EQ(ran.status, 2) << ran.out;
    EXPECT_NE(ran.out.find("has no end within"), std::string::npos) << ran.out;
  }
  EXPECT_LT(served.memory_peak_kb() - before, kRoomKb);
}

TEST_F(EndlessInput, OfLongLinesIsReportedLineByLineAndFillsNoMemory) {
  const Served served{place};
  EXPECT_EQ(place.json(whole::new_patient("1")).status, 0);
  const std::int64_t before = served.memory_peak_kb();
  const std::string file = (place.folder() / "long.jsonl").string();
  {
    std::ofstream out{file};
    const std::string line = "{\"a\":\"" + std::string(5 * 1024 * 1024, 'x') + "\"}\n";
    for (int count = 0; count < 60; ++count) out << line;
    out << whole::bytes_of(whole::sample("communication-events.jsonl"));
  }
  const Ran ran = place.json({"import", "communications", file});
  EXPECT_EQ(ran.status, 4) << ran.err;
  EXPECT_EQ(ran.at("data.refused.0.line"), "1");
  EXPECT_EQ(ran.at("data.refused.0.code"), R"("invalid")");
  EXPECT_NE(ran.at("data.refused.59.message").find("is larger than 4194304 bytes"),
            std::string::npos);
  EXPECT_NE(ran.at("data.imported"), "0");
  EXPECT_LT(served.memory_peak_kb() - before, kRoomKb);
}

TEST_F(EndlessInput, OfDocumentsThatAreAllRefusedEnds) {
  const Served served{place};
  std::string lines;
  for (int count = 0; count < 12'000; ++count) lines += "no document\n";
  const Ran ran = place.json({"import", "communications", "-"}, lines);
  EXPECT_EQ(ran.status, 4) << ran.err;
  EXPECT_EQ(ran.code(), R"("invalid")");
  EXPECT_NE(ran.at("error.message").find("stopped because 10000 documents were refused"),
            std::string::npos)
      << ran.at("error.message");
  EXPECT_EQ(ran.size("error.details.summary.refused"), 10'000U);
}

}  // namespace
