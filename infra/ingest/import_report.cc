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
  if (!report.running) complaints.push_back("the " + report.place + " is not being looked at");
  const auto files = static_cast<std::int64_t>(report.recent.size());
  const std::int64_t failed = std::count(report.recent.begin(), report.recent.end(), true);
  if (files >= kRecentMin && 2 * failed > files) {
    complaints.push_back(std::to_string(failed) + " of the last " + std::to_string(files) +
                         " files failed");
  }
  const auto looked = report.last_check ? report.last_check : report.running_since;
  if (looked && now - *looked > kCheckAgeMax) {
    complaints.push_back("the last look at the " + report.place + " is more than an hour ago");
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

Raw to_raw(std::span<const ImportReport> reports, core::Timestamp now) {
  ImportReport all;
  all.running = !reports.empty();
  Raw::Array issues;
  for (const ImportReport& one : reports) {
    all.running = all.running && one.running;
    all.last_check =
        &one == &reports.front() ? one.last_check : std::min(all.last_check, one.last_check);
    if (one.day == core::day_of(now)) {
      all.processed += one.processed;
      all.failed += one.failed;
    }
    if (one.last_error_at && (!all.last_error_at || *all.last_error_at < *one.last_error_at)) {
      all.last_error = one.last_error;
      all.last_error_at = one.last_error_at;
    }
    all.last_success = std::max(all.last_success, one.last_success);
    if (one.free_bytes) all.free_bytes = one.free_bytes;
    for (std::string& why : complaints_about(one, now)) issues.push_back(Raw{std::move(why)});
    for (const std::string& issue : one.issues) issues.push_back(Raw{issue});
  }
  return Raw{
      Raw::Object{{"monitor_running", Raw{all.running}},
                  {"last_check", raw(all.last_check)},
                  {"files_processed_today", Raw{all.processed}},
                  {"files_failed_today", Raw{all.failed}},
                  {"last_error", all.last_error ? Raw{*all.last_error} : Raw{Raw::Null{}}},
                  {"last_error_time", raw(all.last_error_at)},
                  {"issues", Raw{std::move(issues)}},
                  {"last_successful_import", raw(all.last_success)},
                  {"free_disk_bytes", all.free_bytes ? Raw{*all.free_bytes} : Raw{Raw::Null{}}}}};
}

}  // namespace infra::ingest
