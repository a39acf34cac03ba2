#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

// Finds parts of a record without reading the rest: a protobuf parser would build objects for every
// change that a fold throws away.
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

// Nothing when the bytes are no protobuf message, or a part has the wrong wire type. A part that is
// missing is empty; of a repeated one the last counts, as in every protobuf parser.
[[nodiscard]] std::optional<RecordParts> scan_record(std::string_view bytes);

// The first event id, without looking at what follows it.
[[nodiscard]] std::optional<std::string_view> scan_event_id(std::string_view bytes);

}  // namespace infra::codec
