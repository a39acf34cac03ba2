#include <gtest/gtest.h>

#include <array>
#include <random>

#include "domain/core/broken.h"
#include "tests/logs/story.h"

namespace testing_logs {
namespace {

constexpr std::int64_t kChapters = 60;

// A log of some chapters, made once; every test damages a copy.
class DamagedFile : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    sound_ = std::make_unique<StoryFolder>();
    running_ = std::make_unique<StoryFolder>();
    write(*sound_);
    const auto log = write(*running_);
    // While it runs, most of the log is in the write-ahead log.
    killed_ = std::make_unique<StoryFolder>(running_->path());
  }
  static void TearDownTestSuite() {
    sound_.reset();
    running_.reset();
    killed_.reset();
  }

  static std::unique_ptr<infra::log_embedded::EmbeddedLog> write(StoryFolder& folder) {
    auto log = folder.open();
    const auto writer = log->open_writer("");
    for (std::int64_t number = 0; number < kChapters; ++number) {
      static_cast<void>(append(*writer, chapter(number)));
    }
    return log;
  }

  // True: the log is what was written, to the last byte. False: it says that it is damaged.
  // Anything else is a failure.
  static bool sound_or_says_so(StoryFolder& folder) {
    try {
      const auto log = folder.open();
      const Contents contents = contents_of(*log);
      static_cast<void>(log->check());
      EXPECT_TRUE(contents.wrong.empty()) << contents.wrong.front();
      EXPECT_EQ(contents.chapters.size(), static_cast<std::size_t>(kChapters));
      EXPECT_EQ(log->identity(), identity_with(kStoryPartitions));
      for (const auto topic : {ports::Topic::patient_events, ports::Topic::patient_history}) {
        EXPECT_EQ(read(*log, topic), *whole(topic)) << "other offsets";
      }
      return true;
    } catch (const core::Broken&) {
      return false;
    }
  }
  static std::optional<std::vector<Seen>>& whole(ports::Topic topic) {
    static std::array<std::optional<std::vector<Seen>>, ports::kTopicCount> seen;
    auto& one = seen[static_cast<std::size_t>(topic)];
    if (!one) one = read(*StoryFolder{sound_->path()}.open(), topic);
    return one;
  }

  static core::Breakage breakage_of_opening(StoryFolder& folder) {
    try {
      static_cast<void>(folder.open());
    } catch (const core::Broken& broken) {
      return broken.kind();
    }
    ADD_FAILURE() << "it opens";
    return core::Breakage::io;
  }

  static std::unique_ptr<StoryFolder> sound_;    // closed as it should be
  static std::unique_ptr<StoryFolder> running_;  // to make the next one
  static std::unique_ptr<StoryFolder> killed_;   // with a write-ahead log
};
std::unique_ptr<StoryFolder> DamagedFile::sound_;
std::unique_ptr<StoryFolder> DamagedFile::running_;
std::unique_ptr<StoryFolder> DamagedFile::killed_;

TEST_F(DamagedFile, IsNotWhatTheTestsBeginWith) {
  EXPECT_TRUE(sound_or_says_so(*sound_));
  StoryFolder copy{killed_->path()};
  EXPECT_GT(std::filesystem::file_size(copy.file("log.db-wal")), 100'000U);
  EXPECT_TRUE(sound_or_says_so(copy));
  EXPECT_TRUE(copy.open()->check().empty());
}

TEST_F(DamagedFile, NeverReadsAsSomethingElseWhereverABitFlips) {
  const std::string bytes = bytes_of(sound_->file("log.db"));
  int noticed = 0;
  for (std::uint64_t seed = 1; seed <= 600; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random{seed};
    StoryFolder folder{sound_->path()};
    std::string damaged = bytes;
    // Half of the flips hit what SQLite lives by: the schema and the head of a page.
    std::size_t at = random() % damaged.size();
    if (seed % 4 == 0) at = random() % 4096;
    if (seed % 4 == 1) at = at / 4096 * 4096 + random() % 24;
    damaged[at] = static_cast<char>(damaged[at] ^ static_cast<char>(1 << random() % 8));
    write_bytes(folder.file("log.db"), damaged);
    if (!sound_or_says_so(folder)) ++noticed;
    if (HasFailure()) FAIL() << "byte " << at;
  }
  EXPECT_GT(noticed, 200);
}

TEST_F(DamagedFile, NeverReadsAsSomethingElseWhereverTheWriteAheadLogIsDamaged) {
  const std::string bytes = bytes_of(killed_->file("log.db-wal"));
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random{seed};
    StoryFolder folder{killed_->path()};
    std::string damaged = bytes;
    const std::size_t at = random() % damaged.size();
    damaged[at] = static_cast<char>(damaged[at] ^ static_cast<char>(1 << random() % 8));
    if (seed % 3 == 0) damaged.resize(at);
    write_bytes(folder.file("log.db-wal"), damaged);
    EXPECT_FALSE(sound_or_says_so(folder)) << "byte " << at;
    if (HasFailure()) break;
  }
}

TEST_F(DamagedFile, IsNoticedWhereverItIsCutOff) {
  const std::string bytes = bytes_of(sound_->file("log.db"));
  std::mt19937_64 random{7};
  std::vector<std::size_t> sizes{0, 1, 15, 16, 99, 100, 101, 511, 512, 4095, 4096, 4097, 8192};
  for (int more = 0; more < 40; ++more) sizes.push_back(random() % bytes.size());
  for (std::size_t page = 1; page < 10; ++page) sizes.push_back(bytes.size() - page * 4096);
  for (std::size_t tail = 1; tail < 4096; tail += 409) sizes.push_back(bytes.size() - tail);
  for (const std::size_t size : sizes) {
    SCOPED_TRACE(size);
    StoryFolder folder{sound_->path()};
    write_bytes(folder.file("log.db"), bytes.substr(0, size));
    // SQLite fills up the last page with zeros; what reads it notices.
    if (size > bytes.size() - 4096) {
      static_cast<void>(sound_or_says_so(folder));
    } else {
      EXPECT_EQ(breakage_of_opening(folder), core::Breakage::corrupt);
    }
  }
}

TEST_F(DamagedFile, IsCorruptWhenItIsNoLogAtAll) {
  for (const std::string& bytes : {std::string{}, std::string(100'000, 'x'), std::string{"log"}}) {
    StoryFolder folder{sound_->path()};
    write_bytes(folder.file("log.db"), bytes);
    EXPECT_EQ(breakage_of_opening(folder), core::Breakage::corrupt) << bytes.size();
  }
  StoryFolder folder{sound_->path()};
  std::filesystem::remove(folder.file("log.db"));
  EXPECT_EQ(breakage_of_opening(folder), core::Breakage::io);
}

TEST_F(DamagedFile, IsCorruptEachTimeWhenTheWriteAheadLogLostItsTail) {
  StoryFolder folder{killed_->path()};
  std::string bytes = bytes_of(folder.file("log.db-wal"));
  bytes[bytes.size() - 100] ^= 1;
  write_bytes(folder.file("log.db-wal"), bytes);
  for (int again = 0; again < 3; ++again) {
    EXPECT_EQ(breakage_of_opening(folder), core::Breakage::corrupt);
  }
}

TEST_F(DamagedFile, IsCorruptWhenAnOlderCopyTookItsPlace) {
  const StoryFolder older;
  StoryFolder folder{sound_->path()};
  write_bytes(folder.file("log.db"), bytes_of(older.file("log.db")));
  EXPECT_EQ(breakage_of_opening(folder), core::Breakage::corrupt);
  std::filesystem::remove(folder.file("log.head"));
  EXPECT_NO_THROW(static_cast<void>(folder.open()));
}

TEST_F(DamagedFile, AHeadOfAnotherLogIsAMismatch) {
  const Folder other;
  StandingClock clock;
  const ports::Incarnation incarnation{*core::Uuid::parse("1a0b0c0d-0e0f-4a0b-8c0d-0e0f0a0b0c0d")};
  static_cast<void>(
      infra::log_embedded::EmbeddedLog::create(other.path(), kStoryPartitions, incarnation, clock));
  StoryFolder folder{sound_->path()};
  write_bytes(folder.file("log.head"), bytes_of(other.path() / "log.head"));
  EXPECT_EQ(breakage_of_opening(folder), core::Breakage::log_mismatch);
}

TEST_F(DamagedFile, AHeadThatIsMissingOrUnreadableOrBehindSaysNothing) {
  const std::string head = bytes_of(sound_->file("log.head"));
  for (std::size_t size = 0; size < head.size(); ++size) {
    StoryFolder folder{sound_->path()};
    write_bytes(folder.file("log.head"), head.substr(0, size));
    EXPECT_TRUE(sound_or_says_so(folder)) << size;
  }
  StoryFolder folder{sound_->path()};
  std::filesystem::remove(folder.file("log.head"));
  EXPECT_TRUE(sound_or_says_so(folder));
  write_bytes(folder.file("log.head"), bytes_of(StoryFolder{}.file("log.head")));
  EXPECT_TRUE(sound_or_says_so(folder));
}

}  // namespace
}  // namespace testing_logs
