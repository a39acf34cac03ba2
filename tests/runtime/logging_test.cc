#include "infra/runtime/logging.h"

#include <gtest/gtest.h>

#include <sstream>

namespace {

using infra::runtime::Logger;
using infra::runtime::LogLevel;
using infra::runtime::parse_log_level;

TEST(Logging, WritesOneLineWithTheLevelInIt) {
  std::ostringstream out;
  Logger logger{out, LogLevel::info};
  logger.warning("directory is rebuilt {}");
  EXPECT_EQ(out.str(), "kartei: warning: directory is rebuilt {}\n");
}

TEST(Logging, SaysNothingBelowItsLevel) {
  std::ostringstream out;
  Logger logger{out, LogLevel::error};
  logger.debug("a");
  logger.info("b");
  logger.warning("c");
  EXPECT_EQ(out.str(), "");
  logger.error("d");
  EXPECT_EQ(out.str(), "kartei: error: d\n");
}

TEST(Logging, KnowsLevelsInEitherCase) {
  EXPECT_EQ(parse_log_level("INFO"), LogLevel::info);
  EXPECT_EQ(parse_log_level("Warn"), LogLevel::warning);
  EXPECT_EQ(parse_log_level("WARNING"), LogLevel::warning);
  EXPECT_EQ(parse_log_level("off"), LogLevel::off);
  EXPECT_EQ(parse_log_level(""), std::nullopt);
  EXPECT_EQ(parse_log_level("loud"), std::nullopt);
}

}  // namespace
