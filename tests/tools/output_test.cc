#include "tools/kartei/output.h"

#include <gtest/gtest.h>

#include <map>
#include <sstream>

namespace {

using core::Raw;
using infra::service::Problem;
using infra::service::ProblemCode;
using kartei::Answer;
using kartei::Output;

Answer seven() {
  return {Raw{std::int64_t{7}}, [](const Raw&) { return std::string{"seven\n"}; }};
}

TEST(Output, ExitStatusesAreThoseOfTheTable) {
  const std::map<std::string, int> table = {
      {"internal", 1},
      {"io", 1},
      {"corrupt", 1},
      {"log_mismatch", 1},
      {"usage", 2},
      {"not_found", 3},
      {"invalid", 4},
      {"deleted", 4},
      {"quarantined", 4},
      {"registration_changed", 4},
      {"wrong_expected_sequence", 5},
      {"already_exists", 5},
      {"command_id_reused", 5},
      {"locked", 6},
      {"rebuilding", 6},
      {"broker_unavailable", 6},
      {"timeout", 6},
      {"outcome_unknown", 6},
  };
  for (int code = 0; code <= static_cast<int>(ProblemCode::outcome_unknown); ++code) {
    const auto problem = static_cast<ProblemCode>(code);
    const std::string name{infra::service::name(problem)};
    SCOPED_TRACE(name);
    ASSERT_TRUE(table.contains(name));
    EXPECT_EQ(kartei::exit_status_of(problem), table.at(name));
  }
}

TEST(Output, SaysAnAnswerAsTextOrAsOneDocument) {
  std::ostringstream out;
  std::ostringstream err;
  Answer answer = seven();
  EXPECT_EQ((Output{false, out, err}.say(answer)), 0);
  EXPECT_EQ(out.str(), "seven\n");
  out.str("");
  answer.position = "token";
  answer.lag_events = 3;
  answer.exit_status = 7;
  EXPECT_EQ((Output{true, out, err}.say(answer)), 7);
  EXPECT_EQ(out.str(), "{\"ok\":true,\"data\":7,\"position\":\"token\",\"lag_events\":3}\n");
  EXPECT_EQ(err.str(), "");
}

TEST(Output, TellsPeopleThatAnAnswerLagsBehind) {
  std::ostringstream out;
  std::ostringstream err;
  Answer answer = seven();
  answer.lag_events = 1;
  EXPECT_EQ((Output{false, out, err}.say(answer)), 0);
  EXPECT_EQ(err.str(), "kartei: this answer has not seen the last 1 record of the log\n");
}

TEST(Output, SaysAProblemWithEveryField) {
  const Problem problem{ProblemCode::invalid,
                        "some values break a rule",
                        {{"fields", Raw{Raw::Object{{"ort", Raw{std::string{"is too long"}}}}}}}};
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ((Output{false, out, err}.say(problem)), 4);
  EXPECT_EQ(out.str(), "");
  EXPECT_EQ(err.str(), "kartei: invalid: some values break a rule\n  ort: is too long\n");
  err.str("");
  EXPECT_EQ((Output{true, out, err}.say(problem)), 4);
  EXPECT_EQ(out.str(),
            R"({"ok":false,"error":{"code":"invalid","message":"some values break a rule",)"
            R"("details":{"fields":{"ort":"is too long"}}}})"
            "\n");
  EXPECT_EQ(err.str(), "");
}

TEST(Output, ThatCannotBeWrittenIsADefect) {
  std::ostringstream out;
  std::ostringstream err;
  out.setstate(std::ios::badbit);
  EXPECT_EQ((Output{false, out, err}.say(seven())), 1);
  EXPECT_NE(err.str().find("io"), std::string::npos);
}

}  // namespace
