#pragma once

#include <optional>

#include "infra/codec/value_coding.h"

// What events and commands both carry, to the wire and back.
namespace infra::codec {

// The inside of a wire::ContactRecorded.
void write(const patient::Contact& contact, WireWriter& out);
[[nodiscard]] patient::Contact read_contact(WireReader in);

// The inside of a wire::Created. None: the patient was not registered.
void write(const patient::Registration& registration, WireWriter& out);
[[nodiscard]] std::optional<patient::Registration> read_registration(WireReader in);

}  // namespace infra::codec
