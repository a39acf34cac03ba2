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
#include "infra/codec/wire_reader.h"
#include "infra/codec/wire_writer.h"
#include "proto/events.pb.h"

// The parts that records and states are made of, to the wire and back. Reading never fails: what is
// wrong goes to the verdict and a stand-in comes back.
namespace infra::codec {

namespace wire = kartei::events::v1;

// The 16 bytes of a UUID as a field holds them.
[[nodiscard]] inline std::string_view bytes_of(const core::Uuid& uuid) {
  return {reinterpret_cast<const char*>(uuid.bytes.data()), uuid.bytes.size()};
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

// A string that is not UTF-8 is undecodable, so such a one must never be written. Whoever took it
// in ought to have refused it; std::invalid_argument here keeps it out of the log.
[[nodiscard]] const std::string& utf8(const std::string& text);

// The numbers of the wire's enumerations.
[[nodiscard]] int to_wire(patient::Channel channel);
[[nodiscard]] int to_wire(patient::Direction direction);
[[nodiscard]] int to_wire(patient::EventType type);
[[nodiscard]] patient::Channel read_channel(int channel, Verdict& verdict);
[[nodiscard]] patient::Direction read_direction(int direction, Verdict& verdict);
[[nodiscard]] patient::EventType read_event_type(int type, Verdict& verdict);

void write(const patient::RegistrationIdentity& identity, WireWriter& out);
[[nodiscard]] patient::RegistrationIdentity read_identity(WireReader in);

// Null writes nothing. The key, which is behind the value, is the caller's to write.
void write(const patient::Value& value, WireWriter& out);

struct KeyedValue {
  std::uint64_t key = 0;  // 0: none was there
  patient::Value value;
};
[[nodiscard]] KeyedValue read_value(WireReader in);
[[nodiscard]] patient::Key read_key(std::uint64_t number, Verdict& verdict);

}  // namespace infra::codec
