#pragma once

#include <optional>
#include <string_view>

#include "domain/core/result.h"
#include "domain/ports/codec.h"

// From a record's bytes to what a projection is given. Pure: the same bytes and the same version of
// the program always give the same answer, so quarantine never depends on the moment.
namespace projections {

// Version of everything that decides whether a record can be applied. Whoever makes a record
// readable that was not must count it up: quarantined records are then read again.
inline constexpr std::int32_t kCodeVersion = 1;

// The key of a record of `patient-history`: patient_id/sequence.
struct HistoryKey {
  patient::PatientId patient;
  patient::Sequence sequence;
};
[[nodiscard]] std::optional<HistoryKey> parse_history_key(std::string_view key);

using DecodedState = core::Result<patient::State, ports::Undecodable>;
using DecodedEvent = core::Result<patient::Recorded, ports::Undecodable>;

// A value that speaks of another patient or event than its key is undecodable, too.
[[nodiscard]] DecodedState decode_state(ports::EventCodec& codec,
                                        const patient::PatientId& key,
                                        std::string_view value);
[[nodiscard]] DecodedEvent decode_event(ports::EventCodec& codec,
                                        const HistoryKey& key,
                                        std::string_view value);

}  // namespace projections
