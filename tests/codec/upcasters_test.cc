#include "infra/codec/upcasters.h"

#include <gtest/gtest.h>

#include <array>

#include "domain/patient/events.h"

namespace infra::codec {
namespace {

using kartei::events::v1::Record;

constexpr std::array<Upcaster, 2> kInvented{
    [](Record& record) { record.set_actor(record.actor() + ", then 2"); },
    [](Record& record) { record.set_actor(record.actor() + ", then 3"); },
};

Record of_version(std::int32_t version) {
  Record record;
  record.set_schema_version(version);
  record.set_actor("was " + std::to_string(version));
  return record;
}

TEST(Upcasters, LeadARecordThroughEveryVersionAfterItsOwn) {
  const std::array<std::string, 3> expected{"was 1, then 2, then 3", "was 2, then 3", "was 3"};
  for (std::int32_t version = 1; version <= 3; ++version) {
    SCOPED_TRACE(version);
    Record record = of_version(version);
    ASSERT_FALSE(refuse_version(version, kInvented));
    upcast(record, kInvented);
    EXPECT_EQ(record.actor(), expected[static_cast<std::size_t>(version - 1)]);
    EXPECT_EQ(record.schema_version(), 3);
  }
}

TEST(Upcasters, RefuseVersionsThatNeverWere) {
  for (const std::int32_t version : {INT32_MIN, -1, 0, 4, INT32_MAX}) {
    SCOPED_TRACE(version);
    EXPECT_TRUE(refuse_version(version, kInvented));
  }
}

TEST(Upcasters, EndAtTheVersionThatThisProgramWrites) {
  EXPECT_EQ(all_upcasters().size() + 1, static_cast<std::size_t>(patient::kSchemaVersion));
}

}  // namespace
}  // namespace infra::codec
