#include "infra/rest/kept_answers.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "tests/rest/service.h"

// What was answered once is answered again, until a read model moves and not a moment longer.
namespace testing_rest {
namespace {

using infra::http::Response;
using infra::rest::KeptAnswers;

patient::PatientId number(std::int64_t value) { return patient::PatientId::numbered(value); }

TEST(KeptAnswers, AreGivenForTheirPatientAlone) {
  KeptAnswers kept;
  EXPECT_EQ(kept.find(number(1), 7), nullptr);
  kept.keep(number(1), 7, {.body = "one"});
  ASSERT_NE(kept.find(number(1), 7), nullptr);
  EXPECT_EQ(kept.find(number(1), 7)->body, "one");
  EXPECT_EQ(kept.find(number(2), 7), nullptr);
}

TEST(KeptAnswers, AreForgottenWhenAReadModelMoves) {
  KeptAnswers kept;
  EXPECT_EQ(kept.find(number(1), 7), nullptr);
  kept.keep(number(1), 7, {.body = "old"});
  EXPECT_EQ(kept.find(number(2), 8), nullptr);
  EXPECT_EQ(kept.find(number(1), 8), nullptr);
  EXPECT_EQ(kept.find(number(1), 7), nullptr);
}

TEST(KeptAnswers, OfAnOlderStateAreNotKept) {
  KeptAnswers kept;
  EXPECT_EQ(kept.find(number(1), 8), nullptr);
  kept.keep(number(1), 7, {.body = "old"});
  EXPECT_EQ(kept.find(number(1), 8), nullptr);
}

TEST(KeptAnswers, TakeBoundedMemory) {
  KeptAnswers kept;
  EXPECT_EQ(kept.find(number(1), 7), nullptr);
  const auto limit = static_cast<std::int64_t>(KeptAnswers::kAnswersMax);
  for (std::int64_t id = 1; id <= limit; ++id) kept.keep(number(id), 7, {.body = "one"});
  EXPECT_NE(kept.find(number(1), 7), nullptr);
  kept.keep(number(limit + 1), 7, {.body = "one too many"});
  EXPECT_EQ(kept.find(number(1), 7), nullptr);
  EXPECT_NE(kept.find(number(limit + 1), 7), nullptr);
  kept.keep(number(1), 7, {.body = std::string(KeptAnswers::kBodyBytesMax + 1, 'x')});
  EXPECT_EQ(kept.find(number(1), 7), nullptr);
}

class Asked : public Service {};

TEST_F(Asked, TheSamePatientAgainIsAnsweredTheSame) {
  create();
  const Answer first = ask("GET /api/patients/1");
  EXPECT_EQ(first.status, 200);
  for (int again = 0; again < 3; ++again) {
    const Answer answer = ask("GET /api/patients/1");
    EXPECT_EQ(answer.body, first.body);
    for (const char* header : {"etag", "kartei-position", "kartei-lag-events", "content-type"})
      EXPECT_EQ(answer.header(header), first.header(header)) << header;
  }
  EXPECT_EQ(ask("GET /api/patients/1", "", "If-None-Match: \"1\"\r\n").status, 304);
  EXPECT_EQ(ask("GET /api/patients/1").status, 200);
  EXPECT_EQ(ask("GET /api/patients/2").status, 404);
}

TEST_F(Asked, WhatAReadModelShowsIsWhatEverybodyIsAnswered) {
  create();
  for (int round = 0; round < 50; ++round) {
    const std::string ort = "Ort " + std::to_string(round);
    const Answer moved = ask("PUT /api/patients/1", R"({"ort":")" + ort + "\"}");
    const Answer waited = ask("GET /api/patients/1", "", waiting_for(moved));
    EXPECT_EQ(at(waited, "ort"), '"' + ort + '"');
    const Answer plain = ask("GET /api/patients/1");
    EXPECT_EQ(at(plain, "ort"), '"' + ort + '"');
    const Answer again = ask("GET /api/patients/1");
    EXPECT_EQ(again.body, plain.body);
  }
}

TEST_F(Asked, EverybodyWhoWasShownAPatientIsNoted) {
  stop();
  kartei::ServeOptions options;
  options.read_log = folder.path() / "read.log";
  start(std::move(options));
  create();
  for (int again = 0; again < 5; ++again) EXPECT_EQ(ask("GET /api/patients/1").status, 200);
  stop();
  std::ifstream reads{folder.path() / "read.log"};
  const auto lines = std::count(std::istreambuf_iterator{reads}, {}, '\n');
  EXPECT_EQ(lines, 7);  // create() is answered with the patient, and looks at it as well.
}

}  // namespace
}  // namespace testing_rest
