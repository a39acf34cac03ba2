#include <chrono>
#include <filesystem>
#include <fstream>

#include "domain/handling/partitioner.h"
#include "infra/log_embedded/directory_lock.h"
#include "infra/log_embedded/embedded_log.h"
#include "tests/rest/service.h"

// What /metrics says of a service that runs.
namespace testing_rest {
namespace {

class Figures : public Service {
 protected:
  // Asks until the metrics have all these lines, or for a minute.
  void expect_lines(const std::vector<std::string>& lines) const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes{1};
    std::string text;
    std::string missing;
    do {
      text = '\n' + ask("GET /metrics").body;
      missing.clear();
      for (const std::string& line : lines) {
        if (text.find('\n' + line + '\n') == std::string::npos) missing += line + '\n';
      }
    } while (!missing.empty() && std::chrono::steady_clock::now() < deadline);
    EXPECT_EQ(missing, "") << "in " << text;
  }
  // Puts a record of this patient into the log that nobody can read. The service has stopped.
  void append_garbage(const std::string& id) {
    using infra::log_embedded::Access;
    const infra::log_embedded::DirectoryLock lock{folder.path() / "data"};
    const auto log =
        infra::log_embedded::EmbeddedLog::open(folder.path() / "data", clock, Access::read_write);
    const auto appended = log->open_writer("")->append(
        std::vector<ports::NewRecord>{{ports::Topic::patient_events,
                                       handling::partition_of(id, ports::kPartitionsDefault),
                                       id,
                                       "garbage"}});
    ASSERT_TRUE(std::holds_alternative<ports::Committed>(appended));
  }
};

std::string of_directory(const std::string& family, const std::string& more, int value) {
  return "kartei_projection_" + family + "{projection=\"directory\"" + more + "} " +
         std::to_string(value);
}

TEST_F(Figures, AReadModelAtTheEndIsNotBehindInAnyPartition) {
  create();
  std::vector<std::string> lines{of_directory("lag_events", "", 0),
                                 of_directory("lag_seconds", "", 0),
                                 of_directory("quarantined_patients", "", 0)};
  for (std::int32_t partition = 0; partition < ports::kPartitionsDefault; ++partition) {
    const std::string label = ",partition=\"" + std::to_string(partition) + '"';
    lines.push_back(of_directory("partition_lag_events", label, 0));
    lines.push_back(of_directory("partition_lag_seconds", label, 0));
  }
  expect_lines(lines);
}

TEST_F(Figures, AQuarantinedPatientIsCountedAndNotNamed) {
  const std::string id = create();
  create();
  stop();
  append_garbage(id);
  start();
  expect_lines({of_directory("quarantined_patients", "", 1),
                R"(kartei_projection_quarantined_patients{projection="timeline"} 0)"});
}

TEST_F(Figures, ArrivingFilesAreCountedByWhatCameOfThem) {
  EXPECT_EQ(ask("GET /metrics").body.find("kartei_import_"), std::string::npos);
  std::ifstream sample{SOURCE_ROOT "/tests/data/registrations/01-sommerfeld.json"};
  const std::string good{std::istreambuf_iterator<char>{sample}, {}};
  std::filesystem::create_directory(folder.path() / "inbox");
  folder.write("inbox/1.json", good);
  folder.write("inbox/2.json", good);
  folder.write("inbox/3.json", "garbage");
  kartei::ServeOptions options;
  options.import_folder = folder.path() / "inbox";
  options.import_interval = std::chrono::seconds{1};
  start(std::move(options));
  expect_lines({R"(kartei_import_files_total{outcome="processed"} 2)",
                R"(kartei_import_files_total{outcome="failed"} 1)",
                R"(kartei_import_registrations_total{outcome="imported"} 1)",
                R"(kartei_import_registrations_total{outcome="duplicate"} 1)"});
}

}  // namespace
}  // namespace testing_rest
