#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/core/raw.h"
#include "domain/handling/submission.h"
#include "domain/ports/clock.h"
#include "infra/ingest/intake.h"
#include "infra/log_kafka/settings.h"
#include "infra/service/event_feed.h"
#include "infra/service/outbound.h"
#include "infra/service/problem.h"

// One process's Kartei on one data directory: log, writer, read models and queries put together.
// The command line and the HTTP server are two faces of it.
namespace infra::service {

// How far a long piece of work has come. `total` 0: not known.
struct Progress {
  std::string_view what;  // "rebuild directory, letzter_kontakt", "import", …
  std::int64_t done = 0;
  std::int64_t total = 0;
};

class RemoteWriter;

struct Surroundings {
  std::filesystem::path data;
  ports::Clock& clock;  // must outlive Kartei, as must `ids`
  ports::Ids& ids;
  std::function<void(std::string_view)> notice;   // a sentence for the operator ("… was rebuilt")
  std::function<void(const Progress&)> progress;  // called often; the receiver thins out
  // Where the log is on Apache Kafka; none: it is embedded, in `data`.
  std::optional<log_kafka::Settings> kafka = std::nullopt;
  // The other services that are told of each event, on topics of theirs. Needs Kafka.
  std::set<Outbound> outbound = {};
  // Whether a command fences whoever has its turn to write on Kafka, instead of being refused.
  bool take_over = false;
  // Of a host's guest: its questions wait, as long as they may, until the read model has come to
  // where the log ended when they were asked, as those of a program of its own do.
  bool asks_at_head = false;
  // Where standbys reach this process when it writes; empty: nowhere. In the log, for all to read.
  std::string address = {};
  // Of a host: hands its guests' commands to whoever writes while this process is a standby. None:
  // they are refused then. Must outlive the host.
  RemoteWriter* remote_writer = nullptr;
};

// A query's answer: the `data` of the contract, and which part of the log it has seen.
struct Answered {
  core::Raw data;
  std::optional<std::string> position;  // token
  std::int64_t lag_events = 0;          // records in the log that it has not seen
  // Of one patient: its last event that is not a contact (handling::ExpectUnchanged).
  std::optional<patient::Sequence> without_contacts = std::nullopt;
};

// Read your own writes: wait until the read model has seen `token`, at most `timeout`.
struct Wait {
  std::optional<std::string> token;
  std::chrono::milliseconds timeout{5000};
};

struct ListFilter {
  std::optional<patient::Status> status;
  std::optional<std::string> search;
  std::int64_t page = 1;
  std::int64_t limit = 20;
};
struct ContactFilter {
  std::optional<core::Date> before;
  bool never = false;
  std::optional<std::int64_t> limit;
};
struct ExclusionFilter {
  std::optional<patient::PatientId> patient;
  std::optional<patient::TherapistId> therapist;
};
struct ReadFrom {
  ports::Topic topic = ports::Topic::patient_history;
  std::optional<std::int32_t> partition;
  std::int64_t offset = 0;
  std::int64_t limit = 100;
};

// A check's answer: found says whether there is anything to worry about (exit status 7).
struct Checked {
  core::Raw data;
  bool found = false;
};

struct Shared;

// Used by one thread. Opens lazily: a query opens the read models it needs, a command the writer.
// Functions that can be refused say so by Outcome; broken machinery throws core::Broken.
class Kartei {
 public:
  explicit Kartei(Surroundings surroundings);
  // A guest of a host (host.h): questions are answered from its live read models as they stand,
  // commands are handed to its writer, or to that of another process, and waited for. What needs
  // the log for itself (import_log) is refused (locked); what changes generations takes turns with
  // other guests. `shared` must outlive it.
  Kartei(Surroundings surroundings, const Shared& shared);
  ~Kartei();
  Kartei(const Kartei&) = delete;
  Kartei& operator=(const Kartei&) = delete;

  // --- Commands. One answer for each submission, in order; all of them in one transaction, unless
  // another process writes for this one (RemoteWriter). Creates the data directory and the log when
  // there is none.
  [[nodiscard]] std::vector<handling::Answer> handle(
      std::span<const handling::Submission> submissions);
  // The position token of an answer that appended something.
  [[nodiscard]] std::string token(const handling::Position& position);

  // --- Questions about patients.
  [[nodiscard]] Outcome<Answered> show(const patient::PatientId& id, const Wait& wait);
  [[nodiscard]] Outcome<Answered> show_as_of(const patient::PatientId& id,
                                             core::Timestamp as_of,
                                             const Wait& wait);
  [[nodiscard]] Outcome<Answered> list(const ListFilter& filter, const Wait& wait);
  [[nodiscard]] Outcome<Answered> history(const patient::PatientId& id, const Wait& wait);
  [[nodiscard]] Outcome<Answered> letzter_kontakt(const ContactFilter& filter, const Wait& wait);
  [[nodiscard]] Outcome<Answered> exclusions(const ExclusionFilter& filter, const Wait& wait);
  [[nodiscard]] Outcome<Answered> status_summary(const Wait& wait);
  [[nodiscard]] Outcome<Answered> status_durations(const Wait& wait);
  [[nodiscard]] Outcome<Answered> contacts(const patient::PatientId& id, const Wait& wait);
  [[nodiscard]] Outcome<Answered> sql(std::string_view projection,
                                      const std::string& query,
                                      const Wait& wait);

  // --- What other services send. Only on Kafka there is any.
  // Takes in the next messages as one transaction of `handle`, the writer's: to be called again and
  // again while this process is the writer, after whatever it throws, too. It may have been
  // somebody else's turn in between. The log must be on Kafka.
  [[nodiscard]] ingest::Intake::Step take_in(const ingest::Intake::Handle& handle);
  // Those that are neither released nor evicted.
  [[nodiscard]] core::Raw dead_letters();
  [[nodiscard]] Outcome<core::Raw> dead_letter(std::int64_t number);
  // Takes the message in once more. Refused: it stays among the dead letters. Where another process
  // writes, that one is requested to do so.
  [[nodiscard]] Outcome<core::Raw> release_dead_letter(std::int64_t number);
  [[nodiscard]] Outcome<core::Raw> evict_dead_letter(std::int64_t number);

  // --- Read models. `names` empty: all.
  [[nodiscard]] core::Raw projections();
  [[nodiscard]] Outcome<core::Raw> rebuild(const std::vector<std::string>& names, bool cut_over);
  [[nodiscard]] Outcome<Checked> verify(const std::vector<std::string>& names);
  [[nodiscard]] Outcome<Checked> preview(const std::string& name);
  [[nodiscard]] Outcome<core::Raw> cut_over(const std::string& name);
  [[nodiscard]] Outcome<core::Raw> roll_back(const std::string& name);
  [[nodiscard]] Outcome<core::Raw> discard(const std::string& name);

  // --- The log.
  [[nodiscard]] Outcome<core::Raw> read_events(const ReadFrom& from);
  // The history from there on. Refused: log_mismatch, the start is a position of another log.
  [[nodiscard]] Outcome<std::unique_ptr<EventFeed>> feed(const EventFeed::Start& start);
  [[nodiscard]] core::Raw event_stats();
  [[nodiscard]] Checked verify_events();
  [[nodiscard]] Outcome<core::Raw> repair(const patient::PatientId& id, const std::string& actor);
  [[nodiscard]] Outcome<core::Raw> restate(const std::string& actor);
  // `topics` matters on Kafka alone.
  [[nodiscard]] Outcome<core::Raw> create_topics(std::int32_t partitions,
                                                 const log_kafka::TopicSettings& topics);
  // Copies the embedded log of the folder `from` into this one and proves it: every read model of
  // both, row for row. Found: they differ. Goes on with what an earlier call left.
  [[nodiscard]] Outcome<Checked> import_log(const std::filesystem::path& from);
  [[nodiscard]] core::Raw describe_topics();
  [[nodiscard]] core::Raw compact_topics();
  [[nodiscard]] Outcome<Answered> quarantine_list();
  [[nodiscard]] Outcome<Answered> quarantine_show(const patient::PatientId& id);
  [[nodiscard]] Checked doctor();

  struct Parts;  // what it is made of: of concern to infra/service alone

 private:
  std::unique_ptr<Parts> parts_;
};

}  // namespace infra::service
