#pragma once

#include "domain/ports/codec.h"

namespace testing_projections {

// A codec that does what another does; tests change what they are about.
class CodecAround : public ports::EventCodec {
 public:
  explicit CodecAround(ports::EventCodec& inner) : inner_(inner) {}
  std::string encode_history(const patient::Recorded& recorded) override {
    return inner_.encode_history(recorded);
  }
  std::string encode_event(const patient::Recorded& recorded,
                           const patient::State& after) override {
    return inner_.encode_event(recorded, after);
  }
  core::Result<patient::Recorded, ports::Undecodable> decode_history(
      std::string_view bytes) override {
    return inner_.decode_history(bytes);
  }
  core::Result<ports::StateRecord, ports::Undecodable> decode_event(
      std::string_view bytes) override {
    return inner_.decode_event(bytes);
  }
  std::optional<patient::EventId> event_id(std::string_view bytes) override {
    return inner_.event_id(bytes);
  }
  std::string encode_snapshot(const patient::State& state) override {
    return inner_.encode_snapshot(state);
  }
  core::Result<patient::State, ports::Undecodable> decode_snapshot(
      std::string_view bytes) override {
    return inner_.decode_snapshot(bytes);
  }

 private:
  ports::EventCodec& inner_;
};

}  // namespace testing_projections
