#include "infra/runtime/ids.h"

#include <gtest/gtest.h>

#include <set>

namespace {

using infra::runtime::Ids;

const patient::CommandId kCommand{*core::Uuid::parse("0f8fad5b-d9cb-469f-a165-70867728950e")};

std::string event_id(const char* patient_id, std::int64_t sequence) {
  Ids ids;
  const auto patient = patient::PatientId::parse(patient_id);
  return ids.event_id(kCommand, *patient, patient::Sequence{sequence}).get().text();
}

// Frozen: computed by Python's uuid.uuid5, not by this code.
TEST(Ids, AnEventIdIsTheVersionFiveOfItsFrozenName) {
  EXPECT_EQ(event_id("12", 3), "438fc1da-69b7-5368-b198-705bd6791799");
  EXPECT_EQ(event_id("mpi-7.a_B", 1), "bd630c12-7fe0-533f-9e9c-88bc50a572f1");
}

TEST(Ids, AnEventIdDependsOnCommandPatientAndSequence) {
  const std::set<std::string> different = {event_id("1", 23), event_id("12", 3), event_id("12", 4)};
  EXPECT_EQ(different.size(), 3U);
}

TEST(Ids, RandomIdsAreVersionFourAndDiffer) {
  Ids ids;
  std::set<core::Uuid> seen;
  for (int i = 0; i < 1000; ++i) {
    const core::Uuid id = ids.random();
    EXPECT_EQ(id.bytes[6] >> 4, 4);
    EXPECT_EQ(id.bytes[8] >> 6, 2);
    seen.insert(id);
  }
  EXPECT_EQ(seen.size(), 1000U);
}

}  // namespace
