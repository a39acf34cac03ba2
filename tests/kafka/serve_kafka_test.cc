#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "infra/codec/json.h"
#include "tests/http/peer.h"
#include "tests/kafka/kafka_environment.h"
#include "tests/rest/clients/served.h"
#include "tests/whole/rows.h"

// `kartei serve` with its log on the broker.
namespace testing_kafka {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;
using testing_http::Answer;
using testing_http::Peer;
using testing_rest::Served;

constexpr const char* kWriter = "writer: this process has its turn";
constexpr const char* kStandby = "standby: waits for its turn";
constexpr const char* kNewPatient =
    R"({"anrede":"Frau","geschlecht":"weiblich","vorname":"Ada","nachname":"Probe"})";

std::uint16_t port_of(const Served& served) {
  const std::string& url = served.url();
  return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

Answer get(const Served& served, const std::string& target, const std::string& headers = "") {
  Peer peer{port_of(served)};
  peer.send(testing_http::request("GET " + target, headers));
  return peer.answer();
}

std::string creation(const std::string& key) {
  return testing_http::request(
      "POST /api/patients", "Idempotency-Key: " + key + "\r\n", kNewPatient);
}

Answer create(const Served& served, const std::string& key) {
  Peer peer{port_of(served)};
  peer.send(creation(key));
  return peer.answer();
}

std::string at(const Answer& answer, const std::string& path) {
  const auto document = infra::codec::read_json(answer.body);
  return document ? whole::Ran{0, "", "", document.value()}.at(path) : answer.body;
}

// Clients that create one patient after another, each under a key of its own, until the service is
// gone.
class Clients {
 public:
  struct Sent {
    std::string key;
    Answer answer;  // status 0: none came
  };

  explicit Clients(std::uint16_t port) {
    for (std::size_t number = 0; number < sent_.size(); ++number)
      threads_[number] = std::thread{[this, number, port] { run(number, port); }};
  }
  ~Clients() {
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }
  Clients(const Clients&) = delete;
  Clients& operator=(const Clients&) = delete;

  // Waits until together they have so many answers.
  [[nodiscard]] bool await_answers(int count) {
    std::unique_lock lock{mutex_};
    return answered_.wait_for(lock, seconds{60}, [&] { return answers_ >= count; });
  }
  // Once the service is gone: all that was sent.
  [[nodiscard]] std::vector<Sent> end() {
    std::vector<Sent> all;
    for (std::size_t number = 0; number < sent_.size(); ++number) {
      threads_[number].join();
      all.insert(all.end(), sent_[number].begin(), sent_[number].end());
    }
    return all;
  }

 private:
  void run(std::size_t number, std::uint16_t port) {
    std::vector<Sent>& sent = sent_[number];
    try {
      Peer peer{port};
      do {
        sent.push_back(
            {"client-" + std::to_string(number) + '-' + std::to_string(sent.size()), {}});
        if (!peer.send(creation(sent.back().key))) return;
        sent.back().answer = peer.answer();
        const std::lock_guard lock{mutex_};
        ++answers_;
        answered_.notify_all();
      } while (sent.back().answer.status != 0);
    } catch (const std::exception&) {
      // The connection ended within an answer: there is none.
    }
  }

  std::mutex mutex_;  // for `answers_`
  std::condition_variable answered_;
  int answers_ = 0;
  std::array<std::vector<Sent>, 4> sent_;  // each its thread's, until that is joined
  std::array<std::thread, 4> threads_;
};

TEST(KafkaServe, AClientWrittenFromTheDocumentAloneDoesAMorningsWork) {
  const KafkaEnvironment environment;
  whole::Place place;
  ASSERT_EQ(place.json({"topics", "create", "--partitions", "5"}).status, 0);
  Served served{place};
  ASSERT_TRUE(served.await(kWriter));
  const whole::Ran ran = testing_rest::morning(served.url());
  EXPECT_EQ(ran.status, 0) << ran.out;
  std::cout << ran.out;
  EXPECT_EQ(served.stop().status, 0);
}

class TwoServices : public ::testing::Test {
 protected:
  TwoServices() {
    EXPECT_EQ(one.json({"topics", "create", "--partitions", "5"}).status, 0);
    writer.emplace(one);
    EXPECT_TRUE(writer->await(kWriter));
    standby.emplace(other);
    EXPECT_TRUE(standby->await(kStandby));
  }

  KafkaEnvironment environment;
  whole::Place one;
  whole::Place other;
  std::optional<Served> writer;
  std::optional<Served> standby;
};

TEST_F(TwoServices, TheStandbyAnswersQuestionsAndLeavesChangesToTheWriter) {
  const Answer created = create(*writer, "a key");
  ASSERT_EQ(created.status, 201) << created.body;
  const std::string token = created.header("kartei-position");
  const Answer shown =
      get(*standby, created.header("location"), "Kartei-Wait-For: " + token + "\r\n");
  EXPECT_EQ(shown.status, 200) << shown.body;
  EXPECT_EQ(shown.body, created.body);
  const Answer refused = create(*standby, "another key");
  EXPECT_EQ(refused.status, 503) << refused.body;
  EXPECT_EQ(at(refused, "code"), R"("locked")");
  EXPECT_EQ(at(get(*standby, "/api/patients"), "total"), "1");
  EXPECT_EQ(standby->stop().status, 0);
  EXPECT_EQ(writer->stop().status, 0);
}

TEST_F(TwoServices, WhatAKilledWriterAnsweredIsThereOnceWhenTheStandbyTakesOver) {
  Clients clients{port_of(*writer)};
  ASSERT_TRUE(clients.await_answers(100));
  const auto killed = steady_clock::now();
  writer.reset();  // SIGKILL
  const std::vector<Clients::Sent> sent = clients.end();
  ASSERT_TRUE(standby->await(kWriter));
  ASSERT_EQ(create(*standby, "after it").status, 201);
  EXPECT_LT(steady_clock::now() - killed, seconds{10});

  std::set<std::string> ids;
  for (const auto& [key, answer] : sent) {
    const Answer again = create(*standby, key);
    ASSERT_EQ(again.status, 201) << again.body;
    EXPECT_TRUE(ids.insert(at(again, "id")).second) << again.body;
    if (answer.status == 0) continue;
    EXPECT_EQ(answer.status, 201) << answer.body;
    EXPECT_EQ(again.header("idempotency-replayed"), "true") << key;
    // The patient as it is now: the new writer takes in what other tests sent, of patients, too.
    EXPECT_EQ(at(again, "id"), at(answer, "id"));
  }
  EXPECT_EQ(standby->stop().status, 0);
  whole::expect_in_order(other);
  EXPECT_EQ(other.json({"patient", "list"}).at("data.total"), std::to_string(sent.size() + 1));
}

}  // namespace
}  // namespace testing_kafka
