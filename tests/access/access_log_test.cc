#include "infra/access/access_log.h"

#include <gtest/gtest.h>

#include "tests/access/scratch.h"

namespace {

using infra::access::AccessLog;
using infra::access::ReadLog;
using testing_access::bytes_of;
using testing_access::Scratch;

const core::Timestamp kNow = *core::parse_timestamp("2026-02-01T09:00:00.25Z");

TEST(AccessLog, HasALineForEachExchange) {
  const Scratch folder;
  AccessLog log{folder / "access", {}};
  log.record({.at = kNow,
              .method = "GET",
              .route = "/api/patients/{id}",
              .actor = "Empfang \"Süd\"",
              .status = 200,
              .bytes = 1234,
              .duration = std::chrono::microseconds{1500},
              .remote = "10.0.0.7"});
  log.record({.at = kNow, .method = "", .route = "", .status = 400});
  log.flush();
  EXPECT_EQ(bytes_of(folder / "access"),
            R"({"at":"2026-02-01T09:00:00.250000Z","method":"GET","route":"/api/patients/{id}",)"
            R"("actor":"Empfang \"Süd\"","status":200,"bytes":1234,"milliseconds":1.5,)"
            R"("remote":"10.0.0.7"})"
            "\n"
            R"({"at":"2026-02-01T09:00:00.250000Z","method":"other","route":null,)"
            R"("actor":null,"status":400,"bytes":0,"milliseconds":0.0})"
            "\n");
}

TEST(AccessLog, DoesNotRepeatAMethodThatAClientMadeUp) {
  const Scratch folder;
  AccessLog log{folder / "access", {}};
  log.record({.at = kNow, .method = "CANARY", .route = "", .status = 405});
  log.flush();
  EXPECT_EQ(bytes_of(folder / "access").find("CANARY"), std::string::npos);
}

TEST(ReadLog, SaysWhoWasShownWhom) {
  const Scratch folder;
  ReadLog log{folder / "reads", {}};
  log.record({.at = kNow,
              .actor = "Empfang \"Süd\"",
              .patient = patient::PatientId::numbered(7),
              .what = "history",
              .correlation_id = "0b2d0a4e-6f3c-4a30-9f6b-0f3f5a6d7c11"});
  log.record({.at = kNow,
              .actor = "Empfang",
              .patient = *patient::PatientId::parse("elsewhere.1"),
              .what = "patient"});
  log.flush();
  EXPECT_EQ(bytes_of(folder / "reads"),
            R"({"at":"2026-02-01T09:00:00.250000Z","actor":"Empfang \"Süd\"","patient_id":7,)"
            R"("what":"history","correlation_id":"0b2d0a4e-6f3c-4a30-9f6b-0f3f5a6d7c11"})"
            "\n"
            R"({"at":"2026-02-01T09:00:00.250000Z","actor":"Empfang",)"
            R"("patient_id":"elsewhere.1","what":"patient"})"
            "\n");
}

}  // namespace
