#include "infra/codec/event_codec.h"

#include <google/protobuf/arena.h>
#include <google/protobuf/stubs/logging.h>

#include <array>
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

// What bytes are no record is said by Undecodable; protobuf would say it on stderr as well.
void silence_protobuf() {
  static const auto previous = google::protobuf::SetLogHandler(nullptr);
  static_cast<void>(previous);
}

bool parse(google::protobuf::MessageLite& message, std::string_view bytes) {
  return bytes.size() <= INT_MAX &&
         message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

}  // namespace

// One arena for all messages of a call, emptied by the next call. A typical record fits into its
// first block, so that a call allocates almost nothing but what it returns.
struct ProtobufEventCodec::Memory {
  static constexpr std::size_t kFirstBlockBytes = 64 * 1024;

  template <class Message>
  Message& fresh() {
    arena.Reset();
    return more<Message>();
  }
  template <class Message>
  Message& more() {
    return *google::protobuf::Arena::CreateMessage<Message>(&arena);
  }

  alignas(16) std::array<char, kFirstBlockBytes> block;
  google::protobuf::Arena arena{block.data(), block.size()};
};

ProtobufEventCodec::ProtobufEventCodec() : memory_(std::make_unique<Memory>()) {
  silence_protobuf();
}
ProtobufEventCodec::~ProtobufEventCodec() = default;

std::string ProtobufEventCodec::encode_history(const patient::Recorded& recorded) {
  auto& record = memory_->fresh<wire::Record>();
  write(recorded, Destination::history, record);
  return record.SerializeAsString();
}

std::string ProtobufEventCodec::encode_event(const patient::Recorded& recorded,
                                             const patient::State& after) {
  auto& record = memory_->fresh<wire::Record>();
  write(recorded, Destination::events, record);
  auto& state = memory_->more<wire::State>();
  write(after, state);
  state.SerializeToString(record.mutable_state());
  return record.SerializeAsString();
}

core::Result<patient::Recorded, Undecodable> ProtobufEventCodec::decode_history(
    std::string_view bytes) {
  auto& record = memory_->fresh<wire::Record>();
  if (!parse(record, bytes)) return undecodable("the record is no protobuf message");
  if (const auto done = upcast(record, all_upcasters()); !done) return Failure{done.error()};
  return read_recorded(record);
}

core::Result<ports::StateRecord, Undecodable> ProtobufEventCodec::decode_event(
    std::string_view bytes) {
  auto parts = scan_record(bytes);
  if (!parts) return undecodable("the record is no protobuf message");
  std::string upcasted;
  memory_->arena.Reset();
  if (parts->schema_version != patient::kSchemaVersion) {
    auto& record = memory_->more<wire::Record>();
    if (!parse(record, bytes)) return undecodable("the record is no protobuf message");
    if (const auto done = upcast(record, all_upcasters()); !done) return Failure{done.error()};
    upcasted = record.SerializeAsString();
    parts = scan_record(upcasted);
  }
  if (!parts->state) return undecodable("a record of the history in the place of one with a state");
  Verdict verdict;
  static_cast<void>(read_event_type(parts->type, verdict));
  verdict.demand(parts->sequence >= 1, "the sequence is not positive");
  const patient::EventId event_id{read_uuid(parts->event_id, verdict)};
  auto patient_id = patient::PatientId::parse(parts->patient_id);
  if (!patient_id) return undecodable("the patient id is none");
  auto& state = memory_->more<wire::State>();
  if (!parse(state, *parts->state)) return undecodable("the state is no protobuf message");
  ports::StateRecord decoded{event_id, std::move(*patient_id), {}};
  read_state(state, decoded.state, verdict);
  if (!verdict.sound()) return undecodable(verdict.why());
  return decoded;
}

std::optional<patient::EventId> ProtobufEventCodec::event_id(std::string_view bytes) {
  const auto found = scan_event_id(bytes);
  if (!found) return std::nullopt;
  Verdict verdict;
  const patient::EventId id{read_uuid(*found, verdict)};
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
