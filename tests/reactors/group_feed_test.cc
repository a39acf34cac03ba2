#include "infra/reactors/group_feed.h"

#include <gtest/gtest.h>

#include "infra/log_memory/memory_log.h"

namespace {

using infra::reactors::GroupFeed;
using ports::Offset;
using ports::Partition;
using ports::Topic;

class AGroup : public ::testing::Test {
 protected:
  void append(const std::string& key, std::int32_t partition = 0) {
    const auto writer = log->open_writer("");
    const ports::NewRecord record{Topic::patient_history, Partition{partition}, key, "v"};
    const auto appended = writer->append(std::span{&record, 1});
    ASSERT_TRUE(std::holds_alternative<ports::Committed>(appended));
  }
  struct Seen {
    std::string key;
    Partition partition;
    Offset offset;
  };
  static std::vector<Seen> read(GroupFeed& feed) {
    std::vector<Seen> seen;
    while (feed.poll(2, [&](const ports::Record& record) {
      seen.push_back({std::string{record.key}, record.partition, record.offset});
    }) > 0) {
    }
    return seen;
  }
  static std::string keys(GroupFeed& feed) {
    std::string all;
    for (const Seen& seen : read(feed)) all += seen.key + ' ';
    return all;
  }

  // Another log on the same groups, with nothing in it.
  void begin_again() {
    const auto groups = disk->groups;
    disk = std::make_shared<infra::log_memory::Disk>();
    disk->groups = groups;
    open();
  }
  void open() {
    const ports::LogIdentity identity{ports::Incarnation{core::Uuid{}}, 2};
    log = std::make_unique<infra::log_memory::MemoryLog>(disk, identity, clock);
  }
  AGroup() { open(); }

  struct StandingClock final : ports::Clock {
    [[nodiscard]] core::Timestamp now() override { return {}; }
  };
  StandingClock clock;
  std::shared_ptr<infra::log_memory::Disk> disk = std::make_shared<infra::log_memory::Disk>();
  std::unique_ptr<ports::Log> log;
};

TEST_F(AGroup, BeginsAtTheHead) {
  append("old");
  GroupFeed feed{*log, "g"};
  EXPECT_EQ(keys(feed), "");
  append("new");
  EXPECT_EQ(keys(feed), "new ");
}

TEST_F(AGroup, MissesNothingBetweenItsBeginningAndItsNextLook) {
  { const GroupFeed begun{*log, "g"}; }
  append("a", 0);
  append("b", 1);
  GroupFeed feed{*log, "g"};
  EXPECT_EQ(keys(feed), "a b ");
}

TEST_F(AGroup, GoesOnBehindWhatIsDoneWith) {
  {
    GroupFeed feed{*log, "g"};
    append("a");
    append("b");
    const auto seen = read(feed);
    ASSERT_EQ(seen.size(), 2U);
    feed.commit(seen[0].partition, seen[0].offset);
  }
  GroupFeed again{*log, "g"};
  EXPECT_EQ(keys(again), "b ");
  again.commit_all();
  EXPECT_EQ(again.lag(), 0);
  GroupFeed third{*log, "g"};
  EXPECT_EQ(keys(third), "");
}

TEST_F(AGroup, KnowsHowMuchIsNotDoneWith) {
  GroupFeed feed{*log, "g"};
  EXPECT_EQ(feed.lag(), 0);
  append("a");
  append("b");
  const auto seen = read(feed);
  EXPECT_EQ(feed.lag(), 4) << "two records and their transactions' markers";
  feed.commit(seen[0].partition, seen[0].offset);
  EXPECT_EQ(feed.lag(), 3);
}

TEST_F(AGroup, HasAPlaceOfItsOwn) {
  GroupFeed one{*log, "one"};
  GroupFeed other{*log, "other"};
  append("a");
  static_cast<void>(read(one));
  one.commit_all();
  EXPECT_EQ(keys(other), "a ");
}

TEST_F(AGroup, KeepsItsPlaceInALogThatForgets) {
  GroupFeed feed{*log, "g"};
  disk->groups.clear();
  feed.commit_anew();
  append("a");
  GroupFeed again{*log, "g"};
  EXPECT_EQ(keys(again), "a ");
}

TEST_F(AGroup, ReadsALogThatWasBegunAgainFromItsEnd) {
  {
    GroupFeed feed{*log, "g"};
    for (int number = 0; number < 9; ++number) append("a");
    static_cast<void>(read(feed));
    feed.commit_all();
  }
  begin_again();
  GroupFeed feed{*log, "g"};
  append("b");
  EXPECT_EQ(keys(feed), "b ");
}

}  // namespace
