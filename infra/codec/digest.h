#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/patient/commands.h"
#include "domain/patient/ids.h"

// Equal content has equal digests, on every machine and in every version: they are in the log.
namespace infra::codec {

// SHA-256 as 64 lower-case hex digits.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

// The first 64 bits of the SHA-256, the first byte the most significant.
[[nodiscard]] patient::Digest digest64(std::string_view bytes);

[[nodiscard]] patient::ContactSource contact_source(std::string text);
// Of a contact that nobody gave an id: it is known by the command that noted it, so that repeating
// the command is one contact.
[[nodiscard]] patient::ContactSource contact_source(const patient::CommandId& command);

// Of what is asked for and of whom: the patient's id if it was given, and every part of the
// command. Who asked, when and under which command id does not matter.
[[nodiscard]] patient::Digest command_digest(const std::optional<patient::PatientId>& patient,
                                             const patient::Command& command);

}  // namespace infra::codec
