#include "domain/core/time.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace {

using Texts = std::vector<const char*>;

TEST(Date, ReadsADayThatExistsAndPrintsItAgain) {
  for (const char* text : Texts{"0001-01-01",
                                "1900-02-28",
                                "1970-01-01",
                                "2000-02-29",
                                "2024-02-29",
                                "2026-12-31",
                                "9999-12-31"}) {
    SCOPED_TRACE(text);
    const auto date = core::parse_date(text);
    ASSERT_TRUE(date);
    EXPECT_EQ(core::format(*date), text);
  }
}

TEST(Date, RefusesADayThatDoesNotExist) {
  for (const char* text : Texts{"2026-02-29",
                                "1900-02-29",
                                "2100-02-29",
                                "2026-04-31",
                                "2026-13-01",
                                "2026-00-10",
                                "2026-01-00",
                                "2026-01-32",
                                "0000-01-01"}) {
    EXPECT_FALSE(core::parse_date(text)) << text;
  }
}

TEST(Date, RefusesWhatIsNoDate) {
  for (const char* text : Texts{"",
                                "gestern",
                                "2026",
                                "2026-01",
                                "2026-1-02",
                                "26-01-02",
                                "02.01.2026",
                                "2026/01/02",
                                "20260102",
                                "+2026-01-02",
                                "-026-01-02",
                                " 2026-01-02",
                                "2026-01-02 ",
                                "2026-01-02T00:00:00Z",
                                "12026-01-02",
                                "２026-01-02"}) {
    EXPECT_FALSE(core::parse_date(text)) << text;
  }
}

TEST(Timestamp, ReadsEveryFormAndPrintsItInUtc) {
  const std::vector<std::pair<const char*, const char*>> forms{
      {"2026-03-02", "2026-03-02T00:00:00Z"},
      {"2026-03-02T10:30", "2026-03-02T10:30:00Z"},
      {"2026-03-02T10:30:05Z", "2026-03-02T10:30:05Z"},
      {"2026-03-02t10:30:05z", "2026-03-02T10:30:05Z"},
      {"2026-03-02 10:30:05", "2026-03-02T10:30:05Z"},
      {"2026-03-02T10:30:05+01:00", "2026-03-02T09:30:05Z"},
      {"2026-03-02T10:30:05+0130", "2026-03-02T09:00:05Z"},
      {"2026-03-02T10:30:05-02", "2026-03-02T12:30:05Z"},
      {"2026-03-01T00:30:00+01:00", "2026-02-28T23:30:00Z"},
      {"2024-02-28T23:30:00-01:00", "2024-02-29T00:30:00Z"},
      {"2025-12-31T23:30:00-01:00", "2026-01-01T00:30:00Z"},
      {"2026-03-02T10:30:05.5Z", "2026-03-02T10:30:05.500000Z"},
      {"2026-03-02T10:30:05.000001Z", "2026-03-02T10:30:05.000001Z"},
      {"2026-03-02T10:30:05.1234567899Z", "2026-03-02T10:30:05.123456Z"},
      {"2026-03-02T10:30:05,25+00:00", "2026-03-02T10:30:05.250000Z"},
      {"2026-03-02T10:30:05.0000000000000000000000000000Z", "2026-03-02T10:30:05Z"},
      {"2026-03-02T10:30:05.999999", "2026-03-02T10:30:05.999999Z"},
      {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
      {"1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500000Z"},
      {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
      {"9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"},
  };
  for (const auto& [text, utc] : forms) {
    SCOPED_TRACE(text);
    const auto at = core::parse_timestamp(text);
    ASSERT_TRUE(at);
    EXPECT_EQ(core::format(*at), utc);
    EXPECT_EQ(core::parse_timestamp(utc), at);
  }
}

TEST(Timestamp, RefusesWhatIsNoTime) {
  for (const char* text : Texts{"",
                                "now",
                                "1767323045",
                                "2026-02-30T10:30:00Z",
                                "2026-03-02T",
                                "2026-03-02T10",
                                "2026-03-02T10:3",
                                "2026-03-02T1030",
                                "2026-03-02T24:00:00Z",
                                "2026-03-02T10:60:00Z",
                                "2026-03-02T10:30:61Z",
                                "2026-03-02T10:30:05.Z",
                                "2026-03-02T10:30:05.5x",
                                "2026-03-02T10:30.5Z",
                                "2026-03-02T10:30:05+1",
                                "2026-03-02T10:30:05+24:00",
                                "2026-03-02T10:30:05+01:60",
                                "2026-03-02T10:30:05+01:",
                                "2026-03-02T10:30:05 UTC",
                                "2026-03-02T10:30:05ZZ",
                                "2026-03-02T10:30:05Z ",
                                "2026-03-02X10:30:05Z",
                                "2026-03-02Z"}) {
    EXPECT_FALSE(core::parse_timestamp(text)) << text;
  }
}

// Such an instant printed as year 0000 or 10000, which no reader takes back.
TEST(Timestamp, RefusesAnInstantWhoseYearInUtcHasNoText) {
  for (const char* text : Texts{"0001-01-01T00:00:00+00:01",
                                "0001-01-01T12:00:00+23:59",
                                "9999-12-31T23:59:60Z",
                                "9999-12-31T23:59:59-00:01"}) {
    EXPECT_FALSE(core::parse_timestamp(text)) << text;
  }
}

TEST(Timestamp, BelongsToItsDayInUtcAlsoBefore1970) {
  EXPECT_EQ(core::format(core::day_of(*core::parse_timestamp("2026-03-02T23:59:59.999999Z"))),
            "2026-03-02");
  EXPECT_EQ(core::format(core::day_of(*core::parse_timestamp("1969-12-31T23:00:00Z"))),
            "1969-12-31");
  EXPECT_EQ(core::format(core::day_of(*core::parse_timestamp("2026-03-02T00:30:00+02:00"))),
            "2026-03-01");
}

}  // namespace
