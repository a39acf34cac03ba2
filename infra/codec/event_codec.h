#pragma once

#include "domain/ports/codec.h"

namespace infra::codec {

// The log's records as protobuf (proto/events.proto), snapshots as cereal. Holds nothing.
class ProtobufEventCodec final : public ports::EventCodec {
 public:
  [[nodiscard]] std::string encode_history(const patient::Recorded& recorded) override;
  [[nodiscard]] std::string encode_event(const patient::Recorded& recorded,
                                         const patient::State& after) override;
  [[nodiscard]] core::Result<patient::Recorded, ports::Undecodable> decode_history(
      std::string_view bytes) override;
  // Looks at envelope and state alone. The change, which no fold of this topic may depend on, is
  // only skipped.
  [[nodiscard]] core::Result<ports::StateRecord, ports::Undecodable> decode_event(
      std::string_view bytes) override;
  [[nodiscard]] std::optional<patient::EventId> event_id(std::string_view bytes) override;
  [[nodiscard]] std::string encode_snapshot(const patient::State& state) override;
  [[nodiscard]] core::Result<patient::State, ports::Undecodable> decode_snapshot(
      std::string_view bytes) override;
};

}  // namespace infra::codec
