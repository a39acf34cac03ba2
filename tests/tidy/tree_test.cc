#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "tests/tidy/source_tree.h"

namespace {

namespace fs = std::filesystem;
using tidy::Complaints;
using tidy::File;

constexpr std::size_t kReadmeLinesMax = 20;

// The words of a CMakeLists.txt, comments aside: a test that is commented out is not built.
std::set<std::string> words_of(const File& cmake) {
  std::set<std::string> words;
  for (const std::string& line : cmake.lines) {
    const std::string code = line.substr(0, line.find('#'));
    std::size_t begin = 0;
    while ((begin = code.find_first_not_of(" ()\t", begin)) != std::string::npos) {
      const std::size_t end = std::min(code.find_first_of(" ()\t", begin), code.size());
      words.insert(code.substr(begin, end - begin));
      begin = end;
    }
  }
  return words;
}

// Every .cc is named by the CMakeLists.txt of its folder, or of one above it.
Complaints unbuilt(const std::vector<File>& files) {
  std::map<std::string, std::set<std::string>> words;
  for (const File& file : files) {
    if (file.path.ends_with("CMakeLists.txt")) words[file.folder()] = words_of(file);
  }
  Complaints complaints;
  for (const File& file : files) {
    if (!file.path.ends_with(".cc")) continue;
    bool named = false;
    for (fs::path above = file.folder(); !named && !above.empty(); above = above.parent_path()) {
      const auto cmake = words.find(above.generic_string());
      const std::string name = fs::path{file.path}.lexically_relative(above).generic_string();
      named = cmake != words.end() && cmake->second.contains(name);
    }
    if (!named) complaints.push_back(file.path + ": is in no CMakeLists.txt");
  }
  return complaints;
}

Complaints without_readme(const std::vector<File>& files) {
  std::set<std::string> folders;
  std::map<std::string, std::size_t> readmes;
  for (const File& file : files) {
    folders.insert(file.folder());
    if (fs::path{file.path}.filename() == "README.md") readmes[file.folder()] = file.lines.size();
  }
  Complaints complaints;
  for (const std::string& folder : folders) {
    const auto readme = readmes.find(folder);
    if (readme == readmes.end()) {
      complaints.push_back(folder + ": has no README.md");
    } else if (readme->second > kReadmeLinesMax) {
      complaints.push_back(folder + "/README.md: has more than 20 lines");
    }
  }
  return complaints;
}

TEST(Tree, EverySourceIsBuilt) {
  const Complaints complaints = unbuilt(tidy::all_files());
  EXPECT_TRUE(complaints.empty()) << tidy::text(complaints);
}

TEST(Tree, ATestThatIsNotInTheListIsFound) {
  const File test{"tests/x/a_test.cc", {}};
  EXPECT_EQ(unbuilt({test}).size(), 1U);
  EXPECT_EQ(unbuilt({test, {"tests/x/CMakeLists.txt", {"kartei_tests(x", "  # a_test.cc"}}}).size(),
            1U);
  EXPECT_EQ(unbuilt({test, {"tests/x/CMakeLists.txt", {"  SOURCES aa_test.cc)"}}}).size(), 1U);
  EXPECT_EQ(unbuilt({test, {"tests/x/CMakeLists.txt", {"  SOURCES a_test.cc)"}}}).size(), 0U);
  EXPECT_EQ(unbuilt({test, {"tests/CMakeLists.txt", {"add(x/a_test.cc)"}}}).size(), 0U);
}

TEST(Tree, EveryFolderHasAShortReadme) {
  const Complaints complaints = without_readme(tidy::all_files());
  EXPECT_TRUE(complaints.empty()) << tidy::text(complaints);
}

TEST(Tree, AMissingOrLongReadmeIsFound) {
  const File source{"infra/x/a.cc", {}};
  EXPECT_EQ(without_readme({source}).size(), 1U);
  EXPECT_EQ(without_readme({source, {"infra/x/README.md", std::vector<std::string>(20)}}).size(),
            0U);
  EXPECT_EQ(without_readme({source, {"infra/x/README.md", std::vector<std::string>(21)}}).size(),
            1U);
}

TEST(Tree, NothingLiesAroundAtTheTop) {
  const std::set<std::string> allowed = {"CMakeLists.txt",
                                         "README.md",
                                         "build",  // ignored by git, as is the next
                                         "kartei-data",
                                         "domain",
                                         "infra",
                                         "projections",
                                         "proto",
                                         "tests",
                                         "tools"};
  for (const auto& entry : fs::directory_iterator{SOURCE_ROOT}) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(".") || name.starts_with("build-")) continue;
    EXPECT_TRUE(allowed.contains(name)) << name;
  }
}

}  // namespace
