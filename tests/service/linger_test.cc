#include "infra/service/linger.h"

#include <algorithm>
#include <future>
#include <set>

#include "tests/service/a_host.h"

// The thread that keeps read models up lingers while much is going on.
namespace testing_service {
namespace {

using infra::service::linger_behind;
using infra::service::processor_time;
using std::chrono::microseconds;
using std::chrono::steady_clock;

TEST(Linger, IsForWorkAndNotForWaiting) {
  const auto before = processor_time();
  std::promise<void>().get_future().wait_for(milliseconds{50});
  const auto waited = processor_time() - before;
  EXPECT_LT(waited, milliseconds{25});
  while (processor_time() - before - waited < milliseconds{25}) {
  }
  EXPECT_GE(processor_time() - before, milliseconds{25});
}

TEST(Linger, IsNothingWhereLittleHappens) {
  EXPECT_EQ(linger_behind(microseconds{0}), milliseconds{0});
  EXPECT_EQ(linger_behind(microseconds{999}), milliseconds{0});
  EXPECT_EQ(linger_behind(microseconds{1000}), milliseconds{40});
  EXPECT_EQ(linger_behind(seconds{100}), milliseconds{40});
}

class UnderLoad : public AHost {
 protected:
  void create(int patients) {
    std::vector<handling::Submission> group;
    for (int patient = 0; patient < patients; ++patient) group.push_back(created());
    EXPECT_EQ(host->guest()->handle(group).size(), group.size());
  }
  std::vector<std::string> tokens() {
    std::vector<std::string> tokens;
    for (const auto& model : host->health().models) {
      const auto shown = host->board().find(model.name);
      tokens.push_back(shown ? shown->token : "");
    }
    return tokens;
  }
  // Until every read model has gone on from where it stood.
  void await_all_beyond(const std::vector<std::string>& before) {
    EXPECT_TRUE(comes_to([&] {
      const auto now = tokens();
      return std::equal(now.begin(), now.end(), before.begin(), std::not_equal_to<>{});
    }));
  }
};

TEST_F(UnderLoad, ReadModelsLingerBehindMuchAndTakeWhatComesMeanwhileTogether) {
  start();
  ASSERT_TRUE(is_ready());
  constexpr int kTimes = 11;
  std::vector<steady_clock::duration> until_shown;
  for (int time = 0; time < kTimes; ++time) {
    const auto before = tokens();
    create(200);
    await_all_beyond(before);
    const auto seen = steady_clock::now();
    const auto then = tokens();
    create(1);
    await_all_beyond(then);
    until_shown.push_back(steady_clock::now() - seen);
  }
  std::nth_element(until_shown.begin(), until_shown.begin() + kTimes / 2, until_shown.end());
  EXPECT_GE(until_shown[kTimes / 2], milliseconds{20});
}

}  // namespace
}  // namespace testing_service
