#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "infra/codec/json.h"
#include "tests/rest/clients/served.h"

namespace {

std::string set_or(const char* variable, const char* otherwise) {
  const char* value = std::getenv(variable);
  return value == nullptr ? otherwise : value;
}

class Fuzz : public ::testing::Test {
 protected:
  Fuzz() {
    EXPECT_EQ(place.json({"import", "registrations", whole::sample("registrations")}).status, 0);
  }
  // Sends what the document of the service calls right, and what it calls wrong. `examples`: of
  // each operation, drawn at random.
  void fuzz(const whole::Words& options, const std::string& examples, const std::string& token) {
    const std::string seed = set_or("KARTEI_FUZZ_SEED", "20260201");
    testing_rest::Served served{place, options};
    std::cout << "seed " << seed << std::endl;
    const whole::Ran ran = testing_rest::run_command(
        std::string{SOURCE_ROOT} + "/tests/rest/fuzz/fuzz " + served.url() + ' ' + seed + ' ' +
        set_or("KARTEI_FUZZ_EXAMPLES", examples.c_str()) + ' ' + place.folder().string() + ' ' +
        token);
    EXPECT_EQ(ran.status, 0) << ran.out;
    const std::size_t sum = ran.out.rfind("Test cases:");
    std::cout << ran.out.substr(sum == std::string::npos ? 0 : sum);
    EXPECT_EQ(served.stop().status, 0);
  }

  whole::Place place;
};

TEST_F(Fuzz, TheServiceAnswersWhateverIsSentAsItsDocumentSays) { fuzz({}, "80", ""); }

TEST_F(Fuzz, TheServiceDoesSoAlsoForAnOperatorWithAToken) {
  const whole::Ran made = place.json({"token", "fuzz", "operator"});
  const auto text_at = [&](const std::string& path) {
    return *infra::codec::read_json(made.at(path)).value().as<std::string>();
  };
  const std::string file = place.write("tokens", text_at("data.line") + '\n');
  std::filesystem::permissions(file, std::filesystem::perms{0600});
  const std::string reads = (place.folder() / "reads.log").string();
  fuzz({"--tokens", file, "--read-log", reads}, "20", text_at("data.token"));
  // Or every answer was a 401, which the document knows as well.
  EXPECT_NE(whole::bytes_of(reads).find(R"("actor":"fuzz")"), std::string::npos);
}

}  // namespace
