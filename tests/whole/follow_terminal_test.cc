#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>

#include "tests/kafka/following.h"
#include "tests/whole/damage.h"
#include "tests/whole/process.h"
#include "tests/whole/terminal.h"

// What `kartei follow` shows to a person, and what it writes where nobody looks.
namespace whole {
namespace {

constexpr const char* kTurn = "writer: this process has its turn";

// Those that stay: what happened, a line each.
std::vector<std::string> lasting(const std::vector<std::string>& lines) {
  std::vector<std::string> found;
  std::copy_if(lines.begin(), lines.end(), std::back_inserter(found), [](const auto& line) {
    return line.starts_with("kartei: ");
  });
  return found;
}

// Waits until the status line has that in it.
bool await_status(Terminal& terminal, const std::string& text) {
  return terminal.await([&] { return terminal.last_line().find(text) != std::string::npos; });
}

TEST(FollowOnATerminal, HasOneStatusLineThatIsRewrittenInPlace) {
  Place place;
  ASSERT_EQ(place.json(new_patient("1")).status, 0);
  Terminal terminal{200};
  place.terminal = terminal.path();
  const testing_kafka::Following follow{place};
  place.terminal.clear();
  ASSERT_TRUE(await_status(terminal, "0 behind, 0/s")) << terminal.text();
  const std::string before = terminal.last_line();
  EXPECT_TRUE(before.starts_with("writer: ")) << before;
  ASSERT_EQ(place.json(new_patient("2")).status, 0);
  EXPECT_TRUE(terminal.await([&] {
    const std::string& now = terminal.last_line();
    return now != before && now.find("0 behind, 0/s") != std::string::npos;
  })) << terminal.text();
  EXPECT_EQ(terminal.last_line().rfind("writer: "), 0U) << terminal.text();
  EXPECT_EQ(lasting(terminal.lines()).size() + 1, terminal.lines().size()) << terminal.text();
}

TEST(FollowOnATerminal, SaysWhatHappensAboveItsStatusLine) {
  Place place;
  ASSERT_EQ(place.json(new_patient("1")).status, 0);
  Terminal terminal{400};
  place.terminal = terminal.path();
  const testing_kafka::Following follow{place};
  place.terminal.clear();
  ASSERT_TRUE(await_status(terminal, "0 behind, 0/s")) << terminal.text();
  fill_with_garbage(place.data() / "read" / "directory.g0001.db");
  static_cast<void>(place.json({"patient", "list"}));
  const auto& lines = terminal.lines();
  EXPECT_TRUE(terminal.await([&] {
    return lines.size() > 2 && terminal.last_line().starts_with("writer: ");
  })) << terminal.text();
  EXPECT_EQ(lasting(lines).size() + 1, lines.size()) << terminal.text();
  EXPECT_NE(lines[1].find("read model directory was made again"), std::string::npos) << lines[1];
}

TEST(FollowOnATerminal, CutsItsStatusLineOffAndLeavesNothingOfItBehind) {
  Place place;
  Terminal terminal{12};
  place.terminal = terminal.path();
  testing_kafka::Following follow{place};
  place.terminal.clear();
  ASSERT_TRUE(await_status(terminal, "writer: ")) << terminal.text();
  EXPECT_LE(terminal.last_line().size(), 12U);
  ASSERT_EQ(place.json(new_patient("1")).status, 0);
  follow.send(SIGTERM);
  terminal.drain();
  const Ran stopped = follow.stop();
  EXPECT_EQ(stopped.status, 0);
  EXPECT_EQ(stopped.at("data.role"), R"("writer")");
  std::string stays;
  for (const std::string& line : terminal.lines()) stays += line;
  EXPECT_EQ(stays, std::string{"kartei: info: "} + kTurn + " to write");
}

TEST(FollowWithoutATerminal, WritesALineWhenSomethingHappensAndNoStatus) {
  Place place;
  ASSERT_EQ(place.json(new_patient("1")).status, 0);
  ASSERT_EQ(place.json({"projection", "rebuild", "--all"}).status, 0);
  testing_kafka::Following follow{place};
  ASSERT_TRUE(follow.await(kTurn)) << follow.said();
  // On a terminal there would be a status line several times over.
  for (int number = 2; number <= 20; ++number)
    ASSERT_EQ(place.json(new_patient(std::to_string(number))).status, 0);
  const Ran stopped = follow.stop();
  EXPECT_EQ(stopped.status, 0);
  EXPECT_EQ(stopped.err.find_first_of("\r\x1b"), std::string::npos) << stopped.err;
  EXPECT_EQ(stopped.err, std::string{"kartei: info: "} + kTurn + " to write\n");
}

}  // namespace
}  // namespace whole
