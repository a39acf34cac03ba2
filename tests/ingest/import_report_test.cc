#include "infra/ingest/import_report.h"

#include <gtest/gtest.h>

#include "infra/codec/json.h"
#include "tests/domain/given.h"
#include "tests/ingest/monitor_world.h"

namespace {

using infra::ingest::health_of;
using infra::ingest::ImportHealth;
using infra::ingest::ImportReport;
using std::chrono::hours;
using std::chrono::seconds;
using tests::kNow;

ImportReport running() {
  ImportReport report;
  report.running = true;
  report.running_since = kNow;
  report.last_check = kNow;
  return report;
}

ImportReport after(int failed, int processed) {
  ImportReport report = running();
  for (int file = 0; file < failed; ++file) report.count(true, kNow);
  for (int file = 0; file < processed; ++file) report.count(false, kNow);
  return report;
}

std::string shown(const ImportReport& report, core::Timestamp now) {
  return infra::codec::write_json(infra::ingest::to_raw({&report, 1}, now));
}

TEST(ImportHealth, NeedsSomebodyWhoLooks) {
  EXPECT_EQ(health_of(running(), kNow), ImportHealth::healthy);
  ImportReport report = running();
  report.running = false;
  EXPECT_EQ(health_of(report, kNow), ImportHealth::unhealthy);
  EXPECT_EQ(health_of(ImportReport{}, kNow), ImportHealth::unhealthy);
}

TEST(ImportHealth, NeedsALookWithinAnHour) {
  EXPECT_EQ(health_of(running(), kNow + hours{1}), ImportHealth::healthy);
  EXPECT_EQ(health_of(running(), kNow + hours{1} + seconds{1}), ImportHealth::unhealthy);
  ImportReport never = running();
  never.last_check.reset();
  EXPECT_EQ(health_of(never, kNow + hours{1}), ImportHealth::healthy);
  EXPECT_EQ(health_of(never, kNow + hours{1} + seconds{1}), ImportHealth::unhealthy);
}

TEST(ImportHealth, SuffersWhenMoreThanHalfOfTheLastFilesFailed) {
  struct Row {
    int failed;
    int processed;
    ImportHealth health;
  };
  const std::vector<Row> rows = {
      {0, 0, ImportHealth::healthy},
      {4, 0, ImportHealth::healthy},
      {5, 0, ImportHealth::unhealthy},
      {3, 3, ImportHealth::healthy},
      {4, 3, ImportHealth::unhealthy},
      {11, 9, ImportHealth::unhealthy},
      {10, 10, ImportHealth::healthy},
      {100, 9, ImportHealth::unhealthy},
      {100, 10, ImportHealth::healthy},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(std::to_string(row.failed) + " failed, " + std::to_string(row.processed));
    EXPECT_EQ(health_of(after(row.failed, row.processed), kNow), row.health);
  }
}

TEST(ImportReport, CountsTheFilesOfToday) {
  ImportReport report = after(1, 2);
  EXPECT_NE(shown(report, kNow).find("\"files_processed_today\":2,\"files_failed_today\":1"),
            std::string::npos);
  EXPECT_NE(shown(report, kNow + hours{24}).find("\"files_processed_today\":0"), std::string::npos);
  report.count(false, kNow + hours{24});
  EXPECT_NE(
      shown(report, kNow + hours{24}).find("\"files_processed_today\":1,\"files_failed_today\":0"),
      std::string::npos);
}

TEST(ImportReport, HasTheShapeThatOtherServicesExpect) {
  EXPECT_EQ(shown(ImportReport{}, kNow),
            R"({"monitor_running":false,"last_check":null,"files_processed_today":0,)"
            R"("files_failed_today":0,"last_error":null,"last_error_time":null,)"
            R"("issues":["the import folder is not being looked at"],)"
            R"("last_successful_import":null,"free_disk_bytes":null})");
  ImportReport report = after(0, 1);
  report.last_error = "io: no";
  report.last_error_at = kNow;
  report.issues = {"io: no"};
  report.free_bytes = 7;
  EXPECT_EQ(shown(report, kNow),
            R"({"monitor_running":true,"last_check":"2026-03-02T10:00:00Z",)"
            R"("files_processed_today":1,"files_failed_today":0,"last_error":"io: no",)"
            R"("last_error_time":"2026-03-02T10:00:00Z","issues":["io: no"],)"
            R"("last_successful_import":"2026-03-02T10:00:00Z","free_disk_bytes":7})");
}

TEST(ImportReport, OfAMonitorSaysWhatItDid) {
  tests::MonitorWorld world;
  world.monitor->set_running(true);
  world.put_sample("registrations/01-sommerfeld.json");
  for (const std::string& path : tests::samples_in("registrations-bad")) world.put_sample(path);
  world.two_rounds();
  const ImportReport report = world.monitor->report();
  EXPECT_EQ(report.processed, 1);
  EXPECT_EQ(report.failed, 8);
  EXPECT_EQ(report.last_check, kNow);
  EXPECT_EQ(report.last_success, kNow);
  EXPECT_EQ(report.last_error_at, kNow);
  EXPECT_TRUE(report.issues.empty());
  EXPECT_EQ(health_of(report, kNow), ImportHealth::unhealthy);
  EXPECT_NE(shown(report, kNow).find("8 of the last 9 files failed"), std::string::npos);
}

TEST(ImportReport, OfTwoPlacesSaysWhatHoldsForBoth) {
  ImportReport folder = after(1, 2);
  folder.last_error = "old";
  folder.last_error_at = kNow - seconds{2};
  folder.free_bytes = 7;
  ImportReport bucket = after(0, 4);
  bucket.place = "import bucket";
  bucket.running = false;
  bucket.last_check = kNow - seconds{9};
  bucket.last_error = "new";
  bucket.last_error_at = kNow - seconds{1};
  const auto shown_of = [](const std::vector<ImportReport>& reports) {
    return infra::codec::write_json(infra::ingest::to_raw(reports, kNow));
  };
  const std::string both = shown_of({folder, bucket});
  for (const std::string part : {R"("monitor_running":false)",
                                 R"("files_processed_today":6)",
                                 R"("files_failed_today":1)",
                                 R"("last_error":"new")",
                                 R"("issues":["the import bucket is not being looked at"])",
                                 R"("free_disk_bytes":7)"}) {
    EXPECT_NE(both.find(part), std::string::npos) << part << " is not in " << both;
  }
  const std::string oldest = "\"last_check\":\"" + core::format(kNow - seconds{9}) + '"';
  EXPECT_NE(both.find(oldest), std::string::npos) << both;
  bucket.last_check.reset();
  EXPECT_NE(shown_of({folder, bucket}).find("\"last_check\":null"), std::string::npos);
  EXPECT_EQ(shown_of({bucket, folder}).find("\"last_check\":\""), std::string::npos);
}

}  // namespace
