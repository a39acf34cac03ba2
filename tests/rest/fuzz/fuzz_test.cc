#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "tests/rest/clients/served.h"

namespace {

std::string set_or(const char* variable, const char* otherwise) {
  const char* value = std::getenv(variable);
  return value == nullptr ? otherwise : value;
}

TEST(Fuzz, TheServiceAnswersWhateverIsSentAsItsDocumentSays) {
  const std::string seed = set_or("KARTEI_FUZZ_SEED", "20260201");
  const std::string examples = set_or("KARTEI_FUZZ_EXAMPLES", "80");
  whole::Place place;
  ASSERT_EQ(place.json({"import", "registrations", whole::sample("registrations")}).status, 0);
  testing_rest::Served served{place};
  std::cout << "seed " << seed << std::endl;
  const whole::Ran ran = testing_rest::run_command(std::string{SOURCE_ROOT} +
                                                   "/tests/rest/fuzz/fuzz " + served.url() + ' ' +
                                                   seed + ' ' + examples + ' ' +
                                                   place.folder().string());
  EXPECT_EQ(ran.status, 0) << ran.out;
  std::cout << ran.out.substr(ran.out.rfind("Test cases:") == std::string::npos
                                  ? 0
                                  : ran.out.rfind("Test cases:"));
  EXPECT_EQ(served.stop().status, 0);
}

}  // namespace
