#include "infra/access/line_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>

#include "domain/core/broken.h"
#include "tests/access/scratch.h"

namespace {

namespace fs = std::filesystem;
using infra::access::LineFile;
using testing_access::bytes_of;
using testing_access::lines_of;
using testing_access::Scratch;
using Sentences = std::vector<std::string>;

// Everything that was said about a file, without the file's name in front.
class Heard {
 public:
  [[nodiscard]] infra::access::Trouble callback(const fs::path& path) {
    return [this, path](const std::string& sentence) {
      EXPECT_TRUE(sentence.starts_with(path.string() + ": ")) << sentence;
      const std::lock_guard lock{mutex_};
      sentences_.push_back(sentence.substr(path.string().size() + 2));
    };
  }
  [[nodiscard]] Sentences all() const {
    const std::lock_guard lock{mutex_};
    return sentences_;
  }

 private:
  mutable std::mutex mutex_;
  Sentences sentences_;
};

constexpr const char* kFull =
    "cannot be written, its lines wait in memory while they fit: No space left on device";

TEST(LineFile, AppendsAndIsItsOwnersAlone) {
  const Scratch folder;
  const auto path = folder / "log";
  for (const char* line : {"one", "two"}) {
    LineFile file{path, {}};
    file.add(line);
  }
  EXPECT_EQ(bytes_of(path), "one\ntwo\n");
  struct stat about {};
  ASSERT_EQ(::stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777U, 0600U);
}

TEST(LineFile, ThatCannotBeOpenedIsBrokenFromTheBeginning) {
  const Scratch folder;
  try {
    const LineFile file{folder / "nowhere/log", {}};
    FAIL();
  } catch (const core::Broken& broken) {
    EXPECT_EQ(broken.kind(), core::Breakage::io);
    EXPECT_EQ(std::string{broken.what()},
              (folder / "nowhere/log").string() +
                  ": cannot be opened for appending: No such file or directory");
  }
}

TEST(LineFile, WritesByItselfWithinASecond) {
  const Scratch folder;
  LineFile file{folder / "log", {}};
  file.add("one");
  while (bytes_of(folder / "log").empty()) std::this_thread::yield();
  EXPECT_EQ(bytes_of(folder / "log"), "one\n");
}

TEST(LineFile, IsMadeAnewWhenItWasMovedAway) {
  const Scratch folder;
  Heard heard;
  LineFile file{folder / "log", heard.callback(folder / "log")};
  file.add("one");
  file.flush();
  fs::rename(folder / "log", folder / "log.1");
  file.add("two");
  file.flush();
  fs::remove(folder / "log");
  file.add("three");
  file.flush();
  EXPECT_EQ(bytes_of(folder / "log.1"), "one\n");
  EXPECT_EQ(bytes_of(folder / "log"), "three\n");
  EXPECT_EQ(heard.all(), Sentences{});
}

TEST(LineFile, GoesOnInTheMovedFileWhileItCannotBeMadeAnew) {
  const Scratch folder;
  fs::create_directory(folder / "logs");
  Heard heard;
  LineFile file{folder / "logs/log", heard.callback(folder / "logs/log")};
  fs::rename(folder / "logs", folder / "moved");
  file.add("one");
  file.flush();
  file.flush();
  EXPECT_EQ(bytes_of(folder / "moved/log"), "one\n");
  fs::create_directory(folder / "logs");
  file.add("two");
  file.flush();
  EXPECT_EQ(bytes_of(folder / "logs/log"), "two\n");
  EXPECT_EQ(heard.all(),
            (Sentences{"cannot be written, its lines wait in memory while they fit: No such file "
                       "or directory",
                       "is written again; lines that were lost: 0"}));
}

TEST(LineFile, EndsTheHalfLineOfAnEarlierProcess) {
  const Scratch folder;
  const auto path = folder.write("log", "one\ntw");
  { LineFile{path, {}}.add("three"); }
  EXPECT_EQ(bytes_of(path), "one\ntw\nthree\n");
}

// While one lives, no file of this process grows beyond `bytes`: a write that would is cut off.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : old_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit limit{bytes, old_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, old_handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit old_{};
  void (*old_handler_)(int);
};

TEST(LineFile, WritesALineThatWasCutOffToItsEndOrWholeIntoTheNextFile) {
  for (const bool moved : {false, true}) {
    const Scratch folder;
    LineFile file{folder / "log", {}};
    {
      const FileSizeLimit limit{6};
      file.add("one");
      file.add("two");
      file.flush();
    }
    EXPECT_EQ(bytes_of(folder / "log"), "one\ntw");
    if (moved) fs::rename(folder / "log", folder / "log.1");
    file.add("three");
    file.flush();
    EXPECT_EQ(bytes_of(folder / "log"), moved ? "two\nthree\n" : "one\ntwo\nthree\n");
  }
}

TEST(LineFile, KeepsLinesWhileTheDiskIsFullAndSaysSoOnce) {
  const Scratch folder;
  const auto path = folder / "log";
  fs::create_symlink("/dev/full", path);
  Heard heard;
  LineFile file{path, heard.callback(path)};
  for (const char* line : {"one", "two"}) {
    file.add(line);
    file.flush();
  }
  EXPECT_EQ(heard.all(), Sentences{kFull});
  fs::remove(path);
  file.add("three");
  file.flush();
  file.flush();
  EXPECT_EQ(bytes_of(path), "one\ntwo\nthree\n");
  EXPECT_EQ(heard.all(), (Sentences{kFull, "is written again; lines that were lost: 0"}));
}

TEST(LineFile, KeepsABoundedAmountAndCountsWhatItLost) {
  const Scratch folder;
  const auto path = folder / "log";
  fs::create_symlink("/dev/full", path);
  Heard heard;
  LineFile file{path, heard.callback(path)};
  const std::string line(1023, 'x');
  for (std::size_t i = 0; i < LineFile::kWaitingBytesMax / 1024; ++i) file.add(line);
  file.flush();
  for (int i = 0; i < 7; ++i) file.add("lost");
  file.flush();
  fs::remove(path);
  file.flush();
  file.add("last");
  file.flush();
  const auto lines = lines_of(path);
  ASSERT_EQ(lines.size(), LineFile::kWaitingBytesMax / 1024 + 1);
  EXPECT_EQ(lines.back(), "last");
  EXPECT_EQ(heard.all(), (Sentences{kFull, "is written again; lines that were lost: 7"}));
}

TEST(LineFile, TakesLinesFromManyThreadsAndTearsNone) {
  const Scratch folder;
  constexpr int kThreads = 4;
  constexpr int kLines = 2000;
  {
    LineFile file{folder / "log", {}};
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&file, thread] {
        for (int i = 0; i < kLines; ++i) {
          file.add("thread " + std::to_string(thread));
          if (i % 100 == 0) file.flush();
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  auto lines = lines_of(folder / "log");
  ASSERT_EQ(lines.size(), static_cast<std::size_t>(kThreads * kLines));
  for (int thread = 0; thread < kThreads; ++thread) {
    EXPECT_EQ(std::count(lines.begin(), lines.end(), "thread " + std::to_string(thread)), kLines);
  }
}

}  // namespace
