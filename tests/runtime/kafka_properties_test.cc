#include "infra/runtime/kafka_properties.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace {

using infra::runtime::read_kafka_properties;
using infra::runtime::Variables;

using Lines = std::vector<std::string>;

Lines lines_of(const Lines& flags, const Variables& variables, const Lines& file) {
  const auto properties = read_kafka_properties(flags, variables, file);
  EXPECT_TRUE(properties);
  Lines lines;
  for (const auto& property : properties.value()) {
    lines.push_back(property.name + " := " + property.value + " by " + property.origin);
  }
  return lines;
}

TEST(KafkaProperties, AreSetInAnOrderInWhichFlagsWinOverTheEnvironmentAndThatOverTheFile) {
  EXPECT_EQ(lines_of({"sasl.username=c"},
                     {{"KAFKA_PROPERTY_SASL_USERNAME", "b"}, {"KAFKA_TOPIC_PREFIX", "x"}},
                     {"sasl.username=a"}),
            (Lines{"sasl.username := a by kafka-property in the settings file",
                   "sasl.username := b by KAFKA_PROPERTY_SASL_USERNAME",
                   "sasl.username := c by --kafka-property"}));
}

TEST(KafkaProperties, KeepTheirValuesAsTheyStand) {
  EXPECT_EQ(lines_of({"sasl.password= =a=b, "}, {}, {}),
            Lines{"sasl.password :=  =a=b,  by --kafka-property"});
}

TEST(KafkaProperties, OfAnEmptyVariableAreNotSaid) {
  EXPECT_EQ(lines_of({}, {{"KAFKA_PROPERTY_SASL_PASSWORD", ""}}, {}), Lines{});
}

TEST(KafkaProperties, WithoutNameOrSignAreRefusedAndNotRepeated) {
  for (const char* wrong : {"hunter2", "=hunter2", ""}) {
    SCOPED_TRACE(wrong);
    const auto by_flag = read_kafka_properties(Lines{wrong}, {}, {});
    ASSERT_FALSE(by_flag);
    EXPECT_EQ(by_flag.error(), "--kafka-property takes NAME=VALUE");
    const auto by_file = read_kafka_properties({}, {}, Lines{wrong});
    ASSERT_FALSE(by_file);
    EXPECT_EQ(by_file.error(), "kafka-property in the settings file takes NAME=VALUE");
  }
}

TEST(KafkaProperties, AreFoundAmongTheVariablesOfTheProcess) {
  ::setenv("KAFKA_PROPERTY_CLIENT_RACK", "a=b", 1);
  const auto variables = infra::runtime::process_variables();
  ::unsetenv("KAFKA_PROPERTY_CLIENT_RACK");
  EXPECT_EQ(lines_of({}, variables, {}), Lines{"client.rack := a=b by KAFKA_PROPERTY_CLIENT_RACK"});
}

}  // namespace
