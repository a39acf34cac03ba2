#include "domain/patient/ids.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "domain/patient/parse.h"

namespace {

using core::Raw;
using core::Uuid;
using patient::PatientId;

TEST(Uuid, IsReadInEitherCaseAndPrintedInLowerCase) {
  const auto uuid = Uuid::parse("550E8400-e29b-41d4-A716-446655440000");
  ASSERT_TRUE(uuid);
  EXPECT_EQ(uuid->text(), "550e8400-e29b-41d4-a716-446655440000");
  EXPECT_EQ(uuid->bytes[0], 0x55);
  EXPECT_EQ(uuid->bytes[6], 0x41);
  EXPECT_EQ(uuid->bytes[15], 0x00);
  EXPECT_EQ(Uuid{}.text(), "00000000-0000-0000-0000-000000000000");
  EXPECT_EQ(Uuid::parse(Uuid{}.text()), Uuid{});
  EXPECT_EQ(Uuid::parse("ffffffff-ffff-ffff-ffff-ffffffffffff")->text(),
            "ffffffff-ffff-ffff-ffff-ffffffffffff");
}

TEST(Uuid, RefusesEveryOtherText) {
  for (const char* text : {"",
                           "550e8400",
                           "550e8400e29b41d4a716446655440000",
                           "550e8400-e29b-41d4-a716-44665544000",
                           "550e8400-e29b-41d4-a716-4466554400000",
                           "{550e8400-e29b-41d4-a716-446655440000}",
                           "550e8400-e29b-41d4-a716_446655440000",
                           "550e8400-e29b-41d4-a71-6446655440000",
                           "g50e8400-e29b-41d4-a716-446655440000",
                           "550e8400-e29b-41d4-a716-44665544000 ",
                           "----------------------------------- "}) {
    EXPECT_FALSE(Uuid::parse(text)) << text;
  }
}

TEST(PatientId, IsWhatTheLogTakesAsAKey) {
  for (const std::string& text : std::vector<std::string>{"1",
                                                          "9",
                                                          "10",
                                                          "9007199254740991",
                                                          "a",
                                                          "Z",
                                                          "p-1",
                                                          "0x",
                                                          "00a",
                                                          "1.0",
                                                          "a.b_c-D9",
                                                          std::string(64, 'x')}) {
    SCOPED_TRACE(text);
    const auto id = PatientId::parse(text);
    ASSERT_TRUE(id);
    EXPECT_EQ(id->text(), text);
  }
}

TEST(PatientId, RefusesEveryOtherText) {
  for (const std::string& text :
       std::vector<std::string>{"",
                                "0",
                                "00",
                                "01",
                                "007",
                                "-1",
                                "+1",
                                "_a",
                                ".a",
                                "-a",
                                "a b",
                                " a",
                                "a ",
                                "a/b",
                                "ä",
                                "a\n",
                                "a:b",
                                "__genesis",
                                "１",
                                "9007199254740992",
                                "9223372036854775808",
                                "99999999999999999999999999999999999999999999999999999999999999",
                                std::string(65, 'x')}) {
    EXPECT_FALSE(PatientId::parse(text)) << text;
  }
}

TEST(PatientId, HasANumberWhenItConsistsOfDigits) {
  EXPECT_EQ(PatientId::parse("42")->number(), 42);
  EXPECT_EQ(PatientId::parse("9007199254740991")->number(), patient::kNumberMax);
  EXPECT_EQ(PatientId::numbered(patient::kNumberMax), *PatientId::parse("9007199254740991"));
  EXPECT_EQ(PatientId::parse("42a")->number(), std::nullopt);
  EXPECT_EQ(PatientId::parse("1.0")->number(), std::nullopt);
}

TEST(PatientId, MayBeWrittenAsATextOrANumber) {
  EXPECT_EQ(patient::parse_id(Raw{"7"}), PatientId::numbered(7));
  EXPECT_EQ(patient::parse_id(Raw{std::int64_t{7}}), PatientId::numbered(7));
  EXPECT_EQ(patient::parse_id(Raw{patient::kNumberMax}), PatientId::numbered(patient::kNumberMax));
  for (const Raw& raw : {Raw{std::int64_t{0}},
                         Raw{std::int64_t{-1}},
                         Raw{patient::kNumberMax + 1},
                         Raw{7.0},
                         Raw{true},
                         Raw{Raw::Null{}},
                         Raw{Raw::Array{}},
                         Raw{Raw::Object{}},
                         Raw{"007"}}) {
    EXPECT_FALSE(patient::parse_id(raw));
  }
}

TEST(TherapistId, IsACanonicalNumber) {
  EXPECT_EQ(patient::parse_therapist("12"), patient::TherapistId{12});
  EXPECT_EQ(patient::parse_therapist("9007199254740991"),
            patient::TherapistId{patient::kNumberMax});
  for (const char* text : {"", "0", "012", "-3", "3.0", "x", "12a", "9007199254740992"}) {
    EXPECT_FALSE(patient::parse_therapist(text)) << text;
  }
}

}  // namespace
