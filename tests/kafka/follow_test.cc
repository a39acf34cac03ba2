#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <map>

#include "infra/sqlite/connection.h"
#include "tests/kafka/following.h"
#include "tests/kafka/kafka_environment.h"
#include "tests/whole/rows.h"
#include "tests/whole/terminal.h"

// `kartei follow` as processes: who writes, and what happens when one of them is gone.
namespace testing_kafka {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;
using whole::Place;
using whole::Ran;
using whole::sample;
using whole::Words;

constexpr const char* kWriter = "writer: this process has its turn";
constexpr const char* kStandby = "standby: waits for its turn";

class KafkaFollow : public ::testing::Test {
 protected:
  KafkaFollow() {
    EXPECT_EQ(operators.json({"topics", "create", "--partitions", "5"}).status, 0);
    EXPECT_EQ(operators.json({"import", "registrations", sample("registrations")}).status, 0);
  }

  // A command of somebody who may not wait for a turn.
  Ran by_force(Words words) {
    words.insert(words.begin(), "--take-over");
    return operators.json(words);
  }

  // Whether the directory of `place`, as it stands, comes to say that patient 1 lives in `town`.
  static bool comes_to_show(Place& place, const std::string& town) {
    const auto shows = [&] {
      return place.json({"patient", "show", "1"}).at("data.patient.ort") == '"' + town + '"';
    };
    return await_change(place.data() / "read", shows, seconds{60});
  }

  KafkaEnvironment environment;
  Place operators;
  Place one;
  Place other;
};

TEST_F(KafkaFollow, AStandbyWithWarmStatesTakesOverFromAWriterThatIsKilled) {
  Following writer{one};
  ASSERT_TRUE(writer.await(kWriter)) << writer.said();
  Following standby{other};
  ASSERT_TRUE(standby.await(kStandby)) << standby.said();
  const auto comes_to_know = [&](int patients) {
    const auto knows = [&] {
      const auto states = other.data() / "states.db";
      if (!std::filesystem::exists(states)) return false;
      infra::sqlite::Connection connection{states, infra::sqlite::Open::read_only};
      return connection.number("SELECT count(*) FROM state") == patients;
    };
    return await_change(other.data(), knows, seconds{60});
  };
  EXPECT_TRUE(comes_to_know(12));
  EXPECT_EQ(one.json(whole::new_patient("")).status, 0);
  EXPECT_TRUE(comes_to_know(13)) << "the standby's states grow cold";
  const auto killed = steady_clock::now();
  writer.send(SIGKILL);
  EXPECT_TRUE(standby.await(kWriter)) << standby.said();
  EXPECT_LT(steady_clock::now() - killed, seconds{10});
  EXPECT_EQ(standby.stop().status, 0);
  whole::expect_in_order(other);
  EXPECT_EQ(whole::rows_of(other), whole::rows_of(operators));
  EXPECT_EQ(whole::states_of(other), whole::states_of(operators));
}

TEST_F(KafkaFollow, AWriterThatIsToldToStopMakesRoomAtOnce) {
  // Longer than anybody waits here: whoever is followed has left, and was not given up.
  ::setenv("KAFKA_PROPERTY_SESSION_TIMEOUT_MS", "40000", 1);
  Following writer{one};
  ASSERT_TRUE(writer.await(kWriter)) << writer.said();
  Following standby{other};
  ASSERT_TRUE(standby.await(kStandby)) << standby.said();
  ::unsetenv("KAFKA_PROPERTY_SESSION_TIMEOUT_MS");
  const auto begun = steady_clock::now();
  const Ran stopped = writer.stop();
  EXPECT_LT(steady_clock::now() - begun, seconds{5});
  EXPECT_EQ(stopped.status, 0) << stopped.err;
  EXPECT_EQ(stopped.at("data.role"), R"("writer")");
  EXPECT_EQ(stopped.at("data.turns"), "1");
  EXPECT_TRUE(standby.await(kWriter, seconds{20})) << standby.said();
}

TEST_F(KafkaFollow, AWriterThatWasPausedGivesUpWhenItWakes) {
  Following paused{one};
  ASSERT_TRUE(paused.await(kWriter)) << paused.said();
  Following next{other};
  ASSERT_TRUE(next.await(kStandby)) << next.said();
  paused.send(SIGSTOP);
  ASSERT_TRUE(next.await(kWriter)) << next.said();
  paused.send(SIGCONT);
  EXPECT_TRUE(paused.await(kStandby, seconds{5})) << paused.said();
  EXPECT_EQ(next.stop().at("data.role"), R"("writer")") << "the one that woke fenced it";
  EXPECT_TRUE(paused.await(kWriter)) << paused.said();
}

TEST_F(KafkaFollow, ACommandIsRefusedWhileAnotherHasItsTurnUnlessItTakesOver) {
  Following writer{one};
  ASSERT_TRUE(writer.await(kWriter)) << writer.said();
  const Words move{"patient", "update", "1", "--set", "ort=Ulm"};
  const Ran refused = operators.json(move);
  EXPECT_EQ(refused.status, 6);
  EXPECT_EQ(refused.code(), R"("locked")");
  EXPECT_NE(refused.at("error.message").find(writer.name()), std::string::npos) << refused.out;
  EXPECT_NE(refused.at("error.message").find("--take-over"), std::string::npos) << refused.out;
  EXPECT_EQ(by_force(move).status, 0);
  EXPECT_TRUE(writer.await("another writer has taken the log over")) << writer.said();
  EXPECT_TRUE(writer.await(kWriter)) << writer.said();
  EXPECT_EQ(writer.stop().at("data.turns"), "2");
  EXPECT_EQ(operators.json(move).status, 0) << "nobody is there any more";
}

TEST_F(KafkaFollow, TheReadModelsFollowWhatOthersWrite) {
  Following follower{one};
  ASSERT_TRUE(follower.await(kWriter)) << follower.said();
  for (const char* town : {"Ulm", "Bonn", "Trier"}) {
    EXPECT_EQ(by_force({"patient", "update", "1", "--set", std::string{"ort="} + town}).status, 0);
    EXPECT_TRUE(comes_to_show(one, town)) << follower.said();
  }
  const Ran ran = by_force({"patient", "update", "1", "--set", "ort=Mainz"});
  std::string token = ran.at("position");
  std::erase(token, '"');
  const Ran shown = one.json({"patient", "history", "1", "--wait-for", token});
  EXPECT_EQ(shown.status, 0) << shown.out;
}

TEST_F(KafkaFollow, RunsTheCommandLinesOfItsDirectory) {
  Following writer{one};
  ASSERT_TRUE(writer.await(kWriter)) << writer.said();
  Following standby{other};
  ASSERT_TRUE(standby.await(kStandby)) << standby.said();
  const Words move{"patient", "update", "1", "--set", "ort=Ulm"};
  EXPECT_EQ(one.json(move).status, 0);
  for (Place* place : {&one, &other}) {
    EXPECT_EQ(place->json({"patient", "show", "1"}).at("data.patient.ort"), R"("Ulm")");
    EXPECT_EQ(place->json({"projection", "verify", "--all"}).status, 0);
  }
  EXPECT_EQ(other.json(move).code(), R"("locked")") << "it is not its turn";
  EXPECT_EQ(one.json({"events", "restate"}).at("data.restated"), "12");
  EXPECT_EQ(one.json({"doctor"}).status, 0);
  EXPECT_EQ(writer.stop().status, 0);
  EXPECT_EQ(standby.stop().status, 0);
}

TEST_F(KafkaFollow, TellsATerminalInOneLineWhoseTurnItIs) {
  Following writer{one};
  ASSERT_TRUE(writer.await(kWriter)) << writer.said();
  whole::Terminal terminal{200};
  other.terminal = terminal.path();
  const Following standby{other};
  const auto& lines = terminal.lines();
  const auto comes_to_say = [&](const std::string& role) {
    return terminal.await([&] {
      return lines.back().starts_with(role) && lines.back().find("0 behind") != std::string::npos;
    });
  };
  ASSERT_TRUE(comes_to_say("standby: ")) << terminal.text();
  EXPECT_EQ(writer.stop().status, 0);
  EXPECT_TRUE(comes_to_say("writer: ")) << terminal.text();
  EXPECT_TRUE(std::all_of(lines.begin(), lines.end() - 1, [](const std::string& line) {
    return line.starts_with("kartei: ");
  })) << terminal.text();
}

TEST_F(KafkaFollow, TheWriterAddsTicksAsOftenAsTheTopicsWantThem) {
  const KafkaEnvironment fresh;
  ASSERT_EQ(operators.json({"topics", "create", "--set", "segment.ms=1000"}).status, 0);
  Following follower{one};
  const auto log = infra::log_kafka::KafkaLog::open(fresh.settings);
  const auto until = steady_clock::now() + seconds{60};
  for (const auto topic : {ports::Topic::patient_events, ports::Topic::patient_history}) {
    const auto reader = log->open_reader(topic, ports::from_the_beginning(*log));
    std::map<std::int32_t, int> ticks;
    const auto count = [&](const ports::Record& record) {
      if (record.key == ports::kTickKey) ++ticks[record.partition.get()];
    };
    const auto twice_in_each = [&] {
      return ticks.size() == ports::kPartitionsDefault &&
             std::all_of(ticks.begin(), ticks.end(), [](auto& of) { return of.second >= 2; });
    };
    while (!twice_in_each() && steady_clock::now() < until) reader->poll(1000, count);
    EXPECT_TRUE(twice_in_each()) << follower.said();
  }
}

TEST_F(KafkaFollow, GoesOnWhenTheBrokerIsBack) {
  Following follower{one};
  ASSERT_TRUE(follower.await(kWriter)) << follower.said();
  kill_broker();
  EXPECT_TRUE(follower.await("tries again")) << follower.said();
  start_broker_again();
  // The brokers give it its turn again, or have not noticed that it was away.
  EXPECT_TRUE(follower.await("it goes on", seconds{60})) << follower.said();
  EXPECT_EQ(by_force({"patient", "update", "1", "--set", "ort=Ulm"}).status, 0);
  EXPECT_TRUE(comes_to_show(one, "Ulm")) << follower.said();
}

TEST_F(KafkaFollow, StopsInTimeWhereThereIsNoBroker) {
  Following follower{one};
  ASSERT_TRUE(follower.await(kWriter)) << follower.said();
  kill_broker();
  EXPECT_TRUE(follower.await("tries again")) << follower.said();
  const auto begun = steady_clock::now();
  EXPECT_EQ(follower.stop().status, 0);
  EXPECT_LT(steady_clock::now() - begun, seconds{5});
  start_broker_again();
}

}  // namespace
}  // namespace testing_kafka
