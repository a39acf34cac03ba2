#include "tools/kartei/config_file.h"

#include <gtest/gtest.h>

#include "tests/tools/program.h"
#include "tools/kartei/answer.h"

namespace {

using tests::Program;
using tests::TemporaryFolder;

TEST(ConfigFile, IsReadAsToml) {
  const TemporaryFolder folder;
  const std::string file = folder.write("kartei.toml",
                                        "# where\n"
                                        "data = \"/srv/kartei\"\n"
                                        "import-check-interval = 60\n"
                                        "kafka-enabled = false\n"
                                        "[other]\n"
                                        "data = \"x\"\n");
  const infra::runtime::GivenSettings expected = {{"data", "/srv/kartei"},
                                                  {"import-check-interval", "60"},
                                                  {"kafka-enabled", "false"},
                                                  {"other.data", "x"}};
  EXPECT_EQ(kartei::read_config_file(file).settings, expected);
}

TEST(ConfigFile, IsDeclinedWhenItCannotBeUnderstood) {
  const TemporaryFolder folder;
  EXPECT_THROW(static_cast<void>(kartei::read_config_file(folder.path() / "none")),
               kartei::Declined);
  EXPECT_THROW(static_cast<void>(kartei::read_config_file(folder.path())), kartei::Declined);
  for (const char* wrong : {"data = [\"a\", \"b\"]\n", "data = \"a\"\ndata = \"b\"\n"}) {
    SCOPED_TRACE(wrong);
    const std::string file = folder.write("wrong.toml", wrong);
    EXPECT_THROW(static_cast<void>(kartei::read_config_file(file)), kartei::Declined);
  }
}

TEST(ConfigFile, HasTheKafkaClientsPropertiesAsAList) {
  const TemporaryFolder folder;
  const std::string one = folder.write("one.toml", "kafka-property = \"debug=broker\"\n");
  EXPECT_EQ(kartei::read_config_file(one).kafka_properties,
            (std::vector<std::string>{"debug=broker"}));
  const std::string list = folder.write(
      "list.toml", "kafka-property = [\"sasl.username=a\", \"sasl.password=b, c=d\"]\n");
  EXPECT_EQ(kartei::read_config_file(list).kafka_properties,
            (std::vector<std::string>{"sasl.username=a", "sasl.password=b, c=d"}));
}

TEST(ConfigFile, WithAnUnknownKeyIsUsage) {
  const Program program;
  const std::string file = program.folder().write("kartei.toml", "dta = \"x\"\n");
  const auto ran = program.run({"--config", file, "patient", "list"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_NE(ran.err.find("unknown key: dta"), std::string::npos) << ran.err;
}

TEST(ConfigFile, LosesAgainstTheEnvironment) {
  const Program program;  // Sets KARTEI_DATA.
  const std::string file = program.folder().write("kartei.toml", "data = \"\"\n");
  EXPECT_EQ(program.run({"--config", file, "version"}).status, 0);
}

}  // namespace
