#include <gtest/gtest.h>

#include <iostream>

#include "tests/rest/clients/served.h"

namespace {

TEST(Clients, OneWrittenFromTheDocumentAloneDoesAMorningsWork) {
  whole::Place place;
  testing_rest::Served served{place};
  for (int morning = 0; morning < 2; ++morning) {
    const whole::Ran ran = testing_rest::morning(served.url());
    EXPECT_EQ(ran.status, 0) << ran.out;
    std::cout << ran.out;
  }
  EXPECT_EQ(served.stop().status, 0);
}

}  // namespace
