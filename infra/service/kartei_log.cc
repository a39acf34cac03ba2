#include <algorithm>
#include <map>
#include <set>

#include "domain/core/match.h"
#include "domain/handling/partitioner.h"
#include "infra/codec/digest.h"
#include "infra/service/described.h"
#include "infra/service/event_feed.h"
#include "infra/service/log_until.h"
#include "infra/service/parts.h"
#include "projections/log_check.h"

// The log itself: reading, checking and mending it.
namespace infra::service {
namespace {

using core::Failure;
using core::Raw;

constexpr std::size_t kRecordsPerPoll = 10'000;
constexpr std::size_t kRestatedTogether = 500;
constexpr int kRoundsMax = 10;  // of patients who go on while they are folded

Raw text(std::string_view value) { return Raw{std::string{value}}; }

Raw patient_raw(const std::optional<patient::PatientId>& id) {
  if (!id) return Raw{Raw::Null{}};
  if (const auto number = id->number()) return Raw{*number};
  return Raw{id->text()};
}

Raw problem_raw(std::string code,
                const std::optional<patient::PatientId>& id,
                std::string message) {
  return Raw{Raw::Object{{"code", Raw{std::move(code)}},
                         {"patient_id", patient_raw(id)},
                         {"message", Raw{std::move(message)}}}};
}

handling::Submission restating(const patient::PatientId& id,
                               patient::State folded,
                               const std::string& actor,
                               ports::Ids& ids) {
  const patient::Command command = patient::Restate{};
  return {patient::CommandId{ids.random()},
          codec::command_digest(id, command),
          id,
          command,
          handling::ExpectAny{},
          actor,
          patient::CorrelationId{ids.random()},
          std::nullopt,
          false,
          std::move(folded)};
}

// Whether the patient has gone on since it was folded: then it is folded again.
bool has_gone_on(const handling::Answer& answer) {
  const auto* refusal = std::get_if<patient::Refusal>(&answer);
  return refusal != nullptr && refusal->code == patient::RefusalCode::wrong_expected_sequence;
}

// Appends these states, adding to `restated`. The answer: who has gone on since the fold.
Outcome<std::set<patient::PatientId>> restate_all(Kartei::Parts& parts,
                                                  projections::Folded folded,
                                                  const std::string& actor,
                                                  std::int64_t& restated) {
  std::set<patient::PatientId> behind;
  std::vector<handling::Submission> waiting;
  for (auto patient = folded.begin(); patient != folded.end();) {
    waiting.push_back(
        restating(patient->first, std::move(patient->second), actor, parts.surroundings.ids));
    ++patient;
    if (waiting.size() < kRestatedTogether && patient != folded.end()) continue;
    const std::vector<handling::Answer> answers = parts.handle(waiting);
    for (std::size_t at = 0; at < answers.size(); ++at) {
      if (const auto* unknown = std::get_if<handling::OutcomeUnknown>(&answers[at])) {
        return Failure{
            Problem{ProblemCode::outcome_unknown, unknown->why + "; restating again is safe"}};
      }
      restated += std::holds_alternative<handling::Done>(answers[at]) ? 1 : 0;
      if (has_gone_on(answers[at])) behind.insert(*waiting[at].patient);
    }
    waiting.clear();
    parts.surroundings.progress({"restate", restated, 0});
  }
  return behind;
}

Problem not_folded(const patient::PatientId& id,
                   const std::vector<projections::LogProblem>& problems) {
  for (const projections::LogProblem& problem : problems) {
    if (problem.patient == id)
      return {ProblemCode::invalid, "the patient's history cannot be folded: " + problem.message};
  }
  return {ProblemCode::not_found, "there is no such patient"};
}

// While somebody writes, what two looks find in common is true: a transaction whose records came to
// be seen one after another differs from the next one.
projections::LogReport check_beside_a_writer(Kartei::Parts& parts) {
  std::int64_t done = 0;
  const auto look = [&] {
    return projections::check_log(
        LogUntil::now(parts.log()), parts.codec, [&](std::int64_t records) {
          parts.surroundings.progress({"verify events", done += records, 0});
        });
  };
  projections::LogReport report = look();
  if (report.problems.empty()) return report;
  const std::vector<projections::LogProblem> before = std::move(report.problems);
  report = look();
  std::erase_if(report.problems, [&](const projections::LogProblem& one) {
    return std::none_of(before.begin(), before.end(), [&](const projections::LogProblem& other) {
      return one.code == other.code && one.patient == other.patient;
    });
  });
  return report;
}

// What the records of a topic come to, partition by partition.
Raw stats_of(const ports::Log& log, ports::Topic topic, ports::EventCodec& codec) {
  std::int64_t records = 0;
  std::int64_t bytes = 0;
  std::map<std::string, std::int64_t> types;
  std::vector<std::int64_t> partitions(static_cast<std::size_t>(log.identity().partitions));
  const auto reader = log.open_reader(topic, ports::from_the_beginning(log));
  const auto count = [&](const ports::Record& record) {
    if (ports::is_reserved(record.key)) return;
    ++records;
    ++partitions[static_cast<std::size_t>(record.partition.get())];
    bytes +=
        static_cast<std::int64_t>(record.key.size() + (record.value ? record.value->size() : 0));
    if (topic != ports::Topic::patient_history) return;
    if (!record.value) {
      ++types["tombstone"];
    } else {
      const auto decoded = codec.decode_history(*record.value);
      ++types[decoded ? std::string{name(type_of(decoded.value().event))} : "undecodable"];
    }
  };
  while (reader->poll(kRecordsPerPoll, count) > 0) {
  }
  Raw::Array by_partition;
  for (const std::int64_t in_partition : partitions) by_partition.push_back(Raw{in_partition});
  Raw::Object object{{"topic", text(name(topic))},
                     {"records", Raw{records}},
                     {"bytes", Raw{bytes}},
                     {"by_partition", Raw{std::move(by_partition)}}};
  if (topic == ports::Topic::patient_history) {
    Raw::Object by_type;
    for (const auto& [type, number] : types) by_type.emplace_back(type, Raw{number});
    object.emplace_back("by_type", Raw{std::move(by_type)});
  }
  return Raw{std::move(object)};
}

}  // namespace

Outcome<Raw> Kartei::read_events(const ReadFrom& from) {
  const ports::Log& log = parts_->log();
  std::vector<ports::Start> starts;
  for (std::int32_t partition = 0; partition < log.identity().partitions; ++partition) {
    if (from.partition && *from.partition != partition) continue;
    starts.push_back({ports::Partition{partition}, ports::Offset{from.offset}});
  }
  if (starts.empty()) {
    return Failure{
        Problem{ProblemCode::usage,
                "the log has partitions 0 to " + std::to_string(log.identity().partitions - 1)}};
  }
  Raw::Array records;
  const auto reader = log.open_reader(from.topic, starts);
  const auto describe = [&](const ports::Record& record) {
    records.push_back(described(from.topic, record, parts_->codec));
  };
  while (static_cast<std::int64_t>(records.size()) < from.limit) {
    const auto wanted = static_cast<std::size_t>(from.limit) - records.size();
    if (reader->poll(std::min(wanted, kRecordsPerPoll), describe) == 0) break;
  }
  return Raw{std::move(records)};
}

Outcome<std::unique_ptr<EventFeed>> Kartei::feed(const EventFeed::Start& start) {
  const auto* token = std::get_if<ports::PositionToken>(&start);
  if (token != nullptr && token->incarnation != parts_->log().identity().incarnation)
    return Failure{Problem{ProblemCode::log_mismatch, "the event's id is of another log"}};
  return std::make_unique<EventFeed>(parts_->log(), start);
}

Raw Kartei::event_stats() {
  const ports::Log& log = parts_->log();
  return Raw{Raw::Array{stats_of(log, ports::Topic::patient_events, parts_->codec),
                        stats_of(log, ports::Topic::patient_history, parts_->codec)}};
}

Checked Kartei::verify_events() {
  Raw::Array problems;
  projections::LogReport report;
  for (const std::string& finding : parts_->home().damage()) {
    problems.push_back(problem_raw("corrupt", std::nullopt, finding));
  }
  if (problems.empty()) {  // A damaged file cannot be read to its end.
    report = check_beside_a_writer(*parts_);
  }
  for (const projections::LogProblem& problem : report.problems) {
    problems.push_back(problem_raw(problem.code, problem.patient, problem.message));
  }
  const bool found = !problems.empty();
  return {Raw{Raw::Object{{"patients", Raw{report.patients}},
                          {"events", Raw{report.events}},
                          {"problems", Raw{std::move(problems)}}}},
          found};
}

Outcome<Raw> Kartei::repair(const patient::PatientId& id, const std::string& actor) {
  parts_->demand_writer();
  const ports::Partition partition =
      handling::partition_of(id.text(), parts_->log().identity().partitions);
  using Repaired = Outcome<Raw>;
  for (int round = 1;; ++round) {
    std::vector<projections::LogProblem> problems;
    auto folded = projections::fold_history(
        parts_->log(), parts_->codec, partition, problems, [](std::int64_t) {});
    const auto state = folded.find(id);
    if (state == folded.end()) return Failure{not_folded(id, problems)};
    const std::vector<handling::Submission> submissions{
        restating(id, std::move(state->second), actor, parts_->surroundings.ids)};
    const handling::Answer answer = std::move(parts_->handle(submissions).front());
    if (has_gone_on(answer) && round < kRoundsMax) continue;
    return core::match(
        answer,
        [&](const handling::Done& done) -> Repaired {
          return Raw{Raw::Object{{"patient_id", patient_raw(id)},
                                 {"sequence", Raw{done.sequence.get()}},
                                 {"events", Raw{Raw::Array{text("restated")}}}}};
        },
        [](const patient::Refusal& refusal) -> Repaired { return Failure{problem_of(refusal)}; },
        [](const handling::OutcomeUnknown& unknown) -> Repaired {
          return Failure{Problem{ProblemCode::outcome_unknown, unknown.why}};
        });
  }
}

Outcome<Raw> Kartei::restate(const std::string& actor) {
  parts_->demand_writer();
  std::int64_t restated = 0;
  std::int64_t left_out = 0;
  for (std::int32_t at = 0; at < parts_->log().identity().partitions; ++at) {
    std::vector<projections::LogProblem> problems;
    std::set<patient::PatientId> behind;  // who has gone on since the fold, and is folded again
    for (int round = 0; round < kRoundsMax && (round == 0 || !behind.empty()); ++round) {
      problems.clear();
      auto folded = projections::fold_history(
          parts_->log(), parts_->codec, ports::Partition{at}, problems, [](std::int64_t) {});
      if (round > 0)
        std::erase_if(folded, [&](const auto& one) { return !behind.contains(one.first); });
      auto done = restate_all(*parts_, std::move(folded), actor, restated);
      if (!done) return Failure{done.error()};
      behind = std::move(done).value();
    }
    left_out += static_cast<std::int64_t>(problems.size() + behind.size());
  }
  return Raw{Raw::Object{{"restated", Raw{restated}}, {"left_out", Raw{left_out}}}};
}

}  // namespace infra::service
