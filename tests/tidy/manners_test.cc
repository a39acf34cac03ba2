#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "tests/tidy/source_tree.h"

namespace {

using tidy::Complaints;
using tidy::File;

constexpr std::size_t kColumnsMax = 100;
constexpr std::size_t kLinesMax = 300;

// Characters, not bytes: every byte but the continuations of UTF-8.
std::size_t characters(const std::string& line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

// Put together here, so that this file does not hold the words itself.
std::vector<std::string> unfinished_words() {
  return {std::string{"TO"} + "DO", std::string{"FIX"} + "ME"};
}
std::vector<std::string> forbidden_in_tests() {
  return {std::string{"sleep"} + "_for",
          std::string{"sleep"} + "_until",
          std::string{"usleep"} + "(",
          std::string{" sleep"} + "(",
          std::string{"::sleep"} + "(",
          std::string{"GTEST"} + "_SKIP",
          std::string{"DISABLED"} + "_"};
}

void find(const File& file, const std::vector<std::string>& words, Complaints& complaints) {
  for (std::size_t at = 0; at < file.lines.size(); ++at) {
    for (const std::string& word : words) {
      if (file.lines[at].find(word) == std::string::npos) continue;
      complaints.push_back(tidy::complaint(file, at, "holds " + word));
    }
  }
}

Complaints manners_complaints(const File& file) {
  Complaints complaints;
  if (!file.is_code()) return complaints;
  for (std::size_t at = 0; at < file.lines.size(); ++at) {
    if (characters(file.lines[at]) <= kColumnsMax) continue;
    complaints.push_back(tidy::complaint(file, at, "is longer than 100 characters"));
  }
  if (file.lines.size() > kLinesMax) {
    complaints.push_back(file.path + ": has outgrown one idea (300 lines)");
  }
  find(file, unfinished_words(), complaints);
  if (file.path.starts_with("tests/")) find(file, forbidden_in_tests(), complaints);
  return complaints;
}

TEST(Manners, AreKeptByEveryFile) {
  for (const File& file : tidy::all_files()) {
    const Complaints complaints = manners_complaints(file);
    EXPECT_TRUE(complaints.empty()) << tidy::text(complaints);
  }
}

TEST(Manners, ALineMayHaveAHundredCharactersAndNoMore) {
  std::string umlauts;
  for (int i = 0; i < 100; ++i) umlauts += "ä";
  EXPECT_EQ(manners_complaints({"domain/a.cc", {umlauts}}).size(), 0U);
  EXPECT_EQ(manners_complaints({"domain/a.cc", {umlauts + "."}}).size(), 1U);
}

TEST(Manners, AFileMayHaveThreeHundredLinesAndNoMore) {
  EXPECT_EQ(manners_complaints({"a.h", std::vector<std::string>(300, "x")}).size(), 0U);
  EXPECT_EQ(manners_complaints({"a.h", std::vector<std::string>(301, "x")}).size(), 1U);
}

TEST(Manners, NothingIsLeftUnfinished) {
  for (const std::string& word : unfinished_words()) {
    SCOPED_TRACE(word);
    EXPECT_EQ(manners_complaints({"infra/a.cc", {"// " + word + ": later"}}).size(), 1U);
  }
}

TEST(Manners, TestsNeitherSleepNorStepAside) {
  for (const std::string& word : forbidden_in_tests()) {
    SCOPED_TRACE(word);
    EXPECT_EQ(manners_complaints({"tests/a_test.cc", {"  std::" + word + "1);"}}).size(), 1U);
    EXPECT_EQ(manners_complaints({"infra/a.cc", {"  std::" + word + "1);"}}).size(), 0U);
  }
}

}  // namespace
