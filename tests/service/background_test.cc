#include "infra/service/background.h"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "tests/service/a_host.h"

// Long work beside a service gives way to whoever wants an answer.
namespace testing_service {
namespace {

using infra::service::in_background;
using infra::service::Progress;

int policy() { return ::sched_getscheduler(0); }

cpu_set_t processors() {
  cpu_set_t set;
  EXPECT_EQ(::sched_getaffinity(0, sizeof set, &set), 0);
  return set;
}

TEST(InTheBackground, WorkGivesWayAndSoDoThreadsThatItBegins) {
  int inner = -1;
  const int outer = in_background([&] {
    std::thread{[&] { inner = policy(); }}.join();
    return policy();
  });
  EXPECT_EQ(outer, SCHED_IDLE);
  EXPECT_EQ(inner, SCHED_IDLE);
}

TEST(InTheBackground, WorkLeavesOneOfSeveralProcessorsToOthers) {
  const cpu_set_t all = processors();
  const cpu_set_t used = in_background(processors);
  cpu_set_t both;
  CPU_AND(&both, &all, &used);
  EXPECT_TRUE(CPU_EQUAL(&both, &used));
  EXPECT_EQ(CPU_COUNT(&used), std::max(1, CPU_COUNT(&all) - 1));
  const cpu_set_t still = processors();
  EXPECT_TRUE(CPU_EQUAL(&all, &still));
}

TEST(InTheBackground, WorkUsesTheOnlyProcessorThereIs) {
  const cpu_set_t used = in_background([] {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(::sched_getcpu(), &one);
    EXPECT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
    return in_background(processors);
  });
  EXPECT_EQ(CPU_COUNT(&used), 1);
}

TEST(ComingSecond, IsForTheThreadThatSaysSo) {
  const auto niceness = [] { return ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid())); };
  const int before = niceness();
  int inner = before;
  std::thread{[&] {
    infra::service::come_second();
    inner = niceness();
  }}.join();
  EXPECT_EQ(inner, std::min(before + 5, 19));
  EXPECT_EQ(niceness(), before);
}

class AHostsThreads : public AHost {
 protected:
  // Of every thread of this process.
  static std::multiset<int> niceness() {
    std::multiset<int> all;
    for (const auto& task : std::filesystem::directory_iterator{"/proc/self/task"}) {
      all.insert(::getpriority(PRIO_PROCESS,
                               static_cast<id_t>(std::stoul(task.path().filename().string()))));
    }
    return all;
  }
};

TEST_F(AHostsThreads, ComeFirstButForTheOneThatKeepsReadModelsUp) {
  const int own = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()));
  ASSERT_LE(own, 14) << "nobody can come second to whoever is last";
  start();
  ASSERT_TRUE(is_ready());
  const auto all = niceness();
  EXPECT_EQ(all.count(own + 5), 1U);
  EXPECT_EQ(all.count(own), all.size() - 1);
}

TEST(InTheBackground, WhoeverWaitsForItStaysWhatHeIs) {
  const int before = policy();
  EXPECT_EQ(in_background([] { return 7; }), 7);
  EXPECT_EQ(policy(), before);
  EXPECT_THROW(in_background([]() -> int { throw std::runtime_error("no"); }), std::runtime_error);
  EXPECT_EQ(policy(), before);
}

class LongWork : public AHost {
 protected:
  // What those who tell of progress are scheduled as, of one kind of work.
  using Work = std::function<void(Kartei&)>;
  std::set<int> policies_of_guest(const Work& work) {
    const auto guest = host->guest({.progress = [this](const Progress&) { note(); }});
    return policies_of(*guest, work);
  }
  std::set<int> policies_of(Kartei& kartei, const Work& work) {
    policies_.clear();
    work(kartei);
    const std::lock_guard lock{mutex_};
    return policies_;
  }
  void note() {
    const std::lock_guard lock{mutex_};
    policies_.insert(policy());
  }

  static void rebuild(Kartei& kartei) { EXPECT_TRUE(kartei.rebuild({"directory"}, false)); }
  static void preview(Kartei& kartei) { EXPECT_TRUE(kartei.preview("directory")); }
  static void cut_over(Kartei& kartei) {
    const auto done = kartei.cut_over("directory");
    EXPECT_TRUE(done) << done.error().message;
  }
  static void verify(Kartei& kartei) { EXPECT_TRUE(kartei.verify({"directory"})); }

 private:
  std::mutex mutex_;
  std::set<int> policies_;
};

TEST_F(LongWork, OfAGuestGivesWay) {
  start();
  ASSERT_TRUE(host->await_opened(seconds{60}));
  ASSERT_TRUE(is_ready());
  const std::vector<handling::Submission> one{created()};
  static_cast<void>(host->guest()->handle(one));
  for (const auto work : {rebuild, preview, cut_over, verify})
    EXPECT_EQ(policies_of_guest(work), std::set<int>{SCHED_IDLE});
}

TEST_F(LongWork, OfAProcessForItselfDoesNot) {
  Kartei kartei{{folder.path() / "data",
                 clock,
                 ids,
                 [](std::string_view) {},
                 [this](const Progress&) { note(); }}};
  const std::vector<handling::Submission> one{created()};
  static_cast<void>(kartei.handle(one));
  EXPECT_TRUE(kartei.list({}, {}));  // From here on there is a live one.
  for (const auto work : {rebuild, preview, cut_over, verify})
    EXPECT_EQ(policies_of(kartei, work), std::set<int>{policy()});
}

}  // namespace
}  // namespace testing_service
