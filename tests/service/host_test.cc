#include "tests/service/a_host.h"

// A Kartei that is lived in: what its threads promise to whoever commands, asks and looks after it.
namespace testing_service {
namespace {

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

TEST_F(AHost, SaysHowManyPatientsHaveContactsAndWereNeverCreated) {
  start();
  ASSERT_TRUE(comes_to([this] { return host->health().writer; }));
  EXPECT_EQ(host->health().expected_patients, 0);
  const auto guest = host->guest();
  handling::Submission contacted = created();
  contacted.patient = patient::PatientId::numbered(7);
  patient::Contact contact;
  contact.source = infra::codec::contact_source(std::string{"sent-before-its-patient-was-there"});
  contact.at = clock.now();
  contacted.command = patient::RecordContact{contact, patient::Reporter::ingest};
  contacted.digest = infra::codec::command_digest(contacted.patient, contacted.command);
  static_cast<void>(guest->handle(std::vector{contacted}));
  EXPECT_EQ(host->health().expected_patients, 1);
  handling::Submission creation = created();
  creation.patient = patient::PatientId::numbered(7);
  creation.digest = infra::codec::command_digest(creation.patient, creation.command);
  static_cast<void>(guest->handle(std::vector{creation}));
  EXPECT_EQ(host->health().expected_patients, 0);
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
}  // namespace testing_service
