#include <gtest/gtest.h>

#include <thread>

#include "infra/ingest/intake.h"
#include "tests/kafka/foreign.h"
#include "tests/kafka/foreign_eyes.h"
#include "tests/kafka/mailroom.h"
#include "tests/kafka/two_services.h"
#include "tests/whole/made_up.h"

namespace testing_kafka {
namespace {

using infra::ingest::kCommunicationEvents;
using whole::Place;
using whole::Ran;

TEST(KafkaServe, ADeadLetterThatIsReleasedAtAStandbyIsTakenInAtOnceByTheWriter) {
  const Mailroom empty;  // It empties the topic that the messages come on.
  const KafkaEnvironment environment;
  Place one;
  Place other;
  ASSERT_EQ(one.json({"topics", "create", "--partitions", "5"}).status, 0);
  ASSERT_EQ(one.json(whole::new_patient("1")).status, 0);
  foreign_say(kCommunicationEvents, {{0, "1", mail("a", "1", "2026-02-03T12:00:00Z")}});
  const auto listed = [&](Place& place) { return place.json({"dead-letters", "list"}); };
  {
    Served early{one};  // For whom that is in the future.
    ASSERT_TRUE(early.await(kWriter));
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (listed(one).size("data") == 0 && std::chrono::steady_clock::now() < until)
      std::this_thread::yield();
    EXPECT_EQ(early.stop().status, 0);
  }
  one.clock = "2026-02-03T13:00:00Z";
  Served writer{one};
  ASSERT_TRUE(writer.await(kWriter));
  Served standby{other};
  ASSERT_TRUE(standby.await(kPassesOnTo + writer.url()));
  const Ran dead = listed(other);
  ASSERT_EQ(dead.size("data"), 1U) << dead.out;

  const Ran released = other.json({"dead-letters", "release", dead.at("data.0.number")});
  EXPECT_EQ(released.status, 0) << released.out;
  EXPECT_EQ(released.at("data.decision"), R"("released")") << released.out;
  EXPECT_EQ(listed(one).size("data"), 0U);
  EXPECT_EQ(one.json({"patient", "show", "1"}).at("data.patient.letzter_kontakt"),
            R"("2026-02-03")");
  EXPECT_EQ(standby.stop().status, 0);
  EXPECT_EQ(writer.stop().status, 0);
}

}  // namespace
}  // namespace testing_kafka
