#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ports/clock.h"
#include "infra/ingest/arrivals.h"
#include "infra/ingest/import_report.h"
#include "infra/ingest/importer.h"

namespace infra::ingest {

// Takes in registrations that arrive as files. What is good goes to `processed/`, the same
// registration once more too; what is refused goes to `failed/`, with the reason beside it:
// {"file", "code", "message", "at"}, where the message names every wrong key and repeats no value.
//
// A file is taken when two looks have shown it the same (Arrival::version): until then it may be
// half-written. It is put away only after it is in the log, and the log knows registrations by
// their identity, so that a process may be killed anywhere: the file is then a duplicate.
//
// Broken machinery (nobody may write, no disk, no broker, outcome unknown) puts no file away, and
// neither does a quarantined patient, whose registrations cannot be known: the next look goes on.
//
// One thread looks; any may ask for the report.
class ImportMonitor {
 public:
  static constexpr std::size_t kFilesMax = 10'000;  // in one round: the first ones by name
  static constexpr std::size_t kBatchFilesMax = 100;
  static constexpr std::int64_t kBatchBytesMax = 16 * 1024 * 1024;

  // All must outlive it; `ids` and `handle` are used by the thread that looks.
  struct Given {
    Arrivals& arrivals;
    ports::Clock& clock;
    ports::Ids& ids;
    Importer::Handle handle;          // the writer
    std::chrono::days retention{30};  // of processed files; 0: for ever
    // A line for the operator, without names.
    std::function<void(std::string_view)> notice = [](std::string_view) {};
    std::string place = "import folder";  // ImportReport::place
  };
  explicit ImportMonitor(Given given);

  struct Round {
    std::int64_t imported = 0;    // patients
    std::int64_t duplicates = 0;  // registrations that the log knew
    std::int64_t failed = 0;      // files that were put to `failed/`
    std::int64_t left = 0;        // files that are still there
    std::int64_t removed = 0;     // processed files, after their time
  };
  using Stop = std::function<bool()>;
  // Looks once and takes what is ready; `stop` ends it between two batches. Throws nothing that
  // `arrivals` or `handle` throws: that is in the report.
  Round round(const Stop& stop = [] { return false; });

  // Whether somebody looks, again and again. Any thread.
  void set_running(bool running);
  // Any thread.
  [[nodiscard]] ImportReport report() const;

 private:
  [[nodiscard]] std::vector<Arrival> look(Round& round);
  void take(std::span<const Arrival> batch, Round& round);
  void put_away(const Arrival& arrival, const Refused* refused, Round& round);
  void fail(const Arrival& arrival, std::string_view code, std::string_view message, Round& round);
  void sweep(Round& round);
  void guarded(const std::function<void()>& step);
  void trouble(std::string text);
  void error(std::string text);
  void say(const Round& round);

  Given given_;
  std::map<std::string, std::string> looked_;  // at the last look: version by name
  std::optional<core::Timestamp> swept_at_;
  std::vector<std::string> troubles_;  // of this round
  std::vector<std::string> said_;      // the last round's, which were told already
  mutable std::mutex mutex_;           // for the next one
  ImportReport report_;
};

}  // namespace infra::ingest
