#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "infra/codec/verdict.h"

// Finds parts of a record without reading the rest.
namespace infra::codec {

// Views into the record's bytes.
struct RecordParts {
  std::string_view event_id;
  std::string_view patient_id;
  std::int64_t sequence = 0;
  int type = 0;
  std::int32_t schema_version = 0;
  std::optional<std::string_view> state;
};

// A part that is missing is empty; of a repeated one the last counts, as in every protobuf parser.
[[nodiscard]] RecordParts scan_record(std::string_view bytes, Verdict& verdict);

// The first event id, without looking at what follows it.
[[nodiscard]] std::string_view scan_event_id(std::string_view bytes, Verdict& verdict);

}  // namespace infra::codec
