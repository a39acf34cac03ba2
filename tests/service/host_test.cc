#include "infra/service/host.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <fstream>
#include <mutex>

#include "domain/core/broken.h"
#include "infra/codec/digest.h"
#include "infra/codec/json.h"
#include "infra/runtime/ids.h"
#include "tests/projections/scratch_folder.h"

// A Kartei that is lived in: what its threads promise to whoever commands, asks and looks after it.
namespace {

using infra::service::Host;
using infra::service::Kartei;
using infra::service::ProblemCode;
using infra::service::Wait;
using std::chrono::milliseconds;
using std::chrono::seconds;

// A clock that makes whoever asks it wait while it is held: a thread that hangs.
class HeldClock final : public ports::Clock {
 public:
  [[nodiscard]] core::Timestamp now() override {
    std::unique_lock lock{mutex_};
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !held_; });
    --waiting_;
    return std::chrono::sys_days{std::chrono::year{2026} / 2 / 1};
  }
  void hold() {
    const std::lock_guard lock{mutex_};
    held_ = true;
  }
  void let_go() {
    const std::lock_guard lock{mutex_};
    held_ = false;
    changed_.notify_all();
  }
  void await_one_that_waits() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return waiting_ > 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
  int waiting_ = 0;
};

class AHost : public ::testing::Test {
 protected:
  ~AHost() override { clock.let_go(); }

  void start(milliseconds alive_within = seconds{30}) {
    host =
        std::make_unique<Host>(infra::service::Surroundings{folder.path() / "data",
                                                            clock,
                                                            ids,
                                                            [](std::string_view) {},
                                                            [](const infra::service::Progress&) {}},
                               Host::OnWritten{},
                               alive_within);
  }

  handling::Submission created() {
    const patient::Create create{{{patient::Key::anrede, std::string{"Frau"}},
                                  {patient::Key::geschlecht, std::string{"weiblich"}},
                                  {patient::Key::vorname, std::string{"Ada"}},
                                  {patient::Key::nachname, std::string{"Probe"}}},
                                 std::nullopt,
                                 {},
                                 std::nullopt};
    return {patient::CommandId{ids.random()},
            infra::codec::command_digest(std::nullopt, create),
            std::nullopt,
            create,
            handling::ExpectAny{},
            "test",
            patient::CorrelationId{ids.random()}};
  }

  // Whether it comes to be so, looked at whenever a read model has moved.
  bool comes_to(const std::function<bool()>& so) {
    const auto until = std::chrono::steady_clock::now() + seconds{60};
    std::uint64_t news = 0;
    while (!so()) {
      if (std::chrono::steady_clock::now() > until) return false;
      static_cast<void>(
          host->board().await_news(news, std::chrono::steady_clock::now() + milliseconds{20}));
    }
    return true;
  }
  bool is_ready() {
    return comes_to([this] {
      const auto models = host->health().models;
      return std::all_of(models.begin(), models.end(), [](const auto& one) { return one.there; });
    });
  }
  std::string list(Kartei& guest) {
    const auto listed = guest.list({}, {});
    return listed ? infra::codec::write_json(listed.value().data)
                  : std::string{name(listed.error().code)};
  }

  testing_projections::ScratchFolder folder;
  HeldClock clock;
  infra::runtime::Ids ids;
  std::unique_ptr<Host> host;
};

TEST_F(AHost, AnswersWhatItHasTakenBeforeItStopsAndTakesNothingBehindThat) {
  start();
  ASSERT_TRUE(comes_to([this] { return host->health().writer; }));
  std::mutex mutex;
  int done = 0;
  for (int count = 0; count < 300; ++count) {
    ASSERT_TRUE(host->submit({created()}, [&](auto answers) {
      const std::lock_guard lock{mutex};
      const auto* all = std::get_if<std::vector<handling::Answer>>(&answers);
      done += all != nullptr && std::holds_alternative<handling::Done>(all->front()) ? 1 : 0;
    }));
  }
  host->stop();
  EXPECT_EQ(done, 300);
  EXPECT_FALSE(host->submit({created()}, [](auto) {}));
}

TEST_F(AHost, SaysNoAtOnceWhenTooManyCommandsWait) {
  start();
  ASSERT_TRUE(host->await_opened(seconds{60}));
  ASSERT_TRUE(is_ready());
  clock.hold();
  ASSERT_TRUE(host->submit({created()}, [](auto) {}));
  clock.await_one_that_waits();
  const std::vector<handling::Submission> many(1000, created());
  for (std::size_t taken = 0; taken < Host::kCommandsWaitingMax; taken += many.size())
    ASSERT_TRUE(host->submit(many, [](auto) {}));
  EXPECT_FALSE(host->submit({created()}, [](auto) {}));
  const auto guest = host->guest();
  EXPECT_THROW(static_cast<void>(guest->handle(many)), core::Broken);
  EXPECT_EQ(host->health().commands_waiting, Host::kCommandsWaitingMax);
}

TEST_F(AHost, GuestsReadWhatAnyOfThemWrote) {
  start();
  ASSERT_TRUE(host->await_opened(seconds{60}));
  ASSERT_TRUE(is_ready());
  const auto one = host->guest();
  const auto other = host->guest();
  const std::vector<handling::Submission> commands{created(), created()};
  const auto answers = one->handle(commands);
  const auto& done = std::get<handling::Done>(answers.back());
  const Wait wait{one->token(*done.position), seconds{60}};
  EXPECT_TRUE(other->show(done.patient, wait));
}

TEST_F(AHost, AReadModelThatIsDeletedUnderItComesBackRowForRow) {
  start();
  ASSERT_TRUE(host->await_opened(seconds{60}));
  const auto guest = host->guest();
  const std::vector<handling::Submission> commands{created(), created(), created()};
  static_cast<void>(guest->handle(commands));
  std::string before;
  ASSERT_TRUE(comes_to([&] {
    before = list(*guest);
    return before.find("\"total\":3") != std::string::npos;
  }));
  for (const char* suffix : {"", "-wal", "-shm"})
    std::filesystem::remove(folder.path() / "data/read" /
                            ("directory.g0001.db" + std::string{suffix}));
  EXPECT_EQ(list(*guest), "rebuilding");
  EXPECT_TRUE(comes_to([&] { return list(*guest) == before; }));
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "data/read/directory.g0002.db"));
}

TEST_F(AHost, TellsWhichOfItsThreadsHangs) {
  start(milliseconds{500});
  ASSERT_TRUE(host->await_opened(seconds{60}));
  ASSERT_TRUE(is_ready());
  EXPECT_TRUE(comes_to([this] { return host->health().writing.alive; }));
  clock.hold();
  ASSERT_TRUE(host->submit({created()}, [](auto) {}));
  EXPECT_TRUE(comes_to([this] { return !host->health().writing.alive; }));
  EXPECT_TRUE(comes_to([this] { return host->health().projecting.alive; }));
  clock.let_go();
  EXPECT_TRUE(comes_to([this] { return host->health().writing.alive; }));
}

TEST_F(AHost, TellsWhatItDoesNotGoOnForAndGoesOnByItself) {
  start();
  ASSERT_TRUE(is_ready());
  host->stop();
  host.reset();
  std::filesystem::remove_all(folder.path() / "data/read");
  std::ofstream{folder.path() / "data/read"} << "a file where the folder belongs";
  start();
  ASSERT_TRUE(host->await_opened(seconds{60}));
  EXPECT_TRUE(comes_to([this] { return !host->health().projecting.trouble.empty(); }));
  EXPECT_TRUE(host->health().projecting.alive);
  EXPECT_TRUE(host->health().writing.trouble.empty());
  const std::vector<handling::Submission> one{created()};
  EXPECT_TRUE(std::holds_alternative<handling::Done>(host->guest()->handle(one).front()));
  std::filesystem::remove(folder.path() / "data/read");
  EXPECT_TRUE(is_ready());
  EXPECT_TRUE(comes_to([this] { return host->health().projecting.trouble.empty(); }));
}

TEST_F(AHost, EndsWhereWaitingDoesNotHelpAndSaysWhy) {
  std::filesystem::create_directories(folder.path() / "data");
  std::ofstream{folder.path() / "data/log.db"} << std::string(8192, 'x');
  start();
  try {
    host->await_failure(seconds{60});
    FAIL() << "it lives on a log that is none";
  } catch (const core::Broken& broken) {
    EXPECT_EQ(broken.kind(), core::Breakage::corrupt);
  }
  EXPECT_FALSE(host->await_opened(milliseconds{0}));
  EXPECT_FALSE(host->health().writing.alive);
  EXPECT_FALSE(host->submit({created()}, [](auto) {}));
  EXPECT_THROW(static_cast<void>(host->guest()), core::Broken);
}

}  // namespace
