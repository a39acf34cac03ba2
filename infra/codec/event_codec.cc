#include "infra/codec/event_codec.h"

#include <climits>
#include <utility>

#include "infra/codec/event_decoding.h"
#include "infra/codec/event_encoding.h"
#include "infra/codec/record_scan.h"
#include "infra/codec/snapshot.h"
#include "infra/codec/state_coding.h"
#include "infra/codec/upcasters.h"

namespace infra::codec {
namespace {

using core::Failure;
using ports::Undecodable;

Failure<Undecodable> undecodable(std::string why) { return Failure{Undecodable{std::move(why)}}; }

// A record in the version that this program writes. `parts` point into the caller's bytes, or into
// `upcasted` when the record was of an older version.
struct Current {
  std::string_view bytes;
  RecordParts parts;
};

core::Result<Current, Undecodable> bring_up_to_date(std::string_view bytes, std::string& upcasted) {
  Verdict verdict;
  RecordParts parts = scan_record(bytes, verdict);
  if (!verdict.sound()) return undecodable(verdict.why());
  if (parts.schema_version == patient::kSchemaVersion) return Current{bytes, parts};

  if (auto why = refuse_version(parts.schema_version, all_upcasters())) return Failure{*why};
  wire::Record record;
  const bool small = bytes.size() <= INT_MAX;
  if (!small || !record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return undecodable("the bytes are no protobuf message");
  upcast(record, all_upcasters());
  upcasted = record.SerializeAsString();
  return Current{upcasted, scan_record(upcasted, verdict)};
}

}  // namespace

std::string ProtobufEventCodec::encode_history(const patient::Recorded& recorded) {
  WireWriter out;
  write(recorded, Destination::history, out);
  return out.bytes();
}

std::string ProtobufEventCodec::encode_event(const patient::Recorded& recorded,
                                             const patient::State& after) {
  WireWriter out;
  write(recorded, Destination::events, out);
  out.message(wire::Record::kStateFieldNumber, [&] { write(after, out); });
  return out.bytes();
}

core::Result<patient::Recorded, Undecodable> ProtobufEventCodec::decode_history(
    std::string_view bytes) {
  std::string upcasted;
  const auto current = bring_up_to_date(bytes, upcasted);
  if (!current) return Failure{current.error()};
  return read_recorded(current.value().bytes, current.value().parts.patient_id);
}

core::Result<ports::StateRecord, Undecodable> ProtobufEventCodec::decode_event(
    std::string_view bytes) {
  std::string upcasted;
  const auto current = bring_up_to_date(bytes, upcasted);
  if (!current) return Failure{current.error()};
  const RecordParts& parts = current.value().parts;
  if (!parts.state) return undecodable("a record of the history in the place of one with a state");
  auto patient_id = patient::PatientId::parse(parts.patient_id);
  if (!patient_id) return undecodable("the patient id is none");
  Verdict verdict;
  static_cast<void>(read_event_type(parts.type, verdict));
  verdict.demand(parts.sequence >= 1, "the sequence is not positive");
  const patient::EventId event_id{read_uuid(parts.event_id, verdict)};
  ports::StateRecord decoded{event_id, std::move(*patient_id), {}};
  read_state(WireReader{*parts.state, verdict}, decoded.state);
  if (!verdict.sound()) return undecodable(verdict.why());
  return decoded;
}

std::optional<patient::EventId> ProtobufEventCodec::event_id(std::string_view bytes) {
  Verdict verdict;
  const patient::EventId id{read_uuid(scan_event_id(bytes, verdict), verdict)};
  return verdict.sound() ? std::optional{id} : std::nullopt;
}

std::string ProtobufEventCodec::encode_snapshot(const patient::State& state) {
  return codec::encode_snapshot(state);
}

core::Result<patient::State, Undecodable> ProtobufEventCodec::decode_snapshot(
    std::string_view bytes) {
  return codec::decode_snapshot(bytes);
}

}  // namespace infra::codec
