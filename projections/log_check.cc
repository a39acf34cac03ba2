#include "projections/log_check.h"

#include <set>
#include <variant>

#include "domain/handling/partitioner.h"
#include "domain/patient/decider.h"

namespace projections {
namespace {

using patient::PatientId;
using patient::State;

constexpr std::size_t kRecordsPerPoll = 10'000;

std::string place(ports::Topic topic, const ports::Record& record) {
  return std::string{name(topic)} + " partition " + std::to_string(record.partition.get()) +
         " offset " + std::to_string(record.offset.get());
}

void read_partition(const ports::Log& log,
                    ports::Topic topic,
                    ports::Partition partition,
                    const ports::Sink& sink,
                    const Counted& counted) {
  const std::vector<ports::Start> start{{partition, ports::Offset{0}}};
  const auto reader = log.open_reader(topic, start);
  while (const std::size_t count = reader->poll(kRecordsPerPoll, sink)) {
    counted(static_cast<std::int64_t>(count));
  }
}

// The history of one partition, folded as it goes by.
class HistoryFold {
 public:
  HistoryFold(ports::EventCodec& codec, std::int32_t partitions, std::vector<LogProblem>& problems)
      : codec_(codec), partitions_(partitions), problems_(problems) {}

  void take(const ports::Record& record) {
    const std::string where = place(ports::Topic::patient_history, record);
    if (ports::is_reserved(record.key)) return;
    ++events_;
    const std::string_view id_text = record.key.substr(0, record.key.find('/'));
    const auto id = PatientId::parse(id_text);
    if (!id) return report("bad_key", std::nullopt, where + ": the key names no patient");
    if (handling::partition_of(id->text(), partitions_) != record.partition) {
      return report("wrong_partition", id, where + ": the patient lives in another partition");
    }
    if (!record.value) {  // An erasure's tombstone: this patient's history has gaps by right.
      erased_.insert(*id);
      return;
    }
    auto recorded = codec_.decode_history(*record.value);
    if (!recorded) {
      broken_.insert(*id);
      return report("undecodable", id, where + ": " + recorded.error().why);
    }
    fold(*id, record, std::move(recorded).value(), where);
  }

  [[nodiscard]] std::int64_t events() const { return events_; }
  [[nodiscard]] const std::set<PatientId>& erased() const { return erased_; }

  [[nodiscard]] Folded finish() && {
    for (const PatientId& id : broken_) states_.erase(id);
    for (const PatientId& id : erased_) states_.erase(id);
    return std::move(states_);
  }

 private:
  void fold(const PatientId& id,
            const ports::Record& record,
            patient::Recorded recorded,
            const std::string& where) {
    const patient::Envelope& envelope = recorded.envelope;
    const std::string key =
        envelope.patient_id.text() + '/' + std::to_string(envelope.sequence.get());
    if (key != record.key) {
      broken_.insert(id);
      return report("key_differs", id, where + ": the key is not that of the event");
    }
    if (std::holds_alternative<patient::Erased>(recorded.event)) erased_.insert(id);
    State& state = states_[id];
    if (envelope.sequence != following(state.sequence) && !erased_.contains(id)) {
      broken_.insert(id);
      report("sequence_gap",
             id,
             where + ": sequence " + std::to_string(envelope.sequence.get()) + " follows " +
                 std::to_string(state.sequence.get()));
    }
    if (envelope.recorded_at < state.recorded_at) {
      report("time_goes_back", id, where + ": recorded before the event before it");
    }
    state = patient::evolve(std::move(state), recorded);
  }

  void report(std::string code, std::optional<PatientId> id, std::string message) {
    problems_.push_back({std::move(code), std::move(id), std::move(message)});
  }

  ports::EventCodec& codec_;
  std::int32_t partitions_;
  std::vector<LogProblem>& problems_;
  Folded states_;
  std::set<PatientId> erased_;
  std::set<PatientId> broken_;
  std::int64_t events_ = 0;
};

struct LastRecord {
  std::string where;
  std::string value;
};

// The last record of each patient of one partition of `patient-events`.
class LastRecords {
 public:
  LastRecords(ports::EventCodec& codec, std::int32_t partitions, std::vector<LogProblem>& problems)
      : codec_(codec), partitions_(partitions), problems_(problems) {}

  void take(const ports::Record& record) {
    if (ports::is_reserved(record.key)) return;
    const std::string where = place(ports::Topic::patient_events, record);
    const auto id = PatientId::parse(record.key);
    if (!id) {
      problems_.push_back({"bad_key", std::nullopt, where + ": the key names no patient"});
    } else if (handling::partition_of(id->text(), partitions_) != record.partition) {
      problems_.push_back(
          {"wrong_partition", id, where + ": the patient lives in another partition"});
    } else if (!record.value) {
      last_.erase(*id);
    } else {
      last_[*id] = {where, std::string{*record.value}};
    }
  }

  // Compares with what the history says, and says what differs.
  void compare(const Folded& folded, const std::set<PatientId>& erased) {
    for (const auto& [id, record] : last_) {
      if (erased.contains(id)) continue;
      const auto decoded = codec_.decode_event(record.value);
      const auto state = folded.find(id);
      if (!decoded) {
        problems_.push_back({"undecodable", id, record.where + ": " + decoded.error().why});
      } else if (decoded.value().patient_id != id) {
        problems_.push_back(
            {"key_differs", id, record.where + ": the key is not that of the event"});
      } else if (state == folded.end()) {
        problems_.push_back(
            {"no_history", id, record.where + ": the history cannot be folded or is missing"});
      } else if (decoded.value().state != state->second) {
        problems_.push_back({"state_differs",
                             id,
                             record.where + ": the state at sequence " +
                                 std::to_string(decoded.value().state.sequence.get()) +
                                 " is not what the history folds to at sequence " +
                                 std::to_string(state->second.sequence.get())});
      }
    }
    for (const auto& [id, state] : folded) {
      if (!last_.contains(id)) {
        problems_.push_back(
            {"no_state", id, "patient-events has no record of a patient that the history knows"});
      }
    }
  }

 private:
  ports::EventCodec& codec_;
  std::int32_t partitions_;
  std::vector<LogProblem>& problems_;
  std::map<PatientId, LastRecord> last_;
};

}  // namespace

Folded fold_history(const ports::Log& log,
                    ports::EventCodec& codec,
                    ports::Partition partition,
                    std::vector<LogProblem>& problems,
                    const Counted& counted) {
  HistoryFold fold{codec, log.identity().partitions, problems};
  read_partition(
      log,
      ports::Topic::patient_history,
      partition,
      [&](const ports::Record& record) { fold.take(record); },
      counted);
  return std::move(fold).finish();
}

LogReport check_log(const ports::Log& log, ports::EventCodec& codec, const Counted& counted) {
  LogReport report;
  const std::int32_t partitions = log.identity().partitions;
  for (std::int32_t number = 0; number < partitions; ++number) {
    const ports::Partition partition{number};
    LastRecords last{codec, partitions, report.problems};
    read_partition(
        log,
        ports::Topic::patient_events,
        partition,
        [&](const ports::Record& record) { last.take(record); },
        counted);
    HistoryFold fold{codec, partitions, report.problems};
    read_partition(
        log,
        ports::Topic::patient_history,
        partition,
        [&](const ports::Record& record) { fold.take(record); },
        counted);
    report.events += fold.events();
    const std::set<PatientId> erased = fold.erased();
    const Folded folded = std::move(fold).finish();
    report.patients += static_cast<std::int64_t>(folded.size());
    last.compare(folded, erased);
  }
  return report;
}

}  // namespace projections
