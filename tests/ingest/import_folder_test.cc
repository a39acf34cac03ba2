#include "infra/ingest/import_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <functional>
#include <thread>
#include <vector>

#include "domain/core/broken.h"
#include "tests/projections/scratch_folder.h"

// What only a folder has: links, folders in it, a file that somebody has open.
namespace {

namespace fs = std::filesystem;
using infra::ingest::Arrival;
using infra::ingest::ImportFolder;
using infra::ingest::Shelf;

class ImportFolderTest : public ::testing::Test {
 protected:
  void put(const std::string& name, const std::string& bytes) {
    std::ofstream{path() / name, std::ios::binary} << bytes;
  }
  std::vector<Arrival> listed(Shelf shelf = Shelf::arrived) {
    std::vector<Arrival> all;
    folder.list(shelf, [&](const Arrival& one) { all.push_back(one); });
    return all;
  }
  std::string said_by(const std::function<void()>& what) {
    try {
      what();
    } catch (const core::Broken& broken) {
      EXPECT_EQ(broken.kind(), core::Breakage::io);
      return broken.what();
    }
    return "";
  }
  [[nodiscard]] fs::path path() const { return scratch.path() / "inbox"; }

  testing_projections::ScratchFolder scratch;
  ImportFolder folder{scratch.path() / "inbox"};
};

TEST_F(ImportFolderTest, ThatIsNotThereYetIsBrokenMachinery) {
  EXPECT_EQ(said_by([&] { listed(); }),
            "the import folder cannot be opened: No such file or directory");
  EXPECT_EQ(folder.free_bytes(), std::nullopt);
  fs::create_directory(path());
  EXPECT_EQ(said_by([&] { listed(); }), "");
  EXPECT_GT(folder.free_bytes().value_or(0), 0);
}

TEST_F(ImportFolderTest, PassesOverLinksAndFolders) {
  fs::create_directory(path());
  std::ofstream{scratch.path() / "outside.json"} << "{}";
  fs::create_symlink("../outside.json", path() / "link.json");
  fs::create_directory(path() / "folder.json");
  ASSERT_EQ(mkfifo((path() / "pipe.json").c_str(), 0600), 0);
  EXPECT_TRUE(listed().empty());
}

TEST_F(ImportFolderTest, DoesNotFollowALinkThatTookAFilesPlace) {
  fs::create_directory(path());
  put("a.json", "{}");
  const Arrival arrival = listed().front();
  fs::rename(path() / "a.json", scratch.path() / "outside.json");
  fs::create_symlink("../outside.json", path() / "a.json");
  EXPECT_EQ(folder.read(arrival), std::nullopt);
  EXPECT_FALSE(folder.accept(arrival));
  EXPECT_FALSE(folder.reject(arrival, "why"));
  EXPECT_TRUE(fs::is_symlink(path() / "a.json"));
}

TEST_F(ImportFolderTest, MovesNothingOutOfTheFolder) {
  fs::create_directory(path());
  fs::create_directory(scratch.path() / "elsewhere");
  fs::create_directory_symlink("../elsewhere", path() / "processed");
  put("failed", "a file, not a folder");
  put("a.json", "{}");
  const Arrival arrival = listed().front();
  EXPECT_NE(said_by([&] { static_cast<void>(folder.accept(arrival)); }), "");
  EXPECT_NE(said_by([&] { static_cast<void>(folder.reject(arrival, "why")); }), "");
  EXPECT_NE(said_by([&] { listed(Shelf::processed); }), "");
  EXPECT_TRUE(fs::is_empty(scratch.path() / "elsewhere"));
  EXPECT_EQ(listed().front(), arrival);
}

// Somebody puts another file, of another size, under the name all the while. One that slipped in
// between the look and the move is an arrival of its own.
TEST_F(ImportFolderTest, PutsAwayNothingThatTookAFilesPlaceMeanwhile) {
  fs::create_directory(path());
  std::atomic<bool> enough{false};
  std::thread others{[&] {
    for (std::size_t size = 1; !enough; size = size % 4000 + 1) {
      std::ofstream{scratch.path() / "made", std::ios::binary} << std::string(size, 'x');
      fs::rename(scratch.path() / "made", path() / "a.json");
    }
  }};
  std::vector<std::int64_t> accepted;
  std::vector<std::int64_t> processed;
  while (accepted.size() < 200 && accepted == processed) {
    for (const Arrival& arrival : listed()) {
      if (folder.accept(arrival)) accepted.push_back(arrival.bytes);
      for (const Arrival& one : listed(Shelf::processed)) {
        processed.push_back(one.bytes);
        folder.remove_processed(one);
      }
    }
  }
  enough = true;
  others.join();
  EXPECT_EQ(accepted, processed);
}

TEST_F(ImportFolderTest, SeesThatAFileGrowsOrIsWrittenAgain) {
  fs::create_directory(path());
  std::ofstream file{path() / "a.json", std::ios::binary};
  file << "{" << std::flush;
  const Arrival half = listed().front();
  file << "}" << std::flush;
  const Arrival whole = listed().front();
  EXPECT_NE(half.version, whole.version);
  EXPECT_EQ(folder.read(half), std::nullopt);
  EXPECT_EQ(folder.read(whole), "{}");
  fs::last_write_time(path() / "a.json",
                      fs::last_write_time(path() / "a.json") + std::chrono::seconds{1});
  EXPECT_NE(listed().front().version, whole.version);
}

TEST_F(ImportFolderTest, CountsAProcessedFileFromWhenItCameThere) {
  fs::create_directory(path());
  put("a.json", "{}");
  const auto long_ago = fs::last_write_time(path() / "a.json") - std::chrono::hours{24};
  fs::last_write_time(path() / "a.json", long_ago);
  const Arrival old = listed().front();
  ASSERT_TRUE(folder.accept(old));
  EXPECT_GT(listed(Shelf::processed).front().modified, old.modified);
}

TEST_F(ImportFolderTest, LeavesNoReasonWhereNoFileFailed) {
  fs::create_directory(path());
  put("a.json", "{}");
  const Arrival arrival = listed().front();
  fs::remove(path() / "a.json");
  EXPECT_FALSE(folder.reject(arrival, "why"));
  EXPECT_TRUE(fs::is_empty(path() / "failed"));
}

}  // namespace
