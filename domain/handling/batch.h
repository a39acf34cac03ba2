#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "domain/handling/submission.h"
#include "domain/ports/clock.h"
#include "domain/ports/codec.h"
#include "domain/ports/outbound.h"
#include "domain/ports/states.h"

namespace handling {

// What a command is told that makes a larger record than the log takes (ports::kRecordBytesMax).
[[nodiscard]] patient::Refusal too_large();

// Commands decided one after another, each against the state that the earlier ones produce, and
// the records that all of them come to. Nothing of it is true before it is appended.
class Batch {
 public:
  // What it is given must outlive it.
  Batch(ports::States& states,
        ports::EventCodec& codec,
        ports::Ids& ids,
        std::int32_t partitions,
        std::span<const ports::OutboundContract> outbound)
      : states_(states), codec_(codec), ids_(ids), partitions_(partitions), outbound_(outbound) {}

  // Decides `submission` at `now`. What it comes to is appended to records().
  void decide(const Submission& submission, core::Timestamp now);

  [[nodiscard]] const std::vector<ports::NewRecord>& records() const { return records_; }

  // What other services are told of it, in the order of the events.
  [[nodiscard]] const std::vector<ports::Announcement>& announcements() const {
    return announcements_;
  }

  // One event that was decided, its records' places among records(), and whose it is.
  struct Decided {
    std::size_t answer;  // index into answers
    patient::EventId event_id;
    std::size_t event_record;
    std::size_t history_record;
  };
  [[nodiscard]] const std::vector<Decided>& decided() const { return decided_; }
  [[nodiscard]] const patient::PatientId& patient_of(const Decided& decided) const;

  // Once it is in the log: the states to take over, which the batch has no more then, and the
  // answers with their positions. `offsets` are those of records().
  [[nodiscard]] std::vector<ports::States::Advance> take_advances(
      const std::vector<ports::Offset>& offsets);
  [[nodiscard]] std::vector<Answer> answers(const std::vector<ports::Offset>& offsets) &&;

 private:
  [[nodiscard]] Answer answer(const Submission& submission, core::Timestamp now);
  [[nodiscard]] std::optional<Answer> answer_from_memory(const Submission& submission);
  [[nodiscard]] std::optional<Answer> answer_from_registration(const Submission& submission);
  [[nodiscard]] std::optional<patient::PatientId> next_number();
  [[nodiscard]] Answer accept(const Submission& submission,
                              const patient::PatientId& id,
                              patient::State state,
                              patient::Happenings happenings,
                              core::Timestamp now);
  [[nodiscard]] patient::State find(const patient::PatientId& id);
  // Remembers that the last of states_after_ is what the patient is now.
  void remember(const patient::PatientId& id, const Submission& submission);

  ports::States& states_;
  ports::EventCodec& codec_;
  ports::Ids& ids_;
  std::int32_t partitions_;
  std::span<const ports::OutboundContract> outbound_;

  std::vector<Answer> answers_;
  std::vector<ports::NewRecord> records_;
  std::vector<ports::Announcement> announcements_;
  std::vector<Decided> decided_;
  std::vector<patient::State> states_after_;  // one for each of decided_

  // What this batch adds to what `states_` knows.
  std::unordered_map<patient::PatientId, std::size_t> current_;  // places in states_after_
  struct InFlight {
    patient::PatientId patient;
    patient::RememberedCommand command;
  };
  std::unordered_map<core::Uuid, InFlight> by_command_;
  std::unordered_map<std::string, patient::PatientId> by_registration_;
  std::optional<std::int64_t> highest_number_;
};

}  // namespace handling
