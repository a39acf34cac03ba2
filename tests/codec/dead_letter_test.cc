#include "infra/codec/dead_letter.h"

#include <gtest/gtest.h>

namespace infra::codec {
namespace {

// Kept with the log: never changes.
constexpr const char* kFirst =
    R"({"format":1,"number":null,"topic":"communication-events","partition":3,"offset":17,)"
    R"("sent_at":"2026-01-20T10:00:00.125000Z","code":"invalid","message":"at is missing",)"
    R"("since":"2026-02-01T09:00:00Z","decision":null,"decided_at":null})";
constexpr const char* kDecided =
    R"({"format":1,"number":42,"topic":"communication-events","partition":3,"offset":17,)"
    R"("sent_at":"2026-01-20T10:00:00.125000Z","code":"invalid","message":"at is missing",)"
    R"("since":"2026-02-01T09:00:00Z","decision":"evicted","decided_at":"2026-02-02T09:00:00Z"})";

DeadLetter first() {
  return {"communication-events",
          3,
          17,
          *core::parse_timestamp("2026-01-20T10:00:00.125Z"),
          "invalid",
          "at is missing",
          *core::parse_timestamp("2026-02-01T09:00:00Z")};
}

DeadLetter decided() {
  DeadLetter letter = first();
  letter.decision = Decision::evicted;
  letter.decided_at = core::parse_timestamp("2026-02-02T09:00:00Z");
  letter.number = 42;
  return letter;
}

TEST(DeadLetter, IsWrittenAsItAlwaysWas) {
  EXPECT_EQ(encode(first()), kFirst);
  EXPECT_EQ(encode(decided()), kDecided);
  EXPECT_EQ(key_of(first()), "communication-events/3/17");
}

TEST(DeadLetter, IsReadAsItWasWritten) {
  EXPECT_EQ(decode_dead_letter(kFirst), first());
  EXPECT_EQ(decode_dead_letter(kDecided), decided());
}

TEST(DeadLetter, IsNothingThatLacksAPartOrComesFromALaterVersion) {
  const std::string whole = kFirst;
  for (const char* part :
       {"format", "topic", "partition", "offset", "sent_at", "code", "message", "since"}) {
    SCOPED_TRACE(part);
    std::string without = whole;
    without.insert(without.find(part), "x");
    EXPECT_EQ(decode_dead_letter(without), std::nullopt);
  }
  std::string later = whole;
  later.replace(later.find(":1,"), 3, ":2,");
  EXPECT_EQ(decode_dead_letter(later), std::nullopt);
  for (const char* bytes : {"", "{}", "[]", "\xff", "null"}) {
    EXPECT_EQ(decode_dead_letter(bytes), std::nullopt);
  }
}

}  // namespace
}  // namespace infra::codec
