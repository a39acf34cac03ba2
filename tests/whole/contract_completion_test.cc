#include <gtest/gtest.h>

#include "tests/whole/process.h"

// The completion script in a real bash, as it is after `source <(kartei completion bash)`.
namespace {

using whole::Place;
using whole::Words;

// What bash would offer after `words`, the last of them half typed.
std::string offered(Place& place, const Words& words) {
  const std::string script = place.write("completion", place.run({"completion", "bash"}).out);
  const std::string answer = place.write("offered", "");
  std::string line = "set -eu; source " + script + "; COMP_WORDS=(kartei";
  for (const std::string& word : words) line += " '" + word + "'";
  line += "); COMP_CWORD=" + std::to_string(words.size()) +
          "; _kartei; printf '%s ' \"${COMPREPLY[@]}\" > " + answer;
  const int status = std::system(("bash -c \"$(cat " + place.write("line", line) + ")\"").c_str());
  EXPECT_EQ(status, 0) << line;
  return whole::bytes_of(answer);
}

TEST(Completion, OffersNounsVerbsAndOptionsInARealShell) {
  Place place;
  EXPECT_EQ(offered(place, {"pat"}), "patient ");
  EXPECT_EQ(offered(place, {"patient", "ex"}), "exclude ");
  EXPECT_EQ(offered(place, {"patient", "exclude", "--reas"}), "--reason ");
  EXPECT_EQ(offered(place, {"--json", "query", "status-"}), "status-durations status-summary ");
  EXPECT_EQ(offered(place, {"patient", "show", "--he"}), "--help ") << "once";
  EXPECT_EQ(offered(place, {"--data", "x", "patient", "show", "7", "--as"}), "--as-of ");
}

}  // namespace
