#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <set>
#include <thread>

#include "tests/kafka/two_services.h"

// `kartei serve` with its log on the broker.
namespace testing_kafka {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

// Clients that create one patient after another, each under a key of its own, until one is not
// created.
class Clients {
 public:
  struct Sent {
    std::string key;
    Answer answer;  // status 0: none came
    [[nodiscard]] bool was_created() const { return answer.status == 201; }
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
  // Once the writer is gone: all that was sent.
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
      } while (sent.back().was_created());
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

class AKilledWriter : public TwoServices {
 protected:
  // Kills the writer while clients create patients at `served`, and shows that what they were told
  // is true at the one that takes over.
  void kill_while_clients_ask(const Served& served) {
    Clients clients{served.port()};
    ASSERT_TRUE(clients.await_answers(100));
    const auto killed = steady_clock::now();
    writer.reset();  // SIGKILL
    const std::vector<Clients::Sent> sent = clients.end();
    ASSERT_TRUE(standby->await(kWriter));
    ASSERT_EQ(create(*standby, "after it").status, 201);
    EXPECT_LT(steady_clock::now() - killed, seconds{10});

    std::set<std::string> ids;
    for (const auto& one_of_them : sent) {
      const auto& [key, answer] = one_of_them;
      const Answer again = create(*standby, key);
      ASSERT_EQ(again.status, 201) << again.body;
      EXPECT_TRUE(ids.insert(at(again, "id")).second) << again.body;
      if (!one_of_them.was_created()) {
        EXPECT_TRUE(answer.status == 0 || answer.status == 503 || answer.status == 504)
            << answer.status << answer.body;
        continue;
      }
      EXPECT_EQ(again.header("idempotency-replayed"), "true") << key;
      // The patient as it is now: the new writer takes in what other tests sent, of patients, too.
      EXPECT_EQ(at(again, "id"), at(answer, "id"));
    }
    EXPECT_EQ(standby->stop().status, 0);
    whole::expect_in_order(other);
    EXPECT_EQ(other.json({"patient", "list"}).at("data.total"), std::to_string(sent.size() + 1));
  }
};

TEST_F(AKilledWriter, HasItsAnswersKeptByTheStandbyThatTakesOver) {
  kill_while_clients_ask(*writer);
}

TEST_F(AKilledWriter, HasAlsoThoseKeptThatItGaveThroughTheStandby) {
  kill_while_clients_ask(*standby);
}

}  // namespace
}  // namespace testing_kafka
