#include <gtest/gtest.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <random>

#include "tests/kafka/kafka_environment.h"
#include "tests/whole/made_up.h"
#include "tests/whole/rows.h"

// The built program, killed at random moments of an import into a log on Kafka.
namespace testing_kafka {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using whole::Place;
using whole::Ran;
using whole::Words;

constexpr int kRegistrations = 600;  // two transactions

// Waits until the process has ended, or for so long.
void await_end(pid_t pid, milliseconds limit) {
  const int process = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  pollfd what{.fd = process, .events = POLLIN, .revents = 0};
  static_cast<void>(::poll(&what, 1, static_cast<int>(limit.count())));
  ::close(process);
}

TEST(KafkaKilledImport, IsFinishedByRepeatingItAndMakesNobodyTwice) {
  const KafkaEnvironment environment;
  Place place;
  ASSERT_EQ(place.json({"topics", "create", "--partitions", "3"}).status, 0);
  const auto import = [&](int number) -> Words {
    return {"import",
            "registrations",
            place.write("all" + std::to_string(number) + ".jsonl",
                        whole::made_up_registrations(kRegistrations, 1 + number * kRegistrations))};
  };
  const auto begun = steady_clock::now();
  ASSERT_EQ(place.json(import(0)).status, 0);
  const auto undisturbed = steady_clock::now() - begun;

  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random{seed};
  std::uniform_real_distribution<double> part{0, 1};
  const int cycles = fault_cycles(20);
  int in_the_middle = 0;
  for (int cycle = 1; cycle <= cycles; ++cycle) {
    const Words words = import(cycle);
    const pid_t process = place.start_json(words);
    const double moment = part(random);
    await_end(process, std::chrono::duration_cast<milliseconds>(undisturbed * moment));
    static_cast<void>(place.kill(process));
    const Ran again = place.json(words);
    ASSERT_EQ(again.status, 0) << again.out << again.err;
    const int already = std::stoi(again.at("data.duplicates"));
    EXPECT_EQ(std::stoi(again.at("data.imported")), kRegistrations - already);
    EXPECT_TRUE(already == 0 || already == 500 || already == kRegistrations)
        << already << ": a transaction is in the log as a whole or not at all";
    in_the_middle += already > 0 ? 1 : 0;
  }
  std::cout << in_the_middle << " of " << cycles << " were killed after a transaction\n";
  const Ran counted = place.json(
      {"query", "sql", "directory", "SELECT count(*), count(DISTINCT nachname) FROM directory"});
  const std::string expected = std::to_string(kRegistrations * (cycles + 1));
  EXPECT_EQ(counted.at("data.rows.0.0"), expected);
  EXPECT_EQ(counted.at("data.rows.0.1"), expected);
  whole::expect_in_order(place);
}

}  // namespace
}  // namespace testing_kafka
