#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "domain/core/time.h"
#include "domain/core/uuid.h"
#include "domain/patient/contact.h"
#include "domain/patient/events.h"
#include "infra/codec/verdict.h"
#include "proto/events.pb.h"

// The parts that records and states are made of, to the wire and back. Reading never fails: what is
// wrong goes to the verdict and a stand-in comes back.
namespace infra::codec {

namespace wire = kartei::events::v1;

// The 16 bytes of a UUID as a field holds them.
[[nodiscard]] inline std::string bytes_of(const core::Uuid& uuid) {
  return {uuid.bytes.begin(), uuid.bytes.end()};
}
[[nodiscard]] core::Uuid read_uuid(std::string_view bytes, Verdict& verdict);

[[nodiscard]] inline std::int64_t micros_of(core::Timestamp at) {
  return at.time_since_epoch().count();
}
[[nodiscard]] core::Timestamp read_time(std::int64_t micros, Verdict& verdict);

[[nodiscard]] inline std::int32_t days_of(core::Date date) {
  return static_cast<std::int32_t>(date.time_since_epoch().count());
}
[[nodiscard]] core::Date read_date(std::int32_t days, Verdict& verdict);

[[nodiscard]] patient::TherapistId read_therapist(std::int64_t number, Verdict& verdict);

// Protobuf reads no string that is not UTF-8, so such a one must never be written. Whoever took it
// in ought to have refused it; std::invalid_argument here keeps it out of the log.
[[nodiscard]] const std::string& utf8(const std::string& text);

[[nodiscard]] wire::Channel to_wire(patient::Channel channel);
[[nodiscard]] wire::Direction to_wire(patient::Direction direction);
[[nodiscard]] wire::EventType to_wire(patient::EventType type);
[[nodiscard]] patient::Channel read_channel(wire::Channel channel, Verdict& verdict);
[[nodiscard]] patient::Direction read_direction(wire::Direction direction, Verdict& verdict);
// Also for numbers that no enumerator has.
[[nodiscard]] patient::EventType read_event_type(int type, Verdict& verdict);

void write(const patient::RegistrationIdentity& identity, wire::RegistrationIdentity& out);
[[nodiscard]] patient::RegistrationIdentity read_identity(const wire::RegistrationIdentity& in,
                                                          Verdict& verdict);

// Null sets nothing. Does not set the key.
void write(const patient::Value& value, wire::Value& out);
[[nodiscard]] patient::Key read_key(std::uint32_t number, Verdict& verdict);
// The value fits the key, or is null.
[[nodiscard]] patient::Value read_value(patient::Key key, const wire::Value& in, Verdict& verdict);

}  // namespace infra::codec
