#include "infra/ingest/import_monitor.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "domain/core/broken.h"
#include "domain/core/text.h"
#include "infra/codec/digest.h"
#include "infra/codec/json.h"

namespace infra::ingest {
namespace {

using core::Raw;

constexpr const char* kActor = "import";
constexpr std::string_view kInvalid = "invalid";
constexpr std::size_t kDigestDigits = 12;
constexpr std::chrono::hours kSweepInterval{1};

// What stands for a file's name where the name may not.
std::string digest_of(const Arrival& arrival) {
  return codec::sha256_hex(arrival.name).substr(0, kDigestDigits);
}

// A name of bytes that are no text has none of them in a document.
std::string as_text(std::string name) {
  if (core::count_characters(name)) return name;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) > 127; }, '?');
  return name;
}

std::string_view name_of(core::Breakage kind) {
  switch (kind) {
    case core::Breakage::io: return "io";
    case core::Breakage::corrupt: return "corrupt";
    case core::Breakage::log_mismatch: return "log_mismatch";
    case core::Breakage::locked: return "locked";
    case core::Breakage::broker_unavailable: return "broker_unavailable";
  }
  return "internal";
}

// The batches of a round, one after another: so many files, or so many bytes.
std::size_t batch_size(std::span<const Arrival> files) {
  std::size_t count = 0;
  std::int64_t bytes = 0;
  while (count < files.size() && count < ImportMonitor::kBatchFilesMax) {
    bytes += files[count].bytes;
    if (count > 0 && bytes > ImportMonitor::kBatchBytesMax) break;
    ++count;
  }
  return count;
}

}  // namespace

ImportMonitor::ImportMonitor(Given given) : given_(std::move(given)) {
  report_.place = given_.place;
}

ImportMonitor::Round ImportMonitor::round(const Stop& stop) {
  Round round;
  troubles_.clear();
  guarded([&] {
    const std::vector<Arrival> ready = look(round);
    std::span<const Arrival> rest{ready};
    while (!rest.empty() && !stop()) {
      const std::size_t count = batch_size(rest);
      take(rest.first(count), round);
      rest = rest.subspan(count);
    }
  });
  guarded([&] {
    if (!stop()) sweep(round);
  });
  std::optional<std::int64_t> free_bytes;
  guarded([&] { free_bytes = given_.arrivals.free_bytes(); });
  {
    const std::lock_guard lock{mutex_};
    report_.free_bytes = free_bytes;
    report_.issues.assign(troubles_.begin(),
                          troubles_.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                  troubles_.size(), ImportReport::kIssuesMax)));
  }
  say(round);
  return round;
}

void ImportMonitor::set_running(bool running) {
  const auto now = given_.clock.now();
  const std::lock_guard lock{mutex_};
  report_.running = running;
  report_.running_since = running ? std::optional{now} : std::nullopt;
}

ImportReport ImportMonitor::report() const {
  const std::lock_guard lock{mutex_};
  return report_;
}

// What is ready to be taken, in the order of the names.
std::vector<Arrival> ImportMonitor::look(Round& round) {
  std::map<std::string, Arrival> seen;
  given_.arrivals.list(Shelf::arrived, [&](const Arrival& arrival) {
    ++round.left;
    seen.insert_or_assign(arrival.name, arrival);
    if (seen.size() > kFilesMax) seen.erase(std::prev(seen.end()));
  });
  std::vector<Arrival> ready;
  std::map<std::string, std::string> looked;
  for (auto& [name, arrival] : seen) {
    looked.emplace(name, arrival.version);
    const auto before = looked_.find(name);
    if (before != looked_.end() && before->second == arrival.version) {
      ready.push_back(std::move(arrival));
    }
  }
  looked_ = std::move(looked);
  const auto now = given_.clock.now();
  const std::lock_guard lock{mutex_};
  report_.last_check = now;
  return ready;
}

void ImportMonitor::take(std::span<const Arrival> batch, Round& round) {
  Importer importer{Content::registrations, kActor, given_.ids, given_.handle};
  std::vector<const Arrival*> added;
  for (const Arrival& arrival : batch) {
    guarded([&] {
      if (arrival.bytes > static_cast<std::int64_t>(codec::kJsonBytesMax)) {
        return fail(arrival,
                    kInvalid,
                    "is larger than " + std::to_string(codec::kJsonBytesMax) + " bytes",
                    round);
      }
      auto bytes = given_.arrivals.read(arrival);
      if (!bytes) return;
      importer.add({"", 0, std::move(*bytes)});
      added.push_back(&arrival);
    });
  }
  importer.finish();
  const Summary& summary = importer.summary();
  round.imported += summary.imported;
  round.duplicates += summary.duplicates;
  if (const auto warning = summary.warning()) given_.notice("import: " + *warning);
  {
    const std::lock_guard lock{mutex_};
    report_.imported_ever += summary.imported;
    report_.duplicates_ever += summary.duplicates;
  }
  std::vector<const Refused*> refused(added.size(), nullptr);
  for (const Refused& one : summary.refused) refused[one.number] = &one;
  for (std::size_t at = 0; at < added.size(); ++at) {
    guarded([&] { put_away(*added[at], refused[at], round); });
  }
}

void ImportMonitor::put_away(const Arrival& arrival, const Refused* refused, Round& round) {
  if (refused != nullptr && refused->code == name(patient::RefusalCode::quarantined)) {
    return trouble("quarantined: registrations wait until the quarantined patient is repaired");
  }
  if (refused != nullptr) return fail(arrival, refused->code, refused->message, round);
  if (!given_.arrivals.accept(arrival)) return;
  --round.left;
  const auto now = given_.clock.now();
  const std::lock_guard lock{mutex_};
  report_.count(false, now);
}

void ImportMonitor::fail(const Arrival& arrival,
                         std::string_view code,
                         std::string_view message,
                         Round& round) {
  const auto now = given_.clock.now();
  const Raw reason{Raw::Object{{"file", Raw{as_text(arrival.name)}},
                               {"code", Raw{std::string{code}}},
                               {"message", Raw{std::string{message}}},
                               {"at", Raw{core::format(now)}}}};
  if (!given_.arrivals.reject(arrival, codec::write_json_pretty(reason))) return;
  --round.left;
  ++round.failed;
  const std::string what = "file " + digest_of(arrival) + " was refused: " + std::string{code};
  given_.notice("import: " + what);
  error(what);
  const std::lock_guard lock{mutex_};
  report_.count(true, now);
}

// Processed files whose time is over, as many as one round may have.
void ImportMonitor::sweep(Round& round) {
  if (given_.retention <= std::chrono::days{0}) return;
  const auto now = given_.clock.now();
  if (swept_at_ && *swept_at_ <= now && now < *swept_at_ + kSweepInterval) return;
  std::vector<Arrival> old;
  given_.arrivals.list(Shelf::processed, [&](const Arrival& file) {
    if (old.size() < kFilesMax && file.modified + given_.retention < now) old.push_back(file);
  });
  for (const Arrival& file : old) {
    guarded([&] {
      given_.arrivals.remove_processed(file);
      ++round.removed;
    });
  }
  if (old.size() < kFilesMax) swept_at_ = now;
}

// What goes wrong ends the step, and is in the report.
void ImportMonitor::guarded(const std::function<void()>& step) {
  try {
    step();
  } catch (const core::Broken& broken) {
    trouble(std::string{name_of(broken.kind())} + ": " + broken.what());
  } catch (const OutcomeUnknownError& unknown) {
    trouble(std::string{"outcome_unknown: "} + unknown.what());
  } catch (const std::exception&) {
    trouble("internal: a step of the import broke off");  // its text could say anything
  }
}

void ImportMonitor::trouble(std::string text) {
  if (std::find(troubles_.begin(), troubles_.end(), text) != troubles_.end()) return;
  error(text);
  troubles_.push_back(std::move(text));
}

void ImportMonitor::error(std::string text) {
  const auto now = given_.clock.now();
  const std::lock_guard lock{mutex_};
  report_.last_error = std::move(text);
  report_.last_error_at = now;
}

// What is news: a trouble that stays is told once.
void ImportMonitor::say(const Round& round) {
  for (const std::string& one : troubles_) {
    if (std::find(said_.begin(), said_.end(), one) != said_.end()) continue;
    given_.notice("import: " + one);
  }
  said_ = troubles_;
  if (round.imported + round.duplicates + round.failed + round.removed == 0) return;
  given_.notice("import: " + std::to_string(round.imported) + " imported, " +
                std::to_string(round.duplicates) + " known already, " +
                std::to_string(round.failed) + " refused, " + std::to_string(round.left) +
                " left, " + std::to_string(round.removed) + " removed after their time");
}

}  // namespace infra::ingest
