#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "tests/http/peer.h"
#include "tests/rest/clients/served.h"
#include "tests/whole/rows.h"

// `kartei serve` as a process that is killed while clients change patients. Each request has a key,
// is repeated after the crash, and must then have happened once: what was answered gets the same
// answer again.
namespace {

using testing_http::Answer;
using testing_http::Peer;
using testing_rest::Served;
using whole::Place;
using whole::Ran;

constexpr int kCyclesDefault = 60;
constexpr int kClients = 4;
// A patient remembers its last 16 commands; whoever repeats more than that repeats too late.
constexpr std::size_t kRepeated = 8;

int cycles() {
  const char* given = std::getenv("KARTEI_FAULT_CYCLES");
  return given == nullptr ? kCyclesDefault : std::atoi(given);
}

// One request that one client made, again and again until it was answered.
struct Sent {
  std::string line;
  std::string key;
  std::string body;
  std::string answer;  // empty: none came
};

// Status 0: no answer came.
Answer send(std::uint16_t port, const Sent& sent) {
  try {
    Peer peer{port};
    if (!peer.send(testing_http::request(
            sent.line,
            "Content-Type: application/json\r\nIdempotency-Key: " + sent.key + "\r\n",
            sent.body)))
      return {};
    return peer.answer();
  } catch (const std::exception&) {
    return {};
  }
}

Sent created(const std::string& key) {
  return {"POST /api/patients",
          key,
          R"({"anrede":"Frau","geschlecht":"weiblich","vorname":"Ada","nachname":"Probe"})",
          ""};
}
Sent moved(int patient, const std::string& key) {
  return {"PUT /api/patients/" + std::to_string(patient), key, R"({"ort":")" + key + "\"}", ""};
}

TEST(AKilledService, HasDoneWhatItAnsweredAndDoesWhatIsRepeatedOnce) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random{seed};
  Place place;
  int creations = 0;
  std::map<int, int> moves;  // of each of the first patients
  for (int cycle = 0; cycle < cycles(); ++cycle) {
    Served serving{place};
    const std::size_t strike_after = random() % 60;
    std::mutex mutex;
    std::size_t sent_by_all = 0;
    std::array<std::vector<Sent>, kClients> sent_by;
    std::vector<std::thread> clients;
    for (int client = 1; client <= kClients; ++client) {
      clients.emplace_back([&, client] {
        for (int number = 0;; ++number) {
          const std::string key =
              std::to_string(cycle) + '-' + std::to_string(client) + '-' + std::to_string(number);
          // The first patient of each client is made in the first cycle.
          Sent sent = number == 0 ? created(key) : moved(client, key);
          const Answer answer = send(serving.port(), sent);
          sent.answer = answer.status == 200 || answer.status == 201 ? answer.body : "";
          sent_by.at(static_cast<std::size_t>(client) - 1).push_back(std::move(sent));
          const std::lock_guard lock{mutex};
          if (++sent_by_all >= strike_after) serving.strike();
          if (answer.status == 0) return;
        }
      });
    }
    for (std::thread& client : clients) client.join();
    static_cast<void>(serving.end());

    Served again{place};
    for (const std::vector<Sent>& all : sent_by) {
      for (std::size_t at = 0; at < all.size(); ++at) {
        const Sent& sent = all[at];
        const bool repeats = at + kRepeated >= all.size();
        const Answer answer = repeats ? send(again.port(), sent) : Answer{};
        if (repeats && !sent.answer.empty()) {
          EXPECT_EQ(answer.header("idempotency-replayed"), "true") << sent.key;
        }
        if (!repeats ? sent.answer.empty() : answer.status == 404) continue;
        if (repeats) {
          EXPECT_EQ(answer.status / 100, 2) << sent.key << ' ' << answer.body;
        }
        sent.line.starts_with("POST") ? ++creations : ++moves[sent.line.back() - '0'];
      }
    }
    EXPECT_EQ(again.stop().status, 0);
  }
  const Ran listed = place.json({"patient", "list", "--limit", "1"});
  EXPECT_EQ(listed.at("data.total"), std::to_string(creations));
  for (const auto& [patient, count] : moves) {
    const Ran history = place.json({"patient", "history", std::to_string(patient)});
    EXPECT_EQ(history.size("data"), static_cast<std::size_t>(count) + 1) << patient;
  }
  whole::expect_in_order(place);
}

}  // namespace
