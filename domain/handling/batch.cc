#include "domain/handling/batch.h"

#include <algorithm>

#include "domain/core/expects.h"
#include "domain/core/match.h"
#include "domain/handling/partitioner.h"

namespace handling {
namespace {

using patient::Refusal;
using patient::RefusalCode;

Refusal refuse(RefusalCode code, std::string message) {
  return Refusal{code, std::move(message), {}, std::nullopt};
}

// Refusals that hold whatever the sender expected.
bool outranks_expectation(const Refusal& refusal) {
  return refusal.code == RefusalCode::not_found || refusal.code == RefusalCode::already_exists ||
         refusal.code == RefusalCode::deleted;
}

bool holds(const Expect& expect, const patient::State& state) {
  return core::match(
      expect,
      [](ExpectAny) { return true; },
      [&](ExpectNone) { return state.on_file() == nullptr; },
      [&](ExpectExists) { return state.on_file() != nullptr; },
      [&](patient::Sequence sequence) { return state.sequence == sequence; },
      [&](ExpectUnchanged expected) { return state.sequence_without_contacts == expected.since; });
}

Refusal wrong_sequence(const Expect& expect, const patient::State& state) {
  const bool unchanged = std::holds_alternative<ExpectUnchanged>(expect);
  const auto actual = unchanged ? state.sequence_without_contacts : state.sequence;
  return Refusal{RefusalCode::wrong_expected_sequence,
                 (unchanged ? "the patient's last event that is not a contact is at sequence "
                            : "the patient is at sequence ") +
                     std::to_string(actual.get()) +
                     ", not where you expected it; read it again and decide anew",
                 {},
                 actual};
}

bool is_too_large(std::string_view key, std::string_view value) {
  return key.size() + value.size() > ports::kRecordBytesMax;
}

core::Timestamp occurred_at(const patient::Event& event, core::Timestamp recorded_at) {
  const auto* contact = std::get_if<patient::ContactRecorded>(&event);
  return contact != nullptr ? contact->contact.at : recorded_at;
}

const patient::Registration* registration_of(const Submission& submission) {
  const auto* create = std::get_if<patient::Create>(&submission.command);
  return create != nullptr && create->registration ? &*create->registration : nullptr;
}

}  // namespace

Refusal too_large() {
  const std::string why = "makes a record of more than 900 kB";
  return Refusal{RefusalCode::invalid, "the command " + why, {{"document", why}}, std::nullopt};
}

void Batch::decide(const Submission& submission, core::Timestamp now) {
  answers_.push_back(answer(submission, now));
}

const patient::PatientId& Batch::patient_of(const Decided& decided) const {
  return std::get<Done>(answers_[decided.answer]).patient;
}

Answer Batch::answer(const Submission& submission, core::Timestamp now) {
  if (auto known = answer_from_memory(submission)) return std::move(*known);
  if (auto known = answer_from_registration(submission)) return std::move(*known);
  const auto id = submission.patient ? submission.patient : next_number();
  if (!id) return refuse(RefusalCode::invalid, "no patient number is left; give an id");
  if (!submission.folded && states_.quarantined(*id)) {
    return refuse(RefusalCode::quarantined,
                  "the patient's last record cannot be read; `kartei events repair` mends it");
  }
  patient::State state = find(*id);
  if (submission.folded) {
    if (state.sequence > submission.folded->sequence)
      return wrong_sequence(submission.expect, state);
    state = *submission.folded;
  }
  now = std::max(now, state.recorded_at);  // recorded_at never goes back within a patient.
  patient::Decision decision = patient::decide(submission.command, state, now);
  if (!decision && outranks_expectation(decision.error())) return decision.error();
  if (!holds(submission.expect, state)) return wrong_sequence(submission.expect, state);
  if (!decision) return decision.error();
  return accept(submission, *id, std::move(state), std::move(decision).value(), now);
}

// A repeated command id answers what it answered the first time, with the patient as it is now.
std::optional<Answer> Batch::answer_from_memory(const Submission& submission) {
  const auto answered = [&](const patient::PatientId& owner,
                            patient::State state,
                            const patient::RememberedCommand& command) -> Answer {
    if (command.digest != submission.digest) {
      return refuse(RefusalCode::command_id_reused,
                    "this command id was used for another command; every command needs its own");
    }
    return Done{owner, std::move(state), command.sequence, command.events, true};
  };
  const auto in_flight = by_command_.find(submission.command_id.get());
  if (in_flight != by_command_.end()) {
    const auto& [owner, command] = in_flight->second;
    return answered(owner, find(owner), command);
  }
  const auto owner = states_.by_command(submission.command_id);
  if (!owner) return std::nullopt;
  const patient::State state = find(*owner);
  for (const patient::RememberedCommand& command : state.commands) {
    if (command.id == submission.command_id) return answered(*owner, state, command);
  }
  return std::nullopt;
}

std::optional<Answer> Batch::answer_from_registration(const Submission& submission) {
  const patient::Registration* registration = registration_of(submission);
  if (registration == nullptr) return std::nullopt;
  const std::string& key = registration->identity.key();
  const auto in_flight = by_registration_.find(key);
  const auto owner = in_flight != by_registration_.end() ? std::optional{in_flight->second}
                                                         : states_.by_registration(key);
  if (!owner) {
    // Better no patient than a second one: the one that cannot be read may have this registration.
    if (!states_.anyone_quarantined()) return std::nullopt;
    return refuse(RefusalCode::quarantined,
                  "this registration may be of a patient whose last record cannot be read; mend it "
                  "first: `kartei quarantine list`, then `kartei events repair ID`");
  }
  patient::State state = find(*owner);
  if (!state.registration || state.registration->digest != registration->identity.digest) {
    return refuse(RefusalCode::registration_changed,
                  "this registration was imported before with other content; nothing was changed");
  }
  const patient::Sequence sequence = state.sequence;
  return Done{*owner, std::move(state), sequence, {}, true};
}

// The number above the highest ever created, passing over expected patients.
std::optional<patient::PatientId> Batch::next_number() {
  if (!highest_number_) highest_number_ = states_.highest_number();
  for (std::int64_t number = *highest_number_ + 1; number <= patient::kNumberMax; ++number) {
    auto id = patient::PatientId::numbered(number);
    if (find(id).sequence == patient::Sequence{0} && !states_.quarantined(id)) return id;
  }
  return std::nullopt;
}

Answer Batch::accept(const Submission& submission,
                     const patient::PatientId& id,
                     patient::State state,
                     patient::Happenings happenings,
                     core::Timestamp now) {
  Done done{id, std::move(state), patient::Sequence{0}, {}};
  std::vector<ports::NewRecord> records;
  std::vector<patient::State> states;
  std::vector<Decided> decided;
  std::vector<ports::Announcement> announcements;
  const ports::Partition partition = partition_of(id.text(), partitions_);
  for (patient::Happening& happening : happenings) {
    const patient::Sequence sequence = patient::following(done.after.sequence);
    const patient::EventId event_id = ids_.event_id(submission.command_id, id, sequence);
    const patient::Recorded recorded{{event_id,
                                      id,
                                      sequence,
                                      occurred_at(happening.event, now),
                                      now,
                                      submission.actor,
                                      submission.command_id,
                                      submission.digest,
                                      submission.correlation_id,
                                      submission.causation_id},
                                     std::move(happening.event),
                                     std::move(happening.changes)};
    done.after = patient::evolve(std::move(done.after), recorded);
    done.events.push_back(patient::type_of(recorded.event));
    const std::size_t place = records_.size() + records.size();
    decided.push_back({answers_.size(), event_id, place, place + 1});
    records.push_back({ports::Topic::patient_events,
                       partition,
                       id.text(),
                       codec_.encode_event(recorded, done.after)});
    records.push_back({ports::Topic::patient_history,
                       partition,
                       id.text() + '/' + std::to_string(sequence.get()),
                       codec_.encode_history(recorded)});
    states.push_back(done.after);
    for (const ports::OutboundContract& contract : outbound_) {
      if (auto announcement = contract(recorded, done.after))
        announcements.push_back(std::move(*announcement));
    }
  }
  for (const ports::NewRecord& record : records) {
    if (is_too_large(record.key, *record.value)) return too_large();
  }
  for (const ports::Announcement& announcement : announcements) {
    if (is_too_large(announcement.key, announcement.value)) return too_large();
  }
  done.sequence = done.after.sequence;
  if (submission.dry_run || happenings.empty()) return done;
  std::move(records.begin(), records.end(), std::back_inserter(records_));
  std::move(states.begin(), states.end(), std::back_inserter(states_after_));
  std::move(decided.begin(), decided.end(), std::back_inserter(decided_));
  std::move(announcements.begin(), announcements.end(), std::back_inserter(announcements_));
  remember(id, submission);
  return done;
}

patient::State Batch::find(const patient::PatientId& id) {
  const auto known = current_.find(id);
  return known != current_.end() ? states_after_[known->second] : states_.find(id);
}

void Batch::remember(const patient::PatientId& id, const Submission& submission) {
  current_.insert_or_assign(id, states_after_.size() - 1);
  const patient::State& state = states_after_.back();
  // What the state remembers is bounded; what is in flight is remembered whole.
  by_command_.insert_or_assign(submission.command_id.get(), InFlight{id, state.commands.back()});
  if (const auto* registration = registration_of(submission)) {
    by_registration_.insert_or_assign(registration->identity.key(), id);
  }
  if (std::holds_alternative<patient::Create>(submission.command)) {
    if (!highest_number_) highest_number_ = states_.highest_number();
    highest_number_ = std::max(*highest_number_, id.number().value_or(0));
  }
}

std::vector<ports::States::Advance> Batch::take_advances(
    const std::vector<ports::Offset>& offsets) {
  core::expects(offsets.size() == records_.size(), "every record of a batch has its offset");
  std::vector<ports::States::Advance> advances;
  advances.reserve(decided_.size());
  for (std::size_t at = 0; at < decided_.size(); ++at) {
    const Decided& decided = decided_[at];
    advances.push_back({patient_of(decided),
                        std::move(states_after_[at]),
                        records_[decided.event_record].partition,
                        offsets[decided.event_record],
                        decided.event_id});
  }
  states_after_.clear();
  return advances;
}

std::vector<Answer> Batch::answers(const std::vector<ports::Offset>& offsets) && {
  core::expects(offsets.size() == records_.size(), "every record of a batch has its offset");
  for (const Decided& decided : decided_) {
    std::get<Done>(answers_[decided.answer]).position =
        Position{records_[decided.event_record].partition,
                 offsets[decided.event_record],
                 offsets[decided.history_record]};
  }
  return std::move(answers_);
}

}  // namespace handling
