// Values whose copies share what they hold: nobody may notice.
#include <gtest/gtest.h>

#include <thread>

#include "domain/core/copy_on_write.h"
#include "domain/patient/state.h"

namespace {

using patient::EventType;
using patient::Key;

TEST(CopyOnWrite, ACopyDoesNotSeeAChange) {
  core::CopyOnWrite<std::string> original{"before"};
  const core::CopyOnWrite<std::string> copy = original;
  original.own() = "after";
  EXPECT_EQ(original.get(), "after");
  EXPECT_EQ(copy.get(), "before");
}

TEST(CopyOnWrite, ChangesInPlaceWhatNobodyShares) {
  core::CopyOnWrite<std::string> original{"before"};
  const std::string* const place = &original.get();
  { const core::CopyOnWrite<std::string> gone = original; }
  original.own() += " and after";
  EXPECT_EQ(&original.get(), place);
  EXPECT_EQ(original.get(), "before and after");
}

TEST(CopyOnWrite, IsEqualByItsValue) {
  const core::CopyOnWrite<std::string> one{"value"};
  EXPECT_EQ(one, core::CopyOnWrite<std::string>{"value"});
  EXPECT_FALSE(one == core::CopyOnWrite<std::string>{"other"});
}

TEST(CopyOnWrite, TakesAnotherValueAfterItWasMovedFrom) {
  core::CopyOnWrite<std::string> original{"value"};
  const core::CopyOnWrite<std::string> moved = std::move(original);
  original = core::CopyOnWrite<std::string>{"other"};
  EXPECT_EQ(moved.get(), "value");
  EXPECT_EQ(original.get(), "other");
}

TEST(CopyOnWriteDeathTest, StopsWhoeverReadsOrChangesWhatWasMovedAway) {
  core::CopyOnWrite<std::string> original{"value"};
  const core::CopyOnWrite<std::string> moved = std::move(original);
  EXPECT_DEATH(static_cast<void>(original.get()), "moved away");
  EXPECT_DEATH(static_cast<void>(original.own()), "moved away");
  EXPECT_DEATH(static_cast<void>(original == moved), "moved away");
}

TEST(CopyOnWrite, CopiesMayBeChangedInDifferentThreads) {
  constexpr int kRounds = 10'000;
  core::CopyOnWrite<int> original{0};
  const auto count = [](core::CopyOnWrite<int> copy) {
    for (int round = 0; round < kRounds; ++round) {
      const core::CopyOnWrite<int> before = copy;
      ++copy.own();
      EXPECT_EQ(before.get(), round);
    }
  };
  std::thread other{count, original};
  count(original);
  other.join();
  EXPECT_EQ(original.get(), 0);
}

TEST(Newest, KeepsTheNewestAndLeavesCopiesAlone) {
  patient::Newest<int, 3> entries;
  EXPECT_TRUE(entries.empty());
  for (int entry = 1; entry <= 3; ++entry) entries.push_back(entry);
  const auto copy = entries;
  entries.push_back(4);
  entries.own_back() = 5;
  EXPECT_EQ(entries, (patient::Newest<int, 3>{std::vector{2, 3, 5}}));
  EXPECT_EQ(copy, (patient::Newest<int, 3>{std::vector{1, 2, 3}}));
  entries.clear();
  EXPECT_EQ(entries, (patient::Newest<int, 3>{}));
  EXPECT_EQ(copy.size(), 3U);
}

TEST(EventTypes, HoldAsManyAsThereAre) {
  patient::EventTypes types{EventType::created};
  for (int i = 0; i < 20; ++i) types.push_back(EventType::therapist_excluded);
  types.push_back(EventType::status_changed);
  const std::vector<EventType> listed(types.begin(), types.end());
  ASSERT_EQ(listed.size(), 22U);
  EXPECT_EQ(listed.front(), EventType::created);
  EXPECT_EQ(listed[20], EventType::therapist_excluded);
  EXPECT_EQ(listed.back(), EventType::status_changed);
}

TEST(Fields, ACopyDoesNotSeeAChange) {
  const patient::Fields defaults;
  patient::Fields fields;
  const patient::Fields copy = fields;
  fields.set(Key::ort, std::string{"Bonn"});
  EXPECT_EQ(copy, defaults);
  EXPECT_EQ(patient::Fields{}, defaults);
  EXPECT_NE(fields, defaults);
  EXPECT_EQ(fields[Key::ort], patient::Value{std::string{"Bonn"}});
  for (const patient::KeyInfo& known : patient::all_keys())
    EXPECT_EQ(defaults[known.key], patient::default_of(known.key));
}

}  // namespace
