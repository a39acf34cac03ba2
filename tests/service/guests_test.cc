#include <atomic>
#include <future>
#include <thread>
#include <utility>

#include "infra/sqlite/connection.h"
#include "tests/service/a_host.h"

// What guests can do while the host that they are of is at work.
namespace testing_service {
namespace {

// Submits creations and changes until it goes, as somebody who reads what came of them: faster than
// the read models it would be a race. Has begun when it is made.
class Load {
 public:
  Load(Host& host, std::function<handling::Submission()> next)
      : thread_([this, &host, next = std::move(next)] {
          const auto guest = host.guest({.asks_at_head = true});
          bool begun = false;
          while (!stop_) {
            const std::vector<handling::Submission> some{next(), next(), next()};
            static_cast<void>(guest->handle(some));
            static_cast<void>(guest->list({}, {}));
            if (!std::exchange(begun, true)) begun_.set_value();
          }
        }) {
    begun_.get_future().wait();
  }
  ~Load() {
    stop_ = true;
    thread_.join();
  }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

 private:
  std::atomic<bool> stop_ = false;
  std::promise<void> begun_;
  std::thread thread_;
};

class AGuest : public AHost {
 protected:
  AGuest() {
    start();
    EXPECT_TRUE(host->await_opened(seconds{60}));
    EXPECT_TRUE(is_ready());
  }
  void create(int count) {
    const auto guest = host->guest();
    for (int number = 0; number < count; ++number) {
      const std::vector<handling::Submission> one{created()};
      static_cast<void>(guest->handle(one));
    }
  }
  // The rows of `directory` are changed behind its keeper's back.
  void plant_drift(const std::string& sql) {
    infra::sqlite::Connection file{folder.path() / "data/read/directory.g0001.db",
                                   infra::sqlite::Open::read_write};
    file.execute(sql);
  }
};

TEST_F(AGuest, ThatAsksAtTheHeadSeesWhatWasAnsweredBefore) {
  const auto asking = host->guest({.asks_at_head = true});
  for (int count = 1; count <= 50; ++count) {
    create(1);
    const auto listed = asking->list({}, {});
    ASSERT_TRUE(listed);
    EXPECT_EQ(listed.value().lag_events, 0);
    EXPECT_NE(infra::codec::write_json(listed.value().data)
                  .find("\"total\":" + std::to_string(count) + '}'),
              std::string::npos)
        << infra::codec::write_json(listed.value().data);
  }
}

TEST_F(AGuest, ThatAsksAtTheHeadWaitsForReadModelsThatAreBeingMade) {
  create(500);
  host.reset();
  std::filesystem::remove_all(folder.path() / "data/read");
  start();
  ASSERT_TRUE(host->await_opened(seconds{60}));
  EXPECT_TRUE(host->guest({.asks_at_head = true})->list({}, {std::nullopt, seconds{60}}));
}

TEST_F(AGuest, FindsNoDriftWhileOthersWrite) {
  create(20);
  const Load load{*host, [this] { return created(); }};
  const auto guest = host->guest();
  for (int time = 0; time < 5; ++time) {
    const auto checked = guest->verify({});
    ASSERT_TRUE(checked) << checked.error().message;
    EXPECT_FALSE(checked.value().found) << infra::codec::write_json(checked.value().data);
  }
}

TEST_F(AGuest, WhoseCheckBreaksOffLeavesNothingBehind) {
  create(20);
  const auto verify_files = [this] {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator{folder.path() / "data/read"})
      count += entry.path().filename().string().find(".verify.db") == std::string::npos ? 0 : 1;
    return count;
  };
  struct Left {};
  int there = 0;
  const auto guest = host->guest({.progress = [&](const infra::service::Progress&) {
    there = verify_files();
    if (there > 0) throw Left{};
  }});
  EXPECT_THROW(static_cast<void>(guest->verify({})), Left);
  EXPECT_GT(there, 0);
  EXPECT_EQ(verify_files(), 0);
}

TEST_F(AGuest, FindsNoProblemInTheLogWhileOthersWrite) {
  create(20);
  const Load load{*host, [this] { return created(); }};
  for (int time = 0; time < 5; ++time) {
    const auto checked = host->guest()->verify_events();
    EXPECT_FALSE(checked.found) << infra::codec::write_json(checked.data);
  }
}

TEST_F(AGuest, TakesTurnsWithOthersThatChangeGenerations) {
  create(20);
  std::vector<std::thread> others;
  for (int number = 0; number < 4; ++number) {
    others.emplace_back([this] {
      const auto guest = host->guest();
      for (int time = 0; time < 3; ++time) {
        EXPECT_TRUE(guest->rebuild({"directory", "directory"}, time % 2 == 0));
        static_cast<void>(guest->preview("directory"));
        static_cast<void>(guest->discard("directory"));
        static_cast<void>(guest->cut_over("directory"));
      }
    });
  }
  for (std::thread& other : others) other.join();
  EXPECT_TRUE(host->guest({.asks_at_head = true})->list({}, {std::nullopt, seconds{60}}));
}

TEST_F(AGuest, FindsDriftWhileOthersWrite) {
  create(20);
  const auto guest = host->guest({.asks_at_head = true});
  ASSERT_TRUE(guest->list({}, {}));
  plant_drift("UPDATE directory SET ort = 'Nirgendwo' WHERE patient_id = '7'");
  const Load load{*host, [this] { return created(); }};
  const auto checked = guest->verify({"directory"});
  ASSERT_TRUE(checked);
  EXPECT_TRUE(checked.value().found);
  const std::string found = infra::codec::write_json(checked.value().data);
  EXPECT_NE(found.find("\"patient_id\":7,\"table\":\"directory\",\"column\":\"ort\""),
            std::string::npos)
      << found;
}

TEST_F(AGuest, RebuildsPreviewsCutsOverAndGoesBackWhileOthersWrite) {
  create(20);
  const Load load{*host, [this] { return created(); }};
  const auto guest = host->guest();
  ASSERT_TRUE(guest->rebuild({"directory"}, false));
  const auto preview = guest->preview("directory");
  ASSERT_TRUE(preview) << preview.error().message;
  EXPECT_NE(infra::codec::write_json(preview.value().data).find("\"drift\":[]"), std::string::npos);
  ASSERT_TRUE(guest->cut_over("directory"));
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "data/read/directory.g0002.db"));
  ASSERT_TRUE(guest->roll_back("directory"));
  ASSERT_TRUE(guest->discard("directory"));
}

TEST_F(AGuest, RestatesEveryPatientWhileOthersChangeThem) {
  create(30);
  std::atomic<int> next = 0;
  {
    const Load load{
        *host, [this, &next] {
          handling::Submission change = created();
          change.patient = patient::PatientId::numbered(1 + next++ % 30);
          change.command = patient::Update{
              {{patient::Key::ort, std::string{next % 2 == 0 ? "Bonn" : "Köln"}}}, {}, {}};
          change.digest = infra::codec::command_digest(change.patient, change.command);
          return change;
        }};
    const auto restated = host->guest()->restate("test");
    ASSERT_TRUE(restated) << restated.error().message;
    EXPECT_EQ(infra::codec::write_json(restated.value()), R"({"restated":30,"left_out":0})");
  }
  const auto guest = host->guest();
  EXPECT_FALSE(guest->verify_events().found);
  const auto checked = guest->verify({});
  ASSERT_TRUE(checked);
  EXPECT_FALSE(checked.value().found);
}

TEST_F(AGuest, IsRefusedWhatNeedsTheLogForItself) {
  try {
    static_cast<void>(host->guest()->import_log(folder.path() / "other"));
    FAIL() << "two writers";
  } catch (const core::Broken& broken) {
    EXPECT_EQ(broken.kind(), core::Breakage::locked);
  }
}

}  // namespace
}  // namespace testing_service
