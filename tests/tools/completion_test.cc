#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/tools/program.h"

namespace {

using tests::Program;

TEST(Completion, KnowsVerbsAndOptionsOfTheTree) {
  const auto ran = Program{}.run({"completion", "bash"});
  EXPECT_EQ(ran.status, 0);
  for (const char* part : {"\" patient show\") words=\"",
                           " contacts exclusions letzter-kontakt ",
                           " --no-cutover ",
                           " --json ",
                           "complete -o default -F _kartei kartei\n"}) {
    EXPECT_NE(ran.out.find(part), std::string::npos) << part << '\n' << ran.out;
  }
}

// Asks bash itself what it would offer after `kartei --json projection re`.
TEST(Completion, OffersInBashWhatMayComeNext) {
  const Program program;
  const std::string script = program.folder().write(
      "complete.sh",
      program.run({"completion", "bash"}).out +
          "COMP_WORDS=(kartei --json projection re); COMP_CWORD=3; _kartei\n"
          "[ \"${COMPREPLY[*]}\" = rebuild ] || exit 1\n"
          "COMP_WORDS=(kartei projection rebuild --no); COMP_CWORD=3; _kartei\n"
          "[ \"${COMPREPLY[*]}\" = --no-cutover ] || exit 2\n"
          "COMP_WORDS=(kartei pat); COMP_CWORD=1; _kartei\n"
          "[ \"${COMPREPLY[*]}\" = patient ] || exit 3\n");
  EXPECT_EQ(std::system(("bash '" + script + "'").c_str()), 0);
}

}  // namespace
