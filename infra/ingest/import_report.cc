#include "infra/ingest/import_report.h"

#include <algorithm>
#include <utility>

namespace infra::ingest {
namespace {

using core::Raw;

constexpr std::int64_t kRecentMin = 5;  // files, before they say anything
constexpr std::chrono::hours kCheckAgeMax{1};

std::vector<std::string> complaints_about(const ImportReport& report, core::Timestamp now) {
  std::vector<std::string> complaints;
  if (!report.running) complaints.emplace_back("the import folder is not being looked at");
  const auto files = static_cast<std::int64_t>(report.recent.size());
  const std::int64_t failed = std::count(report.recent.begin(), report.recent.end(), true);
  if (files >= kRecentMin && 2 * failed > files) {
    complaints.push_back(std::to_string(failed) + " of the last " + std::to_string(files) +
                         " files failed");
  }
  const auto looked = report.last_check ? report.last_check : report.running_since;
  if (looked && now - *looked > kCheckAgeMax) {
    complaints.emplace_back("the last look at the import folder is more than an hour ago");
  }
  return complaints;
}

Raw raw(const std::optional<core::Timestamp>& at) {
  return at ? Raw{core::format(*at)} : Raw{Raw::Null{}};
}

}  // namespace

void ImportReport::count(bool file_failed, core::Timestamp at) {
  if (day != core::day_of(at)) {
    day = core::day_of(at);
    processed = 0;
    failed = 0;
  }
  ++(file_failed ? failed : processed);
  ++(file_failed ? failed_ever : processed_ever);
  recent.push_back(file_failed);
  if (recent.size() > kRecentMax) recent.pop_front();
  if (!file_failed) last_success = at;
}

ImportHealth health_of(const ImportReport& report, core::Timestamp now) {
  return complaints_about(report, now).empty() ? ImportHealth::healthy : ImportHealth::unhealthy;
}

Raw to_raw(const ImportReport& report, core::Timestamp now) {
  const bool today = report.day == core::day_of(now);
  Raw::Array issues;
  for (std::string& why : complaints_about(report, now)) issues.push_back(Raw{std::move(why)});
  for (const std::string& issue : report.issues) issues.push_back(Raw{issue});
  return Raw{Raw::Object{
      {"monitor_running", Raw{report.running}},
      {"last_check", raw(report.last_check)},
      {"files_processed_today", Raw{today ? report.processed : std::int64_t{0}}},
      {"files_failed_today", Raw{today ? report.failed : std::int64_t{0}}},
      {"last_error", report.last_error ? Raw{*report.last_error} : Raw{Raw::Null{}}},
      {"last_error_time", raw(report.last_error_at)},
      {"issues", Raw{std::move(issues)}},
      {"last_successful_import", raw(report.last_success)},
      {"free_disk_bytes", report.free_bytes ? Raw{*report.free_bytes} : Raw{Raw::Null{}}}}};
}

}  // namespace infra::ingest
