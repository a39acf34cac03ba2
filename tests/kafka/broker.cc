#include "tests/kafka/broker.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

namespace testing_kafka {
namespace {

using infra::log_kafka::KafkaLog;
using infra::log_kafka::Settings;

constexpr int kEndMillisecondsMax = 60'000;

// The last line that tools/kafka prints, or nothing when it fails; its messages go to stderr.
std::string tool(const std::string& arguments) {
  const std::string command = SOURCE_ROOT "/tools/kafka " + arguments;
  std::FILE* pipe = popen(command.c_str(), "r");
  std::string output;
  std::array<char, 256> buffer;
  while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) output = buffer.data();
  if (pclose(pipe) != 0) return {};
  while (!output.empty() && output.back() == '\n') output.pop_back();
  return output;
}

// The run's own broker.
class Broker final : public ::testing::Environment {
 public:
  void SetUp() override {
    start();
    ASSERT_FALSE(address.empty()) << "no broker could be started";
  }
  void TearDown() override { static_cast<void>(tool("wipe --dir " + directory())); }

  void start() {
    address = tool("start --version " + version() + " --port 0 --dir " + directory() + " --for " +
                   std::to_string(getpid()) + " --user " + kUser + ':' + kPassword);
    std::ifstream{directory() + "/user-address"} >> user_address;
  }
  void send(int signal) const {
    ASSERT_GT(process(), 0);
    kill(process(), signal);
  }
  // Until it has ended it looks as if it ran, and would not be started again.
  void end_at_once() const {
    const int ending = static_cast<int>(syscall(SYS_pidfd_open, process(), 0));
    ASSERT_GE(ending, 0);
    send(SIGKILL);
    pollfd ended{.fd = ending, .events = POLLIN, .revents = 0};
    EXPECT_EQ(poll(&ended, 1, kEndMillisecondsMax), 1) << "the broker does not end";
    close(ending);
  }
  // A thread that runs stops only when it next enters the kernel: until then it may still answer.
  void await_stopped() const {
    const std::string threads = "/proc/" + std::to_string(process()) + "/task";
    for (const auto& thread : std::filesystem::directory_iterator{threads}) {
      while (!is_stopped(thread.path())) std::this_thread::yield();
    }
  }

  std::string address;
  std::string user_address;

 private:
  [[nodiscard]] std::string directory() const { return folder_.path().string() + "/broker"; }
  [[nodiscard]] pid_t process() const {
    pid_t process = 0;
    std::ifstream{directory() + "/node-1/pid"} >> process;
    return process;
  }
  // By proc(5): the state follows the name, which is in parentheses.
  [[nodiscard]] static bool is_stopped(const std::filesystem::path& thread) {
    std::string stat;
    std::getline(std::ifstream{thread / "stat"}, stat);
    const std::size_t name_ends = stat.rfind(") ");
    return name_ends == std::string::npos || stat[name_ends + 2] == 'T';
  }

  testing_logs::Folder folder_;
};

// gtest owns it.
Broker* const the_broker = new Broker;
const ::testing::Environment* const registered = ::testing::AddGlobalTestEnvironment(the_broker);

class KafkaHome final : public testing_logs::Home {
 public:
  explicit KafkaHome(std::int32_t partitions) : partitions_(partitions) {}
  std::unique_ptr<ports::Log> open() override {
    KafkaLog::create(
        settings_, partitions_, testing_logs::identity_with(partitions_).incarnation, {});
    return KafkaLog::open(settings_);
  }

 private:
  std::int32_t partitions_;
  Settings settings_ = fresh_settings();
};

}  // namespace

std::string version() {
  const char* wanted = std::getenv("KARTEI_TEST_KAFKA");
  return wanted == nullptr ? "3.9.1" : wanted;
}

const std::string& brokers() { return the_broker->address; }

const std::string& user_brokers() { return the_broker->user_address; }

void kill_broker() { the_broker->end_at_once(); }

void start_broker_again() {
  const std::string before = the_broker->address;
  the_broker->start();
  ASSERT_EQ(the_broker->address, before);
}

void pause_broker() {
  the_broker->send(SIGSTOP);
  the_broker->await_stopped();
}

void resume_broker() { the_broker->send(SIGCONT); }

Settings fresh_settings() {
  static int count = 0;
  Settings settings;
  settings.brokers = brokers();
  settings.topic_prefix = "test-" + std::to_string(++count);
  return settings;
}

Settings with_log(std::int32_t partitions) {
  Settings settings = fresh_settings();
  KafkaLog::create(settings, partitions, testing_logs::identity_with(partitions).incarnation);
  return settings;
}

int fault_cycles(int otherwise) {
  const char* wanted = std::getenv("KARTEI_FAULT_CYCLES");
  return wanted != nullptr ? std::max(1, std::atoi(wanted)) : otherwise;
}

std::vector<std::string> keys(const ports::Log& log, ports::Topic topic) {
  std::vector<std::string> keys;
  for (const testing_logs::Seen& one : testing_logs::read(log, topic)) {
    if (!ports::is_reserved(one.key)) keys.push_back(one.key);
  }
  return keys;
}

std::unique_ptr<testing_logs::Home> kafka_home(std::int32_t partitions) {
  return std::make_unique<KafkaHome>(partitions);
}

}  // namespace testing_kafka
