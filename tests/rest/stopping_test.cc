#include <algorithm>
#include <atomic>
#include <thread>

#include "tests/rest/service.h"

// A service under load that is told to stop, and one that starts again.
namespace testing_rest {
namespace {

class Stopping : public Service {};

// What was answered is there, what was not answered may be: never the other way round.
TEST_F(Stopping, WhatWasAnsweredIsThereAfterwards) {
  constexpr int kClients = 8;
  std::atomic<int> answered = 0;
  std::vector<std::string> last(kClients);
  std::vector<std::thread> clients;
  create();
  for (int client = 1; client < kClients; ++client) create();
  for (int client = 0; client < kClients; ++client) {
    clients.emplace_back([&, client, port = serving->port()] {
      const std::string line = "PUT /api/patients/" + std::to_string(client + 1);
      for (int count = 1;; ++count) {
        try {
          testing_http::Peer peer{port};
          const std::string town = "Town " + std::to_string(count);
          if (!peer.send(testing_http::request(
                  line, "Content-Type: application/json\r\n", R"({"ort":")" + town + "\"}")))
            return;
          if (peer.answer().status != 200) return;
          last[static_cast<std::size_t>(client)] = town;
          ++answered;
        } catch (const std::exception&) {  // It does not listen any more.
          return;
        }
      }
    });
  }
  while (answered < 40) std::this_thread::yield();
  stop();
  for (std::thread& client : clients) client.join();
  start();
  for (int client = 0; client < kClients; ++client) {
    const Answer shown = ask("GET /api/patients/" + std::to_string(client + 1));
    ASSERT_EQ(shown.status, 200) << shown.body;
    const std::string town = at(shown, "ort");
    const std::string acknowledged = last[static_cast<std::size_t>(client)];
    const auto number = [](const std::string& text) {
      const std::size_t digit = text.find_first_of("0123456789");
      return digit == std::string::npos ? 0 : std::stoi(text.substr(digit));
    };
    EXPECT_GE(number(town), number(acknowledged));
    EXPECT_LE(number(town), number(acknowledged) + 1);
  }
}

TEST_F(Stopping, WhoWatchesTheLogDoesNotHoldItUp) {
  testing_http::Peer peer{serving->port()};
  ASSERT_TRUE(peer.send(testing_http::request("GET /api/events?from=beginning")));
  static_cast<void>(peer.read_until("\r\n\r\n"));
  const auto begun = std::chrono::steady_clock::now();
  stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{30});
}

TEST_F(Stopping, TheDirectoryIsSomebodyElsesUntilThen) {
  infra::service::Surroundings other{folder.path() / "data",
                                     clock,
                                     ids,
                                     [](std::string_view) {},
                                     [](const infra::service::Progress&) {}};
  kartei::ServeOptions options;
  options.listen = {"127.0.0.1", 0};
  EXPECT_THROW((kartei::Serving{other, options}), core::Broken);
  stop();
  EXPECT_NO_THROW((kartei::Serving{other, options}));
}

}  // namespace
}  // namespace testing_rest
