#include "infra/codec/submissions.h"

#include <optional>
#include <utility>

#include "domain/core/match.h"
#include "domain/core/text.h"
#include "infra/codec/command_coding.h"
#include "infra/codec/digest.h"
#include "infra/codec/state_coding.h"
#include "proto/commands.pb.h"

namespace infra::codec {
namespace {

namespace asked = kartei::commands::v1;
using Wire = asked::Submission;
using WireExpect = asked::Expect;

void write(const handling::Expect& expect, WireWriter& out) {
  core::match(
      expect,
      [](handling::ExpectAny) {},
      [&](handling::ExpectNone) { out.set_number(WireExpect::kNoneFieldNumber, 1); },
      [&](handling::ExpectExists) { out.set_number(WireExpect::kExistsFieldNumber, 1); },
      [&](patient::Sequence sequence) {
        out.set_number(WireExpect::kSequenceFieldNumber, sequence.get());
      },
      [&](handling::ExpectUnchanged unchanged) {
        out.set_number(WireExpect::kUnchangedSinceFieldNumber, unchanged.since.get());
      });
}

handling::Expect read_expect(WireReader in) {
  handling::Expect expect = handling::ExpectAny{};
  while (in.next()) {
    switch (in.field()) {
      case WireExpect::kNoneFieldNumber: expect = handling::ExpectNone{}; break;
      case WireExpect::kExistsFieldNumber: expect = handling::ExpectExists{}; break;
      case WireExpect::kSequenceFieldNumber: expect = patient::Sequence{in.number()}; break;
      case WireExpect::kUnchangedSinceFieldNumber:
        expect = handling::ExpectUnchanged{patient::Sequence{in.number()}};
        break;
      default: in.verdict().refuse("an expectation is of a future kind");
    }
  }
  return expect;
}

std::optional<patient::PatientId> read_patient(const WireReader& in) {
  auto id = patient::PatientId::parse(in.bytes());
  in.verdict().demand(id.has_value(), "the patient id is none");
  return id;
}

handling::Submission blank() {
  return {patient::CommandId{{}},
          patient::Digest{0},
          std::nullopt,
          patient::Restate{},
          handling::ExpectAny{},
          {},
          patient::CorrelationId{{}}};
}

handling::Submission read_submission(WireReader in) {
  Verdict& verdict = in.verdict();
  handling::Submission read = blank();
  std::string_view command_id;
  std::string_view correlation_id;
  std::string_view command;
  while (in.next()) {
    switch (in.field()) {
      case Wire::kCommandIdFieldNumber: command_id = in.bytes(); break;
      case Wire::kDigestFieldNumber: read.digest = patient::Digest{in.fixed()}; break;
      case Wire::kPatientFieldNumber: read.patient = read_patient(in); break;
      case Wire::kCommandFieldNumber: command = in.bytes(); break;
      case Wire::kExpectFieldNumber: read.expect = read_expect(in.message()); break;
      case Wire::kActorFieldNumber: read.actor = in.text(); break;
      case Wire::kCorrelationIdFieldNumber: correlation_id = in.bytes(); break;
      case Wire::kCausationIdFieldNumber:
        read.causation_id = patient::EventId{read_uuid(in.bytes(), verdict)};
        break;
      case Wire::kDryRunFieldNumber: read.dry_run = in.flag(); break;
      case Wire::kFoldedFieldNumber: read_state(in.message(), read.folded.emplace()); break;
      default: break;
    }
  }
  read.command_id = patient::CommandId{read_uuid(command_id, verdict)};
  read.correlation_id = patient::CorrelationId{read_uuid(correlation_id, verdict)};
  verdict.demand(core::is_one_line(read.actor, handling::kActorCharactersMax), "an actor is none");
  if (auto asked = read_command(read.patient, {command, verdict})) read.command = *std::move(asked);
  verdict.demand(!read.folded || std::holds_alternative<patient::Restate>(read.command),
                 "a folded state is for repairs alone");
  if (verdict.sound())
    verdict.demand(read.digest == command_digest(read.patient, read.command),
                   "a command means something else here than to its sender");
  return read;
}

}  // namespace

std::string begin_submissions(ports::Incarnation log) {
  WireWriter out;
  out.number(asked::Submissions::kVersionFieldNumber, kSubmissionsVersion);
  out.bytes(asked::Submissions::kLogFieldNumber, bytes_of(log.get()));
  return out.bytes();
}

std::string encode(const handling::Submission& submission) {
  WireWriter out;
  out.message(asked::Submissions::kSubmissionsFieldNumber, [&] {
    out.bytes(Wire::kCommandIdFieldNumber, bytes_of(submission.command_id.get()));
    out.fixed(Wire::kDigestFieldNumber, submission.digest.get());
    if (submission.patient) out.set_bytes(Wire::kPatientFieldNumber, submission.patient->text());
    out.message(Wire::kCommandFieldNumber, [&] { write(submission.command, out); });
    out.message(Wire::kExpectFieldNumber, [&] { write(submission.expect, out); });
    out.bytes(Wire::kActorFieldNumber, utf8(submission.actor));
    out.bytes(Wire::kCorrelationIdFieldNumber, bytes_of(submission.correlation_id.get()));
    if (submission.causation_id)
      out.set_bytes(Wire::kCausationIdFieldNumber, bytes_of(submission.causation_id->get()));
    out.number(Wire::kDryRunFieldNumber, submission.dry_run ? 1 : 0);
    if (submission.folded)
      out.message(Wire::kFoldedFieldNumber, [&] { write(*submission.folded, out); });
  });
  return out.bytes();
}

core::Result<Submissions, ports::Undecodable> decode_submissions(std::string_view bytes) {
  Verdict verdict;
  int version = 0;
  std::string_view log;
  std::vector<std::string_view> pieces;
  WireReader in{bytes, verdict};
  while (in.next()) {
    switch (in.field()) {
      case asked::Submissions::kVersionFieldNumber: version = in.small_number(); break;
      case asked::Submissions::kLogFieldNumber: log = in.bytes(); break;
      case asked::Submissions::kSubmissionsFieldNumber: pieces.push_back(in.bytes()); break;
      default: break;
    }
  }
  verdict.demand(version == kSubmissionsVersion, "the commands are of another version");
  Submissions read{ports::Incarnation{read_uuid(log, verdict)}, {}};
  for (const std::string_view piece : pieces) {
    if (!verdict.sound()) break;
    read.submissions.push_back(read_submission({piece, verdict}));
  }
  if (!verdict.sound()) return core::Failure{ports::Undecodable{verdict.why()}};
  return read;
}

}  // namespace infra::codec
