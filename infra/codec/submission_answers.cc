#include "infra/codec/submission_answers.h"

#include <optional>
#include <utility>

#include "domain/core/match.h"
#include "infra/codec/state_coding.h"
#include "proto/commands.pb.h"

namespace infra::codec {
namespace {

namespace asked = kartei::commands::v1;
using handling::Answer;
using handling::Done;
using handling::OutcomeUnknown;
using handling::Position;
using patient::Refusal;
using patient::RefusalCode;

void write(const Position& position, WireWriter& out) {
  out.number(asked::Position::kPartitionFieldNumber, position.partition.get());
  out.number(asked::Position::kEventsFieldNumber, position.events.get());
  out.number(asked::Position::kHistoryFieldNumber, position.history.get());
}

void write(const Done& done, WireWriter& out) {
  out.bytes(asked::Done::kPatientFieldNumber, done.patient.text());
  out.message(asked::Done::kAfterFieldNumber, [&] { write(done.after, out); });
  out.number(asked::Done::kSequenceFieldNumber, done.sequence.get());
  if (!done.events.empty()) {
    out.message(asked::Done::kEventsFieldNumber, [&] {
      for (const patient::EventType type : done.events)
        out.append_varint(static_cast<std::uint64_t>(to_wire(type)));
    });
  }
  out.number(asked::Done::kDeduplicatedFieldNumber, done.deduplicated ? 1 : 0);
  if (done.position)
    out.message(asked::Done::kPositionFieldNumber, [&] { write(*done.position, out); });
}

void write(const Refusal& refusal, WireWriter& out) {
  out.bytes(asked::Refusal::kCodeFieldNumber, name(refusal.code));
  out.bytes(asked::Refusal::kMessageFieldNumber, utf8(refusal.message));
  for (const auto& field : refusal.fields) {
    out.message(asked::Refusal::kFieldsFieldNumber, [&] {
      out.bytes(asked::FieldError::kKeyFieldNumber, utf8(field.first));
      out.bytes(asked::FieldError::kWhyFieldNumber, utf8(field.second));
    });
  }
  if (refusal.actual)
    out.set_number(asked::Refusal::kActualSequenceFieldNumber, refusal.actual->get());
}

Position read_position(WireReader in) {
  Position position{ports::Partition{0}, ports::Offset{0}, ports::Offset{0}};
  while (in.next()) {
    switch (in.field()) {
      case asked::Position::kPartitionFieldNumber:
        position.partition = ports::Partition{in.small_number()};
        break;
      case asked::Position::kEventsFieldNumber: position.events = ports::Offset{in.number()}; break;
      case asked::Position::kHistoryFieldNumber:
        position.history = ports::Offset{in.number()};
        break;
      default: break;
    }
  }
  return position;
}

std::optional<Answer> read_done(WireReader in) {
  Verdict& verdict = in.verdict();
  std::optional<patient::PatientId> id;
  Done done{patient::PatientId::numbered(1), {}, patient::Sequence{0}, {}};
  while (in.next()) {
    switch (in.field()) {
      case asked::Done::kPatientFieldNumber: id = patient::PatientId::parse(in.bytes()); break;
      case asked::Done::kAfterFieldNumber: read_state(in.message(), done.after = {}); break;
      case asked::Done::kSequenceFieldNumber: done.sequence = patient::Sequence{in.number()}; break;
      case asked::Done::kEventsFieldNumber:
        for (WireReader packed = in.message(); !packed.at_end();)
          done.events.push_back(
              read_event_type(static_cast<int>(packed.take_varint() & 0xFF), verdict));
        break;
      case asked::Done::kDeduplicatedFieldNumber: done.deduplicated = in.flag(); break;
      case asked::Done::kPositionFieldNumber: done.position = read_position(in.message()); break;
      default: break;
    }
  }
  if (!verdict.demand(id.has_value(), "the patient id is none")) return std::nullopt;
  done.patient = *std::move(id);
  return done;
}

RefusalCode read_code(std::string_view word, Verdict& verdict) {
  for (int code = 0; code <= static_cast<int>(RefusalCode::command_id_reused); ++code) {
    if (name(static_cast<RefusalCode>(code)) == word) return static_cast<RefusalCode>(code);
  }
  verdict.refuse("a refusal is of a future kind");
  return RefusalCode::invalid;
}

Refusal read_refusal(WireReader in) {
  Refusal refusal{RefusalCode::invalid, {}, {}, std::nullopt};
  std::string_view code;
  while (in.next()) {
    switch (in.field()) {
      case asked::Refusal::kCodeFieldNumber: code = in.bytes(); break;
      case asked::Refusal::kMessageFieldNumber: refusal.message = in.text(); break;
      case asked::Refusal::kFieldsFieldNumber: {
        std::string key;
        std::string why;
        for (WireReader field = in.message(); field.next();) {
          if (field.field() == asked::FieldError::kKeyFieldNumber) key = field.text();
          if (field.field() == asked::FieldError::kWhyFieldNumber) why = field.text();
        }
        refusal.fields.emplace(std::move(key), std::move(why));
        break;
      }
      case asked::Refusal::kActualSequenceFieldNumber:
        refusal.actual = patient::Sequence{in.number()};
        break;
      default: break;
    }
  }
  refusal.code = read_code(code, in.verdict());
  return refusal;
}

std::optional<Answer> read_answer(WireReader in) {
  std::optional<Answer> answer;
  while (in.next()) {
    switch (in.field()) {
      case asked::Answer::kDoneFieldNumber: answer = read_done(in.message()); break;
      case asked::Answer::kRefusalFieldNumber: answer = read_refusal(in.message()); break;
      case asked::Answer::kOutcomeUnknownFieldNumber: answer = OutcomeUnknown{in.text()}; break;
      default: break;
    }
  }
  in.verdict().demand(answer.has_value(), "an answer is missing or of a future kind");
  return answer;
}

}  // namespace

std::string encode_answers(std::span<const Answer> answers) {
  WireWriter out;
  for (const Answer& answer : answers) {
    out.message(asked::Answers::kAnswersFieldNumber, [&] {
      core::match(
          answer,
          [&](const Done& done) {
            out.message(asked::Answer::kDoneFieldNumber, [&] { write(done, out); });
          },
          [&](const Refusal& refusal) {
            out.message(asked::Answer::kRefusalFieldNumber, [&] { write(refusal, out); });
          },
          [&](const OutcomeUnknown& unknown) {
            out.set_bytes(asked::Answer::kOutcomeUnknownFieldNumber, utf8(unknown.why));
          });
    });
  }
  return out.bytes();
}

core::Result<std::vector<Answer>, ports::Undecodable> decode_answers(std::string_view bytes) {
  Verdict verdict;
  std::vector<Answer> answers;
  for (WireReader in{bytes, verdict}; in.next();) {
    if (in.field() != asked::Answers::kAnswersFieldNumber) continue;
    if (auto answer = read_answer(in.message())) answers.push_back(*std::move(answer));
  }
  if (!verdict.sound()) return core::Failure{ports::Undecodable{verdict.why()}};
  return answers;
}

}  // namespace infra::codec
