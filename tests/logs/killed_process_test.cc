#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <functional>
#include <random>

#include "domain/core/broken.h"
#include "infra/log_embedded/directory_lock.h"
#include "tests/logs/story.h"

namespace testing_logs {
namespace {

constexpr std::uint64_t kSeed = 20'260'101;

// Runs `act` in a process of its own, which writes numbers into a pipe for as long as it lives.
class Child {
 public:
  template <class Act>
  explicit Child(const Act& act) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
    pid_ = fork();
    if (pid_ == 0) {
      ::close(ends[0]);
      act([&](std::int64_t number) {
        if (::write(ends[1], &number, sizeof number) != sizeof number) _exit(2);
      });
      _exit(0);
    }
    ::close(ends[1]);
    numbers_ = ends[0];
  }
  ~Child() {
    kill();
    ::close(numbers_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // The next number; -1 when the process is gone and has no more.
  [[nodiscard]] std::int64_t next() const {
    std::int64_t number = -1;
    return ::read(numbers_, &number, sizeof number) == sizeof number ? number : -1;
  }
  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = 0;
  int numbers_ = -1;
};

void append_until_killed(StoryFolder& folder,
                         std::int64_t number,
                         const std::function<void(std::int64_t)>& acknowledge) {
  const auto log = folder.open();
  const auto writer = log->open_writer("");
  for (;; ++number) {
    if (append(*writer, chapter(number)).empty()) _exit(3);
    acknowledge(number);
    if (number % 16 == 0) static_cast<void>(log->compact(ports::Topic::patient_events));
  }
}

// A moment that no scheduler chose.
void linger(std::uint64_t steps) {
  volatile std::uint64_t sink = 0;
  for (std::uint64_t step = 0; step < steps; ++step) sink = sink + step;
}

TEST(KilledProcess, LosesNothingThatWasAcknowledgedAndLeavesNothingHalf) {
  SCOPED_TRACE(kSeed);
  std::mt19937_64 random{kSeed};
  StoryFolder folder;
  std::int64_t begun = 0;
  for (int cycle = 0; cycle < 40; ++cycle) {
    SCOPED_TRACE(cycle);
    Child child{[&](const auto& acknowledge) { append_until_killed(folder, begun, acknowledge); }};
    std::int64_t acknowledged = begun - 1;
    for (auto wanted = random() % 12; wanted > 0; --wanted) {
      const std::int64_t number = child.next();
      ASSERT_EQ(number, acknowledged + 1) << "the process ended by itself";
      acknowledged = number;
    }
    linger(random() % 3'000'000);
    child.kill();
    for (std::int64_t number = 0; (number = child.next()) >= 0;) acknowledged = number;

    const auto log = folder.open();
    const Contents contents = contents_of(*log);
    EXPECT_TRUE(contents.wrong.empty()) << contents.wrong.front();
    const auto count = static_cast<std::int64_t>(contents.chapters.size());
    EXPECT_TRUE(count == acknowledged + 1 || count == acknowledged + 2)
        << count << " of " << acknowledged + 1;
    EXPECT_TRUE(count == 0 || contents.chapters.back() == count - 1);
    EXPECT_TRUE(log->check().empty()) << log->check().front();
    begun = count;
    if (HasFailure()) break;
  }
}

TEST(KilledProcess, GivesTheDirectoryBackAndNamedItselfBefore) {
  using infra::log_embedded::DirectoryLock;
  const Folder folder;
  Child child{[&](const auto& acknowledge) {
    const DirectoryLock lock{folder.path()};
    acknowledge(1);
    pause();
  }};
  ASSERT_EQ(child.next(), 1);
  try {
    const DirectoryLock lock{folder.path()};
    FAIL() << "two processes hold the directory";
  } catch (const core::Broken& broken) {
    EXPECT_EQ(broken.kind(), core::Breakage::locked);
    const std::string holder = "process " + std::to_string(child.pid()) + ';';
    EXPECT_NE(std::string{broken.what()}.find(holder), std::string::npos) << broken.what();
  }
  child.kill();
  EXPECT_NO_THROW(DirectoryLock{folder.path()});
}

TEST(DirectoryLock, IsFreeAgainWhenItsHolderLetsGo) {
  using infra::log_embedded::DirectoryLock;
  const Folder folder;
  {
    const DirectoryLock lock{folder.path()};
    EXPECT_THROW(DirectoryLock{folder.path()}, core::Broken);
  }
  EXPECT_NO_THROW(DirectoryLock{folder.path()});
  EXPECT_THROW(DirectoryLock{folder.path() / "none"}, core::Broken);
}

}  // namespace
}  // namespace testing_logs
