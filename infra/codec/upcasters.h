#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "domain/ports/codec.h"
#include "proto/events.pb.h"

namespace infra::codec {

// Makes a record of version n one of version n + 1, in place; whoever runs it moves the version.
// Once a version was released its upcaster stays for ever. The state is bytes to a record: an
// upcaster that changes it parses and writes it again.
using Upcaster = void (*)(kartei::events::v1::Record&);
using Upcasters = std::span<const Upcaster>;

// The chain of this program: entry n − 1 leads from version n to n + 1, and the last one to
// patient::kSchemaVersion.
[[nodiscard]] Upcasters all_upcasters();

// Why nothing leads from `version` to the newest one: it is before the first, or from the future.
[[nodiscard]] std::optional<ports::Undecodable> refuse_version(std::int32_t version,
                                                               Upcasters chain);

// Leads `record` through `chain` from its own version, which is not refused, to the newest, which
// is one more than the chain has entries.
void upcast(kartei::events::v1::Record& record, Upcasters chain);

}  // namespace infra::codec
