#pragma once

#include <optional>

#include "domain/patient/commands.h"
#include "infra/codec/wire_reader.h"
#include "infra/codec/wire_writer.h"

namespace infra::codec {

// The inside of a command (proto/commands.proto).
void write(const patient::Command& command, WireWriter& out);

// What `write` has written, held against every rule that a command of a client is: whoever sends it
// may be anybody. None: the verdict says why.
[[nodiscard]] std::optional<patient::Command> read_command(
    const std::optional<patient::PatientId>& patient, WireReader in);

}  // namespace infra::codec
